import { describe, expect, test } from "vitest";
import { poetryRequirements } from "../../../src/config/poetry.ts";
import { poetrySpecifier } from "../../../src/config/poetry-specifier.ts";
import { parseRequirement } from "../../../src/config/requirement.ts";

// Poetry's documentation, "Dependency specification".
test.each([
  ["^1.2.3", ">=1.2.3,<2"],
  ["^1.2", ">=1.2,<2"],
  ["^0.2.3", ">=0.2.3,<0.3"],
  ["^0.0.3", ">=0.0.3,<0.0.4"],
  ["^0.0", ">=0.0,<0.1"],
  ["^0", ">=0,<1"],
  ["~1.2.3", ">=1.2.3,<1.3"],
  ["~1.2", ">=1.2,<1.3"],
  ["~1", ">=1,<2"],
  ["*", ""],
  ["1.*", "==1.*"],
  ["1.2.3", "==1.2.3"],
  [">= 1.2.0, < 1.5", ">=1.2.0,<1.5"],
  [">=1.2 <1.5", ">=1.2,<1.5"],
  ["!=1.2.*", "!=1.2.*"],
  ["~=1.4.2", "~=1.4.2"],
  ["^2.0b1", ">=2.0b1,<3"],
])("%s is %s", (constraint, specifier) => {
  expect(poetrySpecifier(constraint)).toBe(specifier);
});

test.each(["^1 || ^2", "latest", "^", ">=1,,"])("%s cannot be said", (constraint) => {
  expect(poetrySpecifier(constraint)).toBeUndefined();
});

describe("dependency forms", () => {
  const texts = (dependencies: Record<string, unknown>, extras = {}): readonly string[] => {
    const { dependencies: found } = poetryRequirements({ dependencies, extras });
    return found.kind === "static" ? found.requirements.map(({ text }) => text) : [found.reason];
  };

  test.each([
    [{ python: "^3.9", requests: "^2.28" }, ["requests>=2.28,<3"]],
    [{ a: { version: "^1.0", extras: ["x", "y"] } }, ["a[x,y]>=1.0,<2"]],
    [
      { a: { version: "*", markers: "sys_platform == 'linux' or os_name == 'nt'" } },
      ["a ; (sys_platform == 'linux' or os_name == 'nt')"],
    ],
    [
      { a: { version: "1.0", python: "^3.9" } },
      ['a==1.0 ; python_full_version >= "3.9" and python_full_version < "4"'],
    ],
    [{ a: { version: "1.0", platform: "linux" } }, ['a==1.0 ; sys_platform == "linux"']],
    [
      {
        a: [
          { version: "<2", python: "<3.9" },
          { version: ">=2", python: ">=3.9" },
        ],
      },
      ['a<2 ; python_full_version < "3.9"', 'a>=2 ; python_full_version >= "3.9"'],
    ],
    [
      { a: { git: "https://git.example/a.git", branch: "main", subdirectory: "py" } },
      ["a @ git+https://git.example/a.git@main#subdirectory=py"],
    ],
    [{ a: { git: "git@git.example:team/a.git", rev: "abc" } }, ["a @ git+ssh://git@git.example/team/a.git@abc"]],
    [{ a: { url: "https://example.org/a-1.whl" } }, ["a @ https://example.org/a-1.whl"]],
    [{ a: { version: "1", optional: true } }, []],
    [{ a: { path: "../a", develop: true } }, ['only Poetry can resolve "a"']],
    [{ a: "^1 || ^3" }, ['only Poetry can resolve "a"']],
  ])("%j", (dependencies, expected) => {
    expect(texts(dependencies)).toEqual(expected);
    if (!expected[0]?.startsWith("only")) for (const text of expected) parseRequirement(text);
  });

  test("an extra is the optional dependencies that it names", () => {
    const { extras } = poetryRequirements({
      dependencies: { Web_Lib: { version: "^1", optional: true }, other: { version: "1", optional: true } },
      extras: { web: ["web-lib"] },
    });
    expect(extras.get("web")?.map(({ text }) => text)).toEqual(["Web_Lib>=1,<2"]);
  });
});
