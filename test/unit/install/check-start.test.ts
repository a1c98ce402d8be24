import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { SHARED_LIBRARIES } from "../../../src/install/native-packages.ts";
import { CHECK_START_SCRIPT } from "../../../src/install/scripts.generated.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;

describe.skipIf(!hasPython)("the check of what a container starts", () => {
  const directory = mkdtempSync(join(tmpdir(), "microb-start-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  const write = (path: string, text: string, mode = 0o755): void => {
    writeFileSync(join(directory, path), text);
    chmodSync(join(directory, path), mode);
  };
  mkdirSync(join(directory, "env/bin"), { recursive: true });
  mkdirSync(join(directory, "env/lib/python3.13/site-packages/psycopg2"), { recursive: true });
  write("check_start.py", CHECK_START_SCRIPT);
  write(
    "libraries.json",
    JSON.stringify({ ...SHARED_LIBRARIES, "libnowhere.so.9": { debian: "libnowhere9", alpine: "nowhere" } }),
  );
  write("env/bin/flask", "#!/bin/sh\n");
  write("env/bin/windows", "#!/bin/sh\r\n");
  write("env/bin/perl6", "#!/no/such/interpreter -x\n");
  write("env/bin/binary", "\x7fELF");
  write("start.py", "", 0o644);
  write("env/bin/python", "#!/bin/sh\n");
  write("start.sh", "#!/bin/sh\n", 0o644);

  const ran = (...args: readonly string[]) => {
    const env = { PATH: `${join(directory, "env/first")}:${join(directory, "env/bin")}:${process.env["PATH"]}` };
    const { status, stdout, stderr } = spawnSync(
      "python3",
      ["-I", join(directory, "check_start.py"), join(directory, "env"), ...args],
      { cwd: directory, env, encoding: "utf8" },
    );
    return { status, said: `${stdout}${stderr}`.replaceAll(directory, "") };
  };

  test.each(["flask", "./env/bin/flask", "binary", "sh"])("%s can be started", (program) => {
    expect(ran(program)).toEqual({ status: 0, said: "" });
  });

  test.each([
    ["gunicorn", 'the image has no program "gunicorn": add the package that has it to the dependencies'],
    ["flas", 'the image has no program "flas": did you mean "flask"?'],
    ["./no.sh", 'the image has no program "./no.sh": add the package that has it to the dependencies'],
    ["./start.sh", "./start.sh is not executable: set chmod in copy_files, or start it by its interpreter"],
    ["./env", "./env is a directory"],
    ["windows", "the lines of /env/bin/windows end with CR LF, so its interpreter is not found: save it with LF"],
    ["perl6", "/env/bin/perl6 asks for the interpreter /no/such/interpreter, which the image does not have"],
  ])("%s cannot", (program, problem) => {
    expect(ran(program)).toEqual({ status: 1, said: `microb: ${problem}\n` });
  });

  test.each([
    ["python3", "strat.py", 'there is no file "strat.py" in , where a container starts: did you mean "start.py"?'],
    ["python", "no/main.py", 'there is no file "no/main.py" in , where a container starts: check its path'],
  ])("the script of %s is looked for: %s", (program, script, problem) => {
    expect(ran(program, script)).toEqual({ status: 1, said: `microb: ${problem}\n` });
  });

  test.each([
    "start.py",
    "/data/main.py",
    "-m",
    "start.sh",
  ])("%s is there, may be there, or is no script", (argument) => {
    expect(ran("python3", argument)).toEqual({ status: 0, said: "" });
  });

  test("a library that an extension needs and nothing has is named, and is no error", () => {
    const extension = "env/lib/python3.13/site-packages/psycopg2/_psycopg.so";
    write(extension, "\x7fELF\0libnowhere.so.9\0");
    const said =
      'microb: psycopg2/_psycopg.so needs libnowhere.so.9, which the image does not have: system_deps = ["libnowhere9"]\n';
    expect(ran("flask")).toEqual({ status: 0, said });
    // One that another package brings along is found by whoever loads that first.
    write("env/lib/python3.13/site-packages/libnowhere.so.9", "\x7fELF");
    expect(ran()).toEqual({ status: 0, said: "" });
  });

  test("a library that is a link to nowhere is passed over", () => {
    symlinkSync("/no/such/file.so", join(directory, "env/lib/dangling.so"));
    expect(ran("flask")).toEqual({ status: 0, said: "" });
  });

  test("of two files of a name on the path the one that can be executed counts", () => {
    mkdirSync(join(directory, "env/first"), { recursive: true });
    write("env/bin/twice", "#!/bin/sh\n");
    write("env/first/twice", "text", 0o644);
    expect(ran("twice")).toEqual({ status: 0, said: "" });
  });
});
