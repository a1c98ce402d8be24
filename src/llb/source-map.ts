import type { llb } from "../pb/generated.js";
import type { Origin, OriginFile } from "./origin.ts";

/**
 * Collects the files and ranges that vertices come from; the daemon looks them up by the digest of a failing op
 * (BuildKit `client/llb/sourcemap.go`, `solver/llbsolver/result.go`).
 */
export interface SourceMapBuilder {
  /** Says where an op comes from. What was said before is not repeated. */
  add(digest: string, origins: readonly Origin[]): void;
  /** Takes over the source map of a foreign definition. */
  addEncoded(source: llb.Source.$Properties | undefined): void;
  /** The message, or nothing when no vertex had an origin. */
  message(): llb.Source.$Properties | undefined;
}

/** An empty source map. */
export function createSourceMap(): SourceMapBuilder {
  const infos: llb.SourceInfo.$Properties[] = [];
  const indexes = new Map<OriginFile, number>();
  const locations = new Map<string, Map<string, llb.Location.$Properties>>();

  function addLocation(digest: string, location: llb.Location.$Properties): void {
    const known = locations.get(digest) ?? new Map<string, llb.Location.$Properties>();
    locations.set(digest, known.set(JSON.stringify(location), location));
  }

  function indexOf(file: OriginFile): number {
    const known = indexes.get(file);
    if (known !== undefined) return known;
    const { filename, text, language = "" } = file;
    const index = infos.push({ filename, data: new TextEncoder().encode(text), language }) - 1;
    indexes.set(file, index);
    return index;
  }

  return {
    add(digest, origins) {
      for (const { file, ranges } of origins) {
        addLocation(digest, { sourceIndex: indexOf(file), ranges: [...ranges] });
      }
    },
    addEncoded(source) {
      const offset = infos.length;
      infos.push(...(source?.infos ?? []));
      for (const [digest, of] of Object.entries(source?.locations ?? {})) {
        for (const { sourceIndex = 0, ranges = [] } of of.locations ?? []) {
          addLocation(digest, { sourceIndex: sourceIndex + offset, ranges });
        }
      }
    },
    message() {
      if (infos.length === 0) return undefined;
      const entries = [...locations].map(([digest, of]): [string, llb.Locations.$Properties] => [
        digest,
        { locations: [...of.values()] },
      ]);
      return { infos, locations: Object.fromEntries(entries) };
    },
  };
}
