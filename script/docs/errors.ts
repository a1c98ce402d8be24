import { DIAGNOSTIC_CODES, type DiagnosticCode } from "../../src/diagnostic/code.ts";
import { RULES } from "../../src/lint/rule.ts";
import { ERROR_EXAMPLES, type ErrorExample } from "./error-examples.ts";
import { messageOf } from "./message.ts";

const INTRODUCTION = `<!-- Made by npm run generate from src/diagnostic/code.ts and script/docs/. Do not edit. -->

# Errors and warnings

Every message ends with a code in brackets. Here is what each code means, with a build file that provokes it and what
microb then says: the messages are made by running the examples. Errors end a build, all of them at once; warnings do
not. \`docker build\` shows warnings at the end, shortened to one line; \`microb -dockerfile\` shows them whole.

Messages of Docker, BuildKit and pip are in [troubleshooting](troubleshooting.md).
`;

/** The text of `docs/errors.md`. */
export async function errors(): Promise<string> {
  const codes = Object.keys(DIAGNOSTIC_CODES) as DiagnosticCode[];
  const messages = await Promise.all(codes.map((code) => messageOf(ERROR_EXAMPLES[code], code)));
  const rows = codes.map((code, index) => {
    const kind = severity(messages[index] ?? "");
    return `| [\`${code}\`](#${code.replace(".", "")}) | ${kind} | ${DIAGNOSTIC_CODES[code]} |`;
  });
  const sections = codes.map((code, index) => section(code, ERROR_EXAMPLES[code], messages[index] ?? ""));
  return [INTRODUCTION, ["| code | | meaning |", "|---|---|---|", ...rows, ""].join("\n"), ...sections].join("\n");
}

function severity(message: string): string {
  return message.includes("warning: ") ? "warning" : "error";
}

function section(code: DiagnosticCode, example: ErrorExample, message: string): string {
  const { when, remedy, files, shown = {}, command } = example;
  return [
    `## ${code}\n`,
    `${DIAGNOSTIC_CODES[code]} ${when}\n`,
    ...ruleText(code),
    ...Object.entries({ ...files, ...shown }).map(([name, text]) => `\`${name}\`:\n\n${fenced(text.trimEnd())}`),
    command === undefined ? "microb says:\n" : `To \`${command}\` microb says:\n`,
    fenced(message),
    `What to do: ${remedy}\n`,
  ].join("\n");
}

/** Codes that are errors too have a message of that kind as their example. */
function ruleText(code: DiagnosticCode): readonly string[] {
  const rule = RULES[code];
  if (rule === undefined) return [];
  const shown = rule.inBuild ? "shown by every build and by" : "shown only by";
  return [`Rule [\`${rule.name}\`](lint.md): ${shown} \`docker build --check\`.\n`];
}

/** Without a language: most of these build files are wrong on purpose. */
function fenced(text: string): string {
  return `\`\`\`\n${text}\n\`\`\`\n`;
}
