import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { architectureOf, readElf, SEGMENT } from "../../../script/elf/elf-file.ts";
import { I386 } from "../../../script/entry/386.ts";
import { AMD64 } from "../../../script/entry/amd64.ts";
import { ARM } from "../../../script/entry/arm.ts";
import { ARM64 } from "../../../script/entry/arm64.ts";
import { ENTRY_PATH, entryProgram } from "../../../script/entry/entry-program.ts";
import { FIRST_BYTES } from "../../../src/gateway/first-bytes.ts";

/** How the programs are run on this machine, and assembled: emulators and assemblers of Debian's packages. */
const MACHINES = [
  { name: "amd64", machine: AMD64, runs: ["native"], assembler: ["as", "--64"] },
  { name: "386", machine: I386, runs: ["native"], assembler: ["as", "--32"] },
  { name: "arm64", machine: ARM64, runs: ["qemu-aarch64", "qemu-aarch64-static"], assembler: ["aarch64-linux-gnu-as"] },
  {
    name: "arm",
    machine: ARM,
    runs: ["qemu-arm", "qemu-arm-static"],
    assembler: ["arm-linux-gnueabihf-as", "-march=armv6"],
  },
] as const;

/** Stands for Node: prints how it was started, and its rights. */
const NODE = '#!/bin/sh\necho "$# $*, variable: $BUILDKIT_SESSION_ID, user: $(id -u):$(id -g):$(id -G)"\n';
const NOBODY = "user: 65532:65532:65532";
const OWN = `user: ${process.getuid?.()}:${process.getgid?.()}:${execFileSync("id", ["-G"], { encoding: "utf8" }).trim()}`;

let directory: string;
let main: string;
let node: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "microb-entry-"));
  chmodSync(directory, 0o755);
  main = join(directory, "main.cjs");
  node = join(directory, "node");
  writeFileSync(node, NODE, { mode: 0o755 });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A way to run programs for that machine, if this one has one. */
function emulatorFor(runs: readonly string[]): readonly string[] | undefined {
  if (runs[0] === "native") return process.arch === "x64" ? [] : undefined;
  const found = runs.find((name) => spawnSync(name, ["-version"]).status === 0);
  return found === undefined ? undefined : [found];
}

describe.each(MACHINES)("the entry program for $name", ({ name, machine, runs, assembler }) => {
  const emulator = emulatorFor(runs);

  function run(args: readonly string[], env: Readonly<Record<string, string>>, paths = { node, main }) {
    const file = join(directory, `start-${name}`);
    writeFileSync(file, entryProgram(name, paths), { mode: 0o755 });
    const [command = "", ...rest] = [...(emulator ?? []), file, ...args];
    const { status, stdout, stderr } = spawnSync(command, rest, { env: { PATH: process.env["PATH"], ...env } });
    return { status, stdout: stdout.toString("latin1"), stderr: stderr.toString() };
  }

  test("is a program for that machine, of one part", () => {
    const elf = readElf(entryProgram(name));
    expect(architectureOf(elf)).toBe(name);
    expect(elf.segments).toEqual([
      expect.objectContaining({ type: SEGMENT.load, writable: false, offset: 0, size: elf.bytes.length }),
    ]);
    expect(elf.sections).toEqual([]);
    expect(elf.bytes.length).toBeLessThan(2000);
  });

  test.runIf(spawnSync(assembler[0], ["--version"]).status === 0)("does what stands beside its bytes", () => {
    const [command, ...flags] = assembler;
    const [source, object] = [join(directory, `${name}.s`), join(directory, `${name}.o`)];
    writeFileSync(source, `${machine.code.map(([, meaning]) => meaning).join("\n")}\n`);
    execFileSync(command, [...flags, "-o", object, source]);
    const { bytes, sections } = readElf(readFileSync(object));
    const text = sections.find((section) => section.name === ".text");
    const assembled = bytes.subarray(text?.offset, (text?.offset ?? 0) + (text?.size ?? 0)).toString("hex");
    const ours = machine.code.map(([code]) => code).join("");
    // The assembler may fill the section up.
    expect(assembled.slice(0, ours.length)).toBe(ours);
    expect(assembled.slice(ours.length)).toMatch(/^0*$/);
  });

  describe.runIf(emulator !== undefined)("on this machine", () => {
    test("opens the connection of a build, gives up the rights of root, and says so to Node", () => {
      const rights = process.getuid?.() === 0 ? NOBODY : OWN;
      expect(run([], { OTHER: "x", BUILDKIT_SESSION_ID: "s" })).toEqual({
        status: 0,
        stdout: `${FIRST_BYTES.toString("latin1")}2 ${main} -is-open, variable: s, ${rights}\n`,
        stderr: "",
      });
    });

    test.each([
      ["without a session", [], {}],
      ["with arguments", ["-dockerfile", "a b"], { BUILDKIT_SESSION_ID: "s" }],
      ["with a variable that is called nearly the same", [], { BUILDKIT_SESSION_I: "s", BUILDKIT_SESSION_IDS: "s" }],
    ])("writes nothing %s, and passes everything on", (_, args, env) => {
      const variable = "BUILDKIT_SESSION_ID" in env ? env.BUILDKIT_SESSION_ID : "";
      expect(run(args, env as Record<string, string>)).toEqual({
        status: 0,
        stdout: `${[args.length + 1, main, ...args].join(" ")}, variable: ${variable}, ${OWN}\n`,
        stderr: "",
      });
    });

    test("says that Node could not be started", () => {
      const stderr = "microb: /none/node could not be started\n";
      expect(run(["-x"], {}, { node: "/none/node", main })).toEqual({ status: 1, stdout: "", stderr });
    });

    test("says that nobody took the first bytes, and starts nothing", async () => {
      const [command = "", ...rest] = [...(emulator ?? []), join(directory, `start-${name}`)];
      writeFileSync(rest.at(-1) ?? command, entryProgram(name, { node, main }), { mode: 0o755 });
      // A shell in front of it, which waits until the other end of the pipe is closed.
      const script = 'read _; exec "$0" "$@"';
      const child = spawn("/bin/sh", ["-c", script, command, ...rest], {
        env: { PATH: process.env["PATH"], BUILDKIT_SESSION_ID: "s" },
      });
      child.stdout.destroy();
      child.stdout.once("close", () => child.stdin.end("\n"));
      let stderr = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        stderr += text;
      });
      expect(await new Promise((resolve) => child.on("close", resolve))).toBe(1);
      expect(stderr).toBe(
        "microb: the daemon closed the connection before the frontend was ready: the machine is overloaded\n",
      );
    });
  });
});

test("another machine has none", () => {
  expect(() => entryProgram("riscv64")).toThrow("there is no entry program for riscv64");
});

test("the image starts it", () => {
  expect(readFileSync("Dockerfile", "utf8")).toContain(`ENTRYPOINT ["${ENTRY_PATH}"]`);
});
