import { expect, test } from "vitest";
import { admits, pep440Constraint, poetryConstraint } from "../../../src/config/python-constraint.ts";
import { packagingMissing, python } from "../../support/python.ts";

const MINORS = Array.from({ length: 16 }, (_, minor) => `3.${minor}`);

/** The minor versions that a constraint admits, as ranges. */
function admitted(constraint: readonly string[] | undefined): string {
  if (constraint === undefined) return "not understood";
  const minors = MINORS.flatMap((version, minor) => (admits([constraint], version) ? [minor] : []));
  const starts = minors.filter((minor) => !minors.includes(minor - 1));
  const ends = minors.filter((minor) => !minors.includes(minor + 1));
  return starts.map((start, index) => (start === ends[index] ? `3.${start}` : `3.${start}-3.${ends[index]}`)).join(" ");
}

test.each([
  ["", "3.0-3.15"],
  [">=3.11", "3.11-3.15"],
  [" >= 3.11 , < 3.14 ", "3.11-3.13"],
  [">=3.11,<3.14,", "3.11-3.13"],
  [">=3.11,<4", "3.11-3.15"],
  [">3.11", "3.11-3.15"],
  [">3.11.4", "3.11-3.15"],
  ["<=3.12", "3.0-3.12"],
  ["<3.12.0", "3.0-3.11"],
  ["~=3.11", "3.11-3.15"],
  ["~=3.11.2", "3.11"],
  ["==3.11.*", "3.11"],
  ["==3.11", "3.11"],
  ["===3.11.4", "3.11"],
  ["==3.*", "3.0-3.15"],
  ["!=3.12.*,>=3.11", "3.11 3.13-3.15"],
  ["!=3.12.0,>=3.11", "3.11-3.15"],
  [">=3.13.0rc1", "3.13-3.15"],
  [">=3.11.5,<3.11.7", "3.11"],
  [">=2.7,!=3.0.*,!=3.1.*,<3.4", "3.2-3.3"],
  [">=4", ""],
  ["<3.11,>=3.11", ""],
  ["==2.7.*", ""],
  [">=3.8.*", "not understood"],
  ["^3.11", "not understood"],
  ["3.11", "not understood"],
  [">=3.8 <4", "not understood"],
  ["~=3", "not understood"],
  ["python>=3", "not understood"],
])("requires-python %j admits %s", (text, expected) => {
  expect(admitted(pep440Constraint(text))).toBe(expected);
});

// What poetry-core's `parse_constraint` allows.
test.each([
  ["*", "3.0-3.15"],
  ["^3.11", "3.11-3.15"],
  ["^3.11.2", "3.11-3.15"],
  ["^3", "3.0-3.15"],
  ["^4", ""],
  ["~3.11", "3.11"],
  ["~3.11.2", "3.11"],
  ["~3", "3.0-3.15"],
  ["~=3.11", "3.11-3.15"],
  ["3.11", "3.11"],
  ["3.11.*", "3.11"],
  ["=3.11", "3.11"],
  ["== 3.11.*", "3.11"],
  ["v3.11", "3.11"],
  [">=3.11 <3.14", "3.11-3.13"],
  [">= 3.11, < 3.14", "3.11-3.13"],
  ["^3.9 !=3.10.*", "3.9 3.11-3.15"],
  ["^3.9,!=3.10.*", "3.9 3.11-3.15"],
  ["~3.8 || ~3.10", "3.8 3.10"],
  ["~3.8 | >=3.14", "3.8 3.14-3.15"],
  [">=3.11.*", "3.11-3.15"],
  [">=3.10,<=3.12.*", "3.10-3.12"],
  ["^3.13.0rc1", "3.13-3.15"],
  ["", "not understood"],
  ["^3.8 ||", "not understood"],
  ["^x", "not understood"],
  ["3.8 - 3.10", "not understood"],
  ["3.x", "not understood"],
])("Poetry's %j admits %s", (text, expected) => {
  expect(admitted(poetryConstraint(text))).toBe(expected);
});

test.each([
  ["3", ">=3.11", true],
  ["3", ">=4", false],
  ["3.11", ">=3.11.4", true],
  ["3.11", "<3.11", false],
  ["3.11.3", ">=3.11.4", false],
  ["3.11.4", ">=3.11.4", true],
  ["3.11.4", "==3.11.*", true],
  ["3.11.4", "==3.11", false],
  ["3.10", "~=3.11", false],
])("some release of %s meets %s: %s", (version, text, expected) => {
  expect(admits([pep440Constraint(text) ?? []], version)).toBe(expected);
});

const missing = packagingMissing();
if (missing !== undefined) console.warn(`SKIPPED the comparison with Python's packaging: ${missing}`);

test.skipIf(missing !== undefined)("the reference implementation admits the same releases", () => {
  const operators = [">=", ">", "<=", "<", "==", "!=", "~=", "==="];
  const versions = ["3", "3.11", "3.11.0", "3.11.4", "3.11.*", "3.*", "4", "2.7", "3.12.0rc1", "03.11", "3.11.4.0"];
  const single = operators
    .flatMap((operator) => versions.map((version) => operator + version))
    .filter((text) => !/^===.*\*|^>3\.12\.0rc1/.test(text));
  // Nobody writes what the library reads differently: === with a wildcard, > of a pre-release.
  const texts = [...single, ...single.flatMap((one, index) => [`${one},>=3.5`, `${one}, ${single.at(-index)}`])];
  const releases = ["3.5", "3.10", "3.11", "3.12", "3.13"].flatMap((minor) => [0, 3, 4, 5].map((n) => `${minor}.${n}`));
  const own = texts.map((text) => {
    const constraint = pep440Constraint(text);
    return constraint && releases.filter((release) => admits([constraint], release));
  });
  const program = `
import json, sys
from packaging.specifiers import SpecifierSet, InvalidSpecifier
asked = json.load(sys.stdin)
def read(text):
    try:
        s = SpecifierSet(text)
    except InvalidSpecifier:
        return None
    return [r for r in asked["releases"] if s.contains(r)]
json.dump([read(text) for text in asked["texts"]], sys.stdout)
`;
  const theirs = python<(readonly string[] | null)[]>(program, { texts, releases });
  expect(texts.map((text, index) => [text, own[index] ?? null])).toEqual(
    texts.map((text, index) => [text, theirs[index]]),
  );
});
