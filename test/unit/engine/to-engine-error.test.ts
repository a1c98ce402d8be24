import { expect, test } from "vitest";
import { EngineError } from "../../../src/engine/engine-error.ts";
import { toEngineError } from "../../../src/engine/to-engine-error.ts";

/** As docker-modem makes them. */
function refusal(statusCode: number, text: string, json: unknown): Error {
  return Object.assign(new Error(`(HTTP code ${statusCode}) ${text} `), { statusCode, json });
}

test.each([
  [
    refusal(404, "no such container - No such image: x", { message: "No such image: x" }),
    "not-found",
    "No such image: x",
  ],
  [refusal(400, "bad parameter - no - way", null), "invalid", "no - way"],
  [refusal(409, "unexpected - name in use", { message: "name in use" }), "conflict", "name in use"],
  [refusal(500, "server error - it broke", { message: "it broke" }), "failed", "it broke"],
  [refusal(404, "unexpected - ", null), "not-found", "HTTP 404"],
  [
    Object.assign(new Error("connect ECONNREFUSED /x"), { code: "ECONNREFUSED" }),
    "unreachable",
    "connect ECONNREFUSED /x",
  ],
  [Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }), "unreachable", "socket hang up"],
  [Object.assign(new Error("self-signed"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }), "unreachable", "self-signed"],
  [
    Object.assign(new AggregateError([new Error("connect ::1"), new Error("connect 127.0.0.1")]), {
      code: "ETIMEDOUT",
    }),
    "unreachable",
    "connect ::1; connect 127.0.0.1",
  ],
  [new TypeError("a bug"), "failed", "a bug"],
  [Object.assign(new Error("x"), { code: 7 }), "failed", "x"],
  ["text", "failed", "text"],
  [undefined, "failed", "undefined"],
  [null, "failed", "null"],
])("%s", (thrown, code, message) => {
  const error = toEngineError(thrown, "asking");
  expect(error).toBeInstanceOf(EngineError);
  expect(error).toMatchObject({ code, message: `asking: ${message}` });
  expect(error.cause).toBe(thrown);
});

test("an EngineError stays what it is", () => {
  const error = new EngineError("conflict", "busy", { help: "wait" });
  expect(toEngineError(error, "asking")).toBe(error);
});

test("a socket that may not be opened has a remedy", () => {
  const error = toEngineError(Object.assign(new Error("connect EACCES /x"), { code: "EACCES" }));
  expect(error).toMatchObject({ code: "unreachable", help: expect.stringContaining("docker") });
});
