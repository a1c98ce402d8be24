import { parseRequirement, RequirementError } from "../config/requirement.ts";
import { atSpan, type Place } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { type LocalRequirement, localRequirement } from "./local-requirement.ts";

/** A line of a requirements file, with those that a backslash joins to it. */
export type RequirementsLine = Readonly<{
  text: string;
  place: Place;
  /** The numbers of the first and the last line of the file, from 1. */
  span: readonly [first: number, last: number];
}>;

/** What a line says. */
export type RequirementsEntry =
  | Readonly<{ kind: "include"; path: string; isConstraint: boolean }>
  /** A directory or page with packages. */
  | Readonly<{ kind: "links"; path: string }>
  | Readonly<{ kind: "local"; local: LocalRequirement }>
  | Readonly<{ kind: "requirement"; text: string }>
  | Readonly<{ kind: "option" }>
  | Readonly<{ kind: "invalid"; message: string }>;

/**
 * Joins lines that end with a backslash and drops comments, as pip does (`pip/_internal/req/req_file.py`). Places are in
 * `shown`, which has the same positions.
 */
export function logicalLines({ text: original }: SourceText, shown: SourceText): readonly RequirementsLine[] {
  const lines: RequirementsLine[] = [];
  const physicalLines = original.split(/\r\n|\r|\n/);
  const addLine = (joined: string, start: number, end: number): void => {
    const text = joined.replace(/(?:^|(?<!\s)\s+)#.*$/s, "").trim();
    if (text === "") return;
    const place = placeOf(shown, physicalLines[start] ?? "", start);
    lines.push({ text, place, span: [start + 1, end + 1] });
  };
  let pending: { texts: string[]; start: number } | undefined;
  for (const [index, physical] of physicalLines.entries()) {
    const isComment = /^\s*#/.test(physical);
    const { texts, start } = pending ?? { texts: [], start: index };
    const isContinued = physical.endsWith("\\") && !isComment;
    if (!isComment) texts.push(isContinued ? physical.slice(0, -1) : physical);
    pending = isContinued ? { texts, start } : undefined;
    if (!isContinued) addLine(texts.join(""), start, index);
  }
  if (pending !== undefined) addLine(pending.texts.join(""), pending.start, physicalLines.length - 1);
  return lines;
}

function placeOf(source: SourceText, line: string, index: number): Place {
  const column = line.length - line.trimStart().length + 1;
  return atSpan(source, { line: index + 1, column, length: Math.max(1, line.trimEnd().length - column + 1) });
}

/** Reads a line of a requirements file. */
export function parseLine(text: string): RequirementsEntry {
  const [, option = "", included = ""] =
    /^(-r|--requirement|-c|--constraint)(?:\s+|=|(?<=-[rc]))(.+)$/.exec(text) ?? [];
  if (option !== "") return { kind: "include", path: unquoted(included), isConstraint: /^--?c/.test(option) };
  const links = /^(?:-f|--find-links)(?:\s+|=|(?<=-f))(.+)$/.exec(text)?.[1];
  if (links !== undefined) return { kind: "links", path: unquoted(links) };
  const editable = /^(?:-e|--editable)(?:\s+|=|(?<=^-e))(.+)$/.exec(text)?.[1]?.trim();
  if (editable === undefined && text.startsWith("-")) return { kind: "option" };
  const local = localRequirement(editable ?? text, editable !== undefined);
  if (local !== undefined) return { kind: "local", local };
  // Options such as --hash follow the requirement after white space.
  const requirement = (editable ?? text).replace(/(?<!\s)\s+--[a-z].*$/s, "");
  if (editable !== undefined || URL_SCHEME.test(requirement)) return { kind: "requirement", text: requirement };
  try {
    parseRequirement(requirement);
    return { kind: "requirement", text: requirement };
  } catch (error) {
    if (!(error instanceof RequirementError)) throw error;
    return { kind: "invalid", message: error.message };
  }
}

/** pip also takes URLs where a requirement stands (`_internal/vcs/versioncontrol.py`, `is_url`). */
const URL_SCHEME = /^(?:https?|ftp|(?:git|hg|bzr|svn)(?:\+[a-z-]+)?):/i;

function unquoted(text: string): string {
  return text.trim().replace(/^(["'])(.*)\1$/, "$2");
}
