import { expect, test } from "vitest";
import type { ImagePlan } from "../../../src/plan/image-plan.ts";
import { errorsOf, planOf, type Surroundings, warningsOf } from "../../support/planning.ts";

const project = (target: string, rest = ""): string => `[project]
name = "x"
version = "1"
${rest}
[tool.microb.target.default]
command = ["x"]
${target}
`;

const INDEX = 'indices = [{ url = "https://h/simple", username = "ann", password = "s3cret" }]';
const OF_UV = '[[tool.uv.index]]\nurl = "https://ann:s3cret@h/simple"';

/** What copies of the context leave behind, by their titles. */
function exceptions({ stages }: ImagePlan): readonly string[] {
  return stages.flatMap(({ steps }) =>
    steps.flatMap((step) => {
      if (step.kind === "copy" && step.except) return [`${step.title}: ${step.except.join(" ")}`];
      const [command = ""] = step.kind === "run" ? step.commands.filter((one) => one.startsWith("rm -f")) : [];
      return command === "" ? [] : [`${step.kind === "run" ? step.title : ""}: ${command}`];
    }),
  );
}

const exceptOf = async (toml: string, surroundings?: Surroundings) =>
  exceptions((await planOf(toml, surroundings)).plan);

const ALL = 'copy_files = [{ src = ".", dst = "/srv" }]';
const REQUIREMENTS = { "r.txt": "--extra-index-url https://ann:s3cret@h/simple\nflask\n", "base.txt": "" };
const LEFT_OUT = "is not copied into the image: it has a password or a token in it";

test.each([
  ["an index of the target", project(`install = "source"\n${INDEX}`)],
  ["an index of another target", `${project('install = "source"')}[tool.microb.target.other]\n${INDEX}\n`],
  ["an index of uv", project('install = "source"', OF_UV)],
  ["a comment", `# see https://ann:s3cret@h/\n${project('install = "source"')}`],
])("a build file with a password is no part of a project that is copied: %s", async (_, toml) => {
  const target = toml.includes("target.other") ? { target: "default" } : {};
  expect(await exceptOf(toml, target)).toEqual([
    "copy the project without the build file, which holds a password: rm -f /projectdir/pyproject.toml",
  ]);
  const said = await warningsOf(toml, target);
  expect(said.split(`pyproject.toml ${LEFT_OUT}`)).toHaveLength(2);
  expect(said).not.toContain("s3cret");
});

test("nor is a requirements file, or a file that it includes", async () => {
  const toml = project('install = "source"\nrequirements = "all.txt"');
  const files = { "all.txt": "-r r.txt\n-r base.txt\n", ...REQUIREMENTS };
  expect(await exceptOf(toml, { files })).toEqual(["copy the project: r.txt"]);
  expect(await warningsOf(toml, { files })).toContain(`r.txt:1:1: warning: r.txt ${LEFT_OUT}`);
  const odd = { "a [1].txt": REQUIREMENTS["r.txt"] };
  expect(await exceptOf(toml.replace("all.txt", "a [1].txt"), { files: odd })).toEqual([
    "copy the project without files that hold a password: rm -f '/projectdir/a [1].txt'",
  ]);
});

test("nor are the settings of uv", async () => {
  const files = { "uv.toml": 'extra-index-url = ["https://ann:s3cret@h/simple"]\n' };
  expect(await exceptOf(project(`install = "source"`), { files })).toEqual(["copy the project: uv.toml"]);
});

test.each([
  [".", "/srv", "pyproject.toml r.txt"],
  ["./", "/srv", "pyproject.toml r.txt"],
  ["/", "/srv", "pyproject.toml r.txt"],
  ["a/..", "/srv", "pyproject.toml r.txt"],
])("a directory is copied without them: src = %j", async (src, dst, except) => {
  const table = `requirements = "r.txt"\ncopy_files = [{ src = "${src}", dst = "${dst}" }]\n${INDEX}`;
  const [copy] = await exceptOf(project(table, "[build-system]\nrequires = []"), { files: REQUIREMENTS });
  expect(copy).toMatch(/^copy the project without the build file/);
  const { plan, warnings } = await planOf(project(table, "[build-system]\nrequires = []"), { files: REQUIREMENTS });
  expect(exceptions(plan)).toContain(`copy_files: ${src}: ${except}`);
  expect(warnings.filter(({ code }) => code === "context.secret")).toHaveLength(2);
});

test("of a directory of the context its own files are left out", async () => {
  const location = { directory: "services/a", buildFile: "pyproject.toml" };
  const table = `copy_files = [{ src = "services", dst = "/srv/" }, { src = "other", dst = "/o" }]\n${INDEX}`;
  expect(await exceptOf(project(table, "[build-system]\nrequires = []"), { location })).toContain(
    "copy_files: services: a/pyproject.toml",
  );
});

test.each([
  ["copy_files", "pyproject.toml"],
  ["copy_files", "*.toml"],
  ["copy_files", "p*"],
  ["copy_files_before_build", "./pyproject.toml"],
  ["add_files", "."],
  ["add_files", "pyproject.toml"],
])("what cannot be copied without it is refused: %s of %j", async (key, src) => {
  const said = await errorsOf(project(`${key} = [{ src = "${src}", dst = "/srv/" }]\n${INDEX}`));
  expect(said).toContain("pyproject.toml would be copied into the image, but it has a password or a token in it");
  expect(said).toContain(`src = "${src}"`);
  expect(said).not.toContain("s3cret");
});

test("a package may read its requirements when it is built", async () => {
  const toml = project('requirements = "r.txt"', "[build-system]\nrequires = []");
  expect(await exceptOf(toml, { files: REQUIREMENTS })).toEqual([]);
});

test.each([
  ["no password", 'indices = [{ url = "https://h/simple", username_secret = "u", password_secret = "p" }]'],
  ["the user of ssh", 'env = { A = "ssh://ann@h/x" }'],
])("with %s everything is copied", async (_, table) => {
  expect(await exceptOf(project(`install = "source"\n${ALL}\n${table}`))).toEqual([]);
});
