import { meets } from "../config/meets.ts";
import type { LockQuestion } from "./lock-reading.ts";

/** Reports a lock, or one package of it, that is for other versions of Python. */
export function checkPython(
  requires: unknown,
  { variables, problem }: LockQuestion,
  of?: Readonly<{ name: string; position: number }>,
): void {
  const python = variables.get("python_full_version") ?? "";
  // As pip and uv see it, a candidate of a release is that release.
  if (typeof requires !== "string" || meets(python.replace(/(?:a|b|rc)\d+$/, ""), requires)) return;
  const what = of === undefined ? "the lock" : of.name;
  problem(`${what} is for Python ${requires}, but the image has ${python}`, {
    ...(of !== undefined && { position: of.position }),
    help: "choose another python_version, or make the lock for this one",
  });
}
