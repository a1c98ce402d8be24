import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import type { Engine } from "../engine/engines.ts";
import { buildBackend } from "../fixture/build-backend.ts";
import { HARD_PASSWORD, withCredentials } from "../fixture/credentials.ts";
import { type GitHttp, startGitHttp } from "../fixture/git-http.ts";
import { type GitSsh, startGitSsh } from "../fixture/git-ssh.ts";
import { type PrivateIndex, startPrivateIndex } from "../fixture/private-index.ts";
import { sourceTree } from "../fixture/source-tree.ts";
import { dockerOf, type Outcome } from "../support/docker.ts";
import { isFullMatrix } from "../support/full-matrix.ts";
import { tempProject } from "../support/temp-project.ts";

// The servers that other tests use, tried with plain Dockerfiles: what they prove does not depend on the frontend.

const ALICE = { user: "alice@corp", password: HARD_PASSWORD };
const BOB = { user: "bob", password: "slash/colon: and\ttab" };

let index: PrivateIndex;
let ssh: GitSsh;
let http: GitHttp;
const running: { stop(): Promise<void> }[] = [];

async function keep<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const started = await starting;
  running.push(started);
  return started;
}

const engines = inject("engines").filter(({ name }) => name === "floor" || (name === "containerd" && isFullMatrix()));

