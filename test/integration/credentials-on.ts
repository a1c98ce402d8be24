import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { dockerEnv, type Engine } from "../engine/engines.ts";
import { buildBackend } from "../fixture/build-backend.ts";
import { type Credentials, HARD_PASSWORD } from "../fixture/credentials.ts";
import { type PrivateIndex, startPrivateIndex } from "../fixture/private-index.ts";
import { searchArchive, searchIn } from "../support/credential-search.ts";
import { tracesOf } from "../support/credential-traces.ts";
import { describeOn } from "../support/describe-on.ts";
import { dockerOf, type Outcome, output } from "../support/docker.ts";
import { isFullMatrix } from "../support/full-matrix.ts";
import { difference, imageContents } from "../support/image-contents.ts";
import { buildDockerfileOf, runCommand } from "../support/printed-dockerfile.ts";
import { tempProject } from "../support/temp-project.ts";

/** Hard to quote, beyond Latin-1, and with runs of letters that are found in whatever else is done to them. */
const ANN: Credentials = { user: "ann.Hq7xW2vRt@corp", password: `${HARD_PASSWORD};€Zk8mQ4nYp` };
const BOB: Credentials = { user: "bob+Xw3kLm9Tz", password: "slash/colon: and\ttab Vb6tRg2Ks" };
/** Of ASCII: pip can send no other password that stands in a URL as it should. */
const CAT: Credentials = { user: "cat.Jw5nBd8Q", password: "p@ss/w%rd: Lt4hSx6M" };
const TRACES = tracesOf([ANN, BOB, CAT]);

const SECRETS: Readonly<Record<string, string>> = {
  // Editors end a file with a line break; it belongs to no password.
  "secrets/ann_user": `${ANN.user}\n`,
  "secrets/ann_password": `${ANN.password}\r\n`,
  "secrets/bob_user": BOB.user,
  "secrets/bob_password": BOB.password,
  ".dockerignore": "secrets\n",
};

const SECRET_FLAGS: readonly string[] = ["ann_user", "ann_password", "bob_user", "bob_password"].flatMap((id) => [
  "--secret",
  `id=${id},src=secrets/${id}`,
]);

/** Private indexes: credentials get where they must, and nowhere else. */
export function credentialsOn(name: Engine["name"]): void {
  describeOn(name, "credentials", indexTests);
}

