import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Docker, output } from "./docker.ts";
import { tempProject } from "./temp-project.ts";

/** An image of an engine as an OCI layout in a directory that goes with the test, and the digest of its manifest. */
export async function saveLayout(
  docker: Docker,
  image: string,
): Promise<Readonly<{ directory: string; digest: string }>> {
  const directory = tempProject({});
  await output(docker, ["pull", image]);
  await output(docker, ["save", "-o", join(directory, "image.tar"), image]);
  execFileSync("tar", ["-xf", "image.tar"], { cwd: directory });
  const { manifests } = JSON.parse(readFileSync(join(directory, "index.json"), "utf8"));
  return { directory, digest: manifests[0].digest };
}
