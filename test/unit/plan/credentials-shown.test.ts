import { describe, expect, test } from "vitest";
import { completeLocal } from "../../../src/command/complete-local.ts";
import { locateDiagnostics, renderDiagnostics } from "../../../src/diagnostic/render.ts";
import { UserError } from "../../../src/diagnostic/user-error.ts";
import { lint } from "../../../src/lint/lint.ts";
import { NAME_KEY } from "../../../src/llb/op-metadata.ts";
import { dockerfileOf, llbOf } from "../../support/emitting.ts";
import { planOf } from "../../support/planning.ts";

/** A password that nobody encoded, with all that ends a word somewhere; its parts are looked for. */
const PASSWORD = "s3cr@t/Xy?#7'q Z9k";
const PARTS = ["s3cr", "Xy", "7'q", "Z9k"];
const URL_OF = `https://ann:${PASSWORD}@host.example/simple`;
const BARE = `//ann:${PASSWORD}@host.example/simple`;
const SHORT = "https://ann:s3cr%40Xy@host.example/simple";

const project = (target: string, rest = ""): string =>
  `[project]\nname = "x"\nversion = "1"\n${rest}\n[tool.microb.target.default]\ncommand = ["x"]\n${target}\n`;

type Case = readonly [what: string, toml: string, files?: Readonly<Record<string, string>>];

const s = JSON.stringify;

/** Where the text of a user is quoted, or becomes a name of a step, a comment, a line of the history. */
const CASES: readonly Case[] = [
  ["a requirement that is none", project("", `dependencies = [${s(`x @@ ${URL_OF}`)}]`)],
  ["a long one", project("", `dependencies = [${s(`x @@ https://ann:${"s3cr".repeat(60)}@h/`)}]`)],
  ["a URL without a scheme", project("", `dependencies = [${s(`x @@ ${BARE}`)}]`)],
  ["a requirement of the build", project("", `[build-system]\nrequires = [${s(`x @@ ${URL_OF}`)}]`)],
  ["a key that is a URL", project(`index_mirrors = { ${s(URL_OF)} = "x" }`)],
  ["a value of such a key", project(`index_mirrors = { "https://h/" = ${s(URL_OF)} }`)],
  ["an unknown key", project(`${s(URL_OF)} = 1`)],
  ["the URL of an index", project(`indices = [{ url = ${s(URL_OF)} }]`)],
  ["a password of a wrong type", project(`indices = [{ url = "https://h/", password = ["s3cr Xy"] }]`)],
  ["a mistyped password", project(`indices = [{ url = "https://h/", pasword = "s3cr Xy" }]`)],
  ["a base version", project(`python_version = ${s(URL_OF)}`)],
  ["the name of an image", project(`copy_files = [{ from = ${s(URL_OF)}, src = "a", dst = "/a" }]`)],
  ["a source that is a URL", project(`copy_files = [{ src = ${s(URL_OF)}, dst = "/a" }]`)],
  ["a download", project(`add_files = [{ src = ${s(SHORT)}, dst = "/a" }]`)],
  ["a relative target", project(`add_files = [{ src = ${s(SHORT)}, dst = ${s(URL_OF)} }]`)],
  ["a requirements file that is a URL", project(`requirements = ${s(URL_OF)}`)],
  ["a lock that is a URL", project(`lock = ${s(URL_OF)}`)],
  ["a variable of the image", project(`env = { API_TOKEN = "s3cr Xy" }`)],
  ["a variable that is a URL", project(`env = { DATABASE = ${s(SHORT)} }`)],
  ["a mirror", project("", `[[tool.uv.index]]\nname = "a"\nurl = ${s(URL_OF)}`)],
  ["a source of Poetry", `[tool.poetry]\nname = "x"\nversion = "1"\n[[tool.poetry.source]]\nurl = ${s(URL_OF)}\n`],
  ["a git token", project("", `dependencies = ["x @ git+https://s3crXyZ9k@git.example/x@v1"]`)],
  [
    "a git token of uv",
    project("", `dependencies = ["x"]\n[tool.uv.sources]\nx = { git = "https://s3crXyZ9k@git.example/x" }`),
  ],
  [
    "a requirements file",
    project('requirements = "r.txt"'),
    { "r.txt": `--extra-index-url ${SHORT}\n-i //ann:s3cr@h/\n` },
  ],
  ["a wrong line of one", project('requirements = "r.txt"'), { "r.txt": `x @@ ${URL_OF}\n-r ../${URL_OF}\n` }],
  ["an included URL", project('requirements = "r.txt"'), { "r.txt": `-r ${URL_OF}\n` }],
  ["links", project('requirements = "r.txt"'), { "r.txt": `--find-links ${SHORT}\n-f //ann:s3cr@h/\n` }],
  ["a lock that is none", project(""), { "uv.lock": `version = 1\n[[package]]\nname = ${s(URL_OF)}\n` }],
  ["a broken lock", project(""), { "uv.lock": `version = 1\nx = "${SHORT}\n` }],
  ["settings of uv", project(""), { "uv.toml": `index-url = ${s(SHORT)}\nextra-index-url = 1 ${SHORT}\n` }],
  ["an ignore file", project('install = "source"'), { ".dockerignore": `[ ${SHORT}\n!${URL_OF}\n` }],
  ["a version file", project(""), { ".python-version": `${SHORT}\n` }],
];

/** All that leaves the program about a project, if it is planned; a Dockerfile without its instructions. */
async function shown([, toml, files = {}]: Case): Promise<string> {
  try {
    const planned = completeLocal(await planOf(toml, { files }));
    const found = lint(planned);
    const { definition, config } = llbOf(planned.plan);
    const names = Object.values(definition.metadata).map(({ description }) => description?.[NAME_KEY] ?? "");
    return [
      renderDiagnostics(await locateDiagnostics(found), "warning"),
      ...names,
      ...(config.history ?? []).map(({ created_by }) => created_by ?? "").filter((line) => !line.startsWith("ENV ")),
      ...dockerfileOf(planned.plan)
        .split("\n")
        .filter((line) => line.startsWith("#")),
    ].join("\n");
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return renderDiagnostics(await locateDiagnostics(error.diagnostics), "error");
  }
}

describe("no text shows credentials", () => {
  test.each(CASES.map((one) => [one[0], one] as const))("%s", async (_, one) => {
    const text = await shown(one);
    expect(text).not.toBe("");
    for (const part of PARTS) expect(text).not.toContain(part);
  });
});

test.each([
  [
    "a git token",
    project("", 'dependencies = ["x @ git+https://t0ken@git.example/x"]'),
    {},
    "[requirement.credentials]",
  ],
  [
    "an index",
    project('requirements = "r.txt"'),
    { "r.txt": `\n-i ${SHORT}\n` },
    "r.txt:2:1: warning: the requirements file contains a password",
  ],
  ["links", project('requirements = "r.txt"'), { "r.txt": `--find-links=${SHORT}\n` }, "[requirement.credentials]"],
  [
    "an index of a tool",
    project("", `[[tool.uv.index]]\nurl = ${s(SHORT)}`),
    {},
    "the URL of an index of uv has a password in it [index.literal]",
  ],
  [
    "a download",
    project(`add_files = [{ src = ${s(SHORT)}, dst = "/a" }]`),
    {},
    "which the provenance of the image shows [index.literal]",
  ],
  ["a variable", project(`env = { DATABASE = ${s(SHORT)} }`), {}, "[env.secret]"],
] as const)("is warned of at its place: %s", async (what, toml, files, expected) => {
  expect(await shown([what, toml, files])).toContain(expected);
});
