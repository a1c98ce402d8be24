import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LockedPackage } from "../../src/lock/locked-package.ts";
import { ENVIRONMENT } from "../../src/plan/layout.ts";
import type { PublicFile, PublicFiles } from "../fixture/public-files.ts";
import { type Docker, output } from "./docker.ts";

/** What a control is made of. */
export type ControlSpec = Readonly<{
  python: string;
  packages: readonly LockedPackage[];
  /** All files of the lock. */
  files: readonly PublicFile[];
  server: PublicFiles;
  /** Where the environment comes to be: a directory that is mounted where an image has its own. */
  directory: string;
  /** Becomes a directory for wheels that are built. */
  wheels: string;
  /** The build context, for packages that are directories of it. */
  context: string;
}>;

/**
 * Lets pip make the environment of an image, in the same base and at the same path. It is told names, versions and the
 * hashes that the lock has, and chooses among the files itself. Archives are built first, as pip builds them.
 */
export async function makeControl(docker: Docker, spec: ControlSpec): Promise<void> {
  const { python, packages, files, server, directory, wheels, context } = spec;
  mkdirSync(wheels, { recursive: true });
  mkdirSync(directory, { recursive: true });
  const settings = ["PIP_CONFIG_FILE=/dev/null", "PIP_DISABLE_PIP_VERSION_CHECK=1", "PIP_ROOT_USER_ACTION=ignore"];
  const run = ["run", "--rm", "--label", "microb.test=1", "--network", "host", "-v", `${wheels}:/wheels`];
  const env = settings.flatMap((setting) => ["-e", setting]);
  for (const { source } of packages) {
    if (source.kind === "wheel") continue;
    const what = source.kind === "sdist" ? server.url + pathOf(source.url) : localPath(source);
    const build = ["pip", "-q", "wheel", "--no-deps", "--no-cache-dir", "-w", "/wheels", what];
    const mount = ["-v", `${context}:/context`];
    await output(docker, [...run, ...env, ...mount, `python:${python}`, ...build], { timeout: 600_000 });
  }
  const built = readdirSync(wheels).map((name) => {
    const sha256 = createHash("sha256")
      .update(readFileSync(join(wheels, name)))
      .digest("hex");
    return `/wheels/${name} --hash=sha256:${sha256}`;
  });
  const lines = packages.filter(({ source }) => source.kind === "wheel").map((one) => requirement(one, files));
  writeFileSync(join(wheels, "requirements.txt"), `${[...lines, ...built].join("\n")}\n`);
  const index = [`PIP_INDEX_URL=${server.index}`, `PIP_TRUSTED_HOST=${new URL(server.url).hostname}`];
  const script = [
    `python3 -m venv --without-pip ${ENVIRONMENT}`,
    `pip -q --python ${ENVIRONMENT}/bin/python install --no-cache-dir --no-deps --require-hashes -r /wheels/requirements.txt`,
  ].join(" && ");
  const mount = ["-v", `${directory}:${ENVIRONMENT}`, ...index.flatMap((setting) => ["-e", setting])];
  await output(docker, [...run, ...env, ...mount, `python:${python}-slim`, "sh", "-c", script], { timeout: 600_000 });
}

function pathOf(url: string): string {
  return url.replace(/^https:\/\/.*?(?=packages\/)/, "");
}

function localPath(source: LockedPackage["source"]): string {
  if (source.kind !== "local") throw new Error(`no control has a package from ${source.kind}`);
  return `/context/${source.path}`;
}

function requirement({ name, version, source }: LockedPackage, files: readonly PublicFile[]): string {
  if (source.kind !== "wheel") throw new Error(`${name} is no wheel`);
  const stem = source.filename.split("-", 2).join("-");
  const hashes = files
    .filter(({ url }) => decodeURIComponent(url).split("/").at(-1)?.startsWith(`${stem}-`))
    .map(({ sha256 }) => ` --hash=sha256:${sha256}`);
  return `${name}==${version}${hashes.join("")}`;
}
