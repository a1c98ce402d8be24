import type { DiagnosticCode } from "../../src/diagnostic/code.ts";
import { RULES, type Rule } from "../../src/lint/rule.ts";

/** The text of `docs/lint.md`. */
export function lintRules(): string {
  const rules = Object.entries(RULES) as [DiagnosticCode, Rule][];
  const rows = rules
    .sort(([, one], [, other]) => (one.name < other.name ? -1 : 1))
    .map(
      ([code, { name, description, inBuild }]) =>
        `| [\`${name}\`](errors.md#${code.replace(".", "")}) | ${description} | ${inBuild ? "every build" : "`--check`"} |`,
    );
  return `<!-- Made by npm run generate from src/lint/rule.ts. Do not edit. -->

# Checks

\`\`\`
docker build --check -f pyproject.toml .                 # all targets
docker build --check --target web -f pyproject.toml .
\`\`\`

builds nothing, lists what could be better at its lines, and ends with 1 if there is anything. Some rules are also
warnings of every build; the others are advice that not every build should repeat.

| rule | what it asks for | shown by |
|---|---|---|
${rows.join("\n")}

A line above the build file's content, next to the syntax line, chooses among them, as it does for Dockerfiles:

\`\`\`toml
# syntax=microb/microb
# check=skip=FloatingPython,NoEntrypoint;error=true
\`\`\`

\`skip=all\` skips all, \`error=true\` makes a build fail for what it would warn of. The build argument
\`BUILDKIT_DOCKERFILE_CHECK\` with the same text stands in for the line.
`;
}
