import { expect, test } from "vitest";
import type { Diagnostic } from "../../../src/diagnostic/diagnostic.ts";
import { UserError } from "../../../src/diagnostic/user-error.ts";
import { failOn, readCheckOptions, selectFindings } from "../../../src/lint/check-options.ts";

const FINDINGS: readonly Diagnostic[] = [
  { code: "env.secret", message: "one" },
  { code: "index.trust", message: "two" },
];

function left(text: string, override?: string): readonly string[] {
  return selectFindings(FINDINGS, readCheckOptions(text, override)).map(({ code }) => code);
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
  expect(() => readCheckOptions(text, undefined)).toThrow(UserError);
});

test("a build fails for findings if that is wanted, and only then", () => {
  const failing = readCheckOptions("# check=error=true\n", undefined);
  expect(() => failOn(FINDINGS, failing)).toThrow("SecretInEnv, TrustedIndex");
  expect(() => failOn([], failing)).not.toThrow();
  expect(() => failOn(FINDINGS, readCheckOptions("# check=error=false\n", undefined))).not.toThrow();
});
