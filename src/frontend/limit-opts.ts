import type { Limits } from "../emit/limits.ts";
import type { Resources, Ulimit } from "../llb/vertex.ts";
import { parseCsv } from "./csv.ts";
import { type OptionReader, wholeNumber } from "./option-reader.ts";

/** The names of limits, without `RLIMIT_` (docker/go-units `ulimit.go`). */
const LIMITS: ReadonlySet<string> = new Set([
  ...["core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio"],
  ...["rttime", "sigpending", "stack"],
]);

/** Reads the options that limit commands (BuildKit `frontend/dockerui/config.go`, `attr.go`). */
export function readLimits(read: OptionReader): Limits {
  // Zero is the daemon's own size.
  const shmSize = read("shm-size", undefined, wholeNumber(0)) || undefined;
  const cgroupParent = read<string | undefined>("cgroup-parent", undefined, (value) => value);
  const resources = readResources(read);
  return {
    ...(shmSize !== undefined && { shmSize }),
    ulimits: read("ulimit", [], readUlimits),
    ...(cgroupParent !== undefined && { cgroupParent }),
    ...(Object.keys(resources).length > 0 && { resources }),
  };
}

/** `name=soft:hard`, several separated by commas; -1 is no limit, and a single number is both. */
function readUlimits(value: string): readonly Ulimit[] {
  return parseCsv(value).map((entry) => {
    const [, name = "", softText = "", hardText = softText] =
      /^([a-z]+)=(-1|\d{1,19})(?::(-1|\d{1,19}))?$/.exec(entry) ?? [];
    if (name === "") throw new RangeError(`"${entry}" is not NAME=SOFT:HARD`);
    if (!LIMITS.has(name)) throw new RangeError(`${name} is not one of ${[...LIMITS].join(", ")}`);
    const [soft, hard] = [BigInt(softText), BigInt(hardText)];
    const [least, most] = [soft, hard].map((limit) => (limit < 0n ? LARGEST + 1n : limit)) as [bigint, bigint];
    if (least > most) throw new RangeError(`"${entry}" has a soft limit above the hard one`);
    if ([soft, hard].some((limit) => limit > LARGEST)) throw new RangeError(`"${entry}" is more than ${LARGEST}`);
    return { name, soft, hard };
  });
}

/** What fits into 64 bits with a sign. */
const LARGEST = 2n ** 63n - 1n;

function readResources(read: OptionReader): Resources {
  const entries: readonly (readonly [keyof Resources, number | string | undefined])[] = [
    ["memory", read("memory", undefined, wholeNumber(1))],
    ["memorySwap", read("memswap", undefined, swap)],
    ["cpuShares", read("cpushares", undefined, wholeNumber(1))],
    ["cpuPeriod", read("cpuperiod", undefined, wholeNumber(1))],
    ["cpuQuota", read("cpuquota", undefined, wholeNumber(1))],
    ["cpusetCpus", read("cpusetcpus", undefined, cpuset)],
    ["cpusetMems", read("cpusetmems", undefined, cpuset)],
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function swap(value: string): number {
  return value === "-1" ? -1 : wholeNumber(1)(value);
}

/** The largest number that BuildKit takes. */
const MAX_CPU = 8192;

/** Numbers and ranges of processors, or of banks of memory, such as `0-2,7` (BuildKit `util/cpuset`). */
function cpuset(value: string): string {
  for (const part of value.split(",").filter((text) => text.trim() !== "")) {
    const [, first = "", last = first] = /^\s*(\d{1,4})(?:\s*-\s*(\d{1,4}))?\s*$/.exec(part) ?? [];
    if (first === "" || Number(last) < Number(first)) throw new RangeError(`"${part}" is neither a number nor a range`);
    if (Number(last) > MAX_CPU) throw new RangeError(`"${part}" is more than ${MAX_CPU}`);
  }
  return value;
}
