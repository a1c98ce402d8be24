import { expect, test } from "vitest";
import { atValue, type Diagnostic } from "../../../src/diagnostic/diagnostic.ts";
import { locateDiagnostics } from "../../../src/diagnostic/render.ts";
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

function problems(attempt: () => unknown): readonly Diagnostic[] {
  try {
    attempt();
  } catch (error) {
    if (error instanceof UserError) return error.diagnostics;
    throw error;
  }
  return [];
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
  ["# syntax=\n# check=skip=all\n", ["env.secret", "index.trust"]],
])("%j leaves %j", (text, codes) => {
  expect(left(text)).toEqual(codes);
});

test("the build beats the file", () => {
  expect(left("# check=skip=all\n", "skip=TrustedIndex")).toEqual(["env.secret"]);
});

test("the file is read without its byte order mark", () => {
  expect(left("\uFEFF# check=skip=all\r\n")).toEqual([]);
});

test.each([
  ["# check=rules=all\n", 1],
  ["#!/bin/sh\n# syntax=x\n# check=error=perhaps\n", 3],
  ["# syntax=x\r\n# check=skip\r\n", 2],
])("%j is an error in its line", async (text, line) => {
  const [found] = await locateDiagnostics(problems(() => read(text)));
  expect(found).toMatchObject({ diagnostic: { code: "option.invalid" }, span: { line, column: 1 } });
  expect(found?.span?.length).toBe(text.split(/\r?\n/)[line - 1]?.length);
});

test("what is wrong with the line is told at the line", async () => {
  const text = await renderError(() => read("# syntax=x\n# check=error=perhaps\n"));
  expect(text).toContain('pyproject.toml:2:1: error: check: error must be true or false, not "perhaps"');
});

test("what is wrong with the build's own is said of it, and not of the file", () => {
  const [problem] = problems(() => read("# check=skip=all\n", "skipp=all"));
  expect(problem?.message).toBe(
    'option build-arg:BUILDKIT_DOCKERFILE_CHECK: "skipp=all" is not skip=, error= or experimental=',
  );
  expect(problem?.place).toBeUndefined();
});

test("a build fails for findings if that is wanted, and only then", () => {
  const failing = read("# check=error=true\n");
  expect(() => failOn(FINDINGS, failing, true)).toThrow("SecretInEnv, TrustedIndex");
  expect(problems(() => failOn([], failing, true))).toEqual([]);
  expect(problems(() => failOn(FINDINGS, read("# check=error=false\n"), true))).toEqual([]);
});

test("findings that the client has not been shown are in the error", () => {
  const failing = read("# check=error=true\n");
  expect(problems(() => failOn(FINDINGS, failing, true)).map(({ code }) => code)).toEqual(["lint.failed"]);
  expect(problems(() => failOn(FINDINGS, failing, false)).slice(1)).toEqual(FINDINGS);
  const place = atValue(sourceText("pyproject.toml", "a = 1\n"), "a");
  const [shown] = problems(() => failOn([{ code: "env.secret", message: "one", place }], failing, true));
  expect(shown?.place).toBe(place);
});
