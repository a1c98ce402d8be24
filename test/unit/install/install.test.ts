import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeWheel } from "../../fixture/wheel.ts";
import { checkConflicts, describeTree, installWheels, PREFIX, PYTHON, scratch } from "../../support/install-wheels.ts";

const FILE = "demo-1.0-py3-none-any.whl";
const MTIME = 315532800_000;

/** The paths of an environment without the numbers of this machine's Python. */
function paths(files: ReadonlyMap<string, Buffer>): readonly string[] {
  return [...files.keys()].map(plain).sort();
}

function digests(files: ReadonlyMap<string, Buffer>): readonly string[] {
  return [...files].map(([path, bytes]) => `${path} ${createHash("sha256").update(bytes).digest("hex")}`);
}

function plain(path: string): string {
  return path
    .replace(/^lib\/python3\.\d+\/site-packages/, "SITE")
    .replace(/python3\.\d+/, "python3")
    .replace(/cpython-3\d+/, "cpython");
}

function text(files: ReadonlyMap<string, Buffer>, path: string): string | undefined {
  return [...files].find(([one]) => plain(one) === path)?.[1].toString();
}

describe.skipIf(PYTHON === undefined)("installing", () => {
  test("puts everything where pip would", () => {
    const bytes = makeWheel({
      files: {
        "demo/__init__.py": "x = 1\n",
        "demo/data.txt": "data",
        "demo-1.0.data/purelib/pure.py": "",
        "demo-1.0.data/platlib/plat.py": "",
        "demo-1.0.data/scripts/tool": "#!python -u\nprint(1)\n",
        "demo-1.0.data/scripts/windowed": "#!pythonw\n",
        "demo-1.0.data/scripts/shell": "#!/bin/sh\n#!python\n",
        "demo-1.0.data/headers/demo.h": "int x;",
        "demo-1.0.data/data/share/man/man1/demo.1": ".TH",
        "demo-1.0.data/data/lib64/demo.so": "ELF",
      },
      info: {
        "entry_points.txt":
          "[console_scripts]\ndemo = demo:main\nDeep.name-1 = demo.sub : Class.run [extra]\n\n# no\n" +
          "[gui_scripts]\r\ndemo-gui=demo:gui\r\n[other]\nx = not checked\n",
        "direct_url.json": "{}",
        "RECORD.jws": "{}",
        INSTALLER: "liar\n",
        REQUESTED: "",
      },
      entries: [{ path: "demo/run.sh", data: "", mode: 0o100775 }],
      record: (lines) => lines.filter((line) => !line.includes("RECORD.jws")),
    });
    const { code, stderr, files, out } = installWheels({ [FILE]: bytes });
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const lib64 = Number(/python3\.(\d+)/.exec([...files.keys()].join())?.[1]) < 15 ? "lib" : "lib64";
    expect(paths(files)).toEqual(
      [
        ...["Deep.name-1", "demo", "demo-gui", "shell", "tool", "windowed"].map((name) => `bin/${name}`),
        "include/site/python3/demo/demo.h",
        `${lib64}/demo.so`,
        "share/man/man1/demo.1",
        ...["demo/__init__.py", "demo/data.txt", "demo/run.sh", "plat.py", "pure.py"].map((name) => `SITE/${name}`),
        ...["INSTALLER", "METADATA", "RECORD", "RECORD.jws", "WHEEL", "entry_points.txt"].map(
          (name) => `SITE/demo-1.0.dist-info/${name}`,
        ),
        "SITE/demo/__pycache__/__init__.cpython.pyc",
        "SITE/__pycache__/plat.cpython.pyc",
        "SITE/__pycache__/pure.cpython.pyc",
      ].sort(),
    );
    expect(text(files, "bin/tool")).toBe(`#!${PREFIX}/bin/python\nprint(1)\n`);
    expect(text(files, "bin/windowed")).toBe(`#!${PREFIX}/bin/python\n`);
    expect(text(files, "bin/shell")).toBe("#!/bin/sh\n#!python\n");
    expect(text(files, "bin/demo")).toBe(
      `#!${PREFIX}/bin/python\nimport sys\n\nfrom demo import main\n\nif __name__ == "__main__":\n    sys.exit(main())\n`,
    );
    expect(text(files, "bin/Deep.name-1")).toMatch(
      /from demo\.sub import Class\n(?:.*\n)* {4}sys\.exit\(Class\.run\(\)\)\n$/,
    );
    expect(text(files, "SITE/demo-1.0.dist-info/INSTALLER")).toBe("microb\n");

    const executable = [...files.keys()].filter((path) => statSync(join(out, PREFIX, path)).mode & 0o111);
    expect(executable.map(plain).sort()).toEqual(
      [...paths(files).filter((path) => path.startsWith("bin/")), "SITE/demo/run.sh"].sort(),
    );
    for (const line of describeTree(out)) expect(line).toMatch(new RegExp(`^(100644|100755|40755) ${MTIME} `));
  });

  test("RECORD lists every file in order, with the hashes of what was written", () => {
    const { files } = installWheels({
      [FILE]: makeWheel({ files: { "b.py": "", "a,b.txt": "x", "demo-1.0.data/scripts/s": "#!python\n" } }),
    });
    const record = text(files, "SITE/demo-1.0.dist-info/RECORD") ?? "";
    const rows = record.split("\n").slice(0, -1);
    expect(rows).toHaveLength(files.size);
    const listed = rows.map((row) => /^(?:"(.*)"|([^,]*)),(.*),(\d*)$/.exec(row)?.slice(1) ?? []);
    const names = listed.map(([quoted, bare]) => quoted ?? bare ?? "");
    expect(names).toEqual([...names].sort());
    const site = [...files.keys()].find((path) => path.endsWith("/b.py"))?.slice(0, -"/b.py".length) ?? "";
    for (const [quoted, bare, hash, size] of listed) {
      const path = join(site, quoted ?? bare ?? "");
      const bytes = files.get(path);
      expect(bytes, path).toBeDefined();
      if (/\/RECORD$|\.pyc$/.test(path)) expect([hash, size]).toEqual(["", ""]);
      else {
        const digest = createHash("sha256")
          .update(bytes ?? "")
          .digest("base64url");
        expect([hash, size]).toEqual([`sha256=${digest}`, `${bytes?.length}`]);
      }
    }
  });

  test("only what was asked for is REQUESTED, by whichever spelling", () => {
    const [name, other] = ["My.Demo_x", "other"];
    const wheels = {
      "My.Demo_x-1.0-py3-none-any.whl": makeWheel({ name, files: { "x.py": "" } }),
      "other-1.0-py3-none-any.whl": makeWheel({ name: other, files: { "y.py": "" } }),
    };
    const { files, stderr } = installWheels(wheels, { requested: ["my-demo-x"] });
    expect(stderr).toBe("");
    expect(paths(files).filter((path) => path.endsWith("/REQUESTED"))).toEqual([
      "SITE/My.Demo_x-1.0.dist-info/REQUESTED",
    ]);
  });

  test.each([
    ["Demo_Thing-1.0-py3-none-any.whl", "demo.thing", "1.0"],
    ["demo_thing-1.0.0-1-py3-none-any.whl", "demo-thing", "1.0"],
    ["demo_thing-1.0rc1-py3-none-any.whl", "demo-thing", "1.0-RC.1"],
    ["demo_thing-1.0.post1-py3-none-any.whl", "demo-thing", "1.0-1"],
    ["demo_thing-2!1.0+cu_118-py3-none-any.whl", "demo-thing", "2!1.0+cu.118"],
    ["demo_thing-1.0.dev0-py3-none-any.whl", "demo-thing", "v1dev"],
  ])("%s may be %s %s inside", (filename, name, version) => {
    const { code, stderr } = installWheels({ [filename]: makeWheel({ name, version }) });
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  test.each([
    ["1.0", "1.0.post0"],
    ["1.0", "1.0.dev0"],
    ["1.0a1", "1.0b1"],
    ["1.0", "1!1.0"],
    ["1.0+a", "1.0+b"],
    ["1.0", "1.0+a"],
  ])("version %s is not %s", (version, other) => {
    const { code } = installWheels({ [`demo-${version}-py3-none-any.whl`]: makeWheel({ version: other }) });
    expect(code).toBe(1);
  });

  test("bytecode is unchecked, knows its final path, and what does not compile has none", () => {
    const files = {
      "demo.py": "def f(): return 1\n",
      "template.py": "{{ no }} python\n",
      "nul.py": "\0",
      "odd.py": "# coding: none\n",
    };
    const { files: installed, code } = installWheels({ [FILE]: makeWheel({ files }) });
    expect(code).toBe(0);
    const compiled = [...installed].filter(([path]) => path.endsWith(".pyc"));
    expect(compiled.map(([path]) => plain(path))).toEqual(["SITE/__pycache__/demo.cpython.pyc"]);
    const [[path = "", bytes = Buffer.alloc(8)] = []] = compiled;
    expect(bytes.readUInt32LE(4)).toBe(1);
    expect(bytes.toString("latin1")).toContain(`${PREFIX}/${path.split("/__pycache__")[0]}/demo.py`);
  });

  test("scripts that old wheels bring for their entry points are replaced", () => {
    const bytes = makeWheel({
      files: { "demo.py": "", "demo-1.0.data/scripts/demo": "#!python\nimport pkg_resources\n" },
      info: { "entry_points.txt": "[console_scripts]\ndemo = demo:main\n" },
    });
    expect(text(installWheels({ [FILE]: bytes }).files, "bin/demo")).toContain("from demo import main");
  });

  test("takes what pip takes: names that differ in case, a .data of another spelling, scripts of any name", () => {
    const bytes = makeWheel({
      name: "Demo",
      files: { "a.txt": "1", "A.txt": "2", "a/x.py": "", "A/y.py": "", "demo-1.0.0.data/data/share/x": "" },
      info: { "entry_points.txt": "[console_scripts]\nfoo+x = demo:main\n-x = demo:main\nä(1) = demo:main\n" },
    });
    const { code, stderr, files } = installWheels({ [FILE]: bytes });
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(paths(files).filter((path) => !path.includes("dist-info") && !path.includes("__pycache__"))).toEqual(
      [
        ...["bin/foo+x", "bin/-x", "bin/ä(1)", "share/x"],
        ...["SITE/a.txt", "SITE/A.txt", "SITE/a/x.py", "SITE/A/y.py"],
      ].sort(),
    );
  });

  test("a wheel may be the only file of a directory", () => {
    const directory = join(scratch(), "source");
    mkdirSync(directory);
    writeFileSync(join(directory, FILE), makeWheel());
    const { code, stderr } = installWheels({}, { directories: [directory] });
    expect(stderr).toBe("");
    expect(code).toBe(0);
    writeFileSync(join(directory, "other-1.0-py3-none-any.whl"), makeWheel({ name: "other" }));
    expect(installWheels({}, { directories: [directory] }).stderr).toBe(
      "microb: source: holds demo-1.0-py3-none-any.whl, other-1.0-py3-none-any.whl instead of one wheel\n",
    );
  });

  test("the same bytes alone, together, in any order and on any number of processors", () => {
    // Enough source for several processes, and names that are shared between wheels.
    const source = (seed: number) =>
      Array.from(
        { length: 4000 },
        (_, index) =>
          `def name_${(index * seed) % 4001}(argument, value=${index}):\n    return "${seed} text", argument.attribute\n`,
      ).join("");
    const wheels = Object.fromEntries(
      [3, 5, 7].map((seed) => [
        `demo${seed}-1.0-py3-none-any.whl`,
        makeWheel({
          name: `demo${seed}`,
          files: {
            [`demo${seed}/__init__.py`]: source(seed),
            [`demo${seed}/b.py`]: source(seed + 4),
            [`demo${seed}/c.py`]: "name_1 = 'attribute'\n",
            "shared/__init__.py": "shared = 'name_1'\n",
          },
        }),
      ]),
    );
    const together = installWheels(wheels);
    expect(together.stderr).toBe("");
    const again = [
      installWheels(wheels),
      installWheels(wheels, { processors: "0" }),
      installWheels(Object.fromEntries(Object.entries(wheels).reverse())),
    ];
    for (const other of again) {
      expect(digests(other.files)).toEqual(digests(together.files));
      expect(describeTree(other.out)).toEqual(describeTree(together.out));
    }
    const alone = Object.entries(wheels).flatMap(([name, bytes]) => digests(installWheels({ [name]: bytes }).files));
    expect([...new Set(alone)].sort()).toEqual([...digests(together.files)].sort());
  });
});

describe.skipIf(PYTHON === undefined)("two wheels", () => {
  const one = makeWheel({ name: "one", files: { "shared/__init__.py": "a = 1\n", "one.py": "" } });
  const same = makeWheel({ name: "same", files: { "shared/__init__.py": "a = 1\n", "same.py": "" } });
  const other = makeWheel({ name: "other", files: { "shared/__init__.py": "a = 2\n", "other.py": "" } });
  const script = makeWheel({
    name: "script",
    files: {},
    info: { "entry_points.txt": "[console_scripts]\nrun = one:run\n" },
  });

  test("may bring the same bytes", () => {
    const wheels = { "one-1.0-py3-none-any.whl": one, "same-1.0-py3-none-any.whl": same };
    expect(installWheels(wheels)).toMatchObject({ code: 0, stderr: "" });
    const trees = Object.entries(wheels).map(([name, bytes]) => installWheels({ [name]: bytes }).out);
    expect(checkConflicts(trees)).toEqual({ code: 0, stderr: "" });
  });

  test("that differ are an error that names both, in one unit", () => {
    const { code, stderr, out } = installWheels({
      "one-1.0-py3-none-any.whl": one,
      "other-1.0-py3-none-any.whl": other,
    });
    expect(stderr.replace(/python3\.\d+/, "python3")).toBe(
      "microb: other-1.0-py3-none-any.whl: brings other bytes for lib/python3/site-packages/shared/__init__.py than one-1.0-py3-none-any.whl\n",
    );
    expect(code).toBe(1);
    expect(readdirSync(out)).toEqual([]);
  });

  test("that differ are an error that names both, in several units", () => {
    const trees = [
      installWheels({ "one-1.0-py3-none-any.whl": one }).out,
      installWheels({ "other-1.0-py3-none-any.whl": other, "script-1.0-py3-none-any.whl": script }).out,
    ];
    const { code, stderr } = checkConflicts(trees);
    expect(stderr.replace(/python3\.\d+/, "python3")).toBe(
      "microb: other-1.0: brings other bytes for lib/python3/site-packages/shared/__init__.py than one-1.0\n",
    );
    expect(code).toBe(1);
  });

  test("with one script are an error too", () => {
    const second = makeWheel({
      name: "second",
      files: {},
      info: { "entry_points.txt": "[gui_scripts]\nrun = two:run\n" },
    });
    const wheels = { "script-1.0-py3-none-any.whl": script, "second-1.0-py3-none-any.whl": second };
    expect(installWheels(wheels).stderr).toBe(
      "microb: second-1.0-py3-none-any.whl: brings other bytes for bin/run than script-1.0-py3-none-any.whl\n",
    );
    const trees = Object.entries(wheels).map(([name, bytes]) => installWheels({ [name]: bytes }).out);
    expect(checkConflicts(trees).stderr).toBe("microb: second-1.0: brings other bytes for bin/run than script-1.0\n");
  });

  test("of one project are an error", () => {
    const wheels = {
      "one-1.0-py3-none-any.whl": one,
      "one-1.1-py3-none-any.whl": makeWheel({ name: "one", version: "1.1", files: {} }),
    };
    expect(installWheels(wheels).stderr).toBe(
      "microb: one-1.1-py3-none-any.whl: is a second wheel of one, beside one-1.0-py3-none-any.whl\n",
    );
  });

  test("many conflicts are counted", () => {
    const files = (value: string) => Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`m${n}.txt`, value]));
    const trees = ["one", "two"].map(
      (name) => installWheels({ [`${name}-1.0-py3-none-any.whl`]: makeWheel({ name, files: files(name) }) }).out,
    );
    const lines = checkConflicts(trees).stderr.trimEnd().split("\n");
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe("microb: and 10 more paths like these");
  });
});
