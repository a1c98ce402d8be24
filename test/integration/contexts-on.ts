import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../engine/engines.ts";
import { type GitHttp, startGitHttp } from "../fixture/git-http.ts";
import { type GitSsh, startGitSsh } from "../fixture/git-ssh.ts";
import { type Listening, listen } from "../fixture/listen.ts";
import { tar } from "../fixture/tar.ts";
import { describeOn } from "../support/describe-on.ts";
import { dockerOf, output } from "../support/docker.ts";
import { saveLayout } from "../support/oci-layout.ts";
import { PRINT_REPORT, type ProbeReport, probeProject } from "../support/probe-project.ts";
import { tempProject } from "../support/temp-project.ts";

/** Where a build's files may come from, on one engine. */
export function contextsOn(name: Engine["name"]): void {
  describeOn(name, "contexts", contextTests);
}

type Flags = readonly string[];

/** A project that needs no files but its build file. */
const ALONE = `# syntax=microb/microb
[project]
name = "alone"
version = "1"
[tool.microb.target.default]
python_version = "3.13"
install = "source"
`;

/** A definition for bake with a context that is wherever the definition is. */
const BAKE = {
  "docker-bake.json": JSON.stringify({
    target: { default: { dockerfile: "pyproject.toml", tags: ["microb-test/contexts"] } },
  }),
};