describe.skipIf(engines.length === 0)("fixtures", () => {
  beforeAll(async () => {
    index = await keep(
      startPrivateIndex({
        realms: {
          "team-a": {
            credentials: ALICE,
            packages: [
              { name: "alpha-lib", requires: ["alpha-dep>=1"] },
              { name: "alpha-dep", version: "1.5" },
              { name: "alpha-src", builtBy: "alpha-backend" },
              buildBackend("alpha-backend"),
            ],
          },
          "team-b": { credentials: BOB, packages: [{ name: "beta-lib", module: "print('beta')\n" }] },
        },
        hang: 300,
      }),
    );
    ssh = await keep(startGitSsh({ repositories: { private: sourceTree({ name: "over-ssh" }) } }));
    http = await keep(
      startGitHttp({ repositories: { shared: sourceTree({ name: "over-http" }) }, credentials: ALICE }),
    );
  });
  afterAll(() => Promise.all(running.map((one) => one.stop())));
  afterEach(() => {
    for (const path of ["/team-a/", "/team-a/files/alpha_dep"]) index.behave(path, null);
    index.clearLog();
  });

  describe.each(engines)("on $name", (engine) => {
    const tag = "microb-test/fixtures";
    afterEach(() => dockerOf(engine)(["rmi", "-f", tag]));
    const build = (files: Readonly<Record<string, string>>, ...flags: readonly string[]): Promise<Outcome> =>
      buildOn(engine, tag, files, flags);

    test("each realm gives its packages, and their files, to its own credentials", async () => {
      const outcome = await build(
        {
          Dockerfile: pipStep(
            "alpha-lib alpha-src beta-lib && python -c 'import alpha_lib, alpha_src_built_by, beta_lib'",
          ),
          "pip.conf": pipConf(index.urlWithCredentials("team-a"), index.urlWithCredentials("team-b")),
        },
        "--secret",
        "id=pip,src=pip.conf",
      );
      expect(outcome).toMatchObject({ code: 0 });
      const asked = index.log();
      for (const [realm, credentials] of [["team-a", ALICE] as const, ["team-b", BOB] as const]) {
        const its = asked.filter(({ path }) => path.startsWith(`/${realm}/`));
        expect(its.filter((request) => request.path.startsWith(`/${realm}/files/`))).not.toEqual([]);
        expect(its.filter((request) => JSON.stringify(request.credentials) !== JSON.stringify(credentials))).toEqual(
          [],
        );
        expect(its.filter(({ status }) => status === 401)).toEqual([]);
      }
      // The backend of the source distribution came in an isolated build.
      expect(asked.map(({ path }) => path)).toContain("/team-a/files/alpha_backend-1.0-py3-none-any.whl");
    });

    test("without credentials, or with those of another realm, it is 401", async () => {
      const urls = [index.url("team-a"), withCredentials(index.url("team-b"), ALICE)];
      for (const url of urls) {
        const outcome = await build(
          { Dockerfile: pipStep("alpha-lib beta-lib"), "pip.conf": pipConf(url) },
          "--secret",
          "id=pip,src=pip.conf",
        );
        expect(outcome.code).not.toBe(0);
      }
      expect(index.log()).toContainEqual({ method: "GET", path: "/team-a/simple/alpha-lib/", status: 401 });
      expect(index.log()).toContainEqual(
        expect.objectContaining({ path: expect.stringMatching("^/team-b/"), status: 401, credentials: ALICE }),
      );
      expect(index.log().filter(({ status }) => status === 200)).toEqual([]);
    });

    test("git over ssh, with the agent and the host's key", async () => {
      const outcome = await build(
        { Dockerfile: gitStep(ssh.url("private"), ssh.commit("private")), hosts: ssh.knownHosts },
        ...sshFlags(),
      );
      expect(outcome).toMatchObject({ code: 0 });
      expect(ssh.log().at(-1)).toEqual({ accepted: true, command: "git-upload-pack '/srv/private.git'" });
    });

    test("git over ssh is refused with another host key, or without an agent", async () => {
      const before = ssh.log().length;
      const files = { Dockerfile: gitStep(ssh.url("private"), ssh.commit("private")) };
      const wrong = await build({ ...files, hosts: ssh.wrongKnownHosts }, ...sshFlags());
      expect(wrong.code).not.toBe(0);
      expect(wrong.stderr).toContain("REMOTE HOST IDENTIFICATION HAS CHANGED");
      const Dockerfile = files.Dockerfile.replace("--mount=type=ssh ", "");
      const keyless = await build({ Dockerfile, hosts: ssh.knownHosts }, ...sshFlags());
      expect(keyless.code).not.toBe(0);
      expect(keyless.stderr).toContain("Permission denied (publickey)");
      expect(ssh.log()).toHaveLength(before);
    });

    test("git over http, with credentials", async () => {
      const install = (url: string) => `git+${url}@${http.commit("shared")}`;
      const files = (url: string) => ({
        Dockerfile: `FROM python:3.13\nRUN --mount=type=secret,id=r,required=true pip install -r /run/secrets/r && python -c 'import over_http'\n`,
        r: `over-http @ ${install(url)}\n`,
      });
      const outcome = await build(files(http.urlWithCredentials("shared")), "--secret", "id=r,src=r");
      expect(outcome).toMatchObject({ code: 0 });
      expect(http.log().at(-1)).toMatchObject({ status: 200, credentials: ALICE, path: "/shared.git/git-upload-pack" });
      const anonymous = await build(files(http.url("shared")), "--secret", "id=r,src=r");
      expect(anonymous.code).not.toBe(0);
      expect(http.log().at(-1)).toEqual({ method: "GET", path: "/shared.git/info/refs", status: 401 });
    });
  });

  test("a shell, a terminal or another path is not to be had over ssh", async () => {
    const git = dockerOf(engines[0] as Engine);
    const script = `set -x; for c in id "git-upload-pack '/etc'" "git-upload-pack '/srv/../etc/x.git'" "git-receive-pack '/srv/private.git'"
      do ssh -o BatchMode=yes -o UserKnownHostsFile=/hosts -i /key -p ${ssh.host.split(":")[1]} git@${ssh.host.split(":")[0]} "$c" && exit 1; done; true`;
    const directory = tempProject({ hosts: ssh.knownHosts });
    const mounts = ["-v", `${directory}/hosts:/hosts:ro`, "-v", `${ssh.privateKey}:/key:ro`];
    const outcome = await git(["run", "--rm", ...mounts, "python:3.13", "sh", "-c", script]);
    expect(outcome).toMatchObject({ code: 0 });
    expect(
      ssh
        .log()
        .slice(-4)
        .map(({ accepted }) => accepted),
    ).toEqual([false, false, false, false]);
  });

  test("a path of the index misbehaves as it is told to", async () => {
    const headers = { authorization: `Basic ${Buffer.from(`${ALICE.user}:${ALICE.password}`).toString("base64")}` };
    const get = (path: string) => fetch(`http://${index.host}${path}`, { headers });
    expect((await get("/team-a/simple/alpha-dep/")).status).toBe(200);
    for (const mode of ["401", "404", "500"] as const) {
      index.behave("/team-a/", mode);
      expect((await get("/team-a/simple/alpha-dep/")).status).toBe(Number(mode));
    }
    index.behave("/team-a/", "hang");
    const started = Date.now();
    await expect(get("/team-a/simple/alpha-dep/")).rejects.toThrow();
    expect(Date.now() - started).toBeGreaterThan(250);
    expect(index.log().at(-1)).toMatchObject({ status: "hang" });
    index.behave("/team-a/", null);
    const link = async () => /sha256=(\w+)/.exec(await (await get("/team-a/simple/alpha-dep/")).text())?.[1];
    const right = await link();
    index.behave("/team-a/files/alpha_dep", "wrong-hash");
    expect(await link()).not.toBe(right);
    expect(new URL(index.fileUrl("team-a", "alpha-dep")).pathname).toBe("/team-a/files/alpha_dep-1.5-py3-none-any.whl");
  });

  test("credentials are compared as UTF-8 and as latin-1", async () => {
    for (const encoding of ["utf8", "latin1"] as const) {
      const sent = Buffer.from(`${ALICE.user}:${ALICE.password}`, encoding).toString("base64");
      const headers = { authorization: `Basic ${sent}` };
      expect((await fetch(index.url("team-a"), { headers })).status).toBe(200);
    }
  });

  test("they listen on one address only", async () => {
    for (const { host } of [index, ssh, http]) {
      await expect(reach("127.0.0.1", Number(host.split(":")[1]))).rejects.toThrow("ECONNREFUSED");
    }
  });

  test("what was stopped is gone, and may be stopped again", async () => {
    const own = [
      await startPrivateIndex({ realms: { open: { packages: [{ name: "free" }] } } }),
      await startGitSsh({ repositories: { x: {} } }),
      await startGitHttp({ repositories: { x: {} } }),
    ];
    for (const { host, stop } of own) {
      const [address = "", port] = host.split(":");
      await reach(address, Number(port));
      await stop();
      await stop();
      await expect(reach(address, Number(port))).rejects.toThrow("ECONNREFUSED");
    }
  });
});

