import { expect, test } from "vitest";
import { atValue } from "../../../src/diagnostic/diagnostic.ts";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { UserError } from "../../../src/diagnostic/user-error.ts";
import { describeError } from "../../../src/frontend/describe-error.ts";
import { GatewayError } from "../../../src/gateway/gateway-error.ts";

const source = sourceText("pyproject.toml", 'a = "b"\n');

test("a user error is text with a caret, and carries its place", async () => {
  const error = new UserError({ code: "config.value", message: "wrong", place: atValue(source, "a") });
  const { message, details } = await describeError(error, false);
  expect(message).toBe('pyproject.toml:1:5: error: wrong [config.value]\n  1 | a = "b"\n    |     ^^^');
  expect(details).toHaveLength(1);
});

test("what the client shows itself is not in the text too", async () => {
  const error = new UserError({ code: "config.value", message: "wrong", place: atValue(source, "a"), help: "mend it" });
  const { message, details } = await describeError(error, true);
  expect(message).toBe("pyproject.toml:1:5: error: wrong [config.value]\n  help: mend it");
  expect(details).toHaveLength(1);
});

test("the sources of many problems fit into one answer", async () => {
  const large = sourceText("pyproject.toml", `a = "b"\n# ${"x".repeat(200_000)}\n`);
  const problem = { code: "config.value", message: "wrong", place: atValue(large, "a") } as const;
  const { message, details } = await describeError(new UserError(Array.from({ length: 40 }, () => problem)), false);
  expect(message.match(/pyproject\.toml:1:5: error: wrong/g)).toHaveLength(40);
  expect(details).toHaveLength(2);
});

test("details of the daemon travel on with a user error that they caused", async () => {
  const detail = { typeUrl: "x", value: new Uint8Array([1]) };
  const cause = new GatewayError({ code: 5, message: "not found", details: [detail] });
  const error = new UserError({ code: "base.unavailable", message: "no base" }).causedBy(cause);
  expect((await describeError(error, false)).details).toEqual([detail]);
});

test("an error of ours is one line without a stack", async () => {
  const { message } = await describeError(new TypeError("surprise"), false);
  expect(message).toContain("surprise");
  expect(message).not.toMatch(/\n\s+at /);
});
