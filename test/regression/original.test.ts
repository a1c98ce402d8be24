import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseCommandLine } from "../../src/command/command-line.ts";
import { dockerfile } from "../../src/command/dockerfile.ts";
import { llb } from "../../src/command/llb.ts";
import { localContext } from "../../src/command/local-context.ts";
import { llb as pb } from "../../src/pb/generated.js";
import type { ImagePlan } from "../../src/plan/image-plan.ts";
import { dockerfileOf, llbOf } from "../support/emitting.ts";
import { EXAMPLES } from "../support/examples.ts";
import { errorsOf, planOf, type Surroundings, warningsOf } from "../support/planning.ts";
import { tempProject } from "../support/temp-project.ts";
import { callOfPip, runStep, stepsOf } from "./run-step.ts";

/**
 * What was wrong with the original program, one block for each defect. Everything here is about behaviour that must not
 * come back; where only a real build can show it, the block asserts that the integration test for it is there.
 */

const BUILT = '[build-system]\nrequires = ["hatchling"]\n';
const TARGET = "[tool.microb.target.default]\n";

function project(lines = "", target = ""): string {
  return `[project]\nname = "app"\n${lines}\n${BUILT}${TARGET}${target}\n`;
}

async function plan(toml: string, surroundings?: Surroundings): Promise<ImagePlan> {
  return (await planOf(toml, surroundings)).plan;
}

async function printed(toml: string, surroundings?: Surroundings): Promise<string> {
  return dockerfileOf(await plan(toml, surroundings));
}

function integration(file: string): string {
  return readFileSync(join(import.meta.dirname, "../integration", file), "utf8");
}

