import type { PyProject } from "../config/py-project.ts";
import type { Target } from "../config/target.ts";
import { atKey, atSpan, atValue, type Place } from "../diagnostic/diagnostic.ts";
import { type SourceText, sourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { hasMember } from "../lock/has-member.ts";
import type { ContextReader } from "./context-reader.ts";
import { directoriesAbove, LOCK_FILES, targetLock, UNREAD_LOCKS, WORKSPACE_LOCK } from "./neighbour-files.ts";
import { inProject, type ProjectLocation } from "./project-location.ts";

/** The lock of a build, and why it was chosen. `source.filename` is its path in the context. */
export type LockFacts = Readonly<{ source: SourceText; reason: string }>;

type Query = Readonly<{ project: PyProject; target: Target; location: ProjectLocation }>;

/**
 * The lock that decides on the dependencies: the one that the target names, else one that is found. There is none with
 * `lock = false` or a requirements file.
 * @throws UserError when the named lock does not exist, or several are found and nothing decides between them.
 */
export async function findLock(reader: ContextReader, query: Query): Promise<LockFacts | undefined> {
  const { project, target, location } = query;
  const { lock, requirements } = target.table;
  if (lock === false || (lock === undefined && requirements !== undefined)) return undefined;
  if (lock !== undefined) {
    const path = lock.replace(/^(?:\.?\/)+/, "");
    if (UNREAD_LOCKS.has(path.split("/").at(-1) ?? "")) throw unread(query, path);
    const text = await reader.readText(path);
    if (text === undefined) throw missing(query, lock);
    return { source: sourceText(path, text), reason: "named by the target" };
  }
  const names = [targetLock(target.name), ...LOCK_FILES];
  const found = await readAll(
    reader,
    names.map((name) => inProject(location, name)),
  );
  const [forTarget] = found.filter(({ filename }) => filename === inProject(location, targetLock(target.name)));
  if (forTarget !== undefined) return { source: forTarget, reason: `named after the target ${target.name}` };
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return { source: only, reason: `next to ${location.buildFile}` };
  if (only !== undefined) {
    const meant = found.filter(({ filename }) => project.tools.has(TOOLS.get(filename.split("/").at(-1) ?? "") ?? ""));
    if (meant[0] === undefined || meant.length > 1) throw ambiguous(query, found);
    return { source: meant[0], reason: "the build file has a table of its tool" };
  }
  const [above] = await readAll(
    reader,
    directoriesAbove(location).map((path) => path + WORKSPACE_LOCK),
  );
  // A project below a workspace need not belong to it.
  if (above === undefined || !hasMember(above, location.directory)) return undefined;
  return { source: above, reason: `above ${location.buildFile}` };
}

/** The table in the build file of the tool that writes a lock. A pylock.toml belongs to no tool. */
const TOOLS: ReadonlyMap<string, string> = new Map([
  ["uv.lock", "uv"],
  ["pdm.lock", "pdm"],
]);

async function readAll(reader: ContextReader, paths: readonly string[]): Promise<readonly SourceText[]> {
  const texts = await Promise.all(paths.map((path) => reader.readText(path)));
  return paths.flatMap((path, index) => {
    const text = texts[index];
    return text === undefined ? [] : [sourceText(path, text)];
  });
}

function missing({ project, target }: Query, path: string): UserError {
  return new UserError({
    code: "context.file",
    message: `there is no file "${path}" in the build context`,
    place: atValue(project.source, ...target.path, "lock"),
    help: "paths are relative to the root of the build context; check .dockerignore too",
  });
}

function unread({ project, target }: Query, path: string): UserError {
  const name = path.split("/").at(-1) ?? "";
  return new UserError({
    code: "lock.unsupported",
    message: `microb does not read ${name}: it reads uv.lock, pylock.toml and pdm.lock`,
    place: atValue(project.source, ...target.path, "lock"),
    help: `export it (${UNREAD_LOCKS.get(name)}) and name the result with the requirements key`,
  });
}

function ambiguous({ project, target }: Query, found: readonly SourceText[]): UserError {
  const names = found.map(({ filename }) => filename);
  return new UserError({
    code: "lock.ambiguous",
    message: `there are several locks: ${names.join(", ")}`,
    place: targetPlace(project, target),
    help: `choose one, for example lock = "${names[0]}", or none with lock = false`,
  });
}

/** The table of the target, else that of the project, else the beginning of the file. */
function targetPlace({ source, targets, metadata }: PyProject, { name, path }: Target): Place {
  if (targets.has(name)) return atKey(source, ...path);
  if (metadata.name !== undefined) return atKey(source, ...metadata.path);
  return atSpan(source, { line: 1, column: 1, length: 1 });
}
