import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EMBEDDED, embedPython } from "../../../script/embedded-python.ts";
import { stripPython } from "../../../script/strip-python.ts";
import { INSTALL_SCRIPT } from "../../../src/install/scripts.generated.ts";
import { PYTHON } from "../../support/install-wheels.ts";

const ROOT = join(import.meta.dirname, "../../..");

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

/** Of the program that installs wheels: each step that installs some is cached by it. */
const INSTALLER = "e459abfc42c95e2d8eabe512b91d795f3b561ec4b2e8f8219b8e160e2339a345";

test("the embedded programs are what npm run generate writes", () => {
  expect(read(EMBEDDED)).toBe(embedPython(read));
});

test("the installer is the one whose layers everybody has", () => {
  const digest = createHash("sha256").update(INSTALL_SCRIPT).digest("hex");
  const why =
    "The program that installs wheels has changed. Every image with a lock is installed anew, and its layers are pushed " +
    "and pulled again. If that has to be, write the new digest here, and a line into CHANGELOG.md.";
  expect(digest, why).toBe(INSTALLER);
});

describe("stripping", () => {
  test.each([
    ["a comment", "x = 1  # one\n# two\n\ny = 2\n", "x = 1\ny = 2\n"],
    ["what only looks like one", `x = "# no"\ny = '\\'# no'\n`, `x = "# no"\ny = '\\'# no'\n`],
    ["docstrings", '"""M\n\n# m\n"""\n\ndef f():\n    """D"""\n    return """r"""\n', 'def f():\n  return """r"""\n'],
    ["a body that is nothing else", 'class A(B):\n    """D"""\n\n\nx = 1\n', "class A(B):\n  pass\nx = 1\n"],
    ["a text of several lines", 'x = """\\\n# kept\n\nimport sys\n"""\n', 'x = """\\\n# kept\n\nimport sys\n"""\n'],
    ["a comment in brackets", "x = (\n    # no\n    1,  # one\n\n    2,\n)\n", "x = (\n    1,\n    2,\n)\n"],
  ])("%s", (_, program, stripped) => {
    expect(stripPython(program)).toBe(stripped);
  });

  const programs = readdirSync(join(ROOT, "src/install")).filter((file) => file.endsWith(".py"));

  test.skipIf(PYTHON === undefined).each(programs)("%s does the same afterwards", (file) => {
    const compare = `
import ast, sys
def bare(text):
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(getattr(node, "body", None), list):
            kept = [one for one in node.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
            node.body = [one for one in kept if not isinstance(one, ast.Pass)]
    return ast.dump(tree)
one, other = sys.stdin.read().split("\\0")
assert bare(one) == bare(other)
`;
    const program = read(`src/install/${file}`);
    const input = `${program}\0${stripPython(program)}`;
    const { status, stderr } = spawnSync(PYTHON ?? "", ["-c", compare], { input, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });
});