function indexTests(engine: Engine): void {
  const docker = dockerOf(engine);
  const tag = "microb-test/credentials";
  let index: PrivateIndex;
  // What the metadata file holds of the provenance: all of it.
  process.env["BUILDX_METADATA_PROVENANCE"] = "max";

  beforeAll(async () => {
    index = await startPrivateIndex({
      realms: {
        "team-a": {
          credentials: ANN,
          // What a cache would keep the credentials for.
          headers: { vary: "Authorization" },
          packages: [
            { name: "alpha-lib", requires: ["alpha-dep>=1"], module: "NAME = 'alpha'\n" },
            { name: "alpha-dep", version: "1.5" },
            { name: "alpha-src", builtBy: "alpha-backend" },
            buildBackend("alpha-backend"),
          ],
        },
        "team-b": { credentials: BOB, packages: [{ name: "beta-lib", module: "NAME = 'beta'\n" }] },
        "team-c": { credentials: CAT, packages: [{ name: "gamma-lib", module: "NAME = 'gamma'\n" }] },
        open: { packages: [{ name: "open-lib" }] },
        left: { packages: [{ name: "twin", module: "NAME = 'left'\n" }] },
        right: { packages: [{ name: "twin", module: "NAME = 'right'\n" }] },
      },
      hang: 300,
    });
  });
  afterAll(async () => {
    await index?.stop();
    await docker(["rmi", "-f", tag, `${tag}-dockerfile`, `${tag}-cache`]);
  });
  afterEach(() => {
    index.behave("/", null);
    index.clearLog();
  });

  const project = (table: string, dependencies: readonly string[] = ["alpha-lib"]): string => `# syntax=microb/microb
[project]
name = "credentials"
version = "1"
dependencies = ${JSON.stringify(dependencies)}
[build-system]
requires = ["alpha-backend"]
build-backend = "alpha_backend"
[tool.microb.target.default]
python_version = "3.13"
${table}
`;
  const entry = (realm: string, credentials: Readonly<Record<string, string | boolean>>): string => {
    const fields = Object.entries({ url: index.url(realm), trust: true, ...credentials });
    return `{ ${fields.map(([key, value]) => `${key} = ${JSON.stringify(value)}`).join(", ")} }`;
  };
  const bySecrets = (): string =>
    `indices = [${entry("team-a", { username_secret: "ann_user", password_secret: "ann_password" })}, ${entry("team-b", { username_secret: "bob_user", password_secret: "bob_password" })}]`;
  const byLiterals = (): string =>
    `indices = [${entry("team-a", { username: ANN.user, password: ANN.password })}, ${entry("team-b", { username: BOB.user, password: BOB.password })}]`;
  const EVERYTHING = `copy_files = [{ from = "builder", src = "/", dst = "/builder" }]
entrypoint = ["python", "-c", "import alpha_lib, alpha_src_built_by, beta_lib, credentials_built_by as own; print(alpha_lib.NAME, alpha_src_built_by.BUILT_BY, beta_lib.NAME, own.BUILT_BY)"]`;
  const ALL = ["alpha-lib", "alpha-src", "beta-lib"];

  const build = (
    files: Readonly<Record<string, string>>,
    flags: readonly string[] = [],
    image: string = tag,
  ): Promise<Outcome> => {
    const cwd = tempProject(files);
    const meta = engine.buildx === null ? [] : ["--metadata-file", "secrets/metadata.json"];
    return docker(["build", ...meta, ...flags, "-t", image, "-f", "pyproject.toml", "."], { cwd });
  };

  const withUv = (table: () => string) => (): string => `${table()}\ninstaller = "uv"`;

  describe.each([
    { way: "secrets", table: bySecrets, secrets: SECRET_FLAGS },
    { way: "literals in the build file", table: byLiterals, secrets: [] },
    { way: "secrets, to uv", table: withUv(bySecrets), secrets: SECRET_FLAGS },
    { way: "literals in the build file, to uv", table: withUv(byLiterals), secrets: [] },
  ])("by $way", ({ table, secrets }) => {
    const files = (more = ""): Readonly<Record<string, string>> => ({
      ...SECRETS,
      "pyproject.toml": project(`${table()}\n${more}`, ALL),
      "own.py": "",
    });

    test("two realms of one host give their packages, the backend among them, and keep nothing", async () => {
      const cwd = tempProject(files(EVERYTHING));
      const attested = engine.store === "containerd" ? ["--provenance=mode=max"] : [];
      const meta = engine.buildx === null ? [] : ["--metadata-file", "secrets/metadata.json"];
      const flags = [...attested, ...meta, ...secrets];
      const built = await docker(["build", ...flags, "-t", tag, "-f", "pyproject.toml", "."], { cwd });
      expect(built).toMatchObject({ code: 0 });
      expect(await output(docker, ["run", "--rm", tag])).toBe("alpha alpha-backend 1.0 beta alpha-backend 1.0\n");
      const warned = built.stderr.includes("the build file contains the password of an index");
      // The floor has no way to show warnings.
      expect(warned).toBe(secrets.length === 0 && engine.name !== "floor");

      // Each realm was asked with its own credentials, and with nothing else.
      for (const [realm, credentials] of [["team-a", ANN] as const, ["team-b", BOB] as const]) {
        const its = index.log().filter(({ path }) => path.startsWith(`/${realm}/`));
        expect(its.filter(({ status }) => status === 200)).not.toEqual([]);
        expect(its.filter((request) => JSON.stringify(request.credentials) !== JSON.stringify(credentials))).toEqual(
          [],
        );
      }

      const texts = {
        progress: built.stderr + built.stdout,
        history: await output(docker, ["history", "--no-trunc", tag]),
        inspect: await output(docker, ["inspect", tag]),
        metadata: engine.buildx === null ? "" : readFileSync(join(cwd, "secrets/metadata.json"), "utf8"),
      };
      expect(texts.progress).toContain("http://****@");
      expect(texts.history).toContain("microb");
      if (engine.buildx !== null) expect(texts.metadata).toContain("llbDefinition");
      for (const [what, text] of Object.entries(texts)) expect([what, searchIn(text, TRACES)]).toEqual([what, []]);

      const image = await saved(engine, tag);
      expect(image.found).toEqual([]);
      // The builder alone is larger: what was searched is not nothing.
      expect(image.bytes).toBeGreaterThan(400e6);
      const attestations = [...image.files.values()].filter((text) => text.includes("slsa.dev/provenance"));
      expect(attestations.some((text) => text.includes("llbDefinition"))).toBe(engine.store === "containerd");
    });

    test("the printed Dockerfile and the definition hold nothing, and the Dockerfile gives the same image", async () => {
      const cwd = tempProject(files());
      const dockerfile = await runCommand(cwd, "-dockerfile");
      expect(dockerfile.toString()).toContain("FROM python:3.13 AS builder");
      expect(searchIn(dockerfile, TRACES)).toEqual([]);
      const definition = await runCommand(cwd, "-llb");
      expect(definition.length).toBeGreaterThan(1000);
      expect(searchIn(definition, TRACES)).toEqual([]);

      await output(docker, ["build", ...secrets, "-t", tag, "-f", "pyproject.toml", "."], { cwd });
      await buildDockerfileOf(docker, { directory: cwd, flags: secrets, tag: `${tag}-dockerfile` });
      const twins = [await imageContents(engine, tag), await imageContents(engine, `${tag}-dockerfile`)] as const;
      expect(difference(...twins)).toEqual({});
      const configs = await Promise.all(
        [tag, `${tag}-dockerfile`].map((one) => output(docker, ["inspect", "-f", "{{json .Config}}", one])),
      );
      expect(JSON.parse(configs[0] ?? "")).toEqual(JSON.parse(configs[1] ?? ""));
      expect((await saved(engine, `${tag}-dockerfile`)).found).toEqual([]);
    });
  });

  test.each([
    "pyproject.toml",
    "pyproject.prod.toml",
  ])("a build file with literals is not part of the source: %s", async (file) => {
    const table = `${byLiterals()}\ninstall = "source"\n${EVERYTHING}`;
    const cwd = tempProject({ ...SECRETS, [file]: project(table, ALL), "own.py": "" });
    await output(docker, ["build", "-t", tag, "-f", file, "."], { cwd });
    await buildDockerfileOf(docker, { directory: cwd, file, tag: `${tag}-dockerfile` });
    for (const image of [tag, `${tag}-dockerfile`]) {
      expect((await saved(engine, image)).found).toEqual([]);
      const list = ["run", "--rm", "--entrypoint", "find", image, "/home/nonroot", "/builder/projectdir"];
      const found = await output(docker, [...list, "-maxdepth", "1", "-type", "f"]);
      expect(
        found
          .trim()
          .split("\n")
          .filter((path) => !/\.(bash|profile)/.test(path))
          .sort(),
      ).toEqual(["/builder/projectdir/own.py", "/home/nonroot/own.py"]);
    }
  });

  test("a build file of another name holds literals, and the project is built with it", async () => {
    const table = `${byLiterals()}\n${EVERYTHING}`;
    const cwd = tempProject({ ...SECRETS, "pyproject.prod.toml": project(table, ALL), "own.py": "" });
    await output(docker, ["build", "-t", tag, "-f", "pyproject.prod.toml", "."], { cwd });
    expect(await output(docker, ["run", "--rm", tag])).toBe("alpha alpha-backend 1.0 beta alpha-backend 1.0\n");
    expect((await saved(engine, tag)).found).toEqual([]);
  });

  test.each(["pip", "uv"])("the cache of %s holds nothing of them", async (installer) => {
    const cwd = tempProject({
      Dockerfile: `FROM python:3.13-slim AS cache
RUN --mount=type=cache,target=/root/.cache/${installer},sharing=shared cp -a /root/.cache/${installer} /found && touch /found/end
FROM scratch
COPY --from=cache /found /found
`,
    });
    // It is not empty, whatever ran before.
    const open = `${project(`installer = "${installer}"\ninstall = "source"`, ["six"])}\n`;
    expect(await build({ ...SECRETS, "pyproject.toml": open }, ["--no-cache"])).toMatchObject({ code: 0 });
    await output(docker, ["build", "--no-cache", "-t", `${tag}-cache`, "."], { cwd });
    const { found, bytes } = await saved(engine, `${tag}-cache`);
    expect(found).toEqual([]);
    expect(bytes).toBeGreaterThan(1000);
  });

  describe.each(["pip", "uv"])("a password that stands where everybody can read it, with %s", (installer) => {
    const inRequirements = (): Readonly<Record<string, string>> => ({
      ...SECRETS,
      "requirements.txt": `--extra-index-url ${index.urlWithCredentials("team-c")}
--trusted-host ${index.host.split(":")[0]}
gamma-lib
`,
      "own.py": "",
      "pyproject.toml": `# syntax=microb/microb
[project]
name = "credentials"
version = "1"
[tool.microb.target.default]
python_version = "3.13"
installer = "${installer}"
install = "source"
requirements = "requirements.txt"
copy_files = [{ src = ".", dst = "/srv/" }]
entrypoint = ["python", "-c", "import gamma_lib, os; print(gamma_lib.NAME, *sorted(os.listdir('/srv')))"]
`,
    });

    test("in a requirements file, it gets neither into the image nor into what is said", async () => {
      const built = await build(inRequirements(), ["--no-cache"]);
      expect(built).toMatchObject({ code: 0 });
      expect(searchIn(built.stderr + built.stdout, TRACES)).toEqual([]);
      if (engine.name !== "floor") expect(built.stderr).toContain("requirements.txt is not copied into the image");
      // Everything else of the directory is there.
      expect(await output(docker, ["run", "--rm", tag])).toBe("gamma own.py pyproject.toml\n");
      expect(searchIn(await output(docker, ["history", "--no-trunc", tag]), TRACES)).toEqual([]);
      expect((await saved(engine, tag)).found).toEqual([]);
    });

    test("in the build file, copies of the context go without it", async () => {
      const table = `${byLiterals()}\ninstaller = "${installer}"\ninstall = "source"\ncopy_files = [{ src = ".", dst = "/srv/" }]`;
      const files = { ...SECRETS, "pyproject.toml": project(table), "own.py": "" };
      const built = await build(files);
      expect(built).toMatchObject({ code: 0 });
      expect(searchIn(built.stderr + built.stdout, TRACES)).toEqual([]);
      const list = await output(docker, ["run", "--rm", "--entrypoint", "ls", tag, "/srv"]);
      expect(list).toBe("own.py\n");
      expect((await saved(engine, tag)).found).toEqual([]);
    });

    test.each([
      ["of a requirements file", inRequirements],
      [
        "of the build file",
        () => ({
          ...SECRETS,
          "pyproject.toml": project(`${byLiterals()}\ninstaller = "${installer}"\ninstall = "source"`),
        }),
      ],
      [
        "of a secret",
        () => ({
          ...SECRETS,
          "pyproject.toml": project(`${bySecrets()}\ninstaller = "${installer}"\ninstall = "source"`),
        }),
      ],
    ] as const)("a server that repeats what it was sent %s is not quoted", async (_, files) => {
      for (const realm of ["/team-a/", "/team-c/"]) index.behave(realm, "echo");
      const failed = await build(files(), ["--no-cache", ...SECRET_FLAGS]);
      expect(failed.code).toBe(1);
      const sent = index.log().filter(({ credentials }) => credentials !== undefined);
      expect(sent.length).toBeGreaterThan(0);
      if (installer === "uv") expect(failed.stderr).toContain("Basic ****");
      expect(searchIn(failed.stderr + failed.stdout, TRACES)).toEqual([]);
    });
  });

  test("a file that several indexes have is that of the same one for uv as for pip", async () => {
    const indices = `indices = [${entry("left", {})}, ${entry("right", {})}]`;
    for (const installer of ["pip", "uv"]) {
      const start = 'entrypoint = ["python", "-c", "import twin; print(twin.NAME)"]';
      const table = `${indices}\ninstaller = "${installer}"\ninstall = "source"\n${start}`;
      expect(await build({ ...SECRETS, "pyproject.toml": project(table, ["twin"]) })).toMatchObject({ code: 0 });
      expect([installer, await output(docker, ["run", "--rm", tag])]).toEqual([installer, "right\n"]);
    }
  });

  describe.runIf(engine.name === "containerd" || isFullMatrix())("a default index replaces the public one", () => {
    test.each([
      ["with credentials", true],
      ["without", false],
    ])("%s", async (_, hasCredentials) => {
      const realm = hasCredentials ? "team-a" : "open";
      const own = hasCredentials ? "alpha-lib" : "open-lib";
      const credentials = hasCredentials ? { username_secret: "ann_user", password_secret: "ann_password" } : {};
      const table = `indices = [${entry(realm, { ...credentials, default: true })}]
env = { PIP_EXTRA_INDEX_URL = "http://198.51.100.1:3141/simple/", PIP_INDEX_URL = "http://198.51.100.1:3141/simple/" }
install = "source"`;
      const files = (...names: readonly string[]) => ({ ...SECRETS, "pyproject.toml": project(table, names) });
      expect(await build(files(own), SECRET_FLAGS)).toMatchObject({ code: 0 });

      index.clearLog();
      const missing = await build(files(own, "click"), SECRET_FLAGS);
      expect(missing.code).toBe(1);
      expect(missing.stderr).toContain("No matching distribution found for click");
      expect(missing.stderr).not.toContain(":3141");
      expect(index.log()).toContainEqual(expect.objectContaining({ path: `/${realm}/simple/click/`, status: 404 }));
      // The index itself is in order: what is said is about the package.
      expect(printed(missing).filter((line) => line.startsWith("microb:"))).toEqual([
        "microb: Could not find a version that satisfies the requirement click (from versions: none)",
        "microb: help: no index that was asked has it, or none was reached: check its name and the network; name its index in indices",
      ]);
    });
  });

  // Said by a step, whatever daemon runs it.
  describe.runIf(engine.name === "containerd" || isFullMatrix())(
    "what is wrong with an index is said with its key",
    () => {
      const KEY = "tool.microb.target.default.indices[0]";
      const table = (): string => `${bySecrets()}\ninstall = "source"`;
      type Case = Readonly<{
        table?: () => string;
        flags?: readonly string[];
        files?: Readonly<Record<string, string>>;
        behave?: "401" | "404" | "500" | "hang";
        says: readonly string[];
      }>;
      const CASES: Readonly<Record<string, Case>> = {
        "a secret that is not passed": {
          flags: SECRET_FLAGS.slice(0, 2),
          says: [`${KEY}.password_secret: the build has no secret "ann_password"`, "--secret id=ann_password,src=FILE"],
        },
        "an empty secret": {
          files: { "secrets/ann_user": "" },
          says: [`${KEY}.username_secret: the build has no secret "ann_user", or it is empty`],
        },
        "a wrong password": {
          files: { "secrets/ann_password": BOB.password },
          says: [`${KEY}: the index answers 401: check username_secret and password_secret`],
        },
        "a wrong literal": {
          table: () =>
            `indices = [${entry("team-a", { username: ANN.user, password: BOB.password })}]\ninstall = "source"`,
          says: [`${KEY}: the index answers 401: check username and password`],
        },
        "a wrong password, told to uv": {
          table: () => `${withUv(bySecrets)()}\ninstall = "source"`,
          files: { "secrets/ann_password": BOB.password },
          says: [`${KEY}: the index answers 401: check username_secret and password_secret`],
        },
        "no credentials": {
          table: () => `indices = [${entry("team-a", {})}]\ninstall = "source"`,
          says: [`${KEY}: the index answers 401: set username_secret and password_secret`],
        },
        "401 for everything": { behave: "401", says: [`${KEY}: the index answers 401`, "check username_secret"] },
        "404 for everything": { behave: "404", says: [`${KEY}: the index answers 404: check url`] },
        "500 for everything": { behave: "500", says: [`${KEY}: the index answers 500: it has a problem of its own`] },
        "no answer": { behave: "hang", says: [`${KEY}: the index gives no answer (ConnectionError): check url`] },
      };
      test.each(Object.entries(CASES))("%s", async (_, one) => {
        if (one.behave !== undefined) index.behave("/team-a/", one.behave);
        const text = project((one.table ?? table)());
        const failed = await build({ ...SECRETS, ...one.files, "pyproject.toml": text }, one.flags ?? SECRET_FLAGS);
        expect(failed.code).toBe(1);
        const said = printed(failed).filter((line) => line.startsWith("microb:"));
        expect(said).toHaveLength(1);
        for (const words of one.says) expect(said[0]).toContain(words);
        expect(failed.stderr).not.toContain("Traceback");
        expect(searchIn(failed.stderr, TRACES)).toEqual([]);
      });
    },
  );
}

/** The lines that steps wrote; the engine also shows the whole command of one that fails. */
function printed({ stderr }: Outcome): readonly string[] {
  return [...stderr.matchAll(/^#\d+ \d+\.\d+ (.*)$/gm)].map(([, line = ""]) => line);
}

/** What `docker save` writes, searched. */
/** Layers in which nothing was found, with their bytes. */
const CLEAN = new Map<string, number>();

async function saved(engine: Engine, image: string): Promise<Awaited<ReturnType<typeof searchArchive>>> {
  const env = { ...process.env, ...dockerEnv(engine) };
  const child = spawn(engine.cli, ["save", image], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const findings = await searchArchive(child.stdout, TRACES, CLEAN);
  if ((await ended) !== 0) throw new Error(`docker save of ${image} failed`);
  return findings;
}
