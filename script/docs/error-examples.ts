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
    when: "If a registry has an image for one platform only, it serves that image for every platform. Its programs may not run, and the result would claim the platform asked for. Here the base is for linux/amd64.",
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
    when: "A mistyped key would have no effect, so it is an error.",
    remedy:
      "write the key that is meant, in the table that the message names; tables of other tools stand outside of `[tool.microb]`.",
    files: target('entry_point = ["serve"]'),
  },
  "config.value": {
    when: "Names of packages, variables, labels and secrets, paths, versions and modes must be valid for the tool that reads them.",
    remedy: "write a value as the message describes it.",
    files: target('flavor = "ubuntu"'),
  },
  "context.build-file": {
    when: "There is no file of that name, it is empty, or the build context has the same file in several directories. A build file from outside of the context is a warning: it is used for the project at the context's root.",
    remedy: "name the build file with `-f`, and pass the directory that has the project as the build context.",
    files: { "setup.py": "" },
    command: "docker build -f pyproject.toml .",
  },
  "context.file": {
    when: "Paths are relative to the root of the build context, not to the build file. `.dockerignore` may hide a file.",
    remedy: "correct the path, or let the file through in `.dockerignore`.",
    files: target('requirements = "requirements.lock"'),
  },
  "context.ignored": {
    when: "`.dockerignore` hides `pyproject.toml`, the directory of the modules, or the history that the version is read from. It is an error if the build backend cannot build the project without it, else a warning.",
    remedy: "let the file through: the last rule that matches decides.",
    files: {
      "pyproject.toml": `[project]
name = "app"
dynamic = ["version"]

[build-system]
requires = ["hatchling", "hatch-vcs"]
build-backend = "hatchling.build"

[tool.hatch.version]
source = "vcs"
`,
      ".dockerignore": "*.md\n.git\n",
    },
  },
  "context.secret": {
    when: "A project that is copied as source goes without `.env`, private keys and their like, by their names ([usage](usage.md#what-is-sent-and-what-is-left-out)). Files of packages are not checked: the build backend decides what is in them. A build file, a requirements file or a `uv.toml` with a password in it goes into no copy either.",
    remedy:
      "list the file in `.dockerignore`, or pass the password as a secret. If the image needs the file, bring it back there with `!`.",
    files: { "pyproject.toml": `${PROJECT}\n[tool.microb.target.default]\ninstall = "source"\n`, ".env": "TOKEN=1\n" },
  },
  "context.size": {
    when: "Planning reads texts that people or tools wrote: locks and requirements files of at most 16 MB, ignore files of at most 64 kB, others of at most 1 MB.",
    remedy: "check that the file is the one that is meant.",
    files: { "pyproject.toml": BUILT, "setup.py": "#".repeat(1024 * 1024 + 1) },
    shown: { "pyproject.toml": BUILT, "setup.py": "######…\n" },
  },
  "copy.floating": {
    when: "The image is what the registry has on the day of the build.",
    remedy: "name a version, or a digest.",
    files: target('copy_files = [{ from = "busybox", src = "/bin/busybox", dst = "/bin/" }]'),
    command: "docker build --check -f pyproject.toml .",
  },
  "diagnostic.limit": {
    when: "Only the first 50 are shown.",
    remedy: "correct those that are shown.",
    files: target(MANY.join("\n")),
    shown: target(["key1 = 1", "key2 = 1", "# …", "key60 = 1"].join("\n")),
    isLong: true,
  },
  "dockerfile.unsayable": {
    when: "Only `microb -dockerfile` says so. A build accepts the value, because it does not go through a Dockerfile.",
    remedy: "build with microb, or write the value differently.",
    files: target('env = { MOTD = "one\\ntwo" }'),
    command: "microb -dockerfile",
  },
  "env.secret": {
    when: "The name of the variable decides. Values of variables are part of the image.",
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
    when: "pip takes the highest version of both: anybody who publishes a package of that name to the public index can replace yours.",
    remedy: "make the index the only one with `default = true`, or pin hashes in a lock.",
    files: target('indices = [{ url = "https://packages.example.org/simple/" }]'),
    command: "docker build --check -f pyproject.toml .",
  },
  "hermetic.network": {
    when: "`hermetic = true`, or the build argument `MICROB_HERMETIC=1`, demands that the digest of every input is known.",
    remedy: "do what the message says for each step, or build without `hermetic`.",
    files: target("hermetic = true"),
  },
  "image.layers": {
    when: "Each entry of `copy_files` and `add_files` is a layer, and engines stack only so many.",
    remedy: "copy directories instead of single files.",
    files: target(`copy_files = [${COPIES.join(", ")}]`),
    shown: target(`copy_files = [${[COPIES[0], "# …", COPIES.at(-1)].join(",\n")}]`),
  },
  "index.literal": {
    when: "The build keeps it out of the image, its history and the log. It is still in your repository.",
    remedy: "use a [build secret](usage.md#private-indexes).",
    files: target(
      'indices = [{ url = "https://packages.example.org/simple/", username = "ann", password = "s3cret" }]',
    ),
  },
  "index.trust": {
    when: "`trust` is for hosts in a closed network.",
    remedy:
      "leave `trust` out, and give pip the CA certificate of the host ([how](troubleshooting.md#certificate-verify-failed)).",
    files: target('indices = [{ url = "https://packages.example.org/simple/", trust = true, default = true }]'),
  },
  "key.conflict": {
    when: "Together they have no clear meaning.",
    remedy: "decide for one.",
    files: {
      ...target('extras = ["web"]\nrequirements = "requirements.lock"'),
      "requirements.lock": "flask==3.1.3\n",
    },
  },
  "key.deprecated": {
    when: "Build files for the original microb use it.",
    remedy: "rename the key.",
    files: target('environment = { LOG_LEVEL = "info" }'),
  },
  "lint.failed": {
    when: "`error=true` is set in a `# check=` line or in the build argument `BUILDKIT_DOCKERFILE_CHECK`.",
    remedy: "do what the warnings say, or skip their rules.",
    files: { "pyproject.toml": `# check=error=true\n${target('env = { API_TOKEN = "7d3f6a" }')["pyproject.toml"]}` },
  },
  "lock.ambiguous": {
    when: "Only one lock can be used. A table `[tool.uv]` or `[tool.pdm]` in the build file decides between the locks of these tools.",
    remedy: "name the lock with `lock`, or remove the others.",
    files: { ...target('install = "package"'), "uv.lock": "version = 1\n", "pylock.toml": 'lock-version = "1.0"\n' },
  },
  "lock.base": {
    when: "Both decide which files of a lock fit the image. The official images state them.",
    remedy: "if a named context replaces the base image, let its image set `PYTHON_VERSION` as the official images do.",
    files: { ...target('python_version = "3.15"'), "uv.lock": "version = 1\n" },
  },
  "lock.invalid": {
    when: "The lock may be of a newer version of its tool, or damaged by a merge, or lack a group, an extra or a member.",
    remedy: "create the lock again.",
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
    when: "The lock decides what is installed, so it must satisfy the build file.",
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
  "lock.setting": {
    when: "Settings such as `constraint-dependencies` and `override-dependencies` are part of what uv writes into a lock. pip does not know them.",
    remedy: "lock the project, or set `lock = false` to build without the settings.",
    files: {
      "pyproject.toml": `${PROJECT}dependencies = ["flask"]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.uv]
constraint-dependencies = ["werkzeug<3"]
`,
    },
  },
  "lock.unread": {
    when: "`poetry.lock`, `Pipfile.lock`, `conda-lock.yml` and `pixi.lock` are not read. Without another lock, pip installs the newest versions that the build file admits.",
    remedy: "export the lock and name the result with [`requirements`](configuration.md#requirements).",
    files: {
      "pyproject.toml": `${PROJECT}dependencies = ["flask"]

[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
`,
      "poetry.lock": "# This file is automatically @generated by Poetry\n",
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
    when: "Clients pass most options on without checking them.",
    remedy: "correct the flag of `docker build`.",
    files: { "pyproject.toml": BUILT },
    command: "docker build --network container:db -f pyproject.toml .",
    opts: { "force-network-mode": "container:db" },
  },
  "option.unknown": {
    when: "Names that begin with `microb_`, in any case, are microb's own. A value of `env` or `labels` may use such a name as a variable of its own.",
    remedy: "write the argument that is meant.",
    files: target("hermetic = false"),
    command: "docker build --build-arg MICROB_HERMETC=1 -f pyproject.toml .",
    opts: { "build-arg:MICROB_HERMETC": "1" },
  },
  "option.unused": {
    when: "It is a warning: most such arguments are misspelt.",
    remedy: "use it in `env` or `labels`, or leave it out.",
    files: target('env = { LOG_LEVEL = "${LOG_LEVEL:-info}" }'),
    command: "docker build --build-arg LOGLEVEL=debug -f pyproject.toml .",
    opts: { "build-arg:LOGLEVEL": "debug" },
  },
  "packages.compiler": {
    when: "Programs that are already compiled need libraries only.",
    remedy: "move the package to `build_deps`.",
    files: target('system_deps = ["libpq-dev"]'),
    command: "docker build --check -f pyproject.toml .",
  },
  "packages.library": {
    when: "Projects without wheels are built in the builder, which has the library; the image is based on a smaller one. The last step of a build checks this and names missing libraries in its log. For some well-known projects, as here, the build warns before.",
    remedy: "name the package that has the library in `system_deps`.",
    files: {
      "pyproject.toml": BUILT.replace('version = "1.0"', 'version = "1.0"\ndependencies = ["psycopg2"]'),
    },
  },
  "project.dynamic": {
    when: "They are then installed together with the project, and again after each change of its source. Without `[project]` all dependencies are of this kind: those of setup.py, setup.cfg and `[tool.flit.metadata]`. Dependencies that setuptools reads from files are known before.",
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
  "project.file": {
    when: "Build backends read readmes, licences and files with a version when they build the project; most fail without. Here there is no such file. It may also be outside of the project, or hidden by `.dockerignore`.",
    remedy: "add the file, let it through in `.dockerignore`, or take the entry out.",
    files: {
      "pyproject.toml": BUILT.replace("[build-system]", 'readme = "README.md"\n\n[build-system]').replace(
        "\n\nreadme",
        "\nreadme",
      ),
    },
  },
  "project.install": {
    when: "pip could still build it the legacy way, but the result is seldom what is meant.",
    remedy: 'add `[build-system]`, or set `install = "source"` if that is meant.',
    files: { "pyproject.toml": PROJECT },
  },
  "project.metadata": {
    when: "`[project]` follows the specification of pyproject.toml, and build tools enforce it too.",
    remedy: "correct the metadata.",
    files: { "pyproject.toml": '[project]\nversion = "1.0"\n' },
  },
  "python.floating": {
    when: "microb then chooses among the versions that `requires-python` admits, and may choose another with its next release.",
    remedy: "state the version.",
    files: { "pyproject.toml": `${PROJECT}requires-python = ">=3.11"\n` },
    command: "docker build --check -f pyproject.toml .",
  },
  "python.unsatisfiable": {
    when: "`python_version` or `.python-version` contradicts `requires-python`, or no version that this release of microb knows meets it. A version without a patch, such as 3.12, is its newest release.",
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
    remedy: "set `python_version`, which overrides the file.",
    files: { "pyproject.toml": BUILT, ".python-version": "pypy3.11\n" },
  },
  "requirement.credentials": {
    when: "URLs of requirements appear in the commands of a step, and so in the provenance and in the log of a step that fails. The metadata of the project, which is in the image, repeats them.",
    remedy: "use an index with `password_secret`, or git over ssh.",
    files: {
      "pyproject.toml": `${PROJECT}dependencies = ["tool @ https://ann:s3cret@packages.example.org/tool-1-py3-none-any.whl"]\n`,
    },
  },
  "requirement.local": {
    when: "Lines of requirements files may name files and directories of the build context. Dependencies of the build file may do so too if the build backend resolves the path and the path is in the project.",
    remedy: "correct the path, let it through in `.dockerignore`, or use a build context that contains both.",
    files: {
      ...target('requirements = "requirements.txt"'),
      "requirements.txt": "flask==3.1.2\n-e ./packages/core\n",
    },
  },
  "requirement.remote": {
    when: "The installer reads it during the build. microb neither reads nor checks it.",
    remedy: "put a copy into the build context.",
    files: {
      ...target('requirements = "requirements.txt"'),
      "requirements.txt": "-r https://files.example.org/base.txt\nflask==3.1.2\n",
    },
  },
  "requirement.unpinned": {
    when: "A lock has the versions of all packages, including dependencies of dependencies.",
    remedy: "make a lock and name it with `requirements`.",
    files: { "pyproject.toml": `${PROJECT}dependencies = ["flask>=3"]\n` },
    command: "docker build --check -f pyproject.toml .",
  },
  "requirement.invalid": {
    when: "Requirements are checked before anything is built.",
    remedy: "correct it at the character that the message names.",
    files: { "pyproject.toml": BUILT.replace('"1.0"\n', '"1.0"\ndependencies = ["flask >= 3.*", "requests >= "]\n') },
  },
  "requirements.unused": {
    when: "The project names no dependencies, and no key names the file: the build succeeds, and the program stops with ModuleNotFoundError.",
    remedy: "set `requirements`, or list the dependencies in `[project]`.",
    files: {
      "pyproject.toml": `${PROJECT}\n[tool.microb.target.default]\ninstall = "source"\nentrypoint = ["python", "app.py"]\n`,
      "requirements.txt": "flask\n",
    },
  },
  "source.index": {
    when: "uv, Poetry and PDM have indexes of their own in the build file, which a build without a lock does not use. A package of that name may be in the public index too.",
    remedy: "add the index to [`indices`](configuration.md#indices), or lock the project.",
    files: {
      "pyproject.toml": `${PROJECT}dependencies = ["torch"]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.uv.sources]
torch = { index = "pytorch-cpu" }

[[tool.uv.index]]
name = "pytorch-cpu"
url = "https://download.pytorch.org/whl/cpu"
explicit = true
`,
    },
  },
  "source.unsupported": {
    when: "A directory or a member of a workspace is not in the package index: whoever publishes a package of that name there would be installed. Git repositories and URLs are used as they are.",
    remedy: "lock the project; build a member of a workspace from the directory that has the lock.",
    files: {
      "pyproject.toml": `${PROJECT.replace("app", "api")}dependencies = ["core"]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.uv.sources]
core = { workspace = true }
`,
    },
  },
  "start.missing": {
    when: "The image of a project with one script starts that script. Any other project needs `entrypoint` or `command`. The warning names candidates: scripts, and servers among the dependencies that have an application of the project to serve.",
    remedy: "set `entrypoint` or `command`.",
    files: target('python_version = "3.13"'),
  },
  "start.program": {
    when: "Servers such as gunicorn are packages of their own. A build checks the image and fails if the program is not there.",
    remedy: "add the package to the dependencies.",
    files: {
      "pyproject.toml": `${BUILT.replace('version = "1.0"', 'version = "1.0"\ndependencies = ["flask"]')}
[tool.microb.target.default]
entrypoint = ["gunicorn", "app:app"]
`,
    },
  },
  "substitution.invalid": {
    when: "Values of `env` and `labels` may use variables.",
    remedy: "close the brace, or write `\\$` for a dollar sign that starts no variable.",
    files: target('env = { URL = "https://${HOST" }'),
  },
  "substitution.required": {
    when: "The value demands it, with `:?` or `?`.",
    remedy: "pass `--build-arg`.",
    files: target('labels = { "org.example.commit" = "${COMMIT:?pass --build-arg COMMIT=…}" }'),
  },
  "substitution.unset": {
    when: "The variable is then empty.",
    remedy: "pass `--build-arg`, or write a default.",
    files: target('env = { LOG_LEVEL = "$LOG_LEVEL" }'),
  },
  "syntax.unpinned": {
    when: "Without a version, each build uses the newest frontend.",
    remedy: "name a version or a digest.",
    files: { "pyproject.toml": `# syntax=microb/microb\n${BUILT}` },
    command: "docker build --check -f pyproject.toml .",
  },
  "syntax.unseen": {
    when: "BuildKit looks for it only on the first line, or below other directives. This build got the frontend in another way, such as `BUILDKIT_SYNTAX`.",
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
  "toml.newer": {
    when: "microb reads TOML 1.1, as uv does. pip reads the build file too before it builds a project, with Python's own reader: TOML 1.1 from Python 3.15 on.",
    remedy: "write the entry as TOML 1.0.",
    files: { "pyproject.toml": `${BUILT}\n[tool.app]\nlimits = {\n  memory = "1G",\n}\n` },
  },
  "toml.size": {
    when: "No build file that people write is near the limit.",
    remedy: "name the right file with `-f`, or move data out of it.",
    files: { "pyproject.toml": `${PROJECT}description = "${"x".repeat(384 * 1024)}"\n` },
    shown: { "pyproject.toml": `${PROJECT}description = "xxxxxx…"\n` },
  },
  "toml.syntax": {
    when: "microb reads TOML 1.0 and 1.1, in UTF-8 without a byte order mark. Templates of cookiecutter or copier become TOML only when they are rendered.",
    remedy: "correct the line.",
    files: { "pyproject.toml": '[project]\nname = "app"\nversion = 1.0.0\n' },
  },
};
