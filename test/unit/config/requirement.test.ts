import fc from "fast-check";
import { parsePipRequirementsLine } from "pip-requirements-js";
import { expect, test } from "vitest";
import {
  formatRequirement,
  parseRequirement,
  type Requirement,
  RequirementError,
} from "../../../src/config/requirement.ts";
import { processorTime } from "../../support/processor-time.ts";
import { packagingMissing, python } from "../../support/python.ts";
import { requirementTexts } from "./requirement-texts.ts";

function parsed(text: string): Requirement | undefined {
  try {
    return parseRequirement(text);
  } catch (error) {
    if (error instanceof RequirementError) return undefined;
    throw error;
  }
}

test.each<[string, Requirement]>([
  ["flask", { name: "flask", extras: [], specifier: "" }],
  [" Flask [ async , dotenv ] >= 2.0 , < 4 ", { name: "Flask", extras: ["async", "dotenv"], specifier: ">=2.0,<4" }],
  ["a (>=1,!=1.5)", { name: "a", extras: [], specifier: ">=1,!=1.5" }],
  ["a>=1,", { name: "a", extras: [], specifier: ">=1" }],
  ["a ~= 1.4.2", { name: "a", extras: [], specifier: "~=1.4.2" }],
  ["a===any-thing!", { name: "a", extras: [], specifier: "===any-thing!" }],
  ["a @ https://x/y.zip", { name: "a", extras: [], specifier: "", url: "https://x/y.zip" }],
  ["a@git+https://x/y@v1#egg=a;b", { name: "a", extras: [], specifier: "", url: "git+https://x/y@v1#egg=a;b" }],
  [
    "a[b]@ https://x/y;z ; os_name=='nt'",
    { name: "a", extras: ["b"], specifier: "", url: "https://x/y;z", marker: 'os_name == "nt"' },
  ],
  [
    "a;python_version<'3.9' and(sys_platform=='x'or'a\"b' not   in os_name)",
    {
      name: "a",
      extras: [],
      specifier: "",
      marker: `python_version < "3.9" and (sys_platform == "x" or 'a"b' not in os_name)`,
    },
  ],
])("%j is read", (text, requirement) => {
  expect(parseRequirement(text)).toEqual(requirement);
});

test.each([
  ["", "a requirement starts with the name of a project", 0],
  ["-e .", "a requirement starts with the name of a project", 0],
  ["--index-url=https://x", "a requirement starts with the name of a project", 0],
  ["https://x/y.zip", "a version specifier such as >=1.2 is expected", 5],
  ["a b", "a version specifier such as >=1.2 is expected", 2],
  ["a >= 1.0.*", "a version specifier such as >=1.2 is expected", 2],
  ["a ^1.2", "a version specifier such as >=1.2 is expected", 2],
  ["a = 1", "a version specifier such as >=1.2 is expected", 2],
  ["a >= 1 --hash=x", "a version specifier such as >=1.2 is expected", 2],
  ["a (>=1", '")" is missing', 6],
  ["a[b", 'extras are separated by "," and closed by "]"', 3],
  ["a @ ", 'a URL is expected after "@"', 4],
  ["a @ https://x y", "unexpected text after the end of the requirement", 14],
  ["a ; foo == '1'", "a marker variable or a quoted text is expected", 4],
  ["a ; os_name 'x'", "an operator such as == is expected in the marker", 12],
  ["a ; (os_name == 'x'", '")" is missing in the marker', 19],
  ["a\n>=1", "a version specifier such as >=1.2 is expected", 1],
  ["a ; os_name == 'x\n'", "a marker variable or a quoted text is expected", 15],
])("%j is refused at the right place", (text, message, offset) => {
  expect(() => parseRequirement(text)).toThrow(expect.objectContaining({ name: "RequirementError", message, offset }));
});

test("deep markers are refused before the stack ends", () => {
  const nested = `a ; ${"(".repeat(100_000)}os_name == 'x'${")".repeat(100_000)}`;
  expect(() => parseRequirement(nested)).toThrow("the marker is nested too deeply");
});

test("long texts take no time", () => {
  const started = processorTime();
  parsed(`a${".".repeat(1_000_000)}`);
  parsed(`a>=${"1.".repeat(500_000)}x`);
  parsed(`a>=1${"1".repeat(500_000)}x`);
  parsed(`a>=1a${"1".repeat(500_000)}x`);
  parsed(`a @ ${"x".repeat(1_000_000)}`);
  parsed(`a[${"b,".repeat(200_000)}`);
  expect(processorTime() - started).toBeLessThan(5000);
});

test("what is formatted reads back as the same, and in the same words", () => {
  const samples = fc.sample(requirementTexts, { numRuns: 20_000, seed: 3 }).map(parsed);
  const requirements = samples.filter((requirement) => requirement !== undefined);
  expect(requirements.length).toBeGreaterThan(1000);
  for (const requirement of requirements) {
    const text = formatRequirement(requirement);
    expect(parseRequirement(text)).toEqual(requirement);
    expect(text).not.toMatch(/^-|[\n\r]/);
  }
});

type Oracle = Readonly<{
  name: string;
  extras: readonly string[];
  specifiers: readonly string[];
  url: string | null;
  marker: string | null;
}>;

const ORACLE = `
import json, sys
from packaging.requirements import Requirement, InvalidRequirement
def read(text):
    try:
        r = Requirement(text)
    except InvalidRequirement:
        return None
    return {"name": r.name, "extras": sorted(r.extras), "specifiers": sorted(str(s) for s in r.specifier),
            "url": r.url, "marker": str(r.marker) if r.marker else None}
json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
`;

const missing = packagingMissing();
if (missing !== undefined) console.warn(`SKIPPED the comparison with Python's packaging: ${missing}`);

test.skipIf(missing !== undefined)(
  "the reference implementation takes the same texts, for the same requirements",
  () => {
    const texts = [...new Set(fc.sample(requirementTexts, { numRuns: 20_000, seed: 5 }))];
    const own = texts.map(parsed);
    // Markers are compared in the words of the oracle: what we make of them must mean the same to it.
    const again = own.map((requirement) => (requirement === undefined ? "" : formatRequirement(requirement)));
    const answers = python<(Oracle | null)[]>(ORACLE, [...texts, ...again]);
    const [theirs, ofOurs] = [answers.slice(0, texts.length), answers.slice(texts.length)];
    const differences = texts.filter((_, index) => (own[index] === undefined) !== (theirs[index] === null));
    expect(differences).toEqual([]);
    expect(ofOurs).toEqual(theirs);
    expect(theirs.filter((answer) => answer !== null).length).toBeGreaterThan(1000);
  },
);

test("pip-requirements-js sees the same names, extras and URLs", () => {
  const texts = fc.sample(requirementTexts, { numRuns: 4000, seed: 11 });
  let compared = 0;
  for (const text of texts) {
    const own = parsed(text);
    if (own === undefined || text.trim() !== text) continue;
    let other: unknown;
    try {
      other = parsePipRequirementsLine(text);
    } catch {
      continue;
    }
    compared++;
    expect(other).toMatchObject({ name: own.name, ...(own.extras.length > 0 && { extras: own.extras }) });
    if (own.url !== undefined) expect(other).toMatchObject({ url: own.url });
  }
  expect(compared).toBeGreaterThan(100);
});
