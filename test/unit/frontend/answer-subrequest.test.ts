import { describe, expect, test } from "vitest";
import type { FakeBridge, FakeBridgeOptions } from "../../support/fake-bridge.ts";
import { runBuild } from "../../support/run-build.ts";

const IMAGE = { os: "linux", architecture: "amd64", config: { Env: ["PATH=/bin"] } };
const IMAGES = { "docker.io/library/python:3.13": IMAGE, "docker.io/library/python:3.13-slim": IMAGE };

const HEAD = '[project]\nname = "x"\n[build-system]\nrequires = []\n';

function target(name: string, ...lines: readonly string[]): string {
  return `[tool.microb.target.${name}]\npython_version = "3.13"\ncommand = ["x"]\n${lines.join("\n")}\n`;
}

type Asked = Readonly<{ opts?: Readonly<Record<string, string>>; context?: Readonly<Record<string, string>> }>;

async function ask(request: string, toml: string, { opts = {}, context }: Asked = {}): Promise<FakeBridge> {
  const files = { "pyproject.toml": toml };
  const options: FakeBridgeOptions = { locals: { dockerfile: files, context: context ?? files }, images: IMAGES };
  return runBuild(options, { requestid: `frontend.${request}`, ...opts });
}

type Metadata = Readonly<Record<string, string>>;

async function metadata(request: string, toml: string, asked: Asked = {}): Promise<Metadata> {
  const { result, error } = await (await ask(request, toml, asked)).returned;
  expect(error?.message).toBeUndefined();
  // The client has nothing to fetch.
  expect(result?.ref?.id || result?.refDeprecated || "").toBe("");
  return Object.fromEntries(
    Object.entries(result?.metadata ?? {}).map(([key, value]) => [key, Buffer.from(value).toString()]),
  );
}

type Location = Readonly<{ sourceIndex?: number; ranges?: readonly { start: { line: number } }[] }>;
type Warning = Readonly<{ ruleName: string; detail: string; location: Location }>;
type Findings = Readonly<{
  warnings: readonly Warning[];
  sources: readonly { filename: string; data: string }[];
  buildError?: Readonly<{ message: string; location: Location }>;
  text: string;
  status: string;
}>;

async function check(toml: string, asked: Asked = {}): Promise<Findings> {
  const answer = await metadata("lint", toml, asked);
  const findings = JSON.parse(answer["result.json"] ?? "");
  // Printers look these up without asking whether they are there.
  for (const { location } of findings.warnings) expect(location.sourceIndex ?? 0).toBeLessThan(findings.sources.length);
  if (findings.buildError) expect(findings.sources[findings.buildError.location.sourceIndex ?? 0]).toBeDefined();
  return { ...findings, text: answer["result.txt"], status: answer["result.statuscode"] };
}

const rules = ({ warnings }: Findings): readonly string[] => warnings.map(({ ruleName }) => ruleName);

