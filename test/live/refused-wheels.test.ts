import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { FILE, REFUSED, WRONG_RECORDS } from "../fixture/hostile-wheels.ts";
import { makeWheel } from "../fixture/wheel.ts";
import { dockerOf, output } from "../support/docker.ts";

/** Why wheels are refused that pip installs. */
const STRICTER: Readonly<Record<string, readonly string[]>> = {
  "it is another version than the lock says": ["another version in METADATA", "another version inside"],
  "it takes the place of another project, or is found under its name": [
    "a second metadata directory in capitals",
    "the data of another project",
  ],
  "it takes the place of the environment's own files": [
    "the environment's interpreter",
    "the environment's settings",
    "a script in place of the interpreter",
  ],
  "two members have one goal, and only one of them would be there": ["a file twice", "one goal of two members"],
  "its paths are not what they seem, or break lines where they are shown": [
    ...["an absolute script", "a Windows path", "a path with a dot", "a path with a newline", "a path with an escape"],
    ...["a directory upwards", "a file that ends as a directory does", "a path of 200 directories"],
  ],
  "a member is no file, and pip makes a file of it": ["a symbolic link", "a device", "a pipe", "an encrypted file"],
  "it is not as large as it says, or far larger than it seems": [
    ...["a bomb", "less than it says", "entry points of 100 MB"],
  ],
  "pip writes a script that is elsewhere, has another name or does not run": [
    ...["a script with a path", "a script of the root", "a script with a backslash", "a script with an escape"],
    ...["a script with a space", "a script without a name", "a script that is a program"],
  ],
};

const [engine] = inject("engines").filter(({ name }) => name === "classic");

describe.skipIf(engine === undefined)("a wheel that is refused", () => {
  test("is one that pip refuses too, or there is a reason", async () => {
    if (engine === undefined) return;
    const directory = mkdtempSync(join(tmpdir(), "microb-wheels-"));
    const cases = [...REFUSED, ...WRONG_RECORDS];
    for (const [index, [, spec, , filename = FILE]] of cases.entries()) {
      mkdirSync(join(directory, `${index}`));
      writeFileSync(join(directory, `${index}`, filename), Buffer.isBuffer(spec) ? spec : makeWheel(spec));
    }
    const mounts = [`${directory}:/wheels:ro`, `${join(import.meta.dirname, "../support")}:/support:ro`];
    const flags = ["--rm", "--network", "none", ...mounts.flatMap((mount) => ["-v", mount])];
    const command = ["python:3.13-slim", "python3", "-B", "/support/pip-verdicts.py", "/wheels"];
    try {
      const installed: readonly string[] = JSON.parse(await output(dockerOf(engine), ["run", ...flags, ...command]));
      const titles = installed.map((index) => cases[Number(index)]?.[0] ?? "").sort();
      // What is wrong with RECORD alone is no reason, neither for pip nor for a wheel of a lock.
      const records = WRONG_RECORDS.map(([title]) => title);
      expect(titles).toEqual([...Object.values(STRICTER).flat(), ...records].sort());
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
