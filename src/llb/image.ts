import { normalizePlatform, type Platform } from "../oci/platform.ts";
import { type Output, outputOf, type VertexOptions } from "./vertex.ts";
import { vertexOptions } from "./vertex-options.ts";

/** How the daemon looks an image up: `pull` asks the registry always, `local` never if it has the image. */
export type ResolveMode = "default" | "pull" | "local";

/** An image by its normalized reference, which should be pinned (`docker.io/library/python:3.12@sha256:…`). */
export type ImageOptions = VertexOptions &
  Readonly<{ reference: string; platform: Platform; resolveMode?: ResolveMode }>;

/** The filesystem of an image (BuildKit `client/llb/source.go`, `Image`). */
export function image({ reference, platform, resolveMode = "default", ...rest }: ImageOptions): Output {
  return outputOf({
    kind: "source",
    identifier: `docker-image://${reference}`,
    attrs: resolveMode === "default" ? {} : { "image.resolvemode": resolveMode },
    platform: normalizePlatform(platform),
    // Only `pull` is a promise; `local` is a preference that a daemon may not know.
    caps: ["source.image", ...(resolveMode === "pull" ? ["source.image.resolvemode"] : [])],
    options: vertexOptions(rest),
  });
}