function contextTests(engine: Engine): void {
  const docker = dockerOf(engine);
  const tag = "microb-test/contexts";
  const hasBuildx = engine.buildx !== null;
  const project = probeProject();
  const buildFile = project["pyproject.toml"] ?? "";
  const below = (directory: string): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(project).map(([path, text]) => [`${directory}/${path}`, text]));
  let git: GitHttp;
  let ssh: GitSsh;
  let web: Listening;
  const url = (path: string): string => `http://${web.host}/${path}`;

  beforeAll(async () => {
    git = await startGitHttp({
      repositories: {
        probe: { ...project, ...below("sub/project"), "only-in-git": "", ...BAKE },
        neighbours: { "pyproject.toml": ALONE.replace(/python_version.*\n/, ""), ".python-version": "3.11\n" },
      },
    });
    ssh = await startGitSsh({ repositories: { probe: { ...project, "only-over-ssh": "" } } });
    const pages: Readonly<Record<string, Buffer>> = {
      "/probe.tar": tar({ ...project, "only-in-tar": "" }),
      "/pyproject.toml": Buffer.from(ALONE),
    };
    web = await listen(
      createServer(({ url: path = "" }, response) => {
        response.writeHead(pages[path] === undefined ? 404 : 200).end(pages[path]);
      }),
    );
  });
  afterAll(async () => {
    await Promise.all([git?.stop(), ssh?.stop(), web?.stop(), docker(["rmi", "-f", tag])]);
  });

  async function report(args: Flags, input?: string | Uint8Array, cwd?: string): Promise<ProbeReport> {
    await output(docker, ["build", "-t", tag, ...args], { ...(input !== undefined && { input }), ...(cwd && { cwd }) });
    return JSON.parse(await output(docker, ["run", "--rm", tag, ...PRINT_REPORT])) as ProbeReport;
  }

  test("a git repository", async () => {
    // Docker 20.10 takes the default branch to be called master.
    expect((await report(["-f", "pyproject.toml", `${git.url("probe")}#main`])).files).toEqual(
      expect.arrayContaining(["only-in-git", "pyproject.toml", "sub/project/pyproject.toml"]),
    );
  });

  test("a project in a directory of a git repository, and the whole as its context", async () => {
    const { files } = await report(["-f", "sub/project/pyproject.toml", `${git.url("probe")}#main`]);
    expect(files).toEqual(["backend/backend.py", "pyproject.toml"]);
  });

  // Docker 20.10: "subdir not supported yet".
  test.runIf(hasBuildx)("a directory of a git repository", async () => {
    const { files } = await report(["-f", "pyproject.toml", `${git.url("probe")}#v1:sub/project`]);
    expect(files).toEqual(["backend/backend.py", "pyproject.toml"]);
  });

  test.runIf(hasBuildx)("a git repository by the queries of its URL", async () => {
    const query = `?tag=v1&subdir=sub/project&commit=${git.commit("probe")}`;
    const { files } = await report(["-f", "pyproject.toml", git.url("probe") + query]);
    expect(files).toEqual(["backend/backend.py", "pyproject.toml"]);
  });

  test.runIf(hasBuildx)("a query that is not known", async () => {
    const args = ["build", "--build-arg", "BUILDKIT_SYNTAX=microb/microb", "-f", "pyproject.toml"];
    const { code, stderr } = await docker([...args, `${git.url("probe")}?depth=1`]);
    expect(code).toBe(1);
    expect(stderr).toContain("depth");
  });

  // Docker 20.10 has no agent for its own fetching.
  test.runIf(hasBuildx)("a git repository over ssh", async () => {
    const { files } = await report(["--ssh", `default=${ssh.agentSocket}`, "-f", "pyproject.toml", ssh.url("probe")]);
    expect(files).toContain("only-over-ssh");
  });

  test("the neighbours of a build file in git", async () => {
    await output(docker, ["build", "-t", tag, "-f", "pyproject.toml", `${git.url("neighbours")}#main`]);
    expect(await output(docker, ["run", "--rm", tag, "python", "-V"])).toMatch(/^Python 3\.11/);
  });

  test("the history of a git repository, if it is asked for", async () => {
    const keep = ["--build-arg", "BUILDKIT_CONTEXT_KEEP_GIT_DIR=1"];
    const { files } = await report([...keep, "-f", "pyproject.toml", `${git.url("probe")}#main`]);
    expect(files).toContain(".git/HEAD");
  });

  test("a git repository and SOURCE_DATE_EPOCH, whatever the daemon can do about times", async () => {
    const epoch = ["--build-arg", "SOURCE_DATE_EPOCH=1700000000"];
    const { files } = await report([...epoch, "-f", "pyproject.toml", `${git.url("probe")}#main`]);
    expect(files).toContain("only-in-git");
  });

  test("an archive behind a URL", async () => {
    const { files } = await report(["-f", "pyproject.toml", url("probe.tar")]);
    expect(files).toEqual(["backend/backend.py", "only-in-tar", "pyproject.toml"]);
  });

  test("an archive on the standard input", async () => {
    const { files } = await report(["-f", "pyproject.toml", "-"], tar({ ...project, "only-on-stdin": "" }));
    expect(files).toEqual(["backend/backend.py", "only-on-stdin", "pyproject.toml"]);
  });

  test("a build file on the standard input stands in for that of the context", async () => {
    const cwd = tempProject({ ...project, "pyproject.toml": "[project]\nname = 'other'\n" });
    const { files } = await report(["-f", "-", "."], buildFile, cwd);
    expect(files).toEqual(["backend/backend.py", "pyproject.toml"]);
  });

  test("a build file of this machine for a repository elsewhere", async () => {
    const cwd = tempProject({ "own.toml": buildFile.replace('version = "1"', 'version = "1"\ndescription = "mine"') });
    if (!hasBuildx) return expect((await docker(["build", "-f", "own.toml", git.url("probe")], { cwd })).code).toBe(1);
    const { files } = await report(["-f", join(cwd, "own.toml"), git.url("probe")]);
    expect(files).toContain("own.toml");
    const labels = await output(docker, ["image", "inspect", "-f", "{{json .Config.Labels}}", tag]);
    expect(JSON.parse(labels)).toMatchObject({ "org.opencontainers.image.description": "mine" });
  });

  test("a build file from outside of the context, with its own ignore file", async () => {
    const outside = tempProject({ "pyproject.toml": buildFile, "pyproject.toml.dockerignore": "left-out\n" });
    const { "pyproject.toml": _, ...others } = project;
    const cwd = tempProject({ ...others, "left-out": "", ".dockerignore": "backend\n" });
    const args = ["build", "-t", tag, "-f", join(outside, "pyproject.toml"), "."];
    const { code, stderr } = await docker(args, { cwd });
    expect(code, stderr).toBe(0);
    if (hasBuildx) expect(stderr).toContain("the pyproject.toml given with -f is not in the build context");
    const { files } = JSON.parse(await output(docker, ["run", "--rm", tag, ...PRINT_REPORT])) as ProbeReport;
    expect(files).toEqual([".dockerignore", "backend/backend.py", "pyproject.toml"]);
  });

  test("nothing but the standard input", async () => {
    await output(docker, ["build", "-t", tag, "-"], { input: ALONE });
    const list = "import os; print(os.listdir('/home/nonroot'))";
    expect(await output(docker, ["run", "--rm", tag, "python", "-c", list])).toContain("pyproject.toml");
  });

  test.runIf(hasBuildx)("a build file behind a URL", async () => {
    await output(docker, ["build", "-t", tag, "-f", "pyproject.toml", url("pyproject.toml")]);
    expect(await output(docker, ["run", "--rm", tag, "ls"])).toBe("pyproject.toml\n");
  });

  // Docker 20.10 sends all files when it looks for those of a name.
  test.runIf(hasBuildx)("the files of a directory that are not used are not sent", async () => {
    const cwd = tempProject({ ...below("services/a"), "services/b/large": "x".repeat(3 << 20) });
    const { stderr, code } = await docker(["build", "--no-cache", "-t", tag, "-f", "services/a/pyproject.toml", "."], {
      cwd,
    });
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/transferring context/);
    expect(stderr).not.toMatch(/transferring context: [\d.]+MB/);
  });

  // buildx says where in its repository a directory is; then it need not be looked for.
  test.runIf(hasBuildx)("one of two projects with the same build file, in a repository", async () => {
    const cwd = tempProject({ ...below("services/a"), ...below("services/b"), "services/b/only-in-b": "" });
    const args = ["-f", "services/b/pyproject.toml", "."];
    const failed = await docker(["build", "-t", tag, ...args], { cwd });
    expect(failed.stderr).toContain("more than once: services/a/pyproject.toml, services/b/pyproject.toml");
    execFileSync("git", ["init", "-q"], { cwd });
    expect((await report(args, undefined, cwd)).files).toContain("only-in-b");
  });

  describe.runIf(hasBuildx)("--build-context", () => {
    const copying = (from: string, src: string): string =>
      `copy_files = [{ from = "${from}", src = "${src}", dst = "/copied", chmod = "0755" }]`;
    const copied = (): Promise<string> => output(docker, ["run", "--rm", "--entrypoint", "cat", tag, "/copied"]);
    const build = (table: string, ...flags: Flags): Promise<string> =>
      output(docker, ["build", ...flags, "-t", tag, "-f", "pyproject.toml", "."], {
        cwd: tempProject(probeProject(table)),
      });

    test("a directory, without what its ignore file leaves out", async () => {
      const files = tempProject({ "a/b": "kept", "a/c": "left out", ".dockerignore": "a/c\n" });
      await build(copying("things", "a/"), "--build-context", `things=${files}`);
      const list = ["run", "--rm", "--entrypoint", "ls", tag, "/copied"];
      expect(await output(docker, list)).toBe("b\n");
    });

    test("a git repository", async () => {
      await build(copying("things", "backend/backend.py"), "--build-context", `things=${git.url("probe")}#main`);
      expect(await copied()).toBe(project["backend/backend.py"]);
    });

    test("a URL", async () => {
      await build(copying("things", "context"), "--build-context", `things=${url("probe.tar")}`);
      expect(await copied()).toContain("only-in-tar");
    });

    test("an image", async () => {
      await build(
        copying("things", "/etc/debian_version"),
        "--build-context",
        "things=docker-image://debian:bookworm-slim",
      );
      const inside = ["run", "--rm", "--entrypoint", "cat", "debian:bookworm-slim", "/etc/debian_version"];
      expect(await copied()).toBe(await output(docker, inside));
    });

    // The classic store: "unknown scheme oci-layout".
    test.runIf(engine.store === "containerd")("an image in an OCI layout", async () => {
      const layout = await saveLayout(docker, "python:3.11-slim");
      const flag = `python:3.13-slim=oci-layout://${layout.directory}@${layout.digest}`;
      await build("", "--build-context", flag, "--build-context", "python:3.13=docker-image://python:3.11");
      expect(await output(docker, ["run", "--rm", tag, "python", "-V"])).toMatch(/^Python 3\.11/);
    });

    test("what is not understood is told by its name", async () => {
      const cwd = tempProject(probeProject(copying("things", "a")));
      const args = ["build", "--build-context", "things=docker-image://scratch", "-f", "pyproject.toml", "."];
      const { code, stderr } = await docker(args, { cwd });
      expect(code).toBe(1);
      expect(stderr).toContain("--build-context things=docker-image://scratch: scratch has no files");
    });
  });

  test.runIf(engine.store === "containerd")("provenance names what was used, and nothing else", async () => {
    const directory = tempProject({});
    const file = join(directory, "metadata.json");
    const flags = ["--provenance=mode=max", "--metadata-file", file];
    const replaced = ["--build-context", "python:3.13-slim=docker-image://python:3.13"];
    const unused = ["--build-context", `things=${git.url("neighbours")}`, "--build-context", `files=${directory}`];
    await report([...flags, ...replaced, ...unused, "-f", "pyproject.toml", `${git.url("probe")}#v1`]);
    const { materials, metadata } = JSON.parse(readFileSync(file, "utf8"))["buildx.build.provenance"];
    expect(materials.map(({ uri }: { uri: string }) => uri).sort()).toEqual([
      `${git.url("probe")}#v1`,
      "pkg:docker/microb/microb@latest",
      expect.stringMatching(/^pkg:docker\/python@3\.13\?platform=/),
    ]);
    expect(metadata.completeness.materials).toBe(true);
  });

  test.runIf(hasBuildx)("bake: one target is based on another", async () => {
    const bake = {
      target: {
        base: { "dockerfile-inline": "FROM python:3.13-slim\nENV FROM_BASE=yes\nRUN echo base > /base\n" },
        app: {
          context: "app",
          dockerfile: "pyproject.toml",
          contexts: { "python:3.13-slim": "target:base" },
          tags: [tag],
        },
      },
    };
    const cwd = tempProject({ ...below("app"), "docker-bake.json": JSON.stringify(bake) });
    await output(docker, ["buildx", "bake", "--allow=fs=*", "app"], { cwd });
    const read = "import os; print(open('/base').read(), os.environ['FROM_BASE'])";
    expect(await output(docker, ["run", "--rm", tag, "python", "-c", read])).toBe("base\n yes\n");
  });

  test.runIf(hasBuildx)("bake: one of our targets takes files of another", async () => {
    const table = 'copy_files = [{ from = "front", src = "/site", dst = "/site" }]';
    const front = `${ALONE}copy_files = [{ src = "site/", dst = "/site" }]\n`;
    const bake = {
      target: {
        front: { context: "front", dockerfile: "pyproject.toml" },
        app: { context: "app", dockerfile: "pyproject.toml", contexts: { front: "target:front" }, tags: [tag] },
      },
    };
    const app = Object.entries(probeProject(table)).map(([path, text]) => [`app/${path}`, text]);
    const cwd = tempProject({
      ...Object.fromEntries(app),
      "front/pyproject.toml": front,
      "front/site/index.html": "made by the other",
      "docker-bake.json": JSON.stringify(bake),
    });
    await output(docker, ["buildx", "bake", "--allow=fs=*", "app"], { cwd });
    const read = ["run", "--rm", "--entrypoint", "cat", tag, "/site/index.html"];
    expect(await output(docker, read)).toBe("made by the other");
  });

  test.runIf(hasBuildx)("bake: definition and context in git", async () => {
    await output(docker, ["buildx", "bake", git.url("probe")]);
    const { files } = JSON.parse(await output(docker, ["run", "--rm", tag, ...PRINT_REPORT])) as ProbeReport;
    expect(files).toContain("only-in-git");
  });
}
