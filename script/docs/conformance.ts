import { readFileSync } from "node:fs";
import { CONFORMANCE, type Row } from "./conformance-rows.ts";

const INTRODUCTION = `<!-- Made by npm run generate from script/docs/conformance-rows.ts. Do not edit. -->

# Conformance

What clients can ask of a BuildKit frontend, and the test that shows what microb does about it. A row that names a test
which does not exist fails the unit tests; a row without one says why.
`;

/**
 * The text of `docs/conformance.md`.
 * @throws Error when a row names a test that does not exist.
 */
export function conformance(): string {
  const sections = Object.entries(CONFORMANCE).map(
    ([title, rows]) => `## ${title}\n\n| | what happens | shown by |\n|---|---|---|\n${rows.map(line).join("\n")}\n`,
  );
  return [INTRODUCTION, ...sections].join("\n");
}

function line({ name, what, ...proof }: Row): string {
  return `| ${cell(name)} | ${cell(what)} | ${"test" in proof ? testLink(proof.file, proof.test) : `– (${proof.without})`} |`;
}

function testLink(file: string, title: string): string {
  const path = `test/${file}`;
  if (!readFileSync(path, "utf8").includes(title)) throw new Error(`${path} has no test "${title}"`);
  return `[${cell(title)}](../${path})`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
