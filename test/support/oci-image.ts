import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A manifest of an image, with its configuration; or one of its attestations. */
export type OciManifest = Readonly<{
  platform: string;
  // biome-ignore lint/suspicious/noExplicitAny: the JSON of others, of which each test looks at a part.
  config: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  statements: readonly any[];
}>;

/** The images of an OCI layout in a directory, each with what is attested of it. */
export function readOciLayout(directory: string): readonly OciManifest[] {
  const blob = (digest: string) => readFileSync(join(directory, "blobs", digest.replace(":", "/")), "utf8");
  const json = (digest: string) => JSON.parse(blob(digest));
  const [root] = JSON.parse(readFileSync(join(directory, "index.json"), "utf8")).manifests;
  const index = json(root.digest);
  if (index.manifests === undefined) return [{ platform: "", config: json(index.config.digest), statements: [] }];
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  const attested = (digest: string): any[] =>
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    index.manifests.filter(({ annotations }: any) => annotations?.["vnd.docker.reference.digest"] === digest);
  return index.manifests
    .filter(({ platform }: { platform: { os: string } }) => platform.os !== "unknown")
    .map(({ digest, platform: { os, architecture } }: { digest: string; platform: Record<string, string> }) => ({
      platform: `${os}/${architecture}`,
      config: json(json(digest).config.digest),
      statements: attested(digest).flatMap((one) =>
        json(one.digest).layers.map(({ digest: layer }: { digest: string }) => json(layer)),
      ),
    }));
}
