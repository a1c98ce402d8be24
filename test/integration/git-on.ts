import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Engine } from "../engine/engines.ts";
import { type GitHttp, startGitHttp } from "../fixture/git-http.ts";
import { type GitSsh, startGitSsh } from "../fixture/git-ssh.ts";
import { sourceTree } from "../fixture/source-tree.ts";
import { describeOn } from "../support/describe-on.ts";
import { dockerOf, type Outcome, output } from "../support/docker.ts";
import { difference, imageContents } from "../support/image-contents.ts";
import { buildDockerfileOf } from "../support/printed-dockerfile.ts";
import { tempProject } from "../support/temp-project.ts";

/** Requirements from git servers, over ssh and http. */
export function gitOn(name: Engine["name"]): void {
  describeOn(name, "requirements from git", gitTests);
}

function gitTests(engine: Engine): void {
  const docker = dockerOf(engine);
  const tag = "microb-test/git";
  let ssh: GitSsh;
  let http: GitHttp;

  beforeAll(async () => {
    ssh = await startGitSsh({ repositories: { private: sourceTree({ name: "over-ssh" }) } });
    http = await startGitHttp({ repositories: { shared: sourceTree({ name: "over-http" }) } });
  });
  afterAll(async () => {
    await Promise.all([ssh?.stop(), http?.stop()]);
  });
  afterEach(() => docker(["rmi", "-f", tag, `${tag}-dockerfile`]));

  const project = (requirement: string, table = ""): string => `# syntax=microb/microb
[project]
name = "from-git"
version = "1"
dependencies = [${JSON.stringify(requirement)}]
[tool.microb.target.default]
python_version = "3.13"
install = "source"
${table}
`;
  const overSsh = (): string => `over-ssh @ git+${ssh.url("private")}@${ssh.commit("private")}`;
  const agent = (): readonly string[] => ["--ssh", `default=${ssh.agentSocket}`];
  const KNOWN = ["--secret", "id=known_hosts,src=secrets/known_hosts"];
  /** The builder as it is in the end, to look for what was left behind. */
  const BUILDER = 'copy_files = [{ from = "builder", src = "/", dst = "/builder" }]';

  async function build(files: Readonly<Record<string, string>>, flags: readonly string[]): Promise<Outcome> {
    const cwd = tempProject({ ".dockerignore": "secrets\n", ...files });
    return docker(["build", "--no-cache", ...flags, "-t", tag, "-f", "pyproject.toml", "."], { cwd });
  }

  test.each([
    "pip",
    "uv",
  ])("over ssh with an agent and the host's key, and both readings give the same image: %s", async (installer) => {
    const directory = tempProject({
      ".dockerignore": "secrets\n",
      "secrets/known_hosts": ssh.knownHosts,
      "pyproject.toml": project(overSsh(), `installer = "${installer}"`),
    });
    const flags = [...agent(), ...KNOWN];
    await output(docker, ["build", "--no-cache", ...flags, "-t", tag, "-f", "pyproject.toml", "."], { cwd: directory });
    expect(await output(docker, ["run", "--rm", tag, "python", "-c", "import over_ssh; print(1)"])).toBe("1\n");
    await buildDockerfileOf(docker, { directory, flags, tag: `${tag}-dockerfile` });
    expect(ssh.log()).toEqual(ssh.log().map(() => ({ accepted: true, command: "git-upload-pack '/srv/private.git'" })));
    const twins = [await imageContents(engine, tag), await imageContents(engine, `${tag}-dockerfile`)] as const;
    expect(difference(...twins)).toEqual({});
  });

  test("a host that is not known is accepted, and neither its key nor its name stays", async () => {
    const built = await build({ "pyproject.toml": project(overSsh(), BUILDER) }, agent());
    expect(built).toMatchObject({ code: 0 });
    const [host = "", key = ""] = [ssh.host.replace(/:.*/, ""), ssh.knownHosts.trim().split(" ").at(-1)];
    expect(built.stderr).toContain(`Permanently added '[${host}]`);
    const search = `find / -xdev -name 'known_hosts*' -print; grep -rlF -e '${key}' /builder /home /root /etc; true`;
    const found = await output(docker, ["run", "--rm", "--user", "0", "--entrypoint", "sh", tag, "-c", search]);
    expect(found).toBe("");
  });

  test("another key of the host is refused", async () => {
    const before = ssh.log().length;
    const files = { "pyproject.toml": project(overSsh()), "secrets/known_hosts": ssh.wrongKnownHosts };
    const failed = await build(files, [...agent(), ...KNOWN]);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("REMOTE HOST IDENTIFICATION HAS CHANGED");
    expect(failed.stderr).toContain("Host key verification failed");
    expect(ssh.log()).toHaveLength(before);
  });

  test("a host that is missing among those that are known is refused", async () => {
    const files = { "pyproject.toml": project(overSsh()), "secrets/known_hosts": "example.org ssh-ed25519 AAAA\n" };
    const failed = await build(files, [...agent(), ...KNOWN]);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("Host key verification failed");
  });

  test("without an agent the build says what it needs", async () => {
    const failed = await build({ "pyproject.toml": project(overSsh()) }, []);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(
      /^#\d+ [\d.]+ microb: a git\+ssh requirement needs an ssh agent.*pass --ssh default/m,
    );
  });

  test("a server that does not answer is named", async () => {
    const requirement = "gone @ git+ssh://git@198.51.100.1:1/srv/gone.git@v1";
    const failed = await build({ "pyproject.toml": project(requirement) }, agent());
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("connect to host 198.51.100.1 port 1");
  });

  test("over http", async () => {
    const requirement = `over-http @ git+${http.url("shared")}@${http.commit("shared")}`;
    expect(await build({ "pyproject.toml": project(requirement) }, [])).toMatchObject({ code: 0 });
    expect(await output(docker, ["run", "--rm", tag, "python", "-c", "import over_http; print(1)"])).toBe("1\n");
  });
}