describe("checks", () => {
  test("nothing to say", async () => {
    const found = await check(HEAD + target("default"));
    expect(found).toMatchObject({ warnings: [], text: "", status: "0" });
    expect(found.buildError).toBeUndefined();
  });

  test("what a build knows only with the base image", async () => {
    const found = await check(HEAD + target("default", 'env = { P = "/x:$PATH", N = "$NEVER_SET" }'));
    expect(rules(found)).toEqual(["UnsetVariable"]);
    expect(found.text).toMatch(/^UnsetVariable: pyproject\.toml:8:/);
    expect(found.warnings[0]?.location.ranges?.[0]?.start.line).toBe(8);
    expect(found.status).toBe("1");
    const broken = await check(HEAD + target("default", 'env = { M = "${MUST:?say who}" }'));
    expect(broken.buildError?.message).toContain("say who");
    expect(broken.buildError?.location.ranges?.[0]?.start.line).toBe(8);
  });

  test("a base image that does not exist, besides what else could be better", async () => {
    const found = await check(HEAD + target("default", 'env = { API_TOKEN = "x" }').replace("3.13", "3.12"));
    expect(rules(found)).toEqual(["SecretInEnv"]);
    expect(found.buildError?.message).toContain("[base.unavailable]");
    expect(found.buildError?.location.ranges?.[0]?.start.line).toBe(6);
  });

  test("all targets, or the one that is named; what is true of both is said once", async () => {
    const toml = `# syntax=m\n${HEAD}${target("one", 'env = { A_TOKEN = "x" }')}${target("two", 'env = { B_TOKEN = "x" }')}`;
    expect(rules(await check(toml))).toEqual(["UnpinnedSyntax", "SecretInEnv", "SecretInEnv"]);
    const found = await check(toml, { opts: { target: "two" } });
    expect(found.warnings.map(({ detail }) => /[AB]_TOKEN/.exec(detail)?.[0])).toEqual([undefined, "B_TOKEN"]);
  });

  test("what prevents one target does not hide what is found in others", async () => {
    const found = await check(
      HEAD + target("one", 'requirements = "no.txt"') + target("two", 'env = { A_TOKEN = "x" }'),
    );
    expect(rules(found)).toEqual(["SecretInEnv"]);
    expect(found.buildError?.message).toContain('there is no file "no.txt"');
  });

  test("a build argument that one of the targets uses is used", async () => {
    const toml = HEAD + target("one", 'env = { A = "$USED" }') + target("two");
    const opts = { "build-arg:USED": "1", "build-arg:UNUSED": "1" };
    const found = await check(toml, { opts });
    expect(found.warnings.map(({ detail }) => detail.split("\n")[0])).toEqual([
      "the build argument UNUSED is not used",
    ]);
    expect(rules(await check(toml, { opts: { ...opts, target: "two" } }))).toEqual([
      "UnusedBuildArg",
      "UnusedBuildArg",
    ]);
  });

  test("a build file from outside of the context", async () => {
    expect(rules(await check(HEAD + target("default"), { context: {} }))).toEqual(["BuildFileOutsideContext"]);
  });

  test("too many to show", async () => {
    const env = Array.from({ length: 60 }, (_, index) => `A${index}_TOKEN = "x"`).join(", ");
    const names = rules(await check(HEAD + target("default", `env = { ${env} }`)));
    expect(names).toHaveLength(51);
    expect(names.at(-1)).toBe("MoreFindings");
  });

  test.each([
    ["a target that there is not", HEAD, { target: "web" }, 'there is no target "web"'],
    ["a line of its own that is wrong", `# check=skipp=all\n${HEAD}`, {}, '"skipp=all" is not skip='],
    ["no TOML", "[project", {}, "invalid TOML"],
    ["an empty file", "", { target: "web" }, "pyproject.toml is empty"],
  ])("%s is part of the answer, in a form that clients survive", async (_, toml, opts, message) => {
    const found = await check(toml, { opts });
    expect(found.buildError?.message).toContain(message);
    expect(found.text).toContain(message);
    expect(found.status).toBe("1");
  });

  test.each(["", "# check=what\n", "[[[\n"])("passwords are not in the answer (%j)", async (line) => {
    const index = '[[tool.microb.target.default.indices]]\nurl = "https://h/"\nusername = "u"\npassword = "hunter2"\n';
    const { sources } = await check(line + HEAD + target("default") + index, { opts: { target: "no" } });
    const texts = sources.map(({ data }) => Buffer.from(data, "base64").toString());
    expect(texts.join()).toContain("https://h/");
    expect(texts.join()).not.toContain("hunter2");
    // Nothing that is found points at the file: it is in the answer all the same.
    const silent = await check(`# check=skip=all\n${HEAD}${target("default")}${index}`);
    expect(silent.warnings).toEqual([]);
    expect(silent.sources.map(({ data }) => Buffer.from(data, "base64").toString()).join()).not.toContain("hunter2");
  });

  test("findings are skipped by the file, or by the build", async () => {
    const toml = HEAD + target("default", 'env = { API_TOKEN = "x" }');
    expect(rules(await check(`# check=skip=SecretInEnv\n${toml}`))).toEqual([]);
    const opts = { "build-arg:BUILDKIT_DOCKERFILE_CHECK": "skip=all" };
    expect(rules(await check(toml, { opts }))).toEqual([]);
  });
});

test("a request that nobody knows", async () => {
  const { error } = await (await ask("fortune", HEAD)).returned;
  expect(error?.message).toBe("unsupported request frontend.fortune");
  const [detail] = error?.details ?? [];
  expect(detail?.typeUrl).toBe("github.com/moby/buildkit/errdefs.Subrequest+json");
  expect(JSON.parse(Buffer.from(detail?.value ?? "").toString())).toEqual({ name: "frontend.fortune" });
});

test("what can be asked is said without reading anything", async () => {
  const bridge = await ask("subrequests.describe", HEAD);
  expect(bridge.requests("Solve")).toHaveLength(0);
  const { result } = await bridge.returned;
  const requests = JSON.parse(Buffer.from(result?.metadata?.["result.json"] ?? "").toString());
  expect(requests.map(({ name }: { name: string }) => name)).toEqual([
    "frontend.outline",
    "frontend.targets",
    "frontend.lint",
    "frontend.convertllb",
    "frontend.subrequests.describe",
  ]);
});
