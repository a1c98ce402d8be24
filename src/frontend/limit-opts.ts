import type { Limits } from "../emit/limits.ts";
import type { Resources, Ulimit } from "../llb/vertex.ts";
import { parseCsv } from "./csv.ts";
import { type OptionReader, wholeNumber } from "./option-reader.ts";

/** Reads the options that limit commands (BuildKit `frontend/dockerui/config.go`, `attr.go`). */
export function readLimits(read: OptionReader): Limits {
  const shmSize = read("shm-size", undefined, wholeNumber(1));
  const cgroupParent = read<string | undefined>("cgroup-parent", undefined, (value) => value);
  const resources = readResources(read);
  return {
    ...(shmSize !== undefined && { shmSize }),
    ulimits: read("ulimit", [], readUlimits),
    ...(cgroupParent !== undefined && { cgroupParent }),
    ...(Object.keys(resources).length > 0 && { resources }),
  };
}

/** `name=soft:hard`, several separated by commas; -1 is no limit. */
function readUlimits(value: string): readonly Ulimit[] {
  return parseCsv(value).map((entry) => {
    const match = /^([a-z]+)=(-?\d{1,15})(?::(-?\d{1,15}))?$/.exec(entry);
    if (match === null) throw new RangeError(`"${entry}" is not NAME=SOFT:HARD`);
    const [, name = "", soft = "", hard = soft] = match;
    return { name, soft: Number(soft), hard: Number(hard) };
  });
}

function readResources(read: OptionReader): Resources {
  const entries: readonly (readonly [keyof Resources, number | string | undefined])[] = [
    ["memory", read("memory", undefined, wholeNumber(1))],
    ["memorySwap", read("memswap", undefined, swap)],
    ["cpuShares", read("cpushares", undefined, wholeNumber(1))],
    ["cpuPeriod", read("cpuperiod", undefined, wholeNumber(1))],
    ["cpuQuota", read("cpuquota", undefined, wholeNumber(1))],
    ["cpusetCpus", read<string | undefined>("cpusetcpus", undefined, (value) => value)],
    ["cpusetMems", read<string | undefined>("cpusetmems", undefined, (value) => value)],
  ];
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function swap(value: string): number {
  return value === "-1" ? -1 : wholeNumber(1)(value);
}
