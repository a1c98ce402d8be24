import type { ResolveMode } from "../llb/image.ts";
import type { ImageConfig } from "../oci/image-config.ts";
import type { ResolvedImage } from "../oci/image-resolver.ts";
import { formatPlatform, normalizePlatform, type Platform } from "../oci/platform.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Rpc } from "./rpc.ts";

/** How images are looked up during a whole build. */
export type ImageLookupOptions = Readonly<{
  resolveMode?: ResolveMode;
  /** Say the platform in the progress display: for builds of several. */
  namePlatforms?: boolean;
}>;

/** Looks an image up for a platform. */
export type ImageLookup = (reference: string, platform: Platform) => Promise<ResolvedImage>;

const SCHEME = "docker-image://";

/**
 * Asks the daemon for images. The same question is asked once, also when the answer was an error: every image that was
 * asked for shows up in the build's provenance. The daemon's own idea of the reference counts, since mirrors and
 * policies may change it (BuildKit `frontend/dockerfile/builder/resolvecache.go`).
 */
export function createImageLookup(
  rpc: Rpc,
  caps: () => Promise<Capabilities>,
  { resolveMode = "default", namePlatforms = false }: ImageLookupOptions,
): ImageLookup {
  const answers = new Map<string, Promise<ResolvedImage>>();

  async function ask(ref: string, platform: Platform): Promise<ResolvedImage> {
    const prefix = namePlatforms ? `[${formatPlatform(platform)} internal]` : "[internal]";
    const question = { platform, logName: `${prefix} load metadata for ${ref}`, resolveMode };
    if (!(await caps()).api.has("source.metaresolver")) {
      const { digest, config, ref: renamed } = await rpc("ResolveImageConfig", { ref, ...question });
      return resolvedImage(renamed || ref, { digest, config });
    }
    const { source, image } = await rpc("ResolveSourceMeta", {
      source: { identifier: `${SCHEME}${ref}` },
      ...question,
    });
    const identifier = source?.identifier ?? `${SCHEME}${ref}`;
    if (!image || !identifier.startsWith(SCHEME))
      throw new Error(`${ref} was turned into ${identifier}, which is no image`);
    return resolvedImage(identifier.slice(SCHEME.length), image);
  }

  return (reference, platform) => {
    const normal = normalizePlatform(platform);
    const key = `${reference} ${formatPlatform(normal)}`;
    const answer = answers.get(key) ?? ask(reference, normal);
    answers.set(key, answer);
    return answer;
  };
}

function resolvedImage(reference: string, image: { digest?: string; config?: Uint8Array }): ResolvedImage {
  const { digest = "", config = new Uint8Array() } = image;
  const pinned = digest === "" || reference.includes("@") ? reference : `${reference}@${digest}`;
  const parsed: ImageConfig = JSON.parse(new TextDecoder().decode(config));
  return { reference: pinned, ...(digest !== "" && { digest }), config: parsed };
}
