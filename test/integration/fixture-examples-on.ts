import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "../engine/engines.ts";
import { buildBackend } from "../fixture/build-backend.ts";
import { startGitSsh } from "../fixture/git-ssh.ts";
import { startPrivateIndex } from "../fixture/private-index.ts";
import { sourceTree } from "../fixture/source-tree.ts";
import { describeOn } from "../support/describe-on.ts";
import { dockerOf, output } from "../support/docker.ts";
import { EXAMPLES, type Example } from "../support/examples.ts";
import { difference, imageContents } from "../support/image-contents.ts";
import { buildDockerfileOf } from "../support/printed-dockerfile.ts";
import { tempProject } from "../support/temp-project.ts";

/** Builds, runs and compares the examples that need a server, on one engine. */
export function fixtureExamplesOn(name: Engine["name"]): void {
  describeOn(name, "examples with servers", (engine) => {
    for (const example of EXAMPLES) {
      const { fixture } = example;
      if (fixture !== undefined) describe(example.name, () => exampleTests(engine, example, FIXTURES[fixture]));
    }
  });
}

/** A server that runs: what it stands in for, the flags of a build that uses it, and the files that these name. */
type Fixture = Readonly<{
  standsFor: string;
  url: string;
  flags: readonly string[];
  files: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}>;

const FIXTURES: Readonly<Record<NonNullable<Example["fixture"]>, () => Promise<Fixture>>> = {
  "private-index": async () => {
    const credentials = { user: "ann", password: "p@ss:w/ord" };
    const packages = [{ name: "company-figures", version: "2.1" }, buildBackend("company-build")];
    const index = await startPrivateIndex({ realms: { team: { credentials, packages } } });
    return {
      standsFor: "https://packages.example.org/",
      url: `http://${index.host}/`,
      flags: ["--secret", "id=index_user,src=secrets/user", "--secret", "id=index_password,src=secrets/password"],
      files: { "secrets/user": credentials.user, "secrets/password": credentials.password },
      stop: index.stop,
    };
  },
  "git-ssh": async () => {
    const ssh = await startGitSsh({ repositories: { greetings: sourceTree({ name: "greetings" }) } });
    return {
      standsFor: "git@git.example.org/",
      url: `git@${ssh.host}/`,
      flags: ["--ssh", `default=${ssh.agentSocket}`, "--secret", "id=known_hosts,src=secrets/known_hosts"],
      files: { "secrets/known_hosts": ssh.knownHosts },
      stop: ssh.stop,
    };
  },
};

function exampleTests(
  engine: Engine,
  { name, directory: source, images }: Example,
  start: () => Promise<Fixture>,
): void {
  const docker = dockerOf(engine);
  const tag = `microb-test/${name}`;
  const twin = `${tag}-dockerfile`;
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await start();
  });
  afterAll(async () => {
    await fixture?.stop();
    await docker(["rmi", "-f", tag, twin]);
  });

  test("builds, runs, and its Dockerfile gives the same image", async () => {
    const { standsFor, url, flags, files } = fixture;
    const directory = tempProject({ ...files, ".dockerignore": "secrets\n" });
    cpSync(source, directory, { recursive: true });
    const buildFile = join(directory, "pyproject.toml");
    const text = readFileSync(buildFile, "utf8");
    expect(text).toContain(standsFor);
    writeFileSync(buildFile, text.replaceAll(standsFor, url));

    await output(docker, ["build", "--no-cache", ...flags, "-t", tag, "-f", "pyproject.toml", "."], { cwd: directory });
    for (const { args = [], stdout } of images.flatMap(({ runs }) => runs)) {
      expect(await output(docker, ["run", "--rm", tag, ...args])).toContain(stdout);
    }
    await buildDockerfileOf(docker, { directory, flags, tag: twin });
    expect(difference(await imageContents(engine, tag), await imageContents(engine, twin))).toEqual({});
  });
}
