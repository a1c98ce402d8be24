import type { DiagnosticCode } from "../../src/diagnostic/code.ts";

/** A build that provokes a message. */
export type ErrorExample = Readonly<{
  /** When it appears, after the sentence that the code has. */
  when: string;
  /** What to do about it. */
  remedy: string;
  /** The build file, and other files of the build context if the message is about them. */
  files: Readonly<Record<string, string>>;
  /** What is shown instead of a file that is too long. */
  shown?: Readonly<Record<string, string>>;
  /** The build context, if it is not where the build file is. */
  context?: Readonly<Record<string, string>>;
  /** The command, and the options that a client makes of it. */
  command?: string;
  opts?: Readonly<Record<string, string>>;
  /** Whether only the beginning and the end of the message are shown. */
  isLong?: boolean;
}>;

const PROJECT = `[project]
name = "app"
version = "1.0"
`;

const BUILT = `${PROJECT}
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
`;

function target(lines: string): Readonly<Record<string, string>> {
  return { "pyproject.toml": `${BUILT}\n[tool.microb.target.default]\n${lines}\n` };
}

const MANY = Array.from({ length: 60 }, (_, index) => `key${index + 1} = 1`);

const COPIES = Array.from({ length: 125 }, (_, index) => `{ src = "${index + 1}", dst = "/srv/" }`);

