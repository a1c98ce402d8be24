import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { stepCommand } from "../../../src/emit/step-command.ts";
import { NATIVE_PACKAGES, SHARED_LIBRARIES } from "../../../src/install/native-packages.ts";
import { EXPLAIN_SCRIPT } from "../../../src/install/scripts.generated.ts";
import { explained, run } from "../../../src/plan/step.ts";
import { sh } from "../../../src/util/sh.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;

/** What builds say when they fail, shortened, and how the explanation of it goes. */
const FAILURES: Readonly<Record<string, readonly [said: string, cause: string, help?: string]>> = {
  "a program of setup.py": [
    `Collecting psycopg2
  Downloading psycopg2-2.9.10.tar.gz (385 kB)
  Getting requirements to build wheel: finished with status 'error'
  error: subprocess-exited-with-error
  × Getting requirements to build wheel did not run successfully.
  │ exit code: 1
  ╰─> [21 lines of output]
      Error: pg_config executable not found.

      If you prefer to avoid building psycopg2 from source, please install the PyPI
      'psycopg2-binary' package instead.
      [end of output]
  note: This error originates from a subprocess, and is likely not a problem with pip.
ERROR: Failed to build 'psycopg2' when getting requirements to build wheel
`,
    "cannot build psycopg2: pg_config executable not found.",
    'build_deps = ["gcc", "libpq-dev"], and for the image system_deps = ["libpq5"]',
  ],
  "the same by uv": [
    `  × Failed to build \`psycopg2==2.9.10\`
  ├─▶ The build backend returned an error
  ╰─▶ Call to \`setuptools.build_meta.build_wheel\` failed (exit status: 1)
      [stderr]
      Error: pg_config executable not found.
`,
    "cannot build psycopg2: pg_config executable not found.",
    'build_deps = ["gcc", "libpq-dev"], and for the image system_deps = ["libpq5"]',
  ],
  "a header": [
    `      Modules/LDAPObject.c:14:10: fatal error: lber.h: No such file or directory
         14 | #include <lber.h>
      compilation terminated.
      error: command '/usr/bin/gcc' failed with exit code 1
  ERROR: Failed building wheel for python-ldap
ERROR: Failed to build installable wheels for some pyproject.toml based projects (python-ldap)
`,
    "cannot build python-ldap: Modules/LDAPObject.c:14:10: fatal error: lber.h: No such file or directory",
    'build_deps = ["gcc", "libldap-dev", "libsasl2-dev"], and for the image system_deps = ["libldap2"]',
  ],
  "a header in a directory, by clang": [
    "x.c:1:10: fatal error: 'libxml/xmlversion.h' file not found\n",
    "x.c:1:10: fatal error: 'libxml/xmlversion.h' file not found",
    'build_deps = ["gcc", "libxml2-dev", "libxslt1-dev"], and for the image system_deps = ["libxslt1.1"]',
  ],
  "a header that is not known": [
    "x.c:1:10: fatal error: nobody_knows.h: No such file or directory\ncompilation terminated.\n",
    "x.c:1:10: fatal error: nobody_knows.h: No such file or directory",
    "find the package that has this header, and name it in build_deps",
  ],
  "a module of pkg-config, through sh": [
    `/bin/sh: 1: pkg-config: not found
Exception: Can not find valid pkg-config name.
Specify MYSQLCLIENT_CFLAGS and MYSQLCLIENT_LDFLAGS env vars manually
`,
    "Exception: Can not find valid pkg-config name.",
    'build_deps = ["gcc", "default-libmysqlclient-dev", "pkg-config"], and for the image system_deps = ["libmariadb3"]',
  ],
  "a module of pkg-config, by meson": [
    `Run-time dependency zlib found: YES 1.3
../cairo/meson.build:31:12: ERROR: Dependency "cairo" not found, tried pkgconfig
`,
    '../cairo/meson.build:31:12: ERROR: Dependency "cairo" not found, tried pkgconfig',
    'build_deps = ["gcc", "libcairo2-dev", "pkg-config"], and for the image system_deps = ["libcairo2"]',
  ],
  "a module of pkg-config, in Python": [
    "pkgconfig.pkgconfig.PackageNotFoundError: xmlsec1 not found\n",
    "pkgconfig.pkgconfig.PackageNotFoundError: xmlsec1 not found",
    'build_deps = ["gcc", "libxmlsec1-dev", "pkg-config"], and for the image system_deps = ["libxmlsec1-openssl"]',
  ],
  "a program that Python starts": [
    "FileNotFoundError: [Errno 2] No such file or directory: 'gdal-config'\n",
    "FileNotFoundError: [Errno 2] No such file or directory: 'gdal-config'",
    'build_deps = ["g++", "libgdal-dev"]',
  ],
  "a compiler": [
    "error: command 'gcc' failed: No such file or directory\n",
    "command 'gcc' failed: No such file or directory",
    'build_deps = ["gcc", "libc6-dev"]',
  ],
  "a compiler, by meson": [
    "../meson.build:1:0: ERROR: Unknown compiler(s): [['gfortran'], ['flang-new'], ['nvfortran']]\n",
    "../meson.build:1:0: ERROR: Unknown compiler(s): [['gfortran'], ['flang-new'], ['nvfortran']]",
    'build_deps = ["g++", "gfortran"]',
  ],
  Rust: ["error: can't find Rust compiler\n", "can't find Rust compiler", 'build_deps = ["gcc", "cargo"]'],
  "the source of a lock": [
    "      Error: pg_config executable not found.\nERROR: Failed to build 'file:///source/psycopg2-2.9.13.tar.gz' when getting requirements to build wheel\n",
    "cannot build psycopg2: pg_config executable not found.",
    'build_deps = ["gcc", "libpq-dev"], and for the image system_deps = ["libpq5"]',
  ],
  "another Python": [
    `ERROR: Ignored the following versions that require a different python version: 3.0 Requires-Python >=3.12
ERROR: Could not find a version that satisfies the requirement x>=3 (from versions: 2.0)
ERROR: No matching distribution found for x>=3
`,
    "Ignored the following versions that require a different python version: 3.0 Requires-Python >=3.12",
    "set python_version to a version that it supports",
  ],
  "no such project": [
    "ERROR: Could not find a version that satisfies the requirement x (from versions: none)\nERROR: No matching distribution found for x\n",
    "Could not find a version that satisfies the requirement x (from versions: none)",
    "no index that was asked has it, or none was reached: check its name and the network; name its index in indices",
  ],
  "no such project, by uv": [
    "  × No solution found when resolving dependencies:\n  ╰─▶ Because x was not found in the package registry and you require x, we can\n      conclude that your requirements are unsatisfiable.\n",
    "Because x was not found in the package registry and you require x, we can",
    "check its name and version; name the index that has it in indices",
  ],
  "no network": [
    `WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError("HTTPSConnection(host='pypi.org', port=443): Failed to establish a new connection: [Errno -3] Temporary failure in name resolution")': /simple/x/
ERROR: No matching distribution found for x
`,
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(\"HTTPSConnection(host='pypi.org', port=443): Failed to establish a new connection: [Errno -3] Temporary failure in name resolution\")': /simple/x/",
    "the builder cannot reach that host: check network and proxy, or name an index that it reaches in indices",
  ],
  "no such version": [
    "ERROR: Could not find a version that satisfies the requirement x>9 (from versions: 1.0)\nERROR: No matching distribution found for x>9\n",
    "No matching distribution found for x>9",
    "check its name and version; name the index that has it in indices",
  ],
  "an index that is down": [
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'ProtocolError('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))': /simple/x/\nERROR: Could not find a version that satisfies the requirement x (from versions: none)\n",
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'ProtocolError('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))': /simple/x/",
    "the builder cannot reach that host: check network and proxy, or name an index that it reaches in indices",
  ],
  "an index that refuses": [
    "WARNING: 401 Error, Credentials not correct for https://ann:secret@h/simple/x/\nERROR: No matching distribution found for x\n",
    "WARNING: 401 Error, Credentials not correct for https://****@h/simple/x/",
    "set username_secret and password_secret in indices",
  ],
  hashes: [
    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated …\n    six==1.17.0:\n",
    "THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated …",
    "the index has another file than the requirements name: write their hashes anew, or check indices",
  ],
  "a full disk": [
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n",
    "Could not install packages due to an OSError: [Errno 28] No space left on device",
    "the disk of the builder is full: free space, for example with docker builder prune",
  ],
  "something that a step says itself": [
    "microb: the index answers 403: check password\nERROR: No matching distribution found for x\n",
    "",
  ],
  "something unknown": [
    "  error: subprocess-exited-with-error\n      ValueError: flux\n  note: This error\nerror: metadata-generation-failed\n",
    "ValueError: flux",
  ],
};

