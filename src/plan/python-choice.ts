import { assertNever } from "../util/assert-never.ts";
import type { PythonCandidate } from "./python-candidates.ts";
import type { LockedAmount } from "./source-builds.ts";

/** What a lock installs on the image of a tag; undefined if it cannot be installed there. */
export type CountBuilds = (tag: string) => LockedAmount | undefined;

/** The tag that is chosen, and why, as a sentence. */
export type PythonChoice = Readonly<{ tag: string; reason: string }>;

/**
 * The rule by which microb chooses Python: of the minor versions that are at least a year old the one that builds the
 * fewest packages of a lock from source; of equals the newest. Younger ones, and first releases that only a bound such
 * as `<=3.12` admits, count if there is nothing else. Candidates come newest first; undefined without any. `limit` says
 * who admits them, as in `requires-python admits`.
 */
export function choosePython(
  candidates: readonly PythonCandidate[],
  limit: string | undefined,
  count?: CountBuilds,
): PythonChoice | undefined {
  for (const kind of ["settled", "young", "first-release"] as const) {
    const group = candidates.filter((one) => one.kind === kind);
    const found = count === undefined ? newest(group) : fewestBuilds(group, count);
    if (found !== undefined) return { tag: found.tag, reason: sentence(found, kind, limit) };
  }
  // Reading the lock tells why it fits none of them.
  return count === undefined ? undefined : choosePython(candidates, limit);
}

type Counted = Readonly<{ tag: string; amount?: LockedAmount }>;
type Best = Counted & Readonly<{ others: readonly Counted[] }>;

function newest([first]: readonly PythonCandidate[]): Best | undefined {
  return first && { tag: first.tag, others: [] };
}

/** Older ones are not looked at once nothing is built: it cannot be less. `others` are newer than the one. */
function fewestBuilds(candidates: readonly PythonCandidate[], count: CountBuilds): Best | undefined {
  let best: Best | undefined;
  const seen: Counted[] = [];
  for (const { tag } of candidates) {
    const amount = count(tag);
    if (amount !== undefined && (best?.amount === undefined || amount.builds < best.amount.builds)) {
      best = { tag, amount, others: [...seen] };
    }
    seen.push({ tag, ...(amount !== undefined && { amount }) });
    if (amount?.builds === 0) break;
  }
  return best;
}

function sentence({ tag, amount, others }: Best, kind: PythonCandidate["kind"], limit: string | undefined): string {
  const newer = others.find((one) => one.amount !== undefined) ?? others[0];
  const { builds } = amount ?? {};
  const wheels = amount === undefined ? "" : withWheels(amount);
  if (newer !== undefined && amount !== undefined) {
    if (newer.amount === undefined) return `Python ${tag}: the lock is not for ${newer.tag}${wheels}`;
    return `Python ${tag}: ${compared(amount)} (${newer.tag} would build ${newer.amount.builds} from source)`;
  }
  switch (kind) {
    case "settled":
      return `Python ${tag}: the newest ${limit === undefined ? "" : `that ${limit} and `}that is at least a year old${wheels}`;
    case "young":
      return `Python ${tag}: it is less than a year old, but no older version can be used${builds === 0 ? wheels : ""}`;
    case "first-release":
      return `Python ${tag}: the newest release${limit === undefined ? "" : ` that ${limit}`}${builds === 0 ? wheels : ""}`;
    default:
      return assertNever(kind);
  }
}

function compared({ packages, builds }: LockedAmount): string {
  return builds === 0
    ? `the newest with wheels for ${all(packages)}`
    : `the newest that builds the fewest packages from source, ${builds} of ${packages}`;
}

function withWheels({ packages, builds }: LockedAmount): string {
  if (packages === 0) return "";
  return builds === 0 ? `, with wheels for ${all(packages)}` : ", and no older one builds fewer packages from source";
}

function all(packages: number): string {
  return packages === 1 ? "the only package" : `all ${packages} packages`;
}
