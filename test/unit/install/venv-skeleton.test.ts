import { expect, test } from "vitest";
import { venvSkeleton } from "../../../src/install/venv-skeleton.ts";

test("an environment is an interpreter, a place for packages and a file that says so", () => {
  expect(venvSkeleton({ version: "3.13.5", home: "/usr/local/bin" })).toEqual([
    { kind: "directory", path: "bin" },
    { kind: "symlink", path: "bin/python", target: "python3" },
    { kind: "symlink", path: "bin/python3", target: "/usr/local/bin/python3" },
    { kind: "symlink", path: "bin/python3.13", target: "python3" },
    { kind: "directory", path: "lib" },
    { kind: "directory", path: "lib/python3.13" },
    { kind: "directory", path: "lib/python3.13/site-packages" },
    { kind: "symlink", path: "lib64", target: "lib" },
    {
      kind: "file",
      path: "pyvenv.cfg",
      text: "home = /usr/local/bin\ninclude-system-site-packages = false\nversion = 3.13.5\n",
    },
  ]);
});

test("Python 3.15 has no lib64, and a pre-release says its numbers alone", () => {
  const entries = venvSkeleton({ version: "3.15.0rc1", home: "/usr/local/bin" });
  expect(entries.map(({ path }) => path)).not.toContain("lib64");
  expect(entries.at(-1)).toMatchObject({ text: expect.stringContaining("version = 3.15.0\n") });
});

test.each(["3", "2.7.18", "", "3.x"])("%j is no version of an environment", (version) => {
  expect(() => venvSkeleton({ version, home: "/usr/bin" })).toThrow(RangeError);
});
