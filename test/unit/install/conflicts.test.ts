import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { conflicts } from "../../fixture/conflicting-wheels.ts";
import { makeWheel, type WheelSpec } from "../../fixture/wheel.ts";
import { checkConflicts, installWheels, PREFIX, PYTHON, SITE, scratch } from "../../support/install-wheels.ts";

const wheelOf = (name: string, spec: WheelSpec = {}) => ({
  [`${name}-1.0-py3-none-any.whl`]: makeWheel({ name, files: { [`${name}.py`]: "" }, ...spec }),
});

describe.skipIf(PYTHON === undefined)("one path of two wheels", () => {
  test.each(conflicts(SITE))("$title", ({ one, two, said }) => {
    const together = installWheels({ ...wheelOf("one", one), ...wheelOf("two", two) });
    expect(together.code).toBe(1);
    expect(together.stderr).toMatch(/^microb: (one|two)-1\.0-py3-none-any\.whl: [^\n]*\n$/);
    expect(together.stderr).toContain(said);

    const apart = [installWheels(wheelOf("one", one)), installWheels(wheelOf("two", two))];
    expect(apart[0]).toMatchObject({ code: 0, stderr: "" });
    if (apart[1]?.code === 1) expect(apart[1].stderr).toContain(said);
    else {
      const { code, stderr } = checkConflicts(apart.map(({ out }) => out));
      expect(stderr).toContain(said);
      expect(code).toBe(1);
    }
  });

  test("two versions of one project, of which one was built under another name", () => {
    const trees = [
      installWheels(wheelOf("one")).out,
      installWheels({ "One-2.0-py3-none-any.whl": makeWheel({ name: "One", version: "2.0", files: {} }) }).out,
    ];
    expect(checkConflicts(trees)).toEqual({
      code: 1,
      stderr: "microb: One-2.0: is a second version of the project of one-1.0\n",
    });
  });

  test("bytecode that a wheel brings for the module of another is not installed", () => {
    const paths = ["victim", "victim.opt-1"].map((name) => `__pycache__/${name.replace(".", ".cpython-311.")}.pyc`);
    const files = Object.fromEntries([...paths, "__pycache__/victim.cpython-313.pyc"].map((path) => [path, "evil"]));
    const { files: installed, stderr } = installWheels(wheelOf("two", { files }));
    expect(stderr).toBe("");
    expect([...installed.keys()].filter((path) => path.endsWith(".pyc"))).toEqual([]);
  });
});

describe.skipIf(PYTHON === undefined)("the check of trees", () => {
  const tree = (): string => installWheels(wheelOf("one")).out;

  test("fails on a tree that is not there, or that has no environment", () => {
    const empty = scratch();
    for (const missing of [empty, join(empty, "none")]) {
      const { code, stderr } = checkConflicts([tree(), missing]);
      expect(stderr).toMatch(/^microb: cannot compare the packages: .*: No such file or directory\n$/);
      expect(code).toBe(1);
    }
  });

  test.skipIf(process.getuid?.() === 0)("fails on a directory that cannot be read", () => {
    const other = tree();
    chmodSync(join(other, PREFIX, "lib"), 0);
    expect(checkConflicts([tree(), other]).code).toBe(1);
    chmodSync(join(other, PREFIX, "lib"), 0o755);
  });

  test("names whoever it can where a RECORD is damaged, in any encoding, or not there", () => {
    const make = (record: Buffer | undefined, text: string): string => {
      const root = scratch();
      const site = join(root, PREFIX, SITE);
      mkdirSync(join(site, "x-1.dist-info"), { recursive: true });
      writeFileSync(join(site, "shared.py"), text);
      if (record !== undefined) writeFileSync(join(site, "x-1.dist-info/RECORD"), record);
      return root;
    };
    const damaged = make(Buffer.from('"\0\n'), "1");
    for (const other of [make(Buffer.from("\xe4\xff.py,,\n", "latin1"), "2"), make(undefined, "3")]) {
      const { code, stderr } = checkConflicts([damaged, other]);
      expect(stderr).toMatch(
        /^microb: microb-install-\w+: brings other bytes for .*\/shared\.py than microb-install-\w+\n/,
      );
      expect(code).toBe(1);
    }
    rmSync(join(damaged, PREFIX, "lib"), { recursive: true });
    writeFileSync(join(damaged, PREFIX, "lib"), "");
    expect(checkConflicts([tree(), damaged]).stderr).toMatch(
      /^microb: microb-install-\w+: brings lib as a file, which one-1\.0 brings as a directory\n$/,
    );
  });

  test("takes links for what they are: equal ones are fine", () => {
    const trees = [tree(), installWheels(wheelOf("two")).out];
    for (const one of trees) symlinkSync("lib", join(one, PREFIX, "lib64"));
    expect(checkConflicts(trees)).toEqual({ code: 0, stderr: "" });
    const third = installWheels(wheelOf("three")).out;
    symlinkSync("share", join(third, PREFIX, "lib64"));
    expect(checkConflicts([...trees, third]).code).toBe(1);
  });
});
