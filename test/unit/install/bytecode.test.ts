import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { INSTALL_SCRIPT } from "../../../src/install/scripts.generated.ts";
import { makeWheel, type WheelSpec } from "../../fixture/wheel.ts";
import { installWheels, PREFIX, PYTHON, SITE, scratch } from "../../support/install-wheels.ts";

const FILE = "demo-1.0-py3-none-any.whl";

/** A wheel of a small source and of one that packs well. */
const large = (source: string): WheelSpec => ({
  files: { "demo.py": "" },
  entries: [{ path: "large.py", data: Buffer.from(source), deflate: true }],
});

const TOO_LARGE = `microb: warning: ${FILE}: ${SITE}/large.py is too large to be compiled beforehand: Python compiles it at each start\n`;

/** What takes the compiler gigabytes, openly or hidden. */
const HUNGRY: Readonly<Record<string, string>> = {
  "9 MB of tokens": `x = (${"1,".repeat(4_500_000)})`,
  "lines that are names": "a\n".repeat(600_000),
  "tokens after a string": `x = 'a\\\\'\n${"a<".repeat(600_000)}a`,
  "tokens after a comment that a carriage return ends": `# x\r${"a<".repeat(600_000)}a`,
  "tokens in a string with programs": `x = f'${"{a}".repeat(400_000)}'`,
  "tokens after a string in such a string": `x = f"{"'''"}"\n${"a<".repeat(600_000)}a`,
  "tokens in another encoding": `# coding: utf-7\n${"+ACw-1".repeat(200_000)}`,
  "33 MB": `x = '${"a".repeat(33 << 20)}'`,
};

describe.skipIf(PYTHON === undefined)("bytecode", () => {
  test.each(Object.entries(HUNGRY))("is not made of %s, and that is said", (_, source) => {
    const { code, stderr, files } = installWheels({ [FILE]: makeWheel(large(source)) });
    expect(stderr).toBe(TOO_LARGE);
    expect(code).toBe(0);
    const compiled = [...files.keys()].filter((path) => path.endsWith(".pyc"));
    expect(compiled.map((path) => path.replace(/cpython-3\d+/, "cpython"))).toEqual([
      `${SITE}/__pycache__/demo.cpython.pyc`,
    ]);
  });

  test("is made of a large source that is text for the most part", () => {
    const text = `"""${"It's a word, and # no comment. ".repeat(100_000)}"""\n`;
    const source = `${text}x = '\\'${"y,".repeat(500_000)}'\n# ${"z,".repeat(500_000)}\n`;
    const { stderr, files } = installWheels({ [FILE]: makeWheel(large(source)) });
    expect(stderr).toBe("");
    expect([...files.keys()].filter((path) => /large\..*\.pyc$/.test(path))).toHaveLength(1);
  });

  test("if one compiler fails, the others have ended before the directory is emptied", async () => {
    const directory = scratch();
    const out = join(directory, "out");
    mkdirSync(out);
    const padding = "#".repeat(1_000_000);
    const names = ["bad", "slow", "late"];
    const files = Object.fromEntries(names.map((name) => [`${name}.py`, `x = '${name}'\n${padding}`]));
    writeFileSync(join(directory, FILE), makeWheel({ files }));
    writeFileSync(join(directory, "install.py"), INSTALL_SCRIPT);
    // The compilers are those of the script. One fails while the others have not written anything yet.
    const driver = `
import os, time
script = {"__name__": "script"}
exec(open("install.py").read(), script)
original = script["compile_source"]
def compile_source(text, final):
    if final.endswith("bad.py"):
        time.sleep(0.3)
        raise OSError(28, "No space left on device")
    time.sleep(1)
    return original(text, final)
script["compile_source"] = compile_source
os.sched_getaffinity = lambda process: {0, 1, 2}
script["main"](["--out", "out", "--prefix", "${PREFIX}", "${FILE}"])
`;
    const options = { cwd: directory, encoding: "utf8" } as const;
    const { status, stderr } = spawnSync(PYTHON ?? "", ["-S", "-B", "-c", driver], options);
    const left = readdirSync(out, { recursive: true });
    await setTimeout(1500);
    expect(stderr).toBe(
      `microb: ${FILE}: cannot write bytecode: No space left on device\n` +
        `microb: ${FILE}: its sources between ${SITE}/bad.py and ${SITE}/bad.py could not be compiled\n`,
    );
    expect(status).toBe(1);
    expect([...left, ...readdirSync(out, { recursive: true })]).toEqual([]);
  });
});
