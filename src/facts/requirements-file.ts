import type { Diagnostic, Place } from "../diagnostic/diagnostic.ts";
import { maskCredentials } from "../diagnostic/mask-credentials.ts";
import { type SourceText, sourceText } from "../diagnostic/source-text.ts";
import { checkLine } from "./check-requirements-line.ts";
import type { ContextReader } from "./context-reader.ts";
import { decodeText, EncodingError } from "./decode-text.ts";
import { LOCK_FILES, TARGET_LOCK, UNREAD_LOCKS } from "./neighbour-files.ts";
import { logicalLines, parseLine } from "./requirements-line.ts";
import { type LinePlace, type LocalEntry, type RequirementsContext, resolveLocal } from "./resolve-local.ts";

/** A requirements file with all files that it includes: what planning needs to know of them. */
export type RequirementsFiles = Readonly<{
  /** The paths in the context of the file itself, then of every file it includes by `-r` or `-c`. */
  paths: readonly string[];
  /** Whether a line installs the project itself from its directory, as exports of Rye and uv do. */
  namesProject: boolean;
  /** The extras that such lines ask for, whatever form they have, and the first of them. */
  project?: Readonly<{ extras: readonly string[]; place: Place }>;
  /** Every requirement line, without its options. */
  requirements: readonly string[];
  /** Whether some requirement has a hash: pip then demands a hash of each. */
  hasHashes: boolean;
  /** Where relative paths start, in the context; empty for its root. */
  directory: string;
  /** Files and directories of the context that lines name. */
  locals: readonly LocalEntry[];
  /** Files that are not plain UTF-8, and Python's names for their encodings. */
  encodings: readonly (readonly [path: string, encoding: string])[];
  warnings: readonly Diagnostic[];
}>;

/** The result of reading a requirements file: the files, and what is wrong with them. */
export type RequirementsReading = Readonly<{ files: RequirementsFiles; problems: readonly Diagnostic[] }>;

/** The most lines that are read: ten times those of 1,000 packages with all their hashes. */
const MAX_LINES = 200_000;

/** Reads requirements files and their includes (pip's requirements file format). */
export async function readRequirements(
  roots: readonly string[],
  context: RequirementsContext,
): Promise<RequirementsReading> {
  const { reader, place, location } = context;
  const paths: string[] = [];
  const requirements: string[] = [];
  const locals: LocalEntry[] = [];
  const encodings: (readonly [string, string])[] = [];
  const problems: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  let namesProject = false;
  let project: RequirementsFiles["project"];
  let hasHashes = false;
  let lines = 0;

  const visit = async (file: string, from: Place, isConstraint: boolean): Promise<void> => {
    if (paths.includes(file)) return;
    const read = await readSource(reader, file, from);
    if ("problem" in read) {
      problems.push(read.problem);
      return;
    }
    const { source, encoding } = read;
    lines += source.text.split(/\r\n|\r|\n/, MAX_LINES + 1).length;
    if (lines > MAX_LINES) {
      const message = `"${file}" has, with the files before it, more than ${MAX_LINES} lines`;
      problems.push({ code: "requirement.invalid", message, place: from, help: "check that it is the right file" });
      return;
    }
    paths.push(file);
    if (encoding !== undefined) encodings.push([file, encoding]);
    for (const line of logicalLines(source, maskCredentials(source))) {
      if (/(?:^|\s)--(?:hash[=\s]|require-hashes$)/.test(line.text)) hasHashes = true;
      warnings.push(...checkLine(line, context.variables));
      const entry = parseLine(line.text);
      const at = { file, line, isConstraint };
      if (entry.kind === "include")
        await include(entry.path, { ...at, isConstraint: isConstraint || entry.isConstraint });
      else if (entry.kind === "requirement") requirements.push(entry.text);
      else if (entry.kind === "invalid")
        problems.push({ code: "requirement.invalid", message: entry.message, place: line.place });
      else if (entry.kind === "local" && isOwnLine(line.text)) {
        namesProject = true;
        if (!isConstraint) project = withLine(project, entry.local.requirement, line.place);
      } else if (entry.kind === "local" || entry.kind === "links") {
        const local = await resolveLocal(entry, at, context);
        if (local !== undefined && "code" in local) problems.push(local);
        else if (local !== undefined) locals.push(local);
        const isProject = local !== undefined && "isProject" in local && local.isProject;
        if (entry.kind === "local" && !isProject) requirements.push(entry.local.requirement);
        else if (entry.kind === "local" && !isConstraint)
          project = withLine(project, entry.local.requirement, line.place);
      }
    }
  };
  const include = async (name: string, { file, line, isConstraint }: LinePlace): Promise<void> => {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) {
      warnings.push({
        code: "requirement.remote",
        message: "only the installer reads this file: microb does not check it",
        place: line.place,
        help: "copy the file into the build context, and include the copy",
      });
      return;
    }
    const path = normalizePath(`${file.split("/").slice(0, -1).join("/")}/${name}`);
    if (name.startsWith("/") || /^\.\.(?:\/|$)/.test(path) || name.includes("\0")) {
      problems.push({ code: "requirement.invalid", message: `"${name}" leaves the build context`, place: line.place });
      return;
    }
    await visit(path, line.place, isConstraint);
  };
  for (const root of roots) await visit(normalizePath(root), place, false);
  return {
    files: {
      paths,
      namesProject,
      ...(project !== undefined && { project }),
      requirements,
      hasHashes,
      directory: location.directory,
      locals,
      encodings,
      warnings,
    },
    problems,
  };
}