describe("1: a requirements file was emptied before it was installed", () => {
  const files = { "requirements.lock": "-e .\nclick==8.1.7  # by hand\nfile:.\n-e file:.\nsix\n" };
  const toml = project("", 'requirements = "requirements.lock"');

  test("the file is mounted, not written to, and what is installed from it is its content", async () => {
    const { commands, mounts } = runStep(await plan(toml, { files }), /^install requirements/);
    expect(mounts).toContainEqual(
      expect.objectContaining({
        kind: "context",
        source: "requirements.lock",
        target: "/requirements/requirements.lock",
      }),
    );
    // The commands before pip, run on a copy of the file.
    const root = tempProject({ "requirements/requirements.lock": files["requirements.lock"] });
    mkdirSync(join(root, "tmp"));
    const before = commands.slice(
      0,
      commands.findIndex((text) => text.includes("pip --python")),
    );
    const script = before.join(" && ").replaceAll(/(?<=\s)(?=\/(?:tmp\/)?requirements)/g, root);
    expect(spawnSync("sh", ["-c", script], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
    expect(readFileSync(join(root, "tmp/requirements/requirements.lock"), "utf8")).toBe(
      "click==8.1.7  # by hand\nsix\n",
    );
    expect(readFileSync(join(root, "requirements/requirements.lock"), "utf8")).toBe(files["requirements.lock"]);
  });

  test("an example with a requirements file runs what it installed", () => {
    const example = EXAMPLES.find(({ name }) => name === "requirements-file");
    expect(example?.images.flatMap(({ runs }) => runs)).not.toEqual([]);
  });
});

test("2: a shell took version specifiers for redirections, and markers for the end of the command", async () => {
  const dependencies = [
    "nats-py>=2.7",
    "six<2,!=1.0; python_version >= '3'",
    "uvicorn[standard]",
    "a @ https://x.example/y.whl?a=1&b=2",
  ];
  const step = runStep(await plan(project(`dependencies = ${JSON.stringify(dependencies)}`)), /^install project\.dep/);
  const { words, files } = callOfPip(step);
  expect(words.slice(-4)).toEqual([
    "a @ https://x.example/y.whl?a=1&b=2",
    "nats-py>=2.7",
    `six!=1.0,<2; python_version >= "3"`,
    "uvicorn[standard]",
  ]);
  expect(files).toEqual([]);
});

describe("3: env had no effect under its documented name, nor had any mistyped key", () => {
  test("env is set in both stages and in the image", async () => {
    const found = await plan(project("", 'env = { FOO = "bar" }'));
    for (const stage of ["builder", "runtime"]) {
      expect(stepsOf(found, stage)).toContainEqual(expect.objectContaining({ kind: "env", name: "FOO" }));
    }
    expect(llbOf(found).config.config?.Env).toContain("FOO=bar");
  });

  test("the name that worked still does, with a warning", async () => {
    const toml = project("", 'environment = { FOO = "bar" }');
    expect(llbOf(await plan(toml)).config.config?.Env).toContain("FOO=bar");
    expect(await warningsOf(toml)).toContain('"environment" is the old name of "env"');
  });

  test("an unknown key is an error", async () => {
    expect(await errorsOf(project("", 'enviroment = { FOO = "bar" }'))).toContain('unknown key "enviroment"');
  });
});

test("4: variables, labels and dependencies came in another order each time", async () => {
  const names = ["ZED", "ALPHA", "MID", "BETA", "OMEGA", "KAPPA"];
  const table = `{ ${names.map((name) => `${name} = "1"`).join(", ")} }`;
  const dependencies = JSON.stringify(names.map((name) => name.toLowerCase()));
  const toml = project(`dependencies = ${dependencies}`, `env = ${table}\nlabels = ${table}`);
  const text = await printed(toml);
  const variables = [...text.matchAll(/^ENV (\w+)=1$/gm)]
    .map(([, name]) => name)
    .filter((name) => names.includes(name ?? ""));
  expect(variables).toEqual([...names, ...names]);
  const labels = [...text.matchAll(/^LABEL (\w+)=1$/gm)].map(([, name]) => name);
  expect(labels).toEqual([...names].sort());
  expect(callOfPip(runStep(await plan(toml), /^install project\.dep/)).words.slice(-6)).toEqual(
    names.map((name) => name.toLowerCase()).sort(),
  );
  for (let time = 0; time < 10; time++) expect(await printed(toml)).toBe(text);
});

describe("5: only some specifiers were understood, none at all was an error, and new versions were never chosen", () => {
  const baseOf = async (toml: string): Promise<string | undefined> => (await plan(toml)).stages[0]?.base;

  test.each([
    ["", "3.14"],
    ['requires-python = ">=3.8"', "3.14"],
    ['requires-python = ">=3.8,<3.14"', "3.13"],
    ['requires-python = "~=3.10"', "3.14"],
    ['requires-python = "~=3.10.2"', "3.10"],
    ['requires-python = "==3.11.*"', "3.11"],
    ['requires-python = "==3.11"', "3.11.0"],
    ['requires-python = ">=3.9,!=3.14.*"', "3.13"],
  ])("%s means %s", async (line, version) => {
    expect(await baseOf(project(line))).toBe(`python:${version}`);
  });

  test("Poetry's caret", async () => {
    const poetry = '[tool.poetry]\nname = "app"\n[tool.poetry.dependencies]\npython = "^3.11"\n';
    expect(await baseOf(poetry + BUILT)).toBe("python:3.14");
  });

  test('"3" is a version that >=3.8 admits', async () => {
    expect(await baseOf(project('requires-python = ">=3.8"', 'python_version = "3"'))).toBe("python:3");
  });
});

test("6: valid TOML was not understood: dotted keys, arrays of several types", async () => {
  const toml = `project.name = "app"
project.license.file = "LICENSE"
project.optional-dependencies.web = ["uvicorn"]
[build-system]
requires = []
[dependency-groups]
test = ["pytest", { include-group = "lint" }]
lint = ["ruff"]
[tool.microb.target.default]
extras = ["web"]
`;
  expect(await printed(toml)).toContain("uvicorn");
});

test("7: a checksum was asked of one ADD and not of the other that followed it", async () => {
  const checksum = `sha256:${"ab".repeat(32)}`;
  const source = "https://x.example/model.bin";
  const found = await plan(project("", `add_files = [{ src = "${source}", dst = "/srv/", checksum = "${checksum}" }]`));
  expect(dockerfileOf(found).match(/^ADD .*$/gm)).toEqual([`ADD --checksum=${checksum} ${source} /srv/`]);
  const sources = llbOf(found)
    .definition.def.map((bytes) => pb.Op.decode(bytes).source)
    .filter((one) => one?.identifier === source);
  expect(sources.map((one) => one?.attrs)).toEqual([expect.objectContaining({ "http.checksum": checksum })]);
  expect(integration("options-on.ts")).toContain('test("add_files checks the checksum of a download"');
});

test("8: copy_files_before_build copied the files of copy_files", async () => {
  const found = await plan(
    project(
      "",
      'copy_files_before_build = [{ src = "early", dst = "/early" }]\ncopy_files = [{ src = "late", dst = "/late" }]',
    ),
  );
  const own = (stage: string): readonly string[] =>
    stepsOf(found, stage).flatMap((step) => (step.kind === "copy" && step.origin !== undefined ? step.sources : []));
  expect([own("builder"), own("runtime")]).toEqual([["early"], ["late"]]);
  expect(EXAMPLES.map(({ name }) => name)).toContain("files");
});

describe("9: without a target, any of them was built", () => {
  const table = (name: string): string => `[tool.microb.target.${name}]\ncommand = ["${name}"]\n`;
  const head = `[project]\nname = "app"\n${BUILT}`;

  test.each(["web", "worker", "admin"])("the default one is, not %s", async (name) => {
    expect((await plan(head + table(name) + table("default"))).image.command).toEqual(["default"]);
    expect((await plan(head + table("default") + table(name))).image.command).toEqual(["default"]);
  });

  test("without a default one it is an error that names them", async () => {
    expect(await errorsOf(head + table("web") + table("worker"))).toContain("known targets: web, worker");
  });

  test("the only one is", async () => {
    expect((await plan(head + table("web"))).image.command).toEqual(["web"]);
  });
});

describe("10: the command line crashed without python_version or with requirements, and took no build arguments", () => {
  const args = ["-filename", "pyproject.toml", "--build-arg", "WHO=me"];

  test.each([
    ["nothing set", ""],
    ["a requirements file", 'requirements = "requirements.lock"'],
  ])("%s", async (_, target) => {
    const directory = tempProject({
      "pyproject.toml": project("", `${target}\nlabels = { who = "$WHO" }`),
      "requirements.lock": "six\n",
    });
    const options = parseCommandLine(args);
    const filename = join(directory, options.filename);
    const request = { ...options, filename, context: localContext({ filename }) };
    expect((await dockerfile(request)).text).toContain("LABEL who=me\n");
    expect((await llb(request)).bytes.length).toBeGreaterThan(0);
  });

  test("the example that is documented is there and can be printed", async () => {
    const filename = join(import.meta.dirname, "../../examples/debian/pyproject.toml");
    const request = { filename, context: localContext({ filename }), target: "", buildArgs: new Map() };
    expect((await dockerfile(request)).text).toContain("FROM python:3.11 AS builder");
  });
});

describe("11: Poetry's projects crashed, failed, or were installed without their dependencies", () => {
  const poetry = `[tool.poetry]
name = "app"
version = "2.0"
authors = ["nobody in particular", "Ann <ann@x.example>", "<>"]
[tool.poetry.dependencies]
python = "^3.11"
flask = "^3"
tool = { git = "https://x.example/tool.git", tag = "v1" }
wheel = { url = "https://x.example/wheel-1-py3-none-any.whl" }
[build-system]
requires = ["poetry-core"]
`;

  test("authors of any form are labels", async () => {
    const labels = new Map((await plan(poetry)).image.labels.map(({ name, value }) => [name, value[0]]));
    expect(labels.get("org.opencontainers.image.authors")).toMatch(/^nobody in particular, Ann <ann@x\.example>/);
    expect(labels.get("org.opencontainers.image.title")).toBe("app");
  });

  test("dependencies of every form are installed", async () => {
    const { words } = callOfPip(runStep(await plan(poetry), /^install project\.dependencies/));
    expect(words).toEqual(
      expect.arrayContaining([
        "flask<4,>=3",
        "tool @ git+https://x.example/tool.git@v1",
        "wheel @ https://x.example/wheel-1-py3-none-any.whl",
      ]),
    );
  });
});

describe("12: building the project itself could use neither the indexes nor ssh", () => {
  test("it has the secrets and the configuration of the dependencies' step", async () => {
    const index = '{ url = "https://i.example/simple/", username_secret = "user", password_secret = "password" }';
    const found = await plan(project('dependencies = ["six"]', `indices = [${index}]`));
    const [own, other] = [runStep(found, /^install the project/), runStep(found, /^install project\.dep/)];
    expect(own.mounts).toEqual(expect.arrayContaining(other.mounts.filter(({ kind }) => kind === "secret")));
    expect(own.mounts.filter(({ kind }) => kind === "secret")).toHaveLength(2);
    const preparation = other.commands.filter((text) => /PIP_CONFIG_FILE|^printf/.test(text));
    expect(preparation.length).toBeGreaterThan(0);
    expect(own.commands).toEqual(expect.arrayContaining(preparation));
  });

  test("it has ssh and git when a build requirement takes them", async () => {
    const toml = '[project]\nname = "app"\n[build-system]\nrequires = ["backend @ git+ssh://git@x.example/b.git"]\n';
    const found = await plan(toml);
    expect(runStep(found, /^install the project/).mounts.map(({ kind }) => kind)).toContain("ssh");
    expect(runStep(found, /^install build_deps/).title).toBe("install build_deps: git openssh-client");
  });
});

test("13: a private index could not replace the public one, so that anybody could offer its packages", async () => {
  const found = await plan(
    project('dependencies = ["six"]', 'indices = [{ url = "https://i.example/simple/", default = true }]'),
  );
  for (const title of [/^install project\.dep/, /^install the project/]) {
    const text = runStep(found, title).commands.join("\n");
    expect(text).not.toContain("--extra-index-url");
    expect(text).toMatch(/index-url[ =]+["$\w]*(?:index0|https:\/\/i\.example\/simple\/)/);
  }
});

describe("14: host keys were not checked, and ssh was looked for anywhere in the text", () => {
  test.each([
    ["those that are offered, and no others", { "secrets/known_hosts": "x.example ssh-ed25519 AAAA\n" }, "yes"],
    ["those that are seen first", {}, "accept-new"],
  ])("host keys are checked: %s", async (_, files, checking) => {
    const found = await plan(project('dependencies = ["tool @ git+ssh://git@x.example/tool.git"]'));
    const { commands, mounts } = runStep(found, /^install project\.dep/);
    expect(mounts.map(({ kind }) => kind)).toContain("ssh");
    // The commands before pip, but for the one that looks for the agent, in directories of their own.
    const root = tempProject({ ...files, "shm/empty": "" });
    const before = commands.slice(
      commands.findIndex((text) => text.startsWith("mkdir")),
      commands.findIndex((text) => text.includes("pip --python")),
    );
    const script = [...before, 'echo "$GIT_SSH_COMMAND"'].join(" && ");
    const inRoot = script.replaceAll("/dev/shm", `${root}/shm`).replaceAll("/run/secrets", `${root}/secrets`);
    const { stdout, stderr } = spawnSync("sh", ["-c", inRoot], { encoding: "utf8" });
    expect({ stdout, stderr }).toEqual({
      stdout: expect.stringMatching(new RegExp(`-o StrictHostKeyChecking=${checking}\\b`)),
      stderr: "",
    });
    expect(stdout).toMatch(/-o UserKnownHostsFile=\S+known_hosts\b/);
  });

  test.each([
    "git-ssh-tool @ https://x.example/t.whl",
    "tool @ https://x.example/git+ssh://t.whl",
    "tool @ git+https://x.example/git+ssh.git",
    "git-ssh",
  ])("%s takes no ssh", async (text) => {
    expect(await printed(project(`dependencies = [${JSON.stringify(text)}]`))).not.toContain("type=ssh");
  });
});

describe("15: directories called tests were removed from all packages, and libraries stripped only where it happened to work", () => {
  test("nothing is removed unasked", async () => {
    const text = await printed(project('dependencies = ["numpy"]'));
    expect(text).not.toMatch(/\bstrip\b|\bfind\b.*\brm\b|-delete/);
  });

  test.each(["debian", "alpine"])("what strips is installed on %s", async (flavor) => {
    const found = await plan(project("", `flavor = "${flavor}"\nslim = ["symbols"]`));
    expect(runStep(found, /^install build_deps/).title).toContain("binutils");
    expect(runStep(found, /^slim/).commands.join()).toMatch(/\bstrip\b/);
  });
});

test("16: the base image emptied the cache of apt after every run", async () => {
  const { commands, mounts } = runStep(await plan(project("", 'build_deps = ["gcc"]')), /^install build_deps/);
  expect(mounts.map((mount) => "target" in mount && mount.target)).toEqual(["/var/cache/apt", "/var/lib/apt"]);
  const cleaner = commands.findIndex((text) => text.startsWith("rm -f /etc/apt/apt.conf.d/docker-clean"));
  const install = commands.findIndex((text) => text.includes("apt-get install"));
  expect(cleaner).toBeGreaterThanOrEqual(0);
  expect(cleaner).toBeLessThan(install);
});

describe("17: a change of any file installed everything again", () => {
  const toml = project('version = "1"\ndescription = "one"\ndependencies = ["six"]');

  /** The ops of a plan that lead to the step which installs the dependencies. */
  function dependencyOps(found: ImagePlan): readonly string[] {
    const { def } = llbOf(found).definition;
    const wanted = def.findIndex((bytes) =>
      pb.Op.decode(bytes).exec?.meta?.args?.some(
        (text) => text.includes("pip --python") && !text.includes("/projectdir"),
      ),
    );
    expect(wanted).toBeGreaterThanOrEqual(0);
    return def.slice(0, wanted + 1).map((bytes) => Buffer.from(bytes).toString("hex"));
  }

  test("metadata and other tools' tables do not reach the dependencies' step", async () => {
    const changed = toml.replace('"1"', '"2"').replace('"one"', '"two"').concat("[tool.ruff]\nline-length = 100\n");
    expect(changed).not.toBe(toml);
    const [before, after] = [dependencyOps(await plan(toml)), dependencyOps(await plan(changed))];
    expect(after.at(-1)).toBe(before.at(-1));
  });

  test("the source is copied after them, without the repository and what tools leave behind", async () => {
    const found = await plan(toml);
    const kinds = stepsOf(found, "builder").map((step) => ("title" in step ? step.title : step.kind));
    expect(kinds.indexOf("copy the project")).toBeGreaterThan(kinds.indexOf("install project.dependencies"));
    expect(found.exclude.join(" ")).toMatch(/\.git\b.*\.venv.*build.*dist/);
  });

  test("on a real engine nothing is installed again", () => {
    expect(integration("options-on.ts")).toContain(
      'test("a change of metadata or of another table does not run the environment\'s step again"',
    );
  });
});

describe("18: errors named a line of a Dockerfile that nobody had written, and some ended the program", () => {
  test.each([
    ["a missing file", project("", 'requirements = "none.txt"'), "pyproject.toml:7:16: error:"],
    ["a mistyped key", project("", 'flavour = "alpine"'), "pyproject.toml:7:1: error:"],
    ["a requirement", project('dependencies = ["six >= "]'), "pyproject.toml:3:17: error:"],
    ["no TOML", "[project\n", "pyproject.toml:1:9: error:"],
  ])("%s is an error with its place in the build file", async (_, toml, place) => {
    const text = await errorsOf(toml);
    expect(text).toContain(place);
    expect(text).toMatch(/^ {2}\d+ \| .*\n {2} +\| +\^/m);
    expect(text).not.toContain("Dockerfile");
  });

  test("all of them come at once", async () => {
    expect(await errorsOf(project("", 'flavour = "alpine"\nbuild_deps = "gcc"\n'))).toMatch(/^2 errors:/);
  });

  test("nothing but the entrypoints ends the program", () => {
    const sources = ["config", "facts", "plan", "emit", "frontend", "command"].map((folder) =>
      join(import.meta.dirname, "../../src", folder),
    );
    for (const directory of sources) expect(existsSync(directory)).toBe(true);
    const { stdout } = spawnSync("grep", ["-rnE", "process\\.(exit|abort)", ...sources], { encoding: "utf8" });
    expect(stdout).toBe("");
  });

  test("a step that fails on a real engine says so", () => {
    expect(integration("bad-input-on.ts")).toContain('test("a build step that fails says so as a Dockerfile\'s would"');
  });
});
