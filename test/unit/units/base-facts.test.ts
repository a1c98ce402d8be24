import { expect, test } from "vitest";
import { libcOfHistory, libcOfRelease, pythonVersionOf } from "../../../src/units/base-facts.ts";

const CONFIG = { os: "linux", architecture: "amd64" };

test.each([
  ["3.13.5", "3.13.5"],
  ["3.15.0rc1", "3.15.0rc1"],
  ["3.14.0a7", "3.14.0a7"],
  ["3.13", undefined],
  ["2.7.18", undefined],
  ["3.13.5; rm", undefined],
  ["", undefined],
])("PYTHON_VERSION=%s says %s", (text, version) => {
  const Env = ["PATH=/bin", `PYTHON_VERSION=${text}`, "PYTHON_SHA256=0"];
  expect(pythonVersionOf({ ...CONFIG, config: { Env } })).toBe(version);
});

test("an image without that variable does not say", () => {
  expect(pythonVersionOf(CONFIG)).toBeUndefined();
});

test.each([
  ["# debian.sh --arch 'amd64' out/ 'trixie' '@1757289600'", { kind: "glibc", version: "2.41" }],
  ["# debian.sh --arch 'arm64' out/ 'bookworm' '@1757289600'", { kind: "glibc", version: "2.36" }],
  [
    "/bin/sh -c #(nop) ADD file:abc in / # debian.sh --arch 'amd64' out/ 'bullseye' '@1'",
    { kind: "glibc", version: "2.31" },
  ],
  ["ADD alpine-minirootfs-3.22.1-x86_64.tar.gz / # buildkit", { kind: "musl", version: "1.2" }],
  ["# debian.sh --arch 'amd64' out/ 'constructor' '@1'", undefined],
  ["RUN echo trixie", undefined],
])("the history %s says %o", (created_by, libc) => {
  expect(libcOfHistory({ ...CONFIG, history: [{ created_by: "x" }, { created_by }] })).toEqual(libc);
});

test.each([
  ['PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_ID="13"\nVERSION_CODENAME=trixie\nID=debian\n', "glibc 2.41"],
  ["VERSION_CODENAME=forky\nID=debian\n", "glibc 2.42"],
  ['NAME="Ubuntu"\nID=ubuntu\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\n', "glibc 2.39"],
  ['ID="rhel"\nVERSION_ID="9.4"\n', "glibc 2.34"],
  ["ID='almalinux'\nVERSION_ID='8.10'\n", "glibc 2.28"],
  ['ID="amzn"\nVERSION_ID="2023"\n', "glibc 2.34"],
  ["ID=alpine\nVERSION_ID=3.22.1\n", "musl 1.2"],
  ["ID=wolfi\nVERSION_ID=20230201\n", undefined],
  ["ID=toString\nVERSION_ID=1\nVERSION_CODENAME=__proto__\n", undefined],
  ["", undefined],
])("os-release %j says %s", (text, libc) => {
  const found = libcOfRelease(text);
  expect(found && `${found.kind} ${found.version}`).toBe(libc);
});
