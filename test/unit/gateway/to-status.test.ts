import { expect, test } from "vitest";
import { GatewayError } from "../../../src/gateway/gateway-error.ts";
import { frontendCapDetail, sourceDetail, subrequestDetail } from "../../../src/gateway/status-detail.ts";
import { toStatus } from "../../../src/gateway/to-status.ts";

const details = [subrequestDetail("x")];
const daemons = new GatewayError({ code: 9, message: "theirs", details });

test.each([
  ["the daemon's error", daemons, { code: 9, message: "theirs", details }],
  ["one with context", new Error("ours", { cause: daemons }), { code: 9, message: "ours", details }],
  [
    "one with much context",
    new Error("outer", { cause: new Error("inner", { cause: daemons }) }),
    { code: 9, message: "outer", details },
  ],
  ["any other error", new TypeError("broken"), { code: 2, message: "broken", details: [] }],
  ["no error at all", "text", { code: 2, message: "text", details: [] }],
])("%s", (_, error, expected) => {
  expect(toStatus(error)).toEqual(expected);
});

test("errors that the caller can describe", () => {
  const described = { code: 2, message: "described", details };
  const describe = (error: unknown) => (error instanceof RangeError ? described : undefined);
  expect(toStatus(new RangeError("a"), describe)).toEqual(described);
  expect(toStatus(new Error("context", { cause: new RangeError("a") }), describe)).toEqual({
    ...described,
    message: "context",
  });
  expect(toStatus(daemons, () => described).message).toBe("theirs");
});

test("details are JSON under a plain type name", () => {
  const ranges = [{ start: { line: 3, character: 2 }, end: { line: 3, character: 5 } }];
  const { typeUrl, value } = sourceDetail({ filename: "pyproject.toml", text: "é\n", language: "TOML", ranges });
  expect(typeUrl).toBe("github.com/moby/buildkit/errdefs.Source+json");
  expect(JSON.parse(new TextDecoder().decode(value))).toEqual({
    info: { filename: "pyproject.toml", data: "w6kK", language: "TOML" },
    ranges,
  });
  expect(frontendCapDetail("a").typeUrl).toBe("github.com/moby/buildkit/errdefs.FrontendCap+json");
  expect(new TextDecoder().decode(subrequestDetail("a").value)).toBe('{"name":"a"}');
});
