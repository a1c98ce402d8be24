import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { meets } from "../../../src/config/meets.ts";
import { chooseWheel } from "../../../src/lock/choose-wheel.ts";
import { holds, type MarkerEnvironment, MarkerError, parseMarker } from "../../../src/lock/marker.ts";
import { markerVariables } from "../../../src/lock/marker-variables.ts";
import type { Libc, TargetEnvironment } from "../../../src/lock/target-environment.ts";
import { wheelTags } from "../../../src/lock/wheel-tags.ts";
import { platformOf } from "../../support/machine-platform.ts";

type Table = Readonly<{
  environments: readonly Readonly<{ machine: string; python: string }>[];
  /** Of each marker a letter per environment: true, false, an error of the comparison, or no marker (X). */
  markers: Readonly<Record<string, string>>;
  tags: readonly Readonly<{
    machine: string;
    libc: Libc;
    python: string;
    count: number;
    sha256: string;
    head: readonly string[];
  }>[];
  versions: readonly string[];
  /** Of each set of specifiers a letter per version. */
  specifiers: Readonly<Record<string, string>>;
}>;

// Made by npm run packaging-table.
const TABLE: Table = JSON.parse(readFileSync(join(import.meta.dirname, "../../golden/packaging.json"), "utf8"));

function target(machine: string, pythonVersion: string, libc: Libc = { kind: "glibc", version: "2.36" }) {
  return { platform: platformOf(machine), pythonVersion, libc } satisfies TargetEnvironment;
}

const ENVIRONMENTS = TABLE.environments.map(
  ({ machine, python }): MarkerEnvironment => ({
    variables: markerVariables(target(machine, python)),
    extra: () => false,
    sets: new Map(),
  }),
);

/** What we say of a marker, in the letters of the table. */
function verdicts(text: string): string {
  try {
    const marker = parseMarker(text);
    return ENVIRONMENTS.map((environment) => {
      try {
        return holds(marker, environment) ? "T" : "F";
      } catch (error) {
        if (!(error instanceof MarkerError)) throw error;
        return "E";
      }
    }).join("");
  } catch (error) {
    if (!(error instanceof MarkerError)) throw error;
    return "X".repeat(ENVIRONMENTS.length);
  }
}

describe("markers", () => {
  test("mean what they mean to packaging", () => {
    const texts = Object.keys(TABLE.markers);
    expect(texts.length).toBeGreaterThanOrEqual(300);
    expect(ENVIRONMENTS).toHaveLength(8);
    // packaging evaluates all of a marker, and stops where a part means nothing; here a part may be left undecided.
    const isLeft = (text: string): boolean => TABLE.markers[text]?.includes("E") === true && / (?:and|or) /.test(text);
    const own = Object.fromEntries(texts.map((text) => [text, isLeft(text) ? TABLE.markers[text] : verdicts(text)]));
    expect(own).toEqual(TABLE.markers);
    expect(texts.filter(isLeft).length).toBeLessThan(texts.length / 4);
  });

  const atoms = Object.entries(TABLE.markers).filter(([text, row]) => !/ (?:and|or) |X|E/.test(text + row));

  test("are joined as logic joins them", () => {
    type Tree = Readonly<{ text: string; row: string }>;
    const fold = (rows: readonly string[], decides: "T" | "F", rest: "T" | "F"): string =>
      ENVIRONMENTS.map((_, index) => (rows.some((row) => row[index] === decides) ? decides : rest)).join("");
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => {
      const branch = fc
        .record({ isAnd: fc.boolean(), parts: fc.array(tie("tree"), { minLength: 2, maxLength: 4 }) })
        .map(({ isAnd, parts }): Tree => {
          const text = parts.map((part) => `(${part.text})`).join(isAnd ? " and " : " or ");
          const rows = parts.map(({ row }) => row);
          return { text, row: isAnd ? fold(rows, "F", "T") : fold(rows, "T", "F") };
        });
      const leaf = fc.constantFrom(...atoms).map(([text, row]): Tree => ({ text, row }));
      return { tree: fc.oneof({ depthSize: "small" }, leaf, branch) };
    });
    expect(atoms.length).toBeGreaterThan(100);
    fc.assert(
      fc.property(tree, ({ text, row }) => {
        expect(verdicts(text)).toBe(row);
      }),
    );
  });

  test("bind and before or", () => {
    const triple = fc.array(fc.constantFrom(...atoms), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(triple, ([a, b, c]) => {
        const [x, y, z] = [a, b, c].map((one) => one?.[0] ?? "");
        expect(verdicts(`${x} or ${y} and ${z}`)).toBe(verdicts(`(${x}) or ((${y}) and (${z}))`));
        expect(verdicts(`${x} and ${y} or ${z}`)).toBe(verdicts(`((${x}) and (${y})) or (${z})`));
      }),
    );
  });
});

test("versions meet specifiers as packaging says", () => {
  const texts = Object.keys(TABLE.specifiers);
  expect(texts.length).toBeGreaterThan(150);
  const own = texts.map((text) => [text, TABLE.versions.map((one) => (meets(one, text) ? "T" : "F")).join("")]);
  expect(Object.fromEntries(own)).toEqual(TABLE.specifiers);
});

describe("tags of wheels", () => {
  test.each(TABLE.tags)("$machine $libc.kind $python: as packaging lists them", (row) => {
    const tags = wheelTags(target(row.machine, row.python, row.libc));
    expect(tags.slice(0, row.head.length)).toEqual(row.head);
    expect(tags).toHaveLength(row.count);
    expect(createHash("sha256").update(tags.join("\n")).digest("hex")).toBe(row.sha256);
  });

  test("seven architectures, two C libraries, three Pythons", () => expect(TABLE.tags).toHaveLength(42));

  test("of some wheels the one whose tag comes first is chosen, in whatever order they are listed", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TABLE.tags).chain(({ machine, python, libc }) => {
          const tags = wheelTags(target(machine, python, libc));
          return fc.record({
            tags: fc.constant(tags),
            some: fc.uniqueArray(fc.nat(tags.length - 1), { minLength: 1, maxLength: 8 }),
          });
        }),
        ({ tags, some }) => {
          const ranks = new Map(tags.map((tag, rank) => [tag, rank]));
          const wheels = ["cp27-cp27m-win32", ...some.map((rank) => tags[rank] ?? "")].map((tag) => ({
            filename: `a_b-1.0+x-${tag}.whl`,
          }));
          expect(chooseWheel(wheels, ranks)?.filename).toBe(`a_b-1.0+x-${tags[Math.min(...some)]}.whl`);
        },
      ),
    );
  });
});
