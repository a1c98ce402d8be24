import type { RequirementsFiles } from "../facts/requirements-file.ts";
import type { LocalEntry } from "../facts/resolve-local.ts";
import { raw, type ShellText, sh } from "../util/sh.ts";
import type { Pip } from "./pip.ts";
import type { Mount } from "./step.ts";

/** One of the calls of the installer that install a requirements file. Each is a step of its own. */
export type RequirementsInstall = Readonly<{
  title: string;
  mounts: readonly Mount[];
  /** Commands that prepare the files for the installer. */
  before: readonly ShellText[];
  what: ShellText;
}>;

/** Where requirements files are mounted, at their paths in the context. */
const MOUNTED = "/requirements";

/** Where they are copied to, with the directories that they name: builds write into them, and lines are taken out. */
const COPIED = "/tmp/requirements";

/**
 * How a requirements file is installed. Directories that it names come from the context, and are copied; files, and
 * directories with packages, are mounted. Nothing is installed as editable: the image has no such directory.
 *
 * `besides` is installed together with the file. A directory has no hash. If the file has hashes, pip therefore installs its
 * directories in a call of their own, without dependencies: such a file lists everything.
 */
export function installRequirements(
  files: RequirementsFiles,
  pip: Pick<Pip, "file" | "readsCodingLines">,
  besides: readonly string[] = [],
): readonly RequirementsInstall[] {
  const { paths, hasHashes, namesProject, locals, encodings } = files;
  const directory = files.directory === "" ? COPIED : `${COPIED}/${files.directory}`;
  const root = paths[0] ?? "";
  const title = `install requirements: ${root}`;
  // What takes lines out reads UTF-8 only.
  const isRead = encodings.every(([, encoding]) => pip.readsCodingLines || /^utf-(?:8|8-sig|16)$/.test(encoding));
  if (locals.length === 0 && (encodings.length === 0 || (isRead && !namesProject))) {
    const file = withWords(pip.file(`${namesProject ? COPIED : MOUNTED}/${root}`, hasHashes), besides);
    const before = namesProject ? [sh`cp -R ${MOUNTED} ${COPIED}`, withoutProject(paths)] : [];
    return [{ title, mounts: paths.map((path) => mounted(path, MOUNTED)), before, what: file }];
  }
  const apart = locals.filter((one) => one.kind === "directory" && !one.isProject && !one.isConstraint && hasHashes);
  const moved = locals.filter((one) => one.isEditable && !one.isProject && !one.isConstraint && !hasHashes);
  const dropped = locals.filter((one) => one.isProject || apart.includes(one) || moved.includes(one));
  const mounts = mountsOf(files);
  const before = [
    sh`mkdir -p ${directory}`,
    sh`cp -R ${`${MOUNTED}/.`} ${COPIED}`,
    ...encodings.map(([path, encoding]) => recode(`${COPIED}/${path}`, encoding)),
    ...dropped.map(({ file, span }) => sh`sed -i ${`${span[0]},${span[1]}s/.*//`} ${`${COPIED}/${file}`}`),
    ...(namesProject ? [withoutProject(paths)] : []),
    sh`cd ${directory}`,
  ];
  const words = (entries: readonly LocalEntry[]): readonly string[] =>
    entries.map(({ requirement }) => asPath(requirement));
  const what = withWords(pip.file(`${COPIED}/${root}`, hasHashes), [...words(moved), ...besides]);
  return [
    ...(apart.length === 0
      ? []
      : [
          {
            title: `install requirements: the directories of ${root}`,
            mounts,
            before,
            what: sh`--no-deps ${words(apart)}`,
          },
        ]),
    { title, mounts, before, what },
  ];
}

function withWords(file: ShellText, words: readonly string[]): ShellText {
  return words.length === 0 ? file : sh`${raw(file)} ${words}`;
}

/** A requirements file may name a directory without a slash. On a command line that would be the name of a project. */
function asPath(requirement: string): string {
  return /^[./]|^file:|@/.test(requirement) ? requirement : `./${requirement}`;
}

/** Mounts for all that is copied or mounted, each once. What is in a directory that is copied needs no mount of its own. */
function mountsOf({ paths, locals }: RequirementsFiles): readonly Mount[] {
  const used = locals.filter(({ isProject }) => !isProject);
  const copied = [...new Set(used.flatMap(({ kind, path }) => (kind === "directory" ? [path] : [])))];
  const isWithin = (path: string): boolean =>
    copied.some((directory) => path !== directory && (directory === "." || path.startsWith(`${directory}/`)));
  const others = used.flatMap(({ kind, path }) => (kind === "directory" ? [] : [path]));
  return [
    ...[...new Set([...paths, ...copied])].filter((path) => !isWithin(path)).map((path) => mounted(path, MOUNTED)),
    ...[...new Set(others)].filter((path) => !isWithin(path)).map((path) => mounted(path, COPIED)),
  ];
}

function mounted(path: string, directory: string): Mount {
  return { kind: "context", source: path, target: path === "." ? directory : `${directory}/${path}` };
}

/** Exports of Rye and uv name the project's own directory, which is not there yet and is installed later. */
function withoutProject(paths: readonly string[]): ShellText {
  const ownLine = String.raw`/^[[:space:]]*((-e|--editable)[[:space:]=]+)?(file:)?\.\/?(\[[^]]*\])?[[:space:]]*(#.*)?$/d`;
  return sh`sed -i -E ${ownLine} ${paths.map((path) => `${COPIED}/${path}`)}`;
}

/**
 * Writes a text file anew in UTF-8, with ends of lines that every program knows, and without a coding line, which would no
 * longer be right.
 */
function recode(path: string, encoding: string): ShellText {
  const program =
    'import re, sys; path, encoding = sys.argv[1:]; first, *rest = open(path, encoding=encoding).read().split("\\n", 2); lines = [re.sub("^[ \\t\\f]*#.*", "#", line) for line in (first, *rest[:1])]; open(path, "w", encoding="utf-8").write("\\n".join([*lines, *rest[1:]]))';
  return sh`python -Ic ${program} ${path} ${encoding}`;
}
