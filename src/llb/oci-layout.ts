import { normalizePlatform, type Platform } from "../oci/platform.ts";
import { type Output, outputOf, type VertexOptions } from "./vertex.ts";
import { vertexOptions } from "./vertex-options.ts";

/** An image in a directory of the client. The reference has a digest; its name is shown and otherwise unimportant. */
export type OciLayoutOptions = VertexOptions &
  Readonly<{ reference: string; store: string; sessionId: string; platform: Platform }>;

/** The filesystem of an image in an OCI layout that a client offers (BuildKit `client/llb/source.go`, `OCILayout`). */
export function ociLayout({ reference, store, sessionId, platform, ...rest }: OciLayoutOptions): Output {
  return outputOf({
    kind: "source",
    identifier: `oci-layout://${reference}`,
    attrs: { "oci.session": sessionId, "oci.store": store },
    platform: normalizePlatform(platform),
    caps: ["source.ocilayout"],
    options: vertexOptions(rest),
  });
}
