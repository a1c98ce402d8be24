import { expect, test } from "vitest";
import { planOf } from "../../support/planning.ts";

const PROJECT = '[project]\nname = "x"\n[build-system]\n';

async function warned(head: string): Promise<boolean> {
  const { warnings } = await planOf(`${head}${PROJECT}`);
  return warnings.some(({ code }) => code === "syntax.unseen");
}

test.each([
  ["# syntax=microb/microb\n", false],
  ["#syntax = microb/microb\r\n", false],
  ["# check=error=true\n# syntax=microb/microb\n", false],
  ["#!/usr/bin/env x\n# syntax=microb/microb\n", false],
  ["", false],
  ["# a comment on syntax\n", false],
  ["# our project\n# syntax=microb/microb\n", true],
  ["\n# syntax=microb/microb\n", true],
  [" # syntax=microb/microb\n", true],
  ["[tool.a]\n# syntax=microb/microb\n", true],
])("%j", async (head, expected) => {
  expect(await warned(head)).toBe(expected);
});
