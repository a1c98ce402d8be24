import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type FileHost, type HostedWheel, PUBLIC_FILES, startFileHost } from "../fixture/file-host.ts";
import { listen } from "../fixture/listen.ts";
import { tar } from "../fixture/tar.ts";
import { dockerOf, output } from "../support/docker.ts";
import { imageLayers } from "../support/image-layers.ts";
import { readOciLayout } from "../support/oci-image.ts";
import { tempProject } from "../support/temp-project.ts";

// Attestations and several platforms take an engine with this store.
const engines = inject("engines");
const engine = engines.find(({ store }) => store === "containerd");

const WHEELS: readonly HostedWheel[] = [
  { name: "big", files: { "big.py": "VALUE = 1\n" }, size: 2_000_000 },
  { name: "alpha", files: { "alpha.py": "NAME = 'alpha'\n" } },
  { name: "beta", files: { "beta.py": "NAME = 'beta'\n" } },
];

/** The user, the environment, two buckets, a large wheel, and the project. */
const MADE = 6;

function lockedProject(host: FileHost): Readonly<Record<string, string>> {
  return {
    "pyproject.toml": `# syntax=microb/microb
[project]
name = "locked"
version = "1.0"
dependencies = ["big", "alpha", "beta"]

[tool.microb.target.default]
python_version = "3.13"
install = "source"
index_mirrors = { "${PUBLIC_FILES}" = "${host.url}" }
command = ["python", "app.py"]
`,
    "app.py": "import alpha, beta, big\n",
    "pylock.toml": host.lock(...WHEELS),
  };
}

describe.skipIf(engine === undefined)("images of a lock", () => {
  const docker = dockerOf(engine as NonNullable<typeof engine>);
  let host: FileHost;

  beforeAll(async () => {
    host = await startFileHost();
  });
  afterAll(() => host?.stop());

  const project = () => lockedProject(host);

  test("have a provenance that names every file, and says that the build is hermetic", async () => {
    const cwd = tempProject({});
    // Of a client's directory the daemon knows no digest: it calls no such build hermetic.
    const archive = tar(project());
    const web = await listen(createServer((_, response) => response.end(archive)));
    const args = ["--provenance=mode=max,version=v1", "-o", "type=oci,tar=false,dest=out", "-f", "pyproject.toml"];
    try {
      await output(docker, ["buildx", "build", "--no-cache", ...args, `http://${web.host}/app.tar`], { cwd });
    } finally {
      await web.stop();
    }
    const [image] = readOciLayout(`${cwd}/out`);
    const text = JSON.stringify(image?.statements);
    for (const { name } of WHEELS) expect(text).toContain(`${host.url}packages/${name}/${name}-1.0-py3-none-any.whl`);
    const [{ predicate }] = image?.statements ?? [];
    const materials = predicate.buildDefinition.resolvedDependencies;
    const files = materials.filter(({ uri }: { uri: string }) => uri.startsWith(host.url));
    expect(files).toHaveLength(WHEELS.length);
    for (const { digest } of files) expect(digest.sha256).toMatch(/^[0-9a-f]{64}$/);
    // Only the image that becomes the base: the builder of other projects is not even looked up.
    const images = materials.map(({ uri }: { uri: string }) => /^pkg:docker\/python@([^?]*)/.exec(uri)?.[1] ?? "");
    expect(images.filter((tag: string) => tag !== "")).toEqual(["3.13-slim"]);
    expect(predicate.runDetails.metadata.buildkit_hermetic).toBe(true);
  });

  test("of several platforms share their units, which run on the machine that builds", async () => {
    const cwd = tempProject(project());
    const base = "python:3.13-slim";
    const registry = "127.0.0.1:5000/microb-test/locked-python-3.13-slim";
    // The arm64 image has the programs of amd64: enough to see that units of the other platform are not run in it.
    const input = `FROM --platform=linux/amd64 ${base}\n`;
    const platforms = "linux/amd64,linux/arm64";
    await output(docker, ["buildx", "build", "--platform", platforms, "--push", "-t", registry, "-"], { input });
    const flags = ["--platform", platforms, "--build-context", `${base}=docker-image://${registry}`];
    const args = ["--provenance=false", "-o", "type=oci,tar=false,dest=out", "-f", "pyproject.toml", "."];
    const { code, stderr } = await docker(["buildx", "build", "--no-cache", ...flags, ...args], { cwd });
    expect(code, stderr).toBe(0);
    const units = [...stderr.matchAll(/^#\d+ \[(wheels?-\S+) 2\/2\]/gm)].map(([, name]) => name);
    expect([...new Set(units)].length).toBeGreaterThanOrEqual(2);
    const runs = new Set([...stderr.matchAll(/^#(\d+) \[wheels?-\S+ 2\/2\]/gm)].map(([, number]) => number));
    expect(runs.size, stderr).toBe(new Set(units).size);
    expect(stderr).not.toMatch(/\[linux\/\S+ wheels?-/);
    const [one, other] = readOciLayout(`${cwd}/out`).map(({ config }) => config.rootfs.diff_ids as string[]);
    const shared = (one ?? []).filter((id) => other?.includes(id));
    const history = readOciLayout(`${cwd}/out`)[0]?.config.history as { created_by: string }[];
    const links = history.filter(({ created_by }) => created_by.startsWith("COPY --link"));
    expect(shared.length).toBeGreaterThanOrEqual(links.length);
  });

  test("are the same image again when nothing of it is left, if the time is given", async () => {
    const cwd = tempProject(project());
    const digest = async (): Promise<string> => {
      const out = tempProject({});
      const flags = ["--no-cache", "--provenance=false", "--build-arg", "SOURCE_DATE_EPOCH=1700000000"];
      const args = ["-o", `type=oci,tar=false,dest=${out}`, "-f", "pyproject.toml", "."];
      await output(docker, ["buildx", "build", ...flags, ...args], { cwd });
      return JSON.parse(readFileSync(`${out}/index.json`, "utf8")).manifests[0].digest;
    };
    const first = await digest();
    await setTimeout(1100);
    expect(await digest()).toBe(first);
  });
});

describe.skipIf(engines.length < 3)("layers of a lock", () => {
  let host: FileHost;
  beforeAll(async () => {
    host = await startFileHost();
  });
  afterAll(() => host?.stop());

  test("have the same entries whatever engine makes them", async () => {
    const tag = "microb-test/locked-layers";
    const cwd = tempProject(lockedProject(host));
    const layers = await Promise.all(
      engines.map(async (one) => {
        const client = dockerOf(one);
        await output(client, ["build", "--no-cache", "-t", tag, "-f", "pyproject.toml", "."], { cwd });
        try {
          return await imageLayers(one, tag);
        } finally {
          await client(["rmi", "-f", tag]);
        }
      }),
    );
    // The base's own layers are the same ones; those without files are left out by some engines.
    const made = layers.map((all) => all.filter((entries) => Object.keys(entries).length > 0).slice(-MADE));
    // 20.10 leaves the time of day at /etc when it runs a command, and at the directory that it copies into.
    const comparable = made.map((all) => all.map(({ etc, "home/nonroot": home, ...entries }) => entries));
    const [first, ...others] = comparable;
    expect(first?.flatMap((entries) => Object.keys(entries))).toContain(
      "home/nonroot/.local/lib/python3.13/site-packages/alpha.py",
    );
    for (const other of others) expect(other).toEqual(first);
  });
});
