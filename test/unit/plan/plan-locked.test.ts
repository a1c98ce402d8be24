import { expect, test } from "vitest";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { selectPackages } from "../../../src/lock/select-packages.ts";
import { checkHermetic } from "../../../src/plan/check-hermetic.ts";
import { countLayers } from "../../../src/plan/check-layers.ts";
import { lowerPlan } from "../../../src/units/lower-plan.ts";
import { errorsOf, planOf, renderError, type Surroundings } from "../../support/planning.ts";
import { ENVIRONMENT, wheel } from "../units/packages.ts";

const LOCK = `lock-version = "1.0"

[[packages]]
name = "six"
version = "1.17.0"
`;

function toml(target: string, dependencies = '"six>=1.16"'): string {
  return `[project]\nname = "app"\nversion = "1.0"\ndependencies = [${dependencies}]\n\n[project.optional-dependencies]\nweb = ["six<2"]\n\n[build-system]\nrequires = ["hatchling"]\n\n[tool.microb.target.default]\n${target}\n`;
}

const WITH_LOCK: Surroundings = { files: { "pylock.toml": LOCK } };

test("a lock does not change a plan that does not use it", async () => {
  const text = toml("lock = false");
  expect((await planOf(text, WITH_LOCK)).plan).toEqual((await planOf(text)).plan);
  expect((await planOf(text)).plan).toEqual((await planOf(toml(""))).plan);
});

test.each([
  ["lock and requirements exclude each other", 'lock = "pylock.toml"\nrequirements = "r.txt"'],
  ["groups and only_groups exclude each other", 'groups = ["a"]\nonly_groups = ["b"]'],
  ['slim = ["symbols"] needs tools', 'slim = ["symbols"]'],
])("%s", async (message, target) => {
  const files = { ...WITH_LOCK.files, "r.txt": "six\n" };
  expect(await errorsOf(toml(target), { files })).toContain(message);
});

test.each(['groups = ["a"]', 'only_groups = ["a"]', 'member = "a"'])("%s takes a lock", async (target) => {
  const key = target.split(" ")[0];
  expect(await errorsOf(toml(target))).toContain(`${key} needs a lock, and there is none`);
  expect(await errorsOf(toml(`lock = false\n${target}`), WITH_LOCK)).toContain("[key.conflict]");
});

test.each([
  ['"six>=2"', 'pylock.toml does not satisfy "six>=2": it has six 1.17.0'],
  ['"Six==1.17", "flask"', 'pylock.toml does not satisfy "flask": it has no flask'],
])("dependencies %s are not in the lock", async (dependencies, message) => {
  const errors = await errorsOf(toml("", dependencies), WITH_LOCK);
  expect(errors).toContain(message);
  expect(errors).toContain("[lock.stale]");
});

test("a group that is asked for must be in the lock too", async () => {
  const groups = '[dependency-groups]\ndev = ["flask"]\ndocs = [{ include-group = "dev" }]\n';
  await expect(planOf(groups + toml(""), WITH_LOCK)).resolves.toBeDefined();
  for (const target of ['groups = ["docs"]', 'only_groups = ["dev"]']) {
    const errors = await errorsOf(groups + toml(target), WITH_LOCK);
    expect(errors).toContain('pylock.toml does not satisfy "flask": it has no flask');
    expect(errors).toContain("pyproject.toml:2:8");
  }
});

test("so must an extra of a dependency, if the lock tells", async () => {
  const lock = 'version = 1\n[[package]]\nname = "six"\nversion = "1.17.0"\n';
  const errors = await errorsOf(toml("", '"six[fast]"'), { files: { "uv.lock": lock } });
  expect(errors).toContain('uv.lock does not satisfy "six[fast]": it has six without fast');
  await expect(planOf(toml("", '"six[fast]"'), WITH_LOCK)).resolves.toBeDefined();
});

test("what may not concern this platform, or is not installed, does not count", async () => {
  const other = `"six; python_version > '3'", "pywin32; sys_platform == 'win32'", "app[web]"`;
  await expect(planOf(toml('extras = ["web"]', other), WITH_LOCK)).resolves.toBeDefined();
  await expect(planOf(toml('member = "other"', '"flask"'), WITH_LOCK)).resolves.toBeDefined();
  await expect(planOf(toml('only_groups = ["docs"]', '"flask"'), WITH_LOCK)).resolves.toBeDefined();
});

test("mirrors of the build come before those of the target", async () => {
  const target = 'index_mirrors = { "https://a/" = "https://b/", "https://c/" = "https://d/" }';
  const buildArgs = { MICROB_INDEX_MIRRORS: "https://c/=http://e/, https://f/x/=http://g/" };
  const { plan, warnings } = await planOf(toml(target), { ...WITH_LOCK, buildArgs });
  expect(plan.locked?.mirrors).toEqual([
    ["https://c/", "http://e/"],
    ["https://f/x/", "http://g/"],
    ["https://a/", "https://b/"],
  ]);
  expect(warnings).toEqual([]);
});

test.each([
  "x",
  "https://a/",
  "https://a/=file:///b/",
  "https://u:p@a/=https://b/",
  "https://a/=https://u:p@b/",
])("MICROB_INDEX_MIRRORS=%s is no mirror", async (value) => {
  const errors = await errorsOf(toml(""), { ...WITH_LOCK, buildArgs: { MICROB_INDEX_MIRRORS: value } });
  expect(errors).toContain("an entry that is not FROM=TO");
  expect(errors).not.toContain("u:p");
});

async function hermeticErrors(text: string, surroundings: Surroundings = {}): Promise<string> {
  const { plan } = await planOf(text, surroundings);
  const packages = [wheel("six")];
  const complete = lowerPlan(plan, { packages, environment: ENVIRONMENT, runsOnBuildPlatform: true });
  return renderError(() => checkHermetic(complete, sourceText("pyproject.toml", text)));
}

