import { expect, test } from "vitest";
import { sourceText } from "../../../src/diagnostic/source-text.ts";
import { resolveBases } from "../../../src/emit/base-images.ts";
import { completePlan } from "../../../src/frontend/complete-plan.ts";
import type { GatewayClient } from "../../../src/gateway/gateway-client.ts";
import type { ImageConfig } from "../../../src/oci/image-config.ts";
import { formatPlatform, type Platform, parsePlatform } from "../../../src/oci/platform.ts";
import { planOf, renderError } from "../../support/planning.ts";

const AMD64 = { os: "linux", architecture: "amd64" };

const TOML = `[project]
name = "app"
version = "1.0"

[build-system]
requires = ["hatchling"]

[tool.microb.target.default]
python_version = "3.13"
`;

const DEBIAN = { created_by: "# debian.sh --arch 'amd64' out/ 'bookworm' '@1757289600'" };

type Base = Partial<Readonly<{ python: string; history: ImageConfig["history"]; release: string }>>;

/** A build for `platform` on an amd64 machine, with these images as the slim base. */
async function complete(platform: string, images: Readonly<Record<string, Base>>) {
  const { plan } = await planOf(TOML, { files: { "pylock.toml": 'lock-version = "1.0"\n' } });
  const asked: string[] = [];
  const looked: string[] = [];
  const resolver = {
    resolveImage: async (name: string, of: Platform) => {
      asked.push(`${name} ${formatPlatform(of)}`);
      const found = images[formatPlatform(of)];
      if (found === undefined) throw new Error("there is no such image");
      const { python = "3.13.5", history = [DEBIAN] } = found;
      const Env = python === "" ? [] : [`PYTHON_VERSION=${python}`];
      return { reference: `docker.io/library/${name}`, config: { ...of, config: { Env }, history } };
    },
  };
  const client = {
    solve: async () => ({
      readText: async (path: string) => {
        looked.push(path);
        return path === "etc/os-release" ? images[platform]?.release : undefined;
      },
    }),
  } as unknown as GatewayClient;
  const target = parsePlatform(platform, AMD64);
  const { plan: completed, build } = await completePlan(client, {
    plan,
    platform: target,
    buildPlatform: AMD64,
    bases: await resolveBases(plan, resolver, target),
    resolver,
    source: sourceText("pyproject.toml", TOML),
  });
  const layers = completed.stages.at(-1)?.steps.find((step) => step.kind === "layers");
  const isShared = completed.stages.find(({ name }) => name === "environment")?.platform === "build";
  return { title: layers?.kind === "layers" ? layers.title : "", isShared, asked, looked, build };
}

test("the history of an official image says enough: nothing of it is read", async () => {
  const { title, isShared, asked, looked } = await complete("linux/amd64", { "linux/amd64": {} });
  expect(title).toContain("for linux/amd64, Python 3.13.5, glibc 2.36");
  expect(isShared).toBe(true);
  expect(looked).toEqual([]);
  // The compiler image is for the project; nothing is looked up twice.
  expect(asked.sort()).toEqual(["python:3.13 linux/amd64", "python:3.13-slim linux/amd64"]);
});

test("another image is asked by its os-release", async () => {
  const base = { history: [{ created_by: "ADD rootfs.tar /" }], release: "ID=alpine\nVERSION_ID=3.22\n" };
  const { title, looked } = await complete("linux/amd64", { "linux/amd64": base });
  expect(title).toContain("musl 1.2");
  expect(looked).toEqual(["usr/lib/os-release", "etc/os-release"]);
});

test.each([
  ["PYTHON_VERSION", { python: "" }],
  ["PYTHON_VERSION", { python: "3.13" }],
  ["os-release", { history: [], release: "ID=unheard-of\n" }],
  ["os-release", { history: [] }],
])("one that does not say is an error (%s)", async (what, base) => {
  const error = await renderError(() => complete("linux/amd64", { "linux/amd64": base }));
  expect(error).toContain("[lock.base]");
  expect(error).toContain(what);
});

test("units of another platform run on the machine that builds if that has the same interpreter", async () => {
  const same = await complete("linux/arm64", { "linux/arm64": {}, "linux/amd64": {} });
  expect(same.isShared).toBe(true);
  expect(formatPlatform(same.build?.platform ?? { os: "", architecture: "" })).toBe("linux/amd64");
  const other = await complete("linux/arm64", { "linux/arm64": {}, "linux/amd64": { python: "3.13.4" } });
  expect(other.isShared).toBe(false);
  expect((await complete("linux/arm64", { "linux/arm64": {} })).isShared).toBe(false);
});
