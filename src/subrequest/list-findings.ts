import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { type LocatedDiagnostic, locateDiagnostics, renderDiagnostics } from "../diagnostic/render.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { explanationUrl, ruleOf } from "../lint/rule.ts";
import type { Answer } from "./answer.ts";
import { SUBREQUESTS } from "./describe.ts";
import type { Location } from "./locator.ts";

/** What checking has found: advice, and what prevents a build. */
export type Findings = Readonly<{ source: SourceText; advice: readonly Diagnostic[]; problems: readonly Diagnostic[] }>;

/** Lists findings at their lines (BuildKit `frontend/subrequests/lint`). What prevents a build is part of the answer. */
export async function listFindings({ source, advice, problems }: Findings): Promise<Answer> {
  const [located, broken] = await Promise.all([locateDiagnostics(advice), locateDiagnostics(problems)]);
  const sources = [source, ...new Set([...located, ...broken].flatMap((one) => one.source ?? []))];
  const files = [...new Map(sources.map((one) => [one.filename, one])).values()];
  const place = (one: LocatedDiagnostic): Location => locationIn(files, one);
  const warnings = located.map((one) => {
    const { message, help } = one.diagnostic;
    const rule = ruleOf(one.diagnostic);
    return {
      ruleName: rule.name,
      description: rule.description,
      url: explanationUrl(one.diagnostic),
      detail: help === undefined ? message : `${message}\nhelp: ${help}`,
      location: place(one),
    };
  });
  const [first] = broken;
  const buildError = first && {
    message: renderDiagnostics(broken, "error", () => true),
    // Clients print some line of some file, and end with a crash if there is no file.
    location: first.span === undefined ? {} : place(first),
  };
  return {
    json: {
      warnings,
      sources: files.map(({ filename, text }) => ({
        filename,
        data: Buffer.from(text).toString("base64"),
        ...(filename.endsWith(".toml") && { language: "TOML" }),
      })),
      ...(buildError !== undefined && { buildError }),
    },
    text: [
      ...located.map((one) => `${ruleOf(one.diagnostic).name}: ${renderDiagnostics([one], "warning")}`),
      ...(first === undefined ? [] : [renderDiagnostics(broken, "error")]),
    ]
      .map((block) => `${block}\n`)
      .join("\n"),
    version: SUBREQUESTS.lint.version,
    status: warnings.length > 0 || first !== undefined ? 1 : 0,
  };
}

/** Printers need a place for everything; -1 is none. */
function locationIn(files: readonly SourceText[], { source, span }: LocatedDiagnostic): Location {
  const index = files.findIndex(({ filename }) => filename === source?.filename);
  if (index < 0 || span === undefined) return { sourceIndex: -1 };
  const { line, column, length } = span;
  const start = { line, ...(column > 1 && { character: column - 1 }) };
  return {
    ...(index > 0 && { sourceIndex: index }),
    ranges: [{ start, end: { line, character: column - 1 + length } }],
  };
}
