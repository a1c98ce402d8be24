import type { OriginFile, OriginRange } from "../llb/origin.ts";
import type { StatusDetail } from "./status.ts";

/** The lines of a file that clients show below the message (BuildKit `solver/errdefs/source.go`). */
export function sourceDetail({
  filename,
  text,
  language,
  ranges,
}: OriginFile & { ranges: readonly OriginRange[] }): StatusDetail {
  const data = Buffer.from(text).toString("base64");
  return detail("Source", { info: { filename, data, ...(language && { language }) }, ranges });
}

/** Says that a subrequest is not known; clients then ask another frontend (`solver/errdefs/subrequest.go`). */
export function subrequestDetail(name: string): StatusDetail {
  return detail("Subrequest", { name });
}

/** Says that a frontend capability is not supported (`solver/errdefs/fronetendcap.go`). */
export function frontendCapDetail(name: string): StatusDetail {
  return detail("FrontendCap", { name });
}

function detail(type: string, value: object): StatusDetail {
  const typeUrl = `github.com/moby/buildkit/errdefs.${type}+json`;
  return { typeUrl, value: new TextEncoder().encode(JSON.stringify(value)) };
}
