import type { TomlPath } from "../diagnostic/diagnostic.ts";
import { maskText } from "../util/mask.ts";
import { raw, type ShellText, sh, shellQuote } from "../util/sh.ts";
import { PYTHON } from "./layout.ts";
import { ENCODE, MASK, NEED, PROBE, VALUE } from "./pip-functions.ts";
import type { Credential, PackageIndex } from "./plan-indices.ts";
import type { Mount, RunStep } from "./step.ts";

/** How steps call the installer, pip or uv: what they mount, what they run first, and the call itself. */
export type Pip = Readonly<{
  /** What brings it into the builder, if it is not there. */
  setup: readonly RunStep[];
  mounts: readonly Mount[];
  functions: readonly ShellText[];
  before: readonly ShellText[];
  install: (what: ShellText) => ShellText;
  /** What to install: all that a requirements file names, with a hash for everything if one has a hash. */
  file: (path: string, hasHashes: boolean) => ShellText;
  /** Whether it decodes a requirements file by its coding line. */
  readsCodingLines: boolean;
  /** Builds the wheel of one project, without what it needs, into a directory. */
  wheel: (what: ShellText, directory: string) => ShellText;
}>;

/** A directory in memory that every step has to itself: nothing in it reaches a layer. */
export const SCRATCH = "/dev/shm/microb";

const CONFIG = `${SCRATCH}/pip.conf`;
const INSTALLED = `${SCRATCH}/installed`;
const BUILD_FILE = "/run/microb/pyproject.toml";
const CACHE: Mount = { kind: "cache", target: "/root/.cache/pip", sharing: "shared" };

/**
 * pip for the environment and its indices.
 *
 * `buildFile` is the path of the build file in the context.
 */
export function planPip(indices: readonly PackageIndex[], buildFile: string): Pip {
  const { mounts, functions, before, options, guarded } = pipAccess(indices, buildFile);
  const call = (command: ShellText, what: ShellText): ShellText => guarded(pipCall(command, what, options));
  return {
    setup: [],
    mounts,
    functions,
    before,
    install: (what) => call(sh`pip --python ${PYTHON} install --no-compile`, what),
    file: (path) => sh`--requirement ${path}`,
    readsCodingLines: true,
    wheel: (what, directory) => call(sh`pip wheel --no-deps --wheel-dir ${directory}`, what),
  };
}

/** How pip gets at indices: mounts, functions that are called, commands before it, its options, and what stands around a call. */
export type PipAccess = Readonly<{
  mounts: readonly Mount[];
  functions: readonly ShellText[];
  before: readonly ShellText[];
  options: readonly string[];
  guarded: (call: ShellText) => ShellText;
}>;

/** pip's access to indices. After a failure the step asks each of them what is wrong. */
export function pipAccess(indices: readonly PackageIndex[], buildFile: string): PipAccess {
  if (indices.some(hasCredentials)) return withCredentials(indices, buildFile);
  if (indices.length === 0) return { mounts: [CACHE], functions: [], before: [], options: [], guarded: (call) => call };
  const trust = trustOptions(indices);
  // Only a configuration can replace what the base image's adds to the public index.
  const inFile = indices.some(({ isDefault }) => isDefault);
  return {
    mounts: [CACHE],
    functions: [PROBE],
    before: [...(inFile ? configuration(indices) : []), sh`export ${[...(inFile ? [USE_CONFIG] : []), NO_INPUT]}`],
    options: inFile ? trust : [...extraOptions(indices), ...trust],
    guarded: (call) => sh`{ ${raw(call)}${raw(OR)}{ ${raw(probes(indices))}; false; }; }`,
  };
}

/**
 * With credentials the indices stand in a configuration file in memory, and user names, which pip prints, are masked.
 * pip keeps no cache: its copies of some answers hold the credentials that were asked with.
 */
function withCredentials(indices: readonly PackageIndex[], buildFile: string): PipAccess {
  const credentials = indices.flatMap(({ username, password }) => [username, password]).filter(isDefined);
  const access = credentialAccess(credentials, buildFile);
  return {
    mounts: access.mounts,
    functions: [...access.functions, MASK, PROBE],
    before: [...access.before, ...configuration(indices), sh`export ${[USE_CONFIG, "PIP_NO_CACHE_DIR=1", NO_INPUT]}`],
    options: trustOptions(indices),
    guarded: (call) => {
      const done = sh`${raw(call)} && touch ${INSTALLED}`;
      return sh`{ ${raw(done)}${raw(OR)}{ ${raw(probes(indices))}; }; } 2>&1 | mask && test -e ${INSTALLED}`;
    },
  };
}

const USE_CONFIG = `PIP_CONFIG_FILE=${CONFIG}`;

/** Nobody could answer if pip asked. */
const NO_INPUT = "PIP_NO_INPUT=1";

const OR = " \\\n        || " as ShellText;

/** Whether asking an index takes a user name or a password. */
export function hasCredentials({ username, password }: PackageIndex): boolean {
  return username !== undefined || password !== undefined;
}

/** A command of pip with its own options, those of the indices, and what with. */
export function pipCall(command: ShellText, what: ShellText, options: readonly string[]): ShellText {
  const words = options.length === 0 ? sh`` : sh`${options} `;
  return sh`${raw(command)} ${raw(words)}${raw(what)}`;
}

