/**
 * Files of a project that hold what must not be in an image: settings of a machine, accounts, private keys. In the syntax
 * of ignore files, relative to the project.
 */
export const SECRET_FILES: readonly string[] = [
  // At the root only: a certificate below it is often a public one that the program reads, and exceptions to a pattern for
  // any depth (SECRET_EXAMPLES) would make clients look into all that is left out.
  ...["*.pem", ".env.*"],
  ...["**/*.key", "**/*.p12", "**/*.pfx", "**/*key*.pem", "**/.aws/credentials", "**/.docker/config.json", "**/.env"],
  ...[
    "**/.env.*.local",
    "**/.env.dev*",
    "**/.env.local",
    "**/.env.prod*",
    "**/.env.stag*",
    "**/.env.test*",
    "**/.envrc",
  ],
  ...[
    "**/.env.bak",
    "**/.env.ci",
    "**/.env.secret*",
    "**/.htpasswd",
    "**/.npmrc",
    "**/*.jks",
    "**/*.ppk",
    "**/*.tfstate",
  ],
  ...["**/credentials.json", "**/secrets.json", "**/secrets.toml", "**/secrets.yaml", "**/secrets.yml"],
  ...["**/.git-credentials", "**/.kube/config", "**/.netrc", "**/.pgpass", "**/.pypirc", "**/client_secret*.json"],
  ...["**/id_dsa", "**/id_ecdsa", "**/id_ed25519", "**/id_rsa", "**/service-account*.json", "**/service_account*.json"],
];

/** Files with such a name that are there to be read by everybody. */
export const SECRET_EXAMPLES: readonly string[] = [".env.dist", ".env.example", ".env.sample", ".env.template"];

/** Directories that are called like virtual environments; those that are one have this file. */
export const ENVIRONMENT_NAMES: readonly string[] = ["ENV", "env", "venv", "virtualenv"];
export const ENVIRONMENT_MARK = "pyvenv.cfg";

/** What is never part of a project, wherever it is. */
export const NEVER_COPIED: readonly string[] = [
  ...["**/*.egg-info", "**/.mypy_cache", "**/.pytest_cache", "**/.ruff_cache", "**/__pycache__"],
];

/** What tools leave at the root of a project. A build backend has no use for it, and it changes all the time. */
export const LEFT_BY_TOOLS: readonly string[] = [".nox", ".tox", ".venv", "build", "dist"];

/** Where no secrets of the project are: histories, and packages of others. */
export const NOT_LOOKED_INTO: readonly string[] = ["**/.git", "**/node_modules", "**/site-packages"];
