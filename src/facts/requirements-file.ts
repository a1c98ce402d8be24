import { parseRequirement, RequirementError } from "../config/requirement.ts";
import { atSpan, type Diagnostic, type Place } from "../diagnostic/diagnostic.ts";
import { maskCredentials } from "../diagnostic/mask-credentials.ts";
import { type SourceText, sourceText } from "../diagnostic/source-text.ts";
import type { ContextReader } from "./context-reader.ts";

/** A requirements file with all that it includes, as far as planning depends on them. */
export type RequirementsFiles = Readonly<{
  /** The paths in the context of the file itself, then of every file it includes by `-r` or `-c`. */
  paths: readonly string[];
  /** Whether a line installs the project itself from its directory, as exports of Rye and uv do. */
  namesProject: boolean;
  /** Every requirement line, without its options. */
  requirements: readonly string[];
  /** Whether something has a hash, which for pip means that everything must have one. */
  hasHashes: boolean;
}>;

/** What reading a requirements file gave: the files, and what is wrong with them. */
export type RequirementsReading = Readonly<{ files: RequirementsFiles; problems: readonly Diagnostic[] }>;

/** Reads requirements files and their includes (pip's requirements file format). `place` is where they are asked for. */
export async function readRequirements(
  reader: ContextReader,
  roots: readonly string[],
  place: Place,
): Promise<RequirementsReading> {
  const paths: string[] = [];
  const requirements: string[] = [];
  const problems: Diagnostic[] = [];
  let namesProject = false;
  let hasHashes = false;

  const visit = async (file: string, from: Place): Promise<void> => {
    if (paths.includes(file)) return;
    const text = await reader.readText(file);
    if (text === undefined) {
      problems.push({
        code: "context.file",
        message: `there is no file "${file}" in the build context`,
        place: from,
        help: "paths are relative to the root of the build context; check .dockerignore too",
      });
      return;
    }
    paths.push(file);
    for (const line of logicalLines(sourceText(file, text))) {
      if (/(?:^|\s)--(?:hash[=\s]|require-hashes$)/.test(line.text)) hasHashes = true;
      const parsed = parseLine(line, file);
      if (parsed.kind === "include") await visit(parsed.path, line.place);
      else if (parsed.kind === "project") namesProject = true;
      else if (parsed.kind === "requirement") requirements.push(parsed.text);
      else if (parsed.kind === "problem") problems.push(parsed.problem);
    }
  };
  for (const root of roots) await visit(normalizePath(root), place);
  return { files: { paths, namesProject, requirements, hasHashes }, problems };
}

type Line = Readonly<{ text: string; place: Place }>;

/** Joins lines that end with a backslash and drops comments, as pip does (`pip/_internal/req/req_file.py`). */
function logicalLines(original: SourceText): readonly Line[] {
  const lines: Line[] = [];
  const source = maskCredentials(original);
  const physicalLines = original.text.split(/\r\n|\r|\n/);
  const addLine = (joined: string, start: number): void => {
    const text = joined.replace(/(^|\s+)#.*$/, "").trim();
    if (text !== "") lines.push({ text, place: placeOf(source, physicalLines[start] ?? "", start) });
  };
  let pending: { text: string; start: number } | undefined;
  for (const [index, physical] of physicalLines.entries()) {
    const isComment = /^\s*#/.test(physical);
    const start = pending?.start ?? index;
    const joined = (pending?.text ?? "") + (isComment ? "" : physical);
    pending = undefined;
    if (joined.endsWith("\\") && !isComment) pending = { text: joined.slice(0, -1), start };
    else addLine(joined, start);
  }
  if (pending !== undefined) addLine(pending.text, pending.start);
  return lines;
}

function placeOf(source: SourceText, line: string, index: number): Place {
  const column = line.length - line.trimStart().length + 1;
  return atSpan(source, { line: index + 1, column, length: Math.max(1, line.trimEnd().length - column + 1) });
}

type ParsedLine =
  | Readonly<{ kind: "include"; path: string }>
  | Readonly<{ kind: "project" }>
  | Readonly<{ kind: "requirement"; text: string }>
  | Readonly<{ kind: "option" }>
  | Readonly<{ kind: "problem"; problem: Diagnostic }>;

function parseLine({ text, place }: Line, file: string): ParsedLine {
  const include = /^(?:-r|--requirement|-c|--constraint)(?:\s+|=|(?<=-[rc]))(.+)$/.exec(text)?.[1]?.trim();
  if (include !== undefined) {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(include)) return { kind: "option" };
    const name = include.replace(/^(["'])(.*)\1$/, "$2");
    const path = normalizePath(`${file.split("/").slice(0, -1).join("/")}/${name}`);
    if (name.startsWith("/") || /^\.\.(?:\/|$)/.test(path) || name.includes("\0")) {
      const message = `"${name}" leaves the build context`;
      return { kind: "problem", problem: { code: "requirement.invalid", message, place } };
    }
    return { kind: "include", path };
  }
  const editable = /^(?:-e|--editable)(?:\s+|=)(.+)$/.exec(text)?.[1]?.trim();
  if (editable !== undefined) {
    return PROJECT_DIRECTORY.test(editable) ? { kind: "project" } : { kind: "requirement", text: editable };
  }
  if (text.startsWith("-")) return { kind: "option" };
  if (PROJECT_DIRECTORY.test(text)) return { kind: "project" };
  // Options such as --hash follow the requirement after white space.
  const requirement = text.replace(/\s+--[a-z].*$/, "");
  if (isPlace(requirement)) return { kind: "requirement", text: requirement };
  try {
    parseRequirement(requirement);
    return { kind: "requirement", text: requirement };
  } catch (error) {
    if (!(error instanceof RequirementError)) throw error;
    return { kind: "problem", problem: { code: "requirement.invalid", message: error.message, place } };
  }
}

/** The project's own directory, as `-e .` and its relatives name it. */
export const PROJECT_DIRECTORY: RegExp = /^(?:file:)?\.\/?(?:\[[^\]]*\])?$/;

/** pip also takes URLs, archives and directories where a requirement stands (`_internal/vcs/versioncontrol.py`, `is_url`). */
function isPlace(text: string): boolean {
  return (
    /^(?:https?|ftp|file|(?:git|hg|bzr|svn)(?:\+[a-z-]+)?):/i.test(text) ||
    /^[./]/.test(text) ||
    /\.(?:whl|zip|tar\.gz|tar\.bz2|tgz)$/.test(text) ||
    /^[^@\s]*\/[^@]*$/.test(text)
  );
}

function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}