function chain(commands: readonly ShellText[], separator: string): ShellText {
  return commands.join(separator) as ShellText;
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}

function extraOptions(indices: readonly PackageIndex[]): readonly string[] {
  return indices.flatMap(({ url }) => ["--extra-index-url", url]);
}

function trustOptions(indices: readonly PackageIndex[]): readonly string[] {
  const hosts = new Set(indices.flatMap(({ trustedHost }) => trustedHost ?? []));
  return [...hosts].flatMap((host) => ["--trusted-host", host]);
}

/** What a step needs that asks a host for a file with the credentials of an index. */
export type Access = Pick<PipAccess, "mounts" | "functions" | "before"> & Readonly<{ url: ShellText }>;

/** Access to a file of an index, whose URL, with credentials, is the shell's word `url`. */
export function fileAccess(file: string, index: PackageIndex, buildFile: string): Access {
  const credentials = [index.username, index.password].filter(isDefined);
  return { ...credentialAccess(credentials, buildFile), url: urlWord(file, index) };
}

function credentialAccess(credentials: readonly Credential[], buildFile: string): Omit<Access, "url"> {
  const readsBuildFile = credentials.some(({ kind }) => kind === "literal");
  const secrets = credentials.filter((one) => one.kind === "secret");
  return {
    mounts: [
      ...secretMounts(credentials),
      ...(readsBuildFile ? [{ kind: "build-file", source: buildFile, target: BUILD_FILE } satisfies Mount] : []),
    ],
    functions: [...(secrets.length > 0 ? [NEED] : []), ENCODE, ...(readsBuildFile ? [VALUE] : [])],
    before: secrets.map(({ id, path }) => sh`need ${[id, displayPath(path)]}`),
  };
}

function secretMounts(credentials: readonly Credential[]): readonly Mount[] {
  const ids = new Map(credentials.flatMap((one) => (one.kind === "secret" ? [[one.id, one.path] as const] : [])));
  return [...ids].map(([id, origin]) => ({ kind: "secret", id, target: secretPath(id), origin }));
}

function secretPath(id: string): string {
  return `/run/secrets/${id}`;
}

/** A path as it is written in TOML, on one line. */
function displayPath(path: TomlPath): string {
  const text = path
    .map((part) => {
      if (typeof part === "number") return `[${part}]`;
      return /^[\w-]+$/.test(part) ? `.${part}` : `.${JSON.stringify(part)}`;
    })
    .join("")
    .slice(1);
  return maskText(text);
}

/** The shell's variable for the URL of an index, with its credentials. */
function variable(position: number): ShellText {
  return `index${position}` as ShellText;
}

function setVariable(index: PackageIndex, position: number): ShellText {
  return sh`${raw(variable(position))}=${raw(urlWord(index.url, index))}`;
}

/** A URL with the credentials of an index in it. */
function urlWord(url: string, { username, password }: PackageIndex): ShellText {
  const { protocol, host, pathname } = new URL(url);
  const credentials = [username, password].filter(isDefined).map(encoded).join(":");
  const at = credentials === "" ? "" : "@";
  return `${shellQuote(`${protocol}//`)}${credentials}${shellQuote(`${at}${host}${pathname}`)}` as ShellText;
}

/** The value of a variable needs no double quotes, which Dockerfile readers would take for the end of those around. */
function encoded(credential: Credential): ShellText {
  if (credential.kind === "secret") return sh`$(encode < ${secretPath(credential.id)})`;
  return sh`$(value ${[BUILD_FILE, JSON.stringify(credential.path)]} | encode)`;
}

/** Writes pip's configuration. It counts for each of its keys more than the one of the base image; variables would count more. */
function configuration(indices: readonly PackageIndex[]): readonly ShellText[] {
  const lines = (isDefault: boolean, prefix: string): readonly ShellText[] =>
    indices.flatMap((index, position) =>
      index.isDefault === isDefault ? [`"${prefix}$${variable(position)}"` as ShellText] : [],
    );
  const text = [
    shellQuote("[global]"),
    ...lines(true, "index-url = "),
    shellQuote("extra-index-url ="),
    ...lines(false, "  "),
  ];
  const replacesPublic = indices.some(({ isDefault }) => isDefault);
  return [
    ...indices.map(setVariable),
    sh`mkdir -p ${SCRATCH}`,
    sh`printf ${"%s\\n"} ${raw(chain(text, " "))} > ${CONFIG}`,
    sh`unset ${replacesPublic ? ["PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"] : ["PIP_EXTRA_INDEX_URL"]}`,
  ];
}

/** Asks each index what is wrong with it. */
function probes(indices: readonly PackageIndex[]): ShellText {
  const commands = indices.map((index, position): ShellText => {
    const { url, path, username, password, trustedHost } = index;
    const keys = [username, password].filter(isDefined).map((credential) => credential.path.at(-1));
    const remedy = keys.length === 0 ? "set username_secret and password_secret" : `check ${keys.join(" and ")}`;
    const words = [displayPath(path), remedy, ...(trustedHost === undefined ? [] : ["trust"])];
    const input = hasCredentials(index) ? (`"$${variable(position)}"` as ShellText) : shellQuote(url);
    return sh`echo ${raw(input)} | probe ${words}`;
  });
  return chain(commands, "; ");
}