/** One example for each code. A code without one does not compile. */
export const ERROR_EXAMPLES: Readonly<Record<DiagnosticCode, ErrorExample>> = {
  "base.platform": {
    when: "A registry gives an image that it has for one platform only to whoever asks. Its programs may not run, and the result would say that it is for the platform asked for. Here the base is for linux/amd64.",
    remedy: "use a base that is made for the platform, or build for that of the base.",
    files: target('python_version = "3.13"'),
    command: "docker build --platform linux/arm64 -f pyproject.toml .",
    opts: { platform: "linux/arm64" },
  },
  "base.unavailable": {
    when: "There is no image for that version (yet, any more, or for this platform), or the registry cannot be reached.",
    remedy:
      "choose a version that exists with `python_version`, or `flavor`. If it does exist, pull it with `docker pull` and see what that says.",
    files: target('python_version = "3.13.99"'),
  },
  "config.type": {
    when: "TOML knows strings, numbers, arrays and tables; a version without quotes is a number.",
    remedy: "write the type that [configuration](configuration.md) names.",
    files: target("python_version = 3.13"),
  },
  "config.unknown-key": {
    when: "Nothing is passed over in silence: a mistyped key would have no effect.",
    remedy: "write the key that is meant; tables of other tools are outside of `[tool.microb]`.",
    files: target('entry_point = ["serve"]'),
  },
  "config.value": {
    when: "Names of packages, variables, labels and secrets, paths, versions and modes follow the rules of what they are handed to.",
    remedy: "write a value as the message describes it.",
    files: target('flavor = "ubuntu"'),
  },
  "context.build-file": {
    when: "There is none of that name, or the build context has the same file in several directories. A build file from outside of the context is a warning: it is used for the project at the context's root.",
    remedy: "name the build file with `-f`, and pass the directory that has the project as the build context.",
    files: { "setup.py": "" },
    command: "docker build -f pyproject.toml .",
  },
  "context.file": {
    when: "Paths are relative to the root of the build context, not to the build file. `.dockerignore` may hide a file.",
    remedy: "correct the path, or let the file through in `.dockerignore`.",
    files: target('requirements = "requirements.lock"'),
  },
  "copy.floating": {
    when: "The image is what the registry has on the day of the build.",
    remedy: "name a version, or a digest.",
    files: target('copy_files = [{ from = "busybox", src = "/bin/busybox", dst = "/bin/" }]'),
    command: "docker build --check -f pyproject.toml .",
  },
  "diagnostic.limit": {
    when: "The first 50 are enough to begin with.",
    remedy: "correct those that are shown.",
    files: target(MANY.join("\n")),
    shown: target(["key1 = 1", "key2 = 1", "# …", "key60 = 1"].join("\n")),
    isLong: true,
  },
  "dockerfile.unsayable": {
    when: "Only `microb -dockerfile` says so: a build does not go through a Dockerfile and takes the value.",
    remedy: "build with microb, or write the value differently.",
    files: target('env = { MOTD = "one\\ntwo" }'),
    command: "microb -dockerfile",
  },
  "env.secret": {
    when: "It is judged by the name of the variable. Values of variables are part of the image.",
    remedy: "set the variable when the container is started, or let the program read a file.",
    files: target('env = { API_TOKEN = "7d3f6a" }'),
  },
  "extra.unknown": {
    when: "Extras are defined in `[project.optional-dependencies]` (or `[tool.poetry.extras]`).",
    remedy: "name one that exists.",
    files: {
      "pyproject.toml": `${PROJECT}
[project.optional-dependencies]
web = ["uvicorn"]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.microb.target.default]
extras = ["wbe"]
`,
    },
  },
  "index.extra": {
    when: "pip takes the highest version of both: whoever publishes one of that name to the public index is installed.",
    remedy: "make the index the only one with `default = true`, or pin hashes in a lock.",
    files: target('indices = [{ url = "https://packages.example.org/simple/" }]'),
    command: "docker build --check -f pyproject.toml .",
  },
  "hermetic.network": {
    when: "`hermetic = true`, or the build argument `MICROB_HERMETIC=1`, wants a build whose every input is known by its digest.",
    remedy: "do what the message says of each step, or build without it.",
    files: target("hermetic = true"),
  },
  "image.layers": {
    when: "Each entry of `copy_files` and `add_files` is a layer, and engines stack only so many.",
    remedy: "copy directories instead of single files.",
    files: target(`copy_files = [${COPIES.join(", ")}]`),
    shown: target(`copy_files = [${[COPIES[0], "# …", COPIES.at(-1)].join(",\n")}]`),
  },
  "index.literal": {
    when: "It is kept out of the image, its history and the log, but not out of the repository.",
    remedy: "use a [build secret](usage.md#private-indexes).",
    files: target(
      'indices = [{ url = "https://packages.example.org/simple/", username = "ann", password = "s3cret" }]',
    ),
  },
  "index.trust": {
    when: "`trust` is for hosts in a closed network.",
    remedy: "give the host a certificate that the base image knows.",
    files: target('indices = [{ url = "https://packages.example.org/simple/", trust = true, default = true }]'),
  },
  "key.conflict": {
    when: "What both would mean together is not clear.",
    remedy: "decide for one.",
    files: {
      ...target('extras = ["web"]\nrequirements = "requirements.lock"'),
      "requirements.lock": "flask==3.1.3\n",
    },
  },
  "key.deprecated": {
    when: "Build files for the original microb used it.",
    remedy: "rename the key.",
    files: target('environment = { LOG_LEVEL = "info" }'),
  },
  "lint.failed": {
    when: "`error=true` stands in a `# check=` line or in the build argument `BUILDKIT_DOCKERFILE_CHECK`.",
    remedy: "do what the warnings say, or skip their rules.",
    files: { "pyproject.toml": `# check=error=true\n${target('env = { API_TOKEN = "7d3f6a" }')["pyproject.toml"]}` },
  },
  "lock.ambiguous": {
    when: "Only one lock can decide on the dependencies. A table `[tool.uv]` or `[tool.pdm]` tells whose project it is.",
    remedy: "name the lock with `lock`, or remove the others.",
    files: { ...target('install = "package"'), "uv.lock": "version = 1\n", "pylock.toml": 'lock-version = "1.0"\n' },
  },
  "lock.base": {
    when: "Which files of a lock are right depends on the version of Python and the C library of the image. The official images say what they have.",
    remedy:
      "if a context of the build stands in for the base image, let its image set `PYTHON_VERSION` as the official ones do.",
    files: { ...target('python_version = "3.15"'), "uv.lock": "version = 1\n" },
  },
  "lock.invalid": {
    when: "Locks are read as they are: what a tool wrote, or a merge has left.",
    remedy: "make the lock anew.",
    files: { ...target('python_version = "3.13"'), "uv.lock": "version = 2\n" },
  },
  "lock.no-file": {
    when: "Wheels are for a version of Python, a processor and a C library. Without one for the image, and without a source, nothing can be installed.",
    remedy: "choose what there is a wheel for, or make the lock for this platform too.",
    files: {
      ...target('python_version = "3.13"'),
      "uv.lock": `version = 1
requires-python = ">=3.11"

[[package]]
name = "app"
version = "1.0"
source = { editable = "." }
dependencies = [{ name = "fast" }]

[[package]]
name = "fast"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://files.example.org/fast-1.0-cp312-cp312-win_amd64.whl", hash = "sha256:${"0".repeat(64)}" }]
`,
    },
  },
  "lock.stale": {
    when: "What is installed is what the lock says; it must be what the build file asks for.",
    remedy: "lock again.",
    files: {
      "pyproject.toml": `${PROJECT}dependencies = ["six>=2"]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
`,
      "uv.lock": `version = 1

[[package]]
name = "six"
version = "1.17.0"
`,
    },
  },
  "lock.unsupported": {
    when: "PDM writes where files are, and what they are for, only if it is told to.",
    remedy: "make the lock as the message says.",
    files: {
      ...target('python_version = "3.13"'),
      "pdm.lock": '[metadata]\ngroups = ["default"]\nstrategy = ["inherit_metadata"]\n',
    },
  },
  "option.invalid": {
    when: "The client passes most options on as they are.",
    remedy: "correct the flag of `docker build`.",
    files: { "pyproject.toml": BUILT },
    command: "docker build --network container:db -f pyproject.toml .",
    opts: { "force-network-mode": "container:db" },
  },
  "option.unused": {
    when: "It is a warning: most such arguments are misspelt.",
    remedy: "use it in `env` or `labels`, or leave it out.",
    files: target('env = { LOG_LEVEL = "${LOG_LEVEL:-info}" }'),
    command: "docker build --build-arg LOGLEVEL=debug -f pyproject.toml .",
    opts: { "build-arg:LOGLEVEL": "debug" },
  },
  "packages.compiler": {
    when: "What is compiled needs libraries only.",
    remedy: "move the package to `build_deps`.",
    files: target('system_deps = ["libpq-dev"]'),
    command: "docker build --check -f pyproject.toml .",
  },
  "packages.library": {
    when: "Projects without wheels are built in the builder, which has the library; the image is based on a smaller one. A build names what is missing in the log of its last check; here the project is known to need it.",
    remedy: "name the package that has the library in `system_deps`.",
    files: {
      "pyproject.toml": BUILT.replace('version = "1.0"', 'version = "1.0"\ndependencies = ["psycopg2"]'),
    },
    command: "docker build --check -f pyproject.toml .",
  },
  "project.dynamic": {
    when: "They are then installed together with the project, and again after each change of its source. Dependencies that setuptools reads from files are no such case.",
    remedy:
      "declare `project.dependencies`, or name a lock file with `requirements`. For a project that is copied as source it is an error: nothing would install them.",
    files: {
      "pyproject.toml": `[project]
name = "app"
dynamic = ["version", "dependencies"]

[build-system]
requires = ["setuptools"]
`,
    },
  },
  "project.install": {
    when: "pip could build it by an old custom, but what that gives is seldom what is meant.",
    remedy: 'add `[build-system]`, or set `install = "source"` if that is meant.',
    files: { "pyproject.toml": PROJECT },
  },
  "project.metadata": {
    when: "`[project]` follows the specification of pyproject.toml, which build tools insist on too.",
    remedy: "correct the metadata.",
    files: { "pyproject.toml": '[project]\nversion = "1.0"\n' },
  },
  "python.floating": {
    when: "The newest version that `requires-python` admits is taken, and changes with releases of microb.",
    remedy: "state the version.",
    files: { "pyproject.toml": `${PROJECT}requires-python = ">=3.11"\n` },
    command: "docker build --check -f pyproject.toml .",
  },
  "python.unsatisfiable": {
    when: "`python_version` or `.python-version` contradicts `requires-python`, or no version that this release of microb knows meets it.",
    remedy: "change one of the two lines.",
    files: {
      "pyproject.toml": `[project]
name = "app"
requires-python = ">=3.12"

[build-system]
requires = ["hatchling"]

[tool.microb.target.default]
python_version = "3.11"
`,
    },
  },
  "python.version-file": {
    when: "The file may be meant for another tool: pyenv, uv and others take more than the official images offer.",
    remedy: "set `python_version`, which counts more than the file.",
    files: { "pyproject.toml": BUILT, ".python-version": "pypy3.11\n" },
  },
  "requirement.credentials": {
    when: "URLs of requirements are arguments of a step.",
    remedy: "use an index with `password_secret`, or git over ssh.",
    files: {
      "pyproject.toml": `${PROJECT}dependencies = ["tool @ https://ann:s3cret@packages.example.org/tool-1-py3-none-any.whl"]\n`,
    },
  },
  "requirement.unpinned": {
    when: "A lock has the versions of all packages, also of those that dependencies depend on.",
    remedy: "make a lock and name it with `requirements`.",
    files: { "pyproject.toml": `${PROJECT}dependencies = ["flask>=3"]\n` },
    command: "docker build --check -f pyproject.toml .",
  },
  "requirement.invalid": {
    when: "Requirements are read before anything is built, so that a slip does not cost a build.",
    remedy: "correct it at the character that the message names.",
    files: { "pyproject.toml": BUILT.replace('"1.0"\n', '"1.0"\ndependencies = ["flask >= 3.*", "requests >= "]\n') },
  },
  "start.missing": {
    when: "A project with one script starts that; any other has to say what it starts. What may be meant is named: scripts, and servers that are among the dependencies and have an application to serve in the project.",
    remedy: "set `entrypoint` or `command`.",
    files: target('python_version = "3.13"'),
  },
  "substitution.invalid": {
    when: "Values of `env` and `labels` may use variables.",
    remedy: "close the brace, or write `\\$` for a dollar sign that starts no variable.",
    files: target('env = { URL = "https://${HOST" }'),
  },
  "substitution.required": {
    when: "The value says so itself, with `:?` or `?`.",
    remedy: "pass `--build-arg`.",
    files: target('labels = { "org.example.commit" = "${COMMIT:?pass --build-arg COMMIT=…}" }'),
  },
  "substitution.unset": {
    when: "It is then empty.",
    remedy: "pass `--build-arg`, or write a default.",
    files: target('env = { LOG_LEVEL = "$LOG_LEVEL" }'),
  },
  "syntax.unpinned": {
    when: "Without a version it is the newest on the day of the build.",
    remedy: "name a version or a digest.",
    files: { "pyproject.toml": `# syntax=microb/microb\n${BUILT}` },
    command: "docker build --check -f pyproject.toml .",
  },
  "syntax.unseen": {
    when: "BuildKit looks for it only on the first line, or below other directives. This build was told of the frontend in another way, such as `BUILDKIT_SYNTAX`.",
    remedy: "move it to the first line.",
    files: { "pyproject.toml": `# the shop\n# syntax=microb/microb\n${BUILT}` },
  },
  "target.unknown": {
    when: "The target is `--target`, else the build argument `microb_target`, else the one called `default`, else the only one.",
    remedy: "name one of those that the message lists.",
    files: { "pyproject.toml": `${BUILT}\n[tool.microb.target.web]\n\n[tool.microb.target.worker]\n` },
    command: "docker build --target wroker -f pyproject.toml .",
    opts: { target: "wroker" },
  },
  "toml.size": {
    when: "No build file that people write is near the limit.",
    remedy: "name the right file with `-f`, or move data out of it.",
    files: { "pyproject.toml": `${PROJECT}description = "${"x".repeat(1024 * 1024)}"\n` },
    shown: { "pyproject.toml": `${PROJECT}description = "xxxxxx…"\n` },
  },
  "toml.syntax": {
    when: "TOML 1.0 is read. Templates of cookiecutter or copier are not TOML before they are rendered.",
    remedy: "correct the line.",
    files: { "pyproject.toml": '[project]\nname = "app"\nversion = 1.0.0\n' },
  },
};
