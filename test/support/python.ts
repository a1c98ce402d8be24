import { execFileSync } from "node:child_process";

/** Runs a Python program with a value on its standard input, and reads the one on its standard output. */
export function python<T>(program: string, input: unknown): T {
  const options = { input: JSON.stringify(input), maxBuffer: 1 << 28 };
  return JSON.parse(execFileSync("python3", ["-c", program], options).toString()) as T;
}

/** Why the reference implementation of packaging standards cannot be asked on this machine, if it cannot. */
export function packagingMissing(): string | undefined {
  try {
    // Version 22 dropped versions and specifiers from before PEP 440.
    python("import packaging, json\nassert int(packaging.__version__.split('.')[0]) >= 22\nprint(json.dumps(1))", null);
    return undefined;
  } catch {
    return "python3 has no packaging module of version 22 or later";
  }
}
