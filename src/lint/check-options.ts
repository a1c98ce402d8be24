import { atSpan, type Diagnostic } from "../diagnostic/diagnostic.ts";
import { maskCredentials } from "../diagnostic/mask-credentials.ts";
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

/** A text of that form, and the line that it stands in if it is the build file's. */
type Written = Readonly<{ text: string; line?: number }>;

/**
 * Reads the `# check=` line of a build file, which stands among its first lines, or what the build says instead of it
 * (`BUILDKIT_DOCKERFILE_CHECK`): `skip=RULE,RULE;error=true` (BuildKit `frontend/dockerfile/linter`, `ParseLintOptions`).
 * @throws UserError when it is not of that form.
 */
export function readCheckOptions(source: SourceText, override: string | undefined): CheckOptions {
  const written = override === undefined ? directive(source.text) : { text: override };
  const options = { skip: new Set<string>() as CheckOptions["skip"], failing: false };
  for (const part of written.text.split(";")) {
    if (part.trim() === "") continue;
    const [, key = "", value = ""] = /^([^=\s]*)\s*=\s*(.*)$/.exec(part.trim()) ?? [];
    switch (key) {
      case "skip":
        options.skip = value === "all" ? "all" : readRules(value);
        break;
      case "error":
        if (!/^(?:1|t|true|0|f|false)$/i.test(value)) {
          throw invalid(source, written, `error must be true or false, not "${value}"`);
        }
        options.failing = /^(?:1|t)/i.test(value);
        break;
      case "experimental":
        break;
      default:
        throw invalid(source, written, `"${part.trim()}" is not skip=, error= or experimental=`);
    }
  }
  return options;
}

/** What a build file may say in its first lines (BuildKit `frontend/dockerfile/parser/directives.go`). */
const DIRECTIVE = /^#\s*(syntax|escape|check)\s*=\s*(\S.*)$/i;

/** The `# check=` line, if there is one where BuildKit looks for it. */
function directive(text: string): Written {
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, key, value = ""] = DIRECTIVE.exec(line) ?? [];
    if (key === undefined && !(index === 0 && line.startsWith("#!"))) break;
    if (key?.toLowerCase() === "check") return { text: value.trimEnd(), line: index + 1 };
  }
  return { text: "" };
}

function readRules(list: string): ReadonlySet<string> {
  const known = new Set(Object.values(RULES).map(({ name }) => name.toLowerCase()));
  const names = list.split(",").map((name) => name.trim().toLowerCase());
  return new Set(names.filter((name) => known.has(name)));
}

function invalid(source: SourceText, { line }: Written, why: string): UserError {
  if (line === undefined) {
    return new UserError({ code: "option.invalid", message: `option build-arg:BUILDKIT_DOCKERFILE_CHECK: ${why}` });
  }
  const length = source.text.split(/\r?\n/, line).at(-1)?.length ?? 1;
  return new UserError({
    code: "option.invalid",
    message: `check: ${why}`,
    place: atSpan(maskCredentials(source), { line, column: 1, length }),
    help: "write # check=skip=RULE,RULE;error=true",
  });
}

/** The findings that are not skipped. */
export function selectFindings(findings: readonly Diagnostic[], { skip }: CheckOptions): readonly Diagnostic[] {
  if (skip === "all") return [];
  return findings.filter((finding) => !skip.has(ruleOf(finding).name.toLowerCase()));
}

/**
 * Fails a build for what was found, if that is wanted. Findings that the client has not been `shown` are in the error.
 * @throws UserError
 */
export function failOn(findings: readonly Diagnostic[], { failing }: CheckOptions, shown: boolean): void {
  const [first] = findings;
  if (!failing || first === undefined) return;
  const names = [...new Set(findings.map((finding) => ruleOf(finding).name))].sort();
  const message = `error=true makes these findings fail the build: ${names.join(", ")}`;
  // A client that was shown them all sees the first one's lines here once more, and not those of the syntax line.
  const place = shown && first.place ? { place: first.place } : {};
  throw new UserError([{ code: "lint.failed", message, ...place }, ...(shown ? [] : findings)]);
}
