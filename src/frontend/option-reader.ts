import type { Diagnostic } from "../diagnostic/diagnostic.ts";

/** Reads one option. What `parse` throws becomes a problem that names the option, and the fallback stands in. */
export type OptionReader = <T>(key: string, fallback: T, parse: (value: string) => T) => T;

/** A reader of the options of a build, and the problems that it finds. Options that are not read are ignored. */
export function optionReader(
  opts: ReadonlyMap<string, string>,
): Readonly<{ read: OptionReader; refuse: (key: string, why: string) => void; problems: readonly Diagnostic[] }> {
  const problems: Diagnostic[] = [];
  const refuse = (key: string, why: string): void => {
    problems.push({ code: "option.invalid", message: `option ${key}: ${why}` });
  };
  const read: OptionReader = (key, fallback, parse) => {
    const value = opts.get(key);
    // Docker 20.10 sends some options with an empty value when they are not given.
    if (value === undefined || value === "") return fallback;
    try {
      return parse(value);
    } catch (error) {
      refuse(key, (error as Error).message);
      return fallback;
    }
  };
  return { read, refuse, problems };
}

/** One of a few words. */
export function oneOf<T extends string>(...values: readonly T[]): (value: string) => T {
  return (value) => {
    const found = values.find((one) => one === value);
    if (found === undefined) throw new RangeError(`"${value}" is not one of ${values.join(", ")}`);
    return found;
  };
}

const TRUE = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const FALSE = new Set(["0", "f", "F", "FALSE", "false", "False"]);

/** A truth value as Go writes them (`strconv.ParseBool`). */
export function parseBoolean(value: string): boolean {
  if (TRUE.has(value)) return true;
  if (FALSE.has(value)) return false;
  throw new RangeError(`"${value}" is neither true nor false`);
}

/** A whole number from `least` to `most`, in decimal digits. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (value: string) => number {
  return (value) => {
    const number = /^-?\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
    if (!Number.isSafeInteger(number) || number < least) {
      throw new RangeError(`"${value}" is not a whole number of at least ${least}`);
    }
    if (number > most) throw new RangeError(`${value} is more than ${most}`);
    return number;
  };
}
