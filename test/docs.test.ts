import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { DOCUMENTS } from "../script/docs/documents.ts";
import { parseProject } from "../src/config/py-project.ts";
import { sourceText } from "../src/diagnostic/source-text.ts";

const ROOT = join(import.meta.dirname, "..");
const SKIPPED = new Set(["node_modules", ".git", "dist"]);

const documents = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".md") && !path.split("/").some((part) => SKIPPED.has(part)))
  .sort()
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));

test.each(DOCUMENTS)("$file is what npm run generate writes", async ({ file, make }) => {
  expect(readFileSync(join(ROOT, file), "utf8")).toBe(await make());
});

/** The text without code, in which brackets mean something else. */
function prose(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, "").replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, " "));
}

/** The anchors that GitHub makes of headings. */
function anchors(text: string): readonly string[] {
  const headings = [...text.replace(/^```[\s\S]*?^```$/gm, "").matchAll(/^#{1,6} (.+)$/gm)];
  return headings.map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe.each(documents)("$path", ({ path, text }) => {
  test("has links that lead somewhere", () => {
    const links = [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
    const broken = links.filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? join(ROOT, path) : join(ROOT, dirname(path), file);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchors(readFileSync(target, "utf8")).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test("has TOML that is valid", () => {
    for (const [, block = ""] of text.matchAll(/^ *```toml\n([\s\S]*?)^ *```$/gm)) {
      expect(() => parseProject(sourceText(path, block)), block).not.toThrow();
    }
  });
});

test("documents are linked from another one", () => {
  const linked = documents.flatMap(({ path, text }) =>
    [...prose(text).matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, link = ""]) =>
      relative(ROOT, join(ROOT, dirname(path), link)),
    ),
  );
  const lonely = documents.map(({ path }) => path).filter((path) => path.startsWith("docs/") && !linked.includes(path));
  expect(lonely).toEqual([]);
});

/** Messages about what is given to the build, or about nothing that stands in a file. */
const WITHOUT_PLACE = ["context.build-file", "diagnostic.limit", "lint.failed"];

test("messages about a file say the line", () => {
  const text = readFileSync(join(ROOT, "docs/errors.md"), "utf8");
  const messages = [...text.matchAll(/^(.*?)(?:error|warning): .* \[([a-z]+\.[a-z-]+)\]$/gm)];
  expect(messages.length).toBeGreaterThan(40);
  const placeless = messages.filter(([, place = ""]) => !/^\S+:\d+:\d+: $/.test(place)).map(([, , code = ""]) => code);
  expect(placeless.filter((code) => !code.startsWith("option.") && !WITHOUT_PLACE.includes(code))).toEqual([]);
});
