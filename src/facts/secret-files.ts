/**
 * Files at the root of a project that hold what must not be in an image: settings of a machine, accounts, private keys.
 * In the syntax of ignore files, sorted.
 */
export const SECRET_FILES: readonly string[] = [
  "*.key",
  "*.p12",
  "*.pem",
  "*.pfx",
  ".env",
  ".env.*",
  ".envrc",
  ".git-credentials",
  ".netrc",
  ".pypirc",
  "id_dsa",
  "id_ecdsa",
  "id_ed25519",
  "id_rsa",
];

/** Files with such a name that are there to be read by everybody. */
export const SECRET_EXAMPLES: readonly string[] = [".env.dist", ".env.example", ".env.sample", ".env.template"];

/** Directories that are called like virtual environments; those that are one have this file. */
export const ENVIRONMENT_NAMES: readonly string[] = ["ENV", "env", "venv", "virtualenv"];
export const ENVIRONMENT_MARK = "pyvenv.cfg";