function buildOn(
  engine: Engine,
  tag: string,
  files: Readonly<Record<string, string>>,
  flags: readonly string[],
): Promise<Outcome> {
  const cwd = tempProject(files);
  return dockerOf(engine)(["build", "--no-cache", "-t", tag, ...flags, "."], { cwd });
}

function pipConf(...urls: readonly string[]): string {
  return `[global]\nindex-url = ${urls[0]}\nextra-index-url =\n${urls
    .slice(1)
    .map((url) => `  ${url}\n`)
    .join("")}`;
}

/** The configuration is mounted where a mount leaves nothing in the layer, not even a directory. */
function pipStep(packages: string): string {
  return `FROM python:3.13
RUN --mount=type=secret,id=pip,target=/dev/shm/pip.conf,required=true \\
  PIP_CONFIG_FILE=/dev/shm/pip.conf PIP_NO_INPUT=1 pip install --no-cache-dir ${packages}
`;
}

function gitStep(url: string, commit: string): string {
  return `FROM python:3.13
RUN --mount=type=ssh --mount=type=secret,id=hosts,target=/dev/shm/known_hosts,required=true \\
  GIT_SSH_COMMAND='ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=/dev/shm/known_hosts' \\
  pip install 'over-ssh @ git+${url}@${commit}' && python -c 'import over_ssh'
`;
}

/** The socket is named in the flag; SSH_AUTH_SOCK with a plain `--ssh default` is the same. */
function sshFlags(): readonly string[] {
  return ["--ssh", `default=${ssh.agentSocket}`, "--secret", "id=hosts,src=hosts"];
}

function reach(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () => {
      socket.destroy();
      resolve();
    });
    socket.on("error", reject);
  });
}
