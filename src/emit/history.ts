import type { HistoryEntry } from "../oci/image-config.ts";
import { maskText } from "../util/mask.ts";

/** Who made a layer, as `docker history` shows it. */
const COMMENT = "microb.v1";

/** A line of the image's history, without credentials. Every change of the filesystem has one `layer` entry, in order: layers are matched. */
export function historyEntry(text: string, changes: "layer" | "settings"): HistoryEntry {
  return { created_by: maskText(text), comment: COMMENT, ...(changes === "settings" && { empty_layer: true }) };
}