type ReadSource = Readonly<{ source: SourceText; encoding?: string }> | Readonly<{ problem: Diagnostic }>;

async function readSource(reader: ContextReader, file: string, place: Place): Promise<ReadSource> {
  const name = file.split("/").at(-1) ?? "";
  if (LOCK_FILES.includes(name) || TARGET_LOCK.test(name) || UNREAD_LOCKS.has(name)) {
    const message = `"${file}" is a lock, not a requirements file`;
    const help = UNREAD_LOCKS.has(name)
      ? `export it: ${UNREAD_LOCKS.get(name)}`
      : `name it with the lock key: lock = "${file}"`;
    return { problem: { code: "requirement.invalid", message, place, help } };
  }
  const bytes = await reader.readBytes(file);
  if (bytes === undefined) {
    return {
      problem: {
        code: "context.file",
        message: `there is no file "${file}" in the build context`,
        place,
        help: "paths are relative to the root of the build context; check .dockerignore too",
      },
    };
  }
  try {
    const { text, encoding } = decodeText(bytes);
    // pip ends a line at a carriage return alone; the programs that edit the file do not.
    const needed = encoding ?? (/\r(?!\n)/.test(text) ? "utf-8" : undefined);
    return { source: sourceText(file, text), ...(needed !== undefined && { encoding: needed }) };
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    const message = `pip would read "${file}" as ${error.message}, but it is not valid ${error.message}`;
    return { problem: { code: "requirement.invalid", message, place, help: "save it as UTF-8" } };
  }
}

/** Adds the extras of a line that names the project: `.[dev]`, `app[dev] @ file:.`, `file:.#egg=app[dev]`. */
function withLine(
  project: RequirementsFiles["project"],
  requirement: string,
  place: Place,
): NonNullable<RequirementsFiles["project"]> {
  const listed = /\[([^[\]]*)\]/.exec(requirement.replace(/\s;.*$/, ""))?.[1] ?? "";
  const extras = listed.split(",").flatMap((extra) => extra.trim() || []);
  return { extras: [...new Set([...(project?.extras ?? []), ...extras])], place: project?.place ?? place };
}

/** A line that the step which installs the file takes out by itself. */
function isOwnLine(text: string): boolean {
  return PROJECT_DIRECTORY.test(text.replace(/^(?:-e|--editable)(?:\s+|=)\s*/, ""));
}

/** The project's own directory, as `-e .` and its relatives name it. */
const PROJECT_DIRECTORY: RegExp = /^(?:file:)?\.\/?(?:\[[^\]]*\])?$/;

function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}
