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

lists what could be better, each finding at its line, and builds nothing. It exits with 1 if there are findings. Every build
shows some of the rules as warnings; the others are advice that only \`--check\` shows.

| rule | what it asks for | shown by |
|---|---|---|
${rows.join("\n")}

A line next to the syntax line, at the top of the build file, chooses rules, as in Dockerfiles:

\`\`\`toml
# syntax=microb/microb
# check=skip=FloatingPython,NoEntrypoint;error=true
\`\`\`

\`skip=all\` skips all rules. \`error=true\` makes a build fail if it would warn. The build argument
\`BUILDKIT_DOCKERFILE_CHECK\` with the same text overrides the line.
`;
}
