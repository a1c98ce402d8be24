import { type Output, outputOf, type VertexOptions } from "./vertex.ts";
import { vertexOptions } from "./vertex-options.ts";

/** What to download, and the name of the file that it becomes. */
export type HttpOptions = VertexOptions &
  Readonly<{
    url: string;
    filename: string;
    checksum?: string;
    /** Whether the built-in frontend has downloaded it in this build: the same op again does not ask for it again. */
    isKnown?: boolean;
  }>;

/** A download as the only file of a filesystem, readable for its owner only (BuildKit `source/http/source.go`). */
export function http({ url, filename, checksum, isKnown = false, ...rest }: HttpOptions): Output {
  return outputOf({
    kind: "source",
    identifier: url,
    attrs: { "http.filename": filename, ...(checksum !== undefined && { "http.checksum": checksum }) },
    ...(isKnown && { isLikeUpstream: true }),
    caps: ["source.http", ...(checksum === undefined ? [] : ["source.http.checksum"])],
    options: vertexOptions(rest),
  });
}
