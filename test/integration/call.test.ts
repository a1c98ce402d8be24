import { describe, expect, inject, test } from "vitest";
import { dockerOf, type Outcome, output } from "../support/docker.ts";
import { isFullMatrix } from "../support/full-matrix.ts";
import { tempProject } from "../support/temp-project.ts";

const PROJECT = `# syntax=microb/microb
[project]
name = "shop"
version = "1"
description = "The shop"
dependencies = ["flask"]

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

# The web server
# of the shop.
[tool.microb.target.web]
python_version = "3.13"
entrypoint = ["shop"]
env = { API_TOKEN = "7d3f6a", LEVEL = "\${LEVEL:-info}" }

[[tool.microb.target.web.indices]]
url = "https://packages.example.org/simple/"
username_secret = "index_user"
password_secret = "index_password"
default = true

[tool.microb.target.default]
python_version = "3.13"
command = ["python"]
`;

// Docker 20.10 has no way to ask. The image store has no part in the answers.
const engines = inject("engines").filter(
  ({ buildx, store }) => buildx !== null && (store === "containerd" || isFullMatrix()),
);

describe.each(engines)("--call on $name", (engine) => {
  const docker = dockerOf(engine);
  const call = (what: string, project = PROJECT, ...flags: readonly string[]): Promise<Outcome> =>
    docker(["buildx", "build", "--call", what, ...flags, "-f", "pyproject.toml", "."], {
      cwd: tempProject({ "pyproject.toml": project }),
    });
  const json = async (what: string, project = PROJECT, ...flags: readonly string[]) =>
    JSON.parse((await call(`${what},format=json`, project, ...flags)).stdout);

  test("targets, with what stands above them", async () => {
    const { stdout, code } = await call("targets");
    expect(code).toBe(0);
    expect(stdout.replace(/ +/g, " ")).toContain(
      "TARGET DESCRIPTION\nweb The web server of the shop.\ndefault (default) The shop\n",
    );
    const { targets } = await json("targets");
    expect(targets[0]).toMatchObject({
      name: "web",
      base: "python:3.13-slim",
      location: { ranges: [{ start: { line: 14 } }] },
    });
  });

  test("outline: arguments, secrets", async () => {
    const { stdout, code } = await call("outline", PROJECT, "--target", "web", "--build-arg", "LEVEL=debug");
    expect(code).toBe(0);
    const text = stdout.replace(/ +/g, " ");
    expect(text).toContain("TARGET: web\nDESCRIPTION: The shop\n");
    expect(text).toContain("BUILD ARG VALUE DESCRIPTION\nLEVEL debug for env.LEVEL\n");
    expect(text).toContain("SECRET REQUIRED\nindex_user true\nindex_password true\n");
    const { secrets } = await json("outline", PROJECT, "--target", "web");
    expect(secrets[1]).toMatchObject({ name: "index_password", location: { ranges: [{ start: { line: 22 } }] } });
  });

  test("check: findings at their lines", async () => {
    const { stdout, code } = await call("check");
    expect(code).toBe(1);
    expect(stdout).toContain("SecretInEnv");
    expect(stdout).toMatch(/pyproject\.toml:17\n-+\n[^>]*17 \| >>> env = \{ API_TOKEN/);
    const { warnings } = await json("lint");
    expect(warnings.map(({ ruleName }: { ruleName: string }) => ruleName)).toEqual([
      "UnpinnedSyntax",
      "UnpinnedRequirements",
      "SecretInEnv",
    ]);
  });

  test("check: nothing is found, and nothing is asked for", async () => {
    const silent = PROJECT.replace("microb/microb\n", "microb/microb\n# check=skip=all\n");
    const { stderr, stdout, code } = await call("check", silent);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("Check complete, no warnings found.");
    const flag = "BUILDKIT_DOCKERFILE_CHECK=skip=SecretInEnv,UnpinnedSyntax,UnpinnedRequirements";
    expect((await call("check", PROJECT, "--build-arg", flag)).code).toBe(0);
  });

  test("check: what prevents a build is part of the answer", async () => {
    const { stdout, stderr, code } = await call("check", PROJECT.replace('"flask"', '"flask >="'));
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('"flask >=" is not a requirement');
    expect(stdout + stderr).toMatch(/>>> dependencies = \["flask >="\]/);
  });

  test("check: the client survives what prevents a build and has no line, and a base image that there is not", async () => {
    const elsewhere = await call("check", PROJECT, "--target", "nope");
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.stdout + elsewhere.stderr).toContain('there is no target "nope"');
    expect(elsewhere.stdout + elsewhere.stderr).not.toContain("panic");
    const { stdout, stderr } = await call("check", PROJECT.replaceAll("3.13", "3.77"));
    expect(stdout + stderr).toContain("the image python:3.77");
    expect(stdout).toContain("SecretInEnv");
  });

  test("describe lists what can be asked", async () => {
    const { stdout } = await call("subrequests.describe");
    for (const name of ["outline", "targets", "lint", "convertllb", "describe"]) expect(stdout).toContain(name);
  });

  test("the graph as JSON", async () => {
    const { def } = JSON.parse((await call("convertllb", PROJECT, "--target", "default")).stdout);
    const ops = Object.values(def) as readonly { exec?: object; source?: { identifier: string } }[];
    expect(ops.flatMap(({ source }) => source?.identifier ?? []).join()).toContain("library/python:3.13-slim");
    expect(ops.some(({ exec }) => exec !== undefined)).toBe(true);
  });

  test("a request that nobody knows", async () => {
    expect((await call("fortune")).stderr).toContain("unsupported request frontend.fortune");
  });

  test("warnings of a build, which fails for them if that is wanted", async () => {
    const project = PROJECT.replace(/\[\[tool.*?\n\n/s, "").replace(
      "microb/microb\n",
      "microb/microb\n# check=error=true\n",
    );
    const flags = ["buildx", "build", "--target", "web", "-f", "pyproject.toml", "."];
    const cwd = tempProject({ "pyproject.toml": project });
    const { stderr, code } = await docker(flags, { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain("error=true makes these findings fail the build: SecretInEnv");
    expect(stderr).toContain("1 warning found");
    expect(stderr).toContain("SecretInEnv: the value of API_TOKEN looks like a secret");
    await output(docker, ["buildx", "build", "--call", "targets", "-f", "pyproject.toml", "."], { cwd });
  });
});
