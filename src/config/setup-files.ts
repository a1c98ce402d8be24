import { atSpan, type Place } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { defined } from "./defined.ts";
import type { Metadata, PythonLimit } from "./metadata.ts";
import { pep440Constraint } from "./python-constraint.ts";
import { parseSetupCfg, type SetupCfg, type SetupOption } from "./setup-cfg.ts";

/** What setup.cfg and setup.py say that can be read without running them. */
export type SetupMetadata = Readonly<{
  /** Where it says that there is a project. */
  place: Place;
  reason: string;
  /** By the field of `[project]` that it stands for. */
  fields: ReadonlyMap<string, Partial<Metadata>>;
}>;

/**
 * Reads setup.cfg and setup.py; undefined if they describe no project: other tools keep settings in setup.cfg. If
 * setup.py or the build file requires pbr, pbr's own names are read too (pbr `setupcfg.py`).
 */
export function readSetupFiles(files: readonly SourceText[], asksForPbr = false): SetupMetadata | undefined {
  const [cfg, py] = ["setup.cfg", "setup.py"].map((name) =>
    files.find(({ filename }) => filename === name || filename.endsWith(`/${name}`)),
  );
  const options: SetupCfg = cfg === undefined ? new Map() : parseSetupCfg(cfg);
  const isProject = options.has("options") || options.has("metadata");
  const program = py ?? (isProject ? cfg : undefined);
  if (program === undefined) return undefined;
  const code = withoutComments(py?.text ?? "");
  const isPbr = asksForPbr || /\bpbr\b/.test(code);
  // What setup.py says counts, even where it cannot be read (setuptools `config/setupcfg.py`).
  const isOpen = (name: string): boolean => !new RegExp(`\\b${name}\\b`).test(code);
  const limits = isOpen("python_requires") ? cfgPython(options, isPbr) : py === undefined ? [] : pyPython(py, code);
  const scripts = isOpen("entry_points") ? consoleScripts(options, isPbr) : pyScripts(code);
  return {
    place: atSpan(program, { line: 1, column: 1, length: 1 }),
    reason: `the dependencies come from ${program.filename}`,
    fields: new Map<string, Partial<Metadata>>([
      ["requires-python", limits.length > 0 ? { pythonLimits: limits } : {}],
      ["scripts", scripts.length > 0 ? { scripts } : {}],
      ...described(options, isOpen, isPbr),
    ]),
  };
}

/** Without comments and texts of several lines, which are documentation; positions stay. */
function withoutComments(text: string): string {
  return text.replace(TOKENS, (token) => (/^(?:#|"""|''')/.test(token) ? token.replace(/[^\n]/g, " ") : token));
}

/** Comments of Python, and the strings that may look like some; one that is not closed ends with its line. */
const TOKENS = /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|#[^\n]*/g;

function cfgPython(cfg: SetupCfg, isPbr: boolean): readonly PythonLimit[] {
  const ofPbr = isPbr ? cfg.get("metadata") : undefined;
  const option =
    cfg.get("options")?.get("python_requires") ?? ofPbr?.get("python_requires") ?? ofPbr?.get("requires_python");
  const text = single(option);
  if (option === undefined || text === undefined) return [];
  return [{ name: "python_requires", text, constraint: pep440Constraint(text), place: option.place }];
}

/** The limit, if setup.py has exactly one and it is a literal: what a program computes is unknown before it runs. */
function pyPython(source: SourceText, code: string): readonly PythonLimit[] {
  const found = [...code.matchAll(/\bpython_requires\b["']?\s*[=:]\s*(?:(["'])([^"'\\\n]*)\1\s*[,)}\n])?/g)];
  const [match, ...others] = found;
  const text = match?.[2];
  if (match === undefined || text === undefined || others.length > 0) return [];
  const at = match.index + match[0].indexOf(text, "python_requires".length);
  const line = code.slice(0, at).split("\n").length;
  const column = at - code.lastIndexOf("\n", at - 1);
  const place = atSpan(source, { line, column, length: Math.max(1, text.length) });
  return [{ name: "python_requires", text, constraint: pep440Constraint(text), place }];
}

function consoleScripts(cfg: SetupCfg, isPbr: boolean): readonly string[] {
  const section = cfg.get("options.entry_points") ?? (isPbr ? cfg.get("entry_points") : undefined);
  const lines = section?.get("console_scripts")?.lines ?? [];
  return lines.flatMap((line) => /^([\w.-]+)\s*=/.exec(line)?.[1] ?? []);
}

/** The scripts, if setup.py has one list of them and it holds literals only. */
function pyScripts(code: string): readonly string[] {
  const found = [
    ...code.matchAll(/["']?\bconsole_scripts\b["']?\s*[:=]\s*(?:\[((?:[^[\]"']|"[^"\n]*"|'[^'\n]*')*)\])?/g),
  ];
  const [match, ...others] = found;
  const list = match?.[1];
  const literal = /(["'])\s*([\w.-]+)\s*=[^"'\\\n]*\1/g;
  if (list === undefined || others.length > 0 || list.replace(literal, "").replace(/[\s,]/g, "") !== "") return [];
  return [...list.matchAll(literal)].map(([, , name = ""]) => name);
}

function described(
  cfg: SetupCfg,
  isOpen: (name: string) => boolean,
  isPbr: boolean,
): readonly [string, Partial<Metadata>][] {
  const metadata = cfg.get("metadata");
  const text = (name: string): string | undefined => (isOpen(name) ? single(metadata?.get(name)) : undefined);
  const [name, version, license, author, email] = ["name", "version", "license", "author", "author_email"].map(text);
  const [summary, homepage] = isPbr ? ["summary", "home_page"].map(text) : [];
  const [description = summary, url = homepage] = ["description", "url"].map(text);
  const links = (isOpen("project_urls") ? (metadata?.get("project_urls")?.lines ?? []) : []).flatMap((line) => {
    const [label = "", ...rest] = line.split("=");
    const link = rest.join("=").trim();
    return link === "" ? [] : [[label.trim(), link] as const];
  });
  const hasAuthor = author !== undefined || email !== undefined;
  return [
    ["name", defined({ name })],
    ["version", defined({ version })],
    ["description", defined({ description })],
    ["license", defined({ license })],
    ["authors", hasAuthor ? { authors: [defined({ name: author, email })] } : {}],
    ["urls", { urls: new Map([...(url === undefined ? [] : [["homepage", url] as const]), ...links]) }],
  ];
}

/** A value of one line without a directive such as `file:` or `attr:` and without interpolation. */
function single(option: SetupOption | undefined): string | undefined {
  const [text, ...more] = option?.lines ?? [];
  return text === undefined || more.length > 0 || /^(?:file|attr)\s*:|%[(%]/.test(text) ? undefined : text;
}
