import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { extract } from "tar-stream";
import { dockerEnv, type Engine } from "../engine/engines.ts";
import { dockerOf, output } from "./docker.ts";

/** What an image holds at one path, all that two images are compared by. */
export type Entry = Readonly<{ type: string; mode: string; owner: string; link: string; content: string }>;

/** Files that the engine itself puts into a container, not into the image. */
const CONTAINER_FILES = /^(?:\.dockerenv|dev(?:\/.*)?|proc|sys|etc\/(?:hostname|hosts|resolv\.conf|mtab))$/;

/**
 * The file without the day on which the user was made: of two builds of one image the layer of one may be cached from
 * the day before. Images from a lock have a constant day.
 */
function withoutDay(shadow: Buffer): string {
  return shadow.toString("latin1").replace(/^(nonroot:[^:]*:)\d+(?=:)/m, "$1");
}

/** Every path of an image with what is there, from a container that is made of it and never started. */
export async function imageContents(engine: Engine, image: string): Promise<ReadonlyMap<string, Entry>> {
  const docker = dockerOf(engine);
  const container = (await output(docker, ["create", "--label", "microb.test=1", image, "none"])).trim();
  try {
    return await exportContents(engine, container);
  } finally {
    await output(docker, ["rm", "-f", container]);
  }
}

async function exportContents(engine: Engine, container: string): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  const env = { ...process.env, ...dockerEnv(engine) };
  const child = spawn(engine.cli, ["export", container], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const archive = extract();
  child.stdout.pipe(archive);
  for await (const file of archive) {
    const { name, type, mode, uid, gid, linkname } = file.header;
    const hash = createHash("sha256");
    const path = name.replace(/\/$/, "");
    // The file is smaller than a chunk.
    for await (const chunk of file)
      hash.update(path === "etc/shadow" ? withoutDay(chunk as Buffer) : (chunk as Buffer));
    if (CONTAINER_FILES.test(path)) continue;
    const content = type === "file" ? hash.digest("hex") : "";
    entries.set(path, {
      type: type ?? "",
      mode: (mode ?? 0).toString(8),
      owner: `${uid}:${gid}`,
      link: linkname ?? "",
      content,
    });
  }
  if ((await ended) !== 0) throw new Error(`docker export of ${container} failed`);
  return entries;
}

/** Paths that differ between two images, with what is there in each. */
export function difference(
  one: ReadonlyMap<string, Entry>,
  other: ReadonlyMap<string, Entry>,
): Readonly<Record<string, readonly [Entry | undefined, Entry | undefined]>> {
  const paths = [...new Set([...one.keys(), ...other.keys()])].sort();
  const differing = paths.filter((path) => JSON.stringify(one.get(path)) !== JSON.stringify(other.get(path)));
  return Object.fromEntries(differing.map((path) => [path, [one.get(path), other.get(path)] as const]));
}
