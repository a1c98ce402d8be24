import { expect, test } from "vitest";
import type { Diagnostic } from "../../../src/diagnostic/diagnostic.ts";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { UserError } from "../../../src/diagnostic/user-error.ts";
import { type CheckOptions, failOn, readCheckOptions, selectFindings } from "../../../src/lint/check-options.ts";
import { renderError } from "../../support/planning.ts";

const FINDINGS: readonly Diagnostic[] = [
  { code: "env.secret", message: "one" },
  { code: "index.trust", message: "two" },
];

function read(text: string, override?: string): CheckOptions {
  return readCheckOptions(sourceText("pyproject.toml", text), override);
}

function left(text: string, override?: string): readonly string[] {
  return selectFindings(FINDINGS, read(text, override)).map(({ code }) => code);
}

test.each([
  ["", ["env.secret", "index.trust"]],
  ["# check=skip=SecretInEnv\n", ["index.trust"]],
  ["# syntax=x\n# Check = skip=secretinenv, TrustedIndex ; error=true\n", []],
  ["#!/bin/sh\n# check=skip=all\n", []],
  ["# check=skip=NoSuchRule;experimental=all\n", ["env.secret", "index.trust"]],
  ["# a comment\n# check=skip=all\n", ["env.secret", "index.trust"]],
  ["\n# check=skip=all\n", ["env.secret", "index.trust"]],
])("%j leaves %j", (text, codes) => {
  expect(left(text)).toEqual(codes);
});

test("the build beats the file", () => {
  expect(left("# check=skip=all\n", "skip=TrustedIndex")).toEqual(["env.secret"]);
});

test.each(["# check=rules=all\n", "# check=error=perhaps\n", "# check=skip\n"])("%j is an error", (text) => {
  expect(() => read(text)).toThrow(UserError);
});

test("a build fails for findings if that is wanted, and only then", () => {
  const failing = read("# check=error=true\n");
  expect(() => failOn(FINDINGS, failing)).toThrow("SecretInEnv, TrustedIndex");
  expect(() => failOn([], failing)).not.toThrow();
  expect(() => failOn(FINDINGS, read("# check=error=false\n"))).not.toThrow();
});

test("what is wrong with the line is told at the line", async () => {
  const text = await renderError(() => read("# syntax=x\n# check=error=perhaps\n"));
  expect(text).toContain('pyproject.toml:2:1: error: check: error is true or false, not "perhaps"');
});