test("a hermetic build of a lock and source needs no network", async () => {
  const { plan } = await planOf(toml('install = "source"\nhermetic = true'), WITH_LOCK);
  const complete = lowerPlan(plan, { packages: [wheel("six")], environment: ENVIRONMENT, runsOnBuildPlatform: true });
  expect(() => checkHermetic(complete, sourceText("pyproject.toml", ""))).not.toThrow();
});

test("what is not hermetic is listed", async () => {
  const target = `system_deps = ["libpq5"]
build_deps = ["gcc"]
add_files = [{ src = "https://example.org/model.bin", dst = "/srv/" }]
hermetic = true`;
  expect(await hermeticErrors(toml(target), WITH_LOCK)).toMatchInlineSnapshot(`
    "4 errors:

    pyproject.toml:9:2: error: the build must be hermetic, but the step "build the project" needs the network [hermetic.network]
      9 | [build-system]
        |  ^^^^^^^^^^^^
      help: set install = "source", or build without hermetic

    pyproject.toml:13:15: error: the build must be hermetic, but the step "install system_deps: libpq5" needs the network [hermetic.network]
      13 | system_deps = ["libpq5"]
         |               ^^^^^^^^^^
      help: remove the key that this step is for, or build without hermetic

    pyproject.toml:14:14: error: the build must be hermetic, but the step "install build_deps: gcc" needs the network [hermetic.network]
      14 | build_deps = ["gcc"]
         |              ^^^^^^^
      help: remove the key that this step is for, or build without hermetic

    pyproject.toml:15:14: error: the build must be hermetic, but the download of "add_files: https://example.org/model.bin" has no checksum [hermetic.network]
      15 | add_files = [{ src = "https://example.org/model.bin", dst = "/srv/" }]
         |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      help: add its checksum = "sha256:…""
  `);
});

test("the build argument says the same, and neither takes back what the other wants", async () => {
  const buildArgs = { MICROB_HERMETIC: "1" };
  expect(await hermeticErrors(toml(""), { ...WITH_LOCK, buildArgs })).toContain(
    '"build the project" needs the network',
  );
  const no = { MICROB_HERMETIC: "0" };
  expect(await hermeticErrors(toml("hermetic = true"), { ...WITH_LOCK, buildArgs: no })).toContain(
    "[hermetic.network]",
  );
  expect(await errorsOf(toml(""), { buildArgs: { MICROB_HERMETIC: "maybe" } })).toContain("neither 1 nor 0");
});

test("without a lock the dependencies are in the way", async () => {
  expect(await hermeticErrors(toml("hermetic = true"))).toContain(
    'the step "install project.dependencies" needs the network',
  );
});

test("layers are counted with those of the base", async () => {
  const { plan } = await planOf(toml('install = "source"'), WITH_LOCK);
  const complete = lowerPlan(plan, { packages: [wheel("six")], environment: ENVIRONMENT, runsOnBuildPlatform: true });
  const rootfs = { type: "layers", diff_ids: ["a", "b", "c"] };
  // The user, the working directory, the environment, one bucket, the project.
  expect(countLayers(complete, { os: "linux", architecture: "amd64", rootfs })).toBe(3 + 5);
});

test("what uv was told about building, and where the project is, is part of what is asked of a lock", async () => {
  const settings = (lines: string): string => `${toml("")}[tool.uv]\n${lines}\n`;
  const files = { "svc/uv.lock": 'version = 1\n[[package]]\nname = "six"\nversion = "1.17.0"\n' };
  const location = { directory: "svc", buildFile: "pyproject.toml" };
  const requestOf = async (lines: string) => (await planOf(settings(lines), { files, location })).plan.locked?.lock;
  expect(await requestOf("")).toMatchObject({ directory: "svc" });
  expect(await requestOf("")).not.toHaveProperty("noBuild");
  expect(await requestOf('no-build = true\nno-binary-package = ["A_b"]')).toMatchObject({
    noBuild: "all",
    noBinary: new Set(["a-b"]),
  });
  const special = 'no-build-isolation-package = ["c"]\nextra-build-dependencies = { D = ["setuptools"] }';
  expect(await requestOf(special)).toMatchObject({ specialBuild: new Set(["c", "d"]) });
  expect(await requestOf("no-build-isolation = true")).toMatchObject({ specialBuild: "all" });
  const other = { "svc/pylock.toml": LOCK };
  const { plan } = await planOf(settings("no-build = true"), { files: other, location });
  expect(plan.locked?.lock).not.toHaveProperty("noBuild");
});

test("a member of a workspace has the lock and the siblings of its root", async () => {
  const member = (name: string): string =>
    `[project]\nname = "${name}"\nversion = "1"\ndependencies = ["core"]\n[build-system]\nrequires = ["hatchling"]\n[tool.uv.sources]\ncore = { workspace = true }\n`;
  const lock = `version = 1
[[package]]
name = "root"
source = { virtual = "." }
[[package]]
name = "api"
source = { editable = "packages/api" }
dependencies = [{ name = "core" }]
[[package]]
name = "core"
version = "1"
source = { editable = "packages/core" }
`;
  const location = { directory: "packages/api", buildFile: "pyproject.toml" };
  const { plan, warnings } = await planOf(member("api"), { files: { "uv.lock": lock }, location });
  expect(warnings).toEqual([]);
  expect(selectPackages(plan.locked?.lock ?? expect.fail(), ENVIRONMENT)).toEqual([
    { name: "core", version: "1", source: { kind: "local", path: "packages/core" } },
  ]);
});
