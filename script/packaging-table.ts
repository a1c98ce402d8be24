/** `npm run packaging-table`: writes what PyPA's packaging says of markers and tags, which unit tests compare with. */
import { writeFileSync } from "node:fs";
import { lockOracle } from "../test/support/lock-oracle.ts";

const PYTHONS = ["3.11.9", "3.12.7", "3.13.1"];
const table = lockOracle().ask("table", {
  environments: [
    ...["x86_64", "aarch64"].flatMap((machine) => PYTHONS.map((python) => ({ machine, python }))),
    { machine: "armv7l", python: "3.14.0rc1" },
    { machine: "i686", python: "3.14.0" },
  ],
  markers: 300,
  machines: ["x86_64", "aarch64", "armv7l", "i686", "ppc64le", "s390x", "riscv64"],
  libcs: [
    { kind: "glibc", version: "2.36" },
    { kind: "musl", version: "1.2" },
  ],
  pythons: PYTHONS,
});
writeFileSync("test/golden/packaging.json", `${JSON.stringify(table, undefined, 1)}\n`);
