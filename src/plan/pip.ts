import type { TomlPath } from "../diagnostic/diagnostic.ts";
import { raw, type ShellText, sh, shellQuote } from "../util/sh.ts";
import { PYTHON } from "./layout.ts";
import type { Credential, PackageIndex } from "./plan-indices.ts";
import type { Mount } from "./step.ts";

/** How steps call pip: what they mount, what they run first, and the call itself. */
export type Pip = Readonly<{
  mounts: readonly Mount[];
  before: readonly ShellText[];
  install: (what: ShellText) => ShellText;
}>;

/** A directory in memory that every step has to itself: nothing in it reaches a layer. */
export const SCRATCH = "/dev/shm/microb";

const CONFIG = `${SCRATCH}/pip.conf`;
const FAILED = `${SCRATCH}/failed`;
const BUILD_FILE = "/run/microb/pyproject.toml";

/**
 * pip for the environment and its indices. Without credentials the indices are options. With credentials they stand in
 * a configuration file in memory, and user names, which pip prints, are masked. pip then keeps no cache: its copies of
 * some answers hold the credentials that were asked with.
 *
 * `buildFile` is the path of the build file in the context.
 */
export function planPip(indices: readonly PackageIndex[], buildFile: string): Pip {
  const credentials = indices.flatMap(({ username, password }) => [username, password]).filter(isDefined);
  if (credentials.length === 0) {
    return {
      mounts: [{ kind: "cache", target: "/root/.cache/pip", sharing: "shared" }],
      before: [],
      install: (what) => pipInstall(sh`${raw(indexOptions(indices))}${raw(what)}`),
    };
  }
  const readsBuildFile = credentials.some(({ kind }) => kind === "literal");
  return {
    mounts: [
      ...secretMounts(credentials),
      ...(readsBuildFile ? [{ kind: "build-file", source: buildFile, target: BUILD_FILE } satisfies Mount] : []),
    ],
    before: [
      ...credentials.flatMap(secretCheck),
      ENCODE,
      ...(readsBuildFile ? [VALUE] : []),
      MASK,
      sh`mkdir -p ${SCRATCH}`,
      writeConfig(indices),
      ...(indices.some(({ isDefault }) => isDefault) ? [sh`unset PIP_INDEX_URL`] : []),
      sh`export PIP_CONFIG_FILE=${CONFIG} PIP_NO_CACHE_DIR=1`,
    ],
    install: (what) => sh`{ ${raw(pipInstall(what))} 2>&1 || touch ${FAILED}; } | mask && test ! -e ${FAILED}`,
  };
}

function pipInstall(what: ShellText): ShellText {
  return sh`pip --python ${PYTHON} install --no-compile ${raw(what)}`;
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}

function indexOptions(indices: readonly PackageIndex[]): ShellText {
  const words = indices.flatMap(({ url, isDefault, trustedHost }) => [
    isDefault ? "--index-url" : "--extra-index-url",
    url,
    ...(trustedHost === undefined ? [] : ["--trusted-host", trustedHost]),
  ]);
  return words.length === 0 ? sh`` : sh`${words} `;
}

function secretMounts(credentials: readonly Credential[]): readonly Mount[] {
  const ids = new Map(credentials.flatMap((one) => (one.kind === "secret" ? [[one.id, one.path] as const] : [])));
  return [...ids].map(([id, origin]) => ({ kind: "secret", id, target: secretPath(id), origin }));
}

function secretPath(id: string): string {
  return `/run/secrets/${id}`;
}

/** Secrets are mounted if they are offered; the step itself says which key wants one that is not. */
function secretCheck(credential: Credential): readonly ShellText[] {
  if (credential.kind !== "secret") return [];
  const { id, path } = credential;
  const message = `microb: ${displayPath(path)}: the build has no secret "${id}": pass --secret id=${id},src=FILE`;
  return [sh`{ test -f ${secretPath(id)} || { echo ${message} >&2; exit 1; }; }`];
}

function displayPath(path: TomlPath): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .slice(1);
}

/**
 * Percent-encodes its input, byte for byte, so that any credential can stand in a URL. It is encoded twice beyond ASCII:
 * pip sends what it decodes as Latin-1, and servers want UTF-8 (RFC 7617).
 */
const ENCODE = sh`encode() { python -c ${'import sys; print("".join("%%%02X" % b for b in sys.stdin.buffer.read().strip(b"\\r\\n").decode("latin-1").encode()))'}; }`;

/** Prints the value of the build file at a path. Python has a TOML parser since 3.11, pip has one for before. */
const VALUE = sh`value() { python -c ${[
  "import functools, importlib, sys",
  'toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "pip._vendor.tomli")',
  "step = lambda table, key: table[int(key) if isinstance(table, list) else key]",
  'value = functools.reduce(step, sys.argv[2:], toml.load(open(sys.argv[1], "rb")))',
  "sys.stdout.buffer.write(value.encode())",
].join("; ")} ${BUILD_FILE} "$@"; }`;

const MASK = sh`mask() { python -u -c ${'import re, sys; [print(re.sub("//[^/@ ]*@", "//****@", line), end="") for line in sys.stdin]'}; }`;

function writeConfig(indices: readonly PackageIndex[]): ShellText {
  const defaults = indices.filter(({ isDefault }) => isDefault);
  const extras = indices.filter(({ isDefault }) => !isDefault);
  const hosts = [...new Set(indices.flatMap(({ trustedHost }) => trustedHost ?? []))];
  const lines: readonly ShellText[] = [
    shellQuote("[global]"),
    ...defaults.map((index) => setting("index-url = ", index)),
    ...(extras.length === 0 ? [] : [shellQuote("extra-index-url ="), ...extras.map((index) => setting("  ", index))]),
    ...(hosts.length === 0 ? [] : [shellQuote(`trusted-host = ${hosts.join(" ")}`)]),
  ];
  return sh`printf ${"%s\\n"} ${raw(lines.join(" ") as ShellText)} > ${CONFIG}`;
}

function setting(prefix: string, { url, username, password }: PackageIndex): ShellText {
  const { protocol, host, pathname } = new URL(url);
  const credentials = [username, password].filter(isDefined).map(encoded);
  const at = credentials.length === 0 ? "" : "@";
  const words = [shellQuote(`${prefix}${protocol}//`), credentials.join(":"), shellQuote(`${at}${host}${pathname}`)];
  return words.join("") as ShellText;
}

function encoded(credential: Credential): ShellText {
  if (credential.kind === "secret") return sh`"$(encode < ${secretPath(credential.id)})"`;
  return sh`"$(value ${credential.path.map(String)} | encode)"`;
}
