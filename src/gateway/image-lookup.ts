import type { ResolveMode } from "../llb/image.ts";
import type { ResolvedImage } from "../oci/image-resolver.ts";
import { formatPlatform, normalizePlatform, type Platform } from "../oci/platform.ts";
import { maskText } from "../util/mask.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Rpc } from "./rpc.ts";

/** How images are looked up during a whole build. */
export type ImageLookupOptions = Readonly<{
  resolveMode?: ResolveMode;
  /** Say the platform in the progress display: for builds of several. */
  namePlatforms?: boolean;
}>;

/** What is said of one look-up. */
export type ImageQuestion = Readonly<{
  /** The named context that it is for, as the progress display calls it. */
  context?: string;
  /** The image is in an OCI layout that the client offers (needs `source.metaresolver`). */
  layout?: Readonly<{ store: string; sessionId: string }>;
}>;

/** Looks an image up for a platform. */
export type ImageLookup = (reference: string, platform: Platform, question?: ImageQuestion) => Promise<ResolvedImage>;

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

  async function ask(ref: string, platform: Platform, { context, layout }: ImageQuestion): Promise<ResolvedImage> {
    const prefix = namePlatforms ? `[${formatPlatform(platform)} internal]` : "[internal]";
    const logName = maskText(`${context === undefined ? prefix : `[context ${context}]`} load metadata for ${ref}`);
    const question = { platform, logName, resolveMode };
    const { api } = await caps();
    if (layout !== undefined) api.require("source.metaresolver", "a build context from an OCI layout");
    if (!api.has("source.metaresolver")) {
      const { digest, config, ref: renamed } = await rpc("ResolveImageConfig", { ref, ...question });
      return resolvedImage(renamed || ref, { digest, config });
    }
    const scheme = layout === undefined ? "docker-image://" : "oci-layout://";
    const attrs = layout && { "oci.store": layout.store, "oci.session": layout.sessionId };
    const asked = { identifier: `${scheme}${ref}`, ...(attrs && { attrs }) };
    const { source, image } = await rpc("ResolveSourceMeta", { source: asked, ...question });
    const identifier = source?.identifier ?? asked.identifier;
    if (!image || !identifier.startsWith(scheme))
      throw new Error(`${ref} was turned into ${identifier}, which is not an image`);
    return resolvedImage(identifier.slice(scheme.length), image);
  }

  return (reference, platform, question = {}) => {
    const normal = normalizePlatform(platform);
    const key = JSON.stringify([reference, formatPlatform(normal), question]);
    const answer = answers.get(key) ?? ask(reference, normal, question);
    answers.set(key, answer);
    return answer;
  };
}

async function resolvedImage(
  reference: string,
  image: { digest?: string; config?: Uint8Array },
): Promise<ResolvedImage> {
  const { digest = "", config = new Uint8Array() } = image;
  const pinned = digest === "" || reference.includes("@") ? reference : `${reference}@${digest}`;
  // The first call does not need it.
  const { parseImageConfig } = await import("../oci/parse-image-config.ts");
  const parsed = parseImageConfig(new TextDecoder().decode(config));
  return { reference: pinned, ...(digest !== "" && { digest }), config: parsed };
}
