import type { TargetTable } from "../../src/config/schema.ts";

/** What the documentation says of a key besides what its definition does. */
export type KeyDoc = Readonly<{
  /** What there is to know, after the description of the schema. */
  text: string;
  /** What counts when it is not set, if the schema does not say. */
  standard?: string;
  /** Lines of a target's table. */
  example: string;
  /** The lines that the example is compared with, if not none. */
  without?: string;
  /** What the example needs in the build context. */
  files?: Readonly<Record<string, string>>;
  /** The document that shows what it changes, if that is too long to show. */
  page?: string;
  /** What the key makes of the image. */
  image: string;
}>;

/** A key that is missing here does not compile. */
export const TARGET_KEYS: Readonly<Record<keyof TargetTable, KeyDoc>> = {
  api_version: {
    text: "There is one. Any other is refused, so that its meaning never changes silently.",
    example: 'api_version = "v1"',
    image: "nothing changes. The label `microb.version` names the version in any case.",
  },
  python_version: {
    text: "Written `3`, `3.13` or `3.13.2`, it is the tag of the base images. A tag without a patch is its newest release. A version that `requires-python` does not admit is an error. `.python-version` is the file in the project's directory, else the one at the root of the build context. Without the key and the file, microb chooses among the minor versions that all limits admit (`requires-python`, Poetry's `python`, `python_requires`) and that were at least a year old when microb was released. It takes the one with the fewest packages of the lock to build from source, over all platforms. If several are equal, it takes the newest. A comment in the printed Dockerfile and the name of the base image's step say why.",
    standard: "`.python-version`, else chosen by microb",
    example: 'python_version = "3.13"',
    image: "it is based on the image of this tag.",
  },
  flavor: {
    text: "Debian has wheels for nearly everything. Alpine is smaller, but some projects have no wheels for it and are compiled, which needs `build_deps`.",
    example: 'flavor = "alpine"',
    image: "it is based on Alpine Linux, whose C library is musl.",
  },
  build_deps: {
    text: 'Names as apt or apk know them, with a version if wanted (`libpq-dev=15.1-1`). `git` is added for `git+` requirements, `openssh-client` for `git+ssh`, `binutils` for `slim = ["symbols"]`. Downloads are kept from build to build.',
    example: 'build_deps = ["gcc", "libpq-dev"]',
    image: "the packages are not in it: the builder is thrown away.",
  },
  system_deps: {
    text: "Programs and shared libraries that the project uses when it runs. Neither package lists nor downloads stay in the layer.",
    example: 'system_deps = ["libpq5"]',
    image: "the packages are installed, in a layer below the project's environment.",
  },
  env: {
    text: "They are set in the builder too, in the order of the file. A value can use the variables before it, those of the base image, and build arguments. `$VAR`, `${VAR}`, `${VAR:-default}`, `${VAR-default}`, `${VAR:+other}` and `${VAR:?message}` are understood; `\\$` is a dollar sign.",
    example: 'env = { LOG_LEVEL = "${LOG_LEVEL:-info}", PATH = "/opt/bin:$PATH" }',
    image: "the variables are part of its configuration: `docker run -e` overrides them. Never put secrets there.",
  },
  environment: {
    text: "The original microb read this key. It is an error to set both.",
    standard: "`{}`",
    example: 'environment = { LOG_LEVEL = "info" }',
    image: "as with `env`.",
  },
  indices: {
    text: "pip asks them as well as the public index, unless one is the [default](#indices-default). It takes the best version from whichever index has it, so somebody can publish a package under the name of your private one (dependency confusion). Credentials come from build secrets. See [below](#entries-of-indices).",
    example: 'indices = [{ url = "https://packages.example.org/simple/" }]',
    image: "nothing of the index is left, only what was installed from it.",
  },
  copy_files_before_build: {
    text: "For files that installing the dependencies needs: a configuration file, a local wheel. See [below](#entries-of-copy_files-and-copy_files_before_build).",
    example: 'copy_files_before_build = [{ src = "pip.conf", dst = "/etc/pip.conf" }]',
    image: "the files are not in it.",
  },
  add_files_before_build: {
    text: "Like `copy_files_before_build`, but sources can be URLs too, and archives of the build context are unpacked. See [below](#entries-of-add_files-and-add_files_before_build).",
    example: 'add_files_before_build = [{ src = "wheels.tar.gz", dst = "/opt/wheels/" }]',
    image: "the files are not in it.",
  },
  copy_files: {
    text: "From the build context, the builder, an image or a named context. See [below](#entries-of-copy_files-and-copy_files_before_build).",
    example: 'copy_files = [{ src = "config/", dst = "/etc/app/" }]',
    image: "the files are there, owned by root unless `chown` says otherwise.",
  },
  add_files: {
    text: "Like `copy_files`, but sources can be URLs too, and archives of the build context are unpacked. See [below](#entries-of-add_files-and-add_files_before_build).",
    example: 'add_files = [{ src = "https://example.org/model.bin", dst = "/srv/" }]',
    image: "the files are there, owned by root unless `chown` says otherwise.",
  },
  slim: {
    text: '`"tests"` removes directories called test and tests, `"symbols"` strips shared libraries, `"bytecode"` leaves compiled Python files out. Some packages import their own tests: try the image.',
    example: 'slim = ["tests", "symbols"]',
    image: "the environment is smaller. Without bytecode every start compiles what it imports.",
  },
  labels: {
    text: "`org.opencontainers.image.*` (title, version, description, licenses, authors, url, source, documentation) come from the project's metadata; an entry here replaces one of the same name, and `docker build --label` replaces both. Values use variables as those of `env` do.",
    example: 'labels = { "org.example.team" = "web", "org.opencontainers.image.title" = "Shop" }',
    image: "the labels are part of its configuration.",
  },
  extras: {
    text: "Their requirements are installed with the dependencies. Names are compared as packaging tools do: `Web_Server` is `web-server`. An extra that the project does not define is an error. `extras` and `requirements` exclude each other.",
    example: 'extras = ["web"]',
    image: "the environment has these packages too.",
  },
  requirements: {
    text: "The path is relative to the root of the build context. Files that it includes by `-r` and `-c` are followed, and hashes are checked. A line for the project itself (`-e .[web]`, as Rye and uv write it) stands for what the project and these extras require; what the file pins stays. The project is installed by its own step. Other lines may name directories, archives and wheels of the build context (`-e ./packages/core`, `--find-links wheels`); as with pip, paths start at the project. Nothing is installed as editable: the image has no such directory.",
    standard: "none: the project's dependencies are installed",
    example: 'requirements = "requirements.lock"',
    files: { "requirements.lock": "-e .\nflask==3.1.3\n" },
    image: "the environment has what the file says.",
  },
  installer: {
    text: "uv is faster when there is much to resolve or to install. One step installs it in the builder, from the indexes of the target; it is never in the image. It uses the indexes that pip would use (those of the target, and those of pip's configuration and variables) and takes the best version. It uses the certificates of the system; `SSL_CERT_FILE` names others. Other settings of pip, such as `PIP_CONSTRAINT`, do not reach uv; use uv's own variables, such as `UV_CONSTRAINT`. Builds from a [lock](locks.md) ignore this key.",
    example: 'installer = "uv"',
    image: "the environment has the same packages; their `INSTALLER` files name uv.",
  },
  lock: {
    text: "`uv.lock`, `pylock.toml` and `pdm.lock` are read. The files of a lock are checked by SHA-256, and each is cached separately. See [locks](locks.md).",
    standard:
      "`pylock.TARGET.toml`, `uv.lock`, `pylock.toml` or `pdm.lock` in the project's directory, or a `uv.lock` above it; none next to `requirements`",
    example: 'lock = "pylock.toml"',
    page: "locks.md",
    image: "the environment has exactly the files of the lock for this platform, in layers that other images share.",
  },
  groups: {
    text: "Dependency groups (PEP 735), by name. Without this key none is installed, not even `dev`. The key needs a [lock](locks.md).",
    example: 'groups = ["worker"]',
    page: "locks.md",
    image: "the environment has the packages of the groups too.",
  },
  only_groups: {
    text: "For an image that does another job than the project itself. The key needs a [lock](locks.md) and excludes `groups`.",
    standard: "none: the project's dependencies are installed",
    example: 'only_groups = ["docs"]',
    page: "locks.md",
    image: "the environment has the packages of the groups, and not the project's dependencies.",
  },
  member: {
    text: "A workspace has one lock for several packages. The build file belongs to one of them. See [locks](locks.md).",
    standard: "the project of the build file",
    example: 'member = "shop-api"',
    page: "locks.md",
    image: "the environment has the dependencies of that package.",
  },
  index_mirrors: {
    text: "For networks in which the public hosts have other names. If several prefixes match, the longest one is used. Downloads are checked against the lock wherever they come from, and share one cache whatever their host. The build argument `MICROB_INDEX_MIRRORS=FROM=TO,FROM=TO` adds entries, and they override those of the key.",
    page: "locks.md",
    example: 'index_mirrors = { "https://files.pythonhosted.org/" = "https://mirror.example.org/" }',
    image: "nothing changes: files are downloaded from elsewhere, and are the same.",
  },
  hermetic: {
    text: "Such a build depends only on things with a known digest: base images, files of a lock, downloads with a checksum. An error lists every step that needs more. See [locks](locks.md). The build argument `MICROB_HERMETIC=1` says the same.",
    example: "hermetic = true",
    page: "locks.md",
    image: "nothing changes, if it is built at all.",
  },
  install: {
    text: '`"package"` builds the project and installs it without its source. `"source"` installs the dependencies only and copies the project to the working directory, which suits applications that are not packages.',
    standard:
      '`"package"`; `"source"`, with a warning, if there is neither `[build-system]` nor setup.py nor setup.cfg, or uv or Poetry is told that this is no package',
    example: 'install = "source"',
    image:
      "the project's files are in `/home/nonroot`; no script of the project is installed, so there is no entrypoint.",
  },
  entrypoint: {
    text: "Exec form: no shell reads it. If neither `entrypoint` nor `command` is set and the project has exactly one script, that is the entrypoint.",
    standard: "the project's only script, else that of the base image",
    example: 'entrypoint = ["gunicorn", "app:create()"]',
    image: "what a container runs; arguments of `docker run` come after it.",
  },
  command: {
    text: "Exec form. Without an entrypoint it is the command itself.",
    standard: "none, or that of the base image, `python3`, if there is no entrypoint",
    example: 'command = ["serve", "--port", "8000"]',
    image: "what a container runs if `docker run` has no arguments.",
  },
};
