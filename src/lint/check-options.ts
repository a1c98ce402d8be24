import { atSpan, type Diagnostic } from "../diagnostic/diagnostic.ts";
import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { RULES, ruleOf } from "./rule.ts";

/** What is wanted of the findings. */
export type CheckOptions = Readonly<{
  /** Names of rules in lower case. */
  skip: "all" | ReadonlySet<string>;
  /** Whether findings fail a build. */
  failing: boolean;
}>;

const DIRECTIVE = /^#\s*(syntax|escape|check)\s*=\s*(.*?)\s*$/i;

/**
 * Reads the `# check=` line of a build file, which stands among its first lines, or what the build says instead of it
 * (`BUILDKIT_DOCKERFILE_CHECK`): `skip=RULE,RULE;error=true` (BuildKit `frontend/dockerfile/linter`, `ParseLintOptions`).
 * @throws UserError when it is not of that form.
 */
export function readCheckOptions(source: SourceText, override: string | undefined): CheckOptions {
  const options = { skip: new Set<string>() as CheckOptions["skip"], failing: false };
  const found = override === undefined ? directive(source.text) : { value: override };
  const invalid = (why: string): UserError =>
    new UserError({
      code: "option.invalid",
      message: `check: ${why}`,
      ...(found.line !== undefined && { place: atSpan(source, { line: found.line, column: 1, length: 1 }) }),
      help: "write # check=skip=RULE,RULE;error=true",
    });
  for (const part of found.value.split(";")) {
    if (part.trim() === "") continue;
    const [, key = "", value = ""] = /^\s*([^=\s]*)\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    switch (key) {
      case "skip":
        options.skip = value === "all" ? "all" : readRules(value);
        break;
      case "error":
        if (!/^(?:1|t|true|0|f|false)$/i.test(value)) throw invalid(`error is true or false, not "${value}"`);
        options.failing = /^(?:1|t)/i.test(value);
        break;
      case "experimental":
        break;
      default:
        throw invalid(`"${part.trim()}" is none of skip=, error= and experimental=`);
    }
  }
  return options;
}

/** The value of a `# check=` line, and its number, if there is one where BuildKit looks for it. */
function directive(text: string): Readonly<{ value: string; line?: number }> {
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const [, key, value = ""] = DIRECTIVE.exec(line) ?? [];
    if (key === undefined && !(index === 0 && line.startsWith("#!"))) break;
    if (key?.toLowerCase() === "check") return { value, line: index + 1 };
  }
  return { value: "" };
}

function readRules(list: string): ReadonlySet<string> {
  const known = new Set(Object.values(RULES).map(({ name }) => name.toLowerCase()));
  const names = list.split(",").map((name) => name.trim().toLowerCase());
  return new Set(names.filter((name) => known.has(name)));
}

/** The findings that are not skipped. */
export function selectFindings(findings: readonly Diagnostic[], { skip }: CheckOptions): readonly Diagnostic[] {
  if (skip === "all") return [];
  return findings.filter((finding) => !skip.has(ruleOf(finding).name.toLowerCase()));
}

/** Fails a build for what was found, if that is wanted. */
export function failOn(findings: readonly Diagnostic[], { failing }: CheckOptions): void {
  if (!failing || findings.length === 0) return;
  const names = [...new Set(findings.map((finding) => ruleOf(finding).name))].sort();
  throw new UserError({ code: "lint.failed", message: `the build is to fail for what is found: ${names.join(", ")}` });
}