describe.skipIf(!hasPython)("a step that is explained", () => {
  const directory = mkdtempSync(join(tmpdir(), "microb-explain-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  const { mounts } = stepCommand(explained(run("x", []), []), "");
  const [mount] = mounts;
  const file = mount?.kind === "bind" ? mount.from?.vertex : undefined;
  if (file?.kind !== "file" || file.actions[0]?.kind !== "mkfile") throw new TypeError("the last file is the table");
  writeFileSync(join(directory, "native-packages.json"), file.actions[0].data);
  writeFileSync(join(directory, "explain.py"), EXPLAIN_SCRIPT);

  const ran = (script: string) =>
    spawnSync("python3", ["-I", join(directory, "explain.py"), script], { encoding: "utf8" });

  test.each(Object.entries(FAILURES))("ends with the cause and what to do: %s", (_, [said, cause, help]) => {
    const { status, stdout } = ran(sh`printf ${"%s"} ${said}; exit 3`);
    // Packages are keys, whose table is named.
    const advice = help?.startsWith("build_deps")
      ? `set ${help} in the table of the target, such as [tool.microb.target.default]`
      : help;
    const explanation = [...(cause === "" ? [] : [cause]), ...(advice === undefined ? [] : [`help: ${advice}`])];
    // It passes everything on but credentials.
    expect(stdout).toBe(
      said.replace("ann:secret", "****") + explanation.map((line) => `microb: ${line.slice(0, 300)}\n`).join(""),
    );
    expect(status).toBe(3);
  });

  test.each(["u:p/w@h", "u:p@w@h", "user@h"])("shows no credentials in what it repeats: //%s", (authority) => {
    const { stdout } = ran(`echo "ERROR: No matching distribution found for https://${authority}/x"; exit 1`);
    expect(stdout.split("\n").at(-3)).toBe("microb: No matching distribution found for https://****@h/x");
  });

  test("says nothing if it succeeds, and passes on what it is told by both ways", () => {
    const { status, stdout } = ran("echo one; echo pg_config executable not found >&2; echo two");
    expect([status, stdout]).toEqual([0, "one\npg_config executable not found\ntwo\n"]);
  });

  test("that was killed has too little memory", () => {
    const { status, stdout } = ran("kill -9 $$");
    expect(status).toBe(137);
    expect(stdout).toBe(
      "microb: the command was killed\nmicrob: help: the builder has too little memory: give it more\n",
    );
  });
});

test("each name is in one row, and each library is known", () => {
  const names = NATIVE_PACKAGES.flatMap((one) => one.names.split(" "));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  for (const { library } of NATIVE_PACKAGES)
    if (library !== undefined) expect(SHARED_LIBRARIES).toHaveProperty([library]);
});
