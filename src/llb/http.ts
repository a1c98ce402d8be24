import { type Output, outputOf, type VertexOptions } from "./vertex.ts";
import { vertexOptions } from "./vertex-options.ts";

/** What to download, and the name of the file that it becomes. */
export type HttpOptions = VertexOptions &
  Readonly<{
    url: string;
    filename: string;
    checksum?: string;
    /** Permissions of the file, which belongs to root; for its owner only by default. */
    mode?: number;
    /** Whether the built-in frontend has downloaded it in this build: the same op again does not ask for it again. */
    isKnown?: boolean;
  }>;

/** A download as the only file of a filesystem (BuildKit `source/http/source.go`). */
export function http({ url, filename, checksum, mode, isKnown = false, ...rest }: HttpOptions): Output {
  return outputOf({
    kind: "source",
    identifier: url,
    attrs: {
      ...(checksum !== undefined && { "http.checksum": checksum }),
      "http.filename": filename,
      ...(mode !== undefined && { "http.perm": octal(mode), "http.uid": "0", "http.gid": "0" }),
    },
    ...(isKnown && { isLikeUpstream: true }),
    caps: [
      "source.http",
      ...(checksum === undefined ? [] : ["source.http.checksum"]),
      // Upstream's own spelling.
      ...(mode === undefined ? [] : ["source.http.perm", "soruce.http.uidgid"]),
    ],
    options: vertexOptions(rest),
  });
}

/** As the daemon reads it: with a zero in front. */
function octal(mode: number): string {
  return `0${mode.toString(8)}`;
}
