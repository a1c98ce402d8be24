import { meets } from "../config/meets.ts";
import { pep440Constraint } from "../config/python-constraint.ts";
import { shorten } from "../util/mask.ts";
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
  if (pep440Constraint(requires) === undefined) {
    problem(`${what} is for Python "${shorten(requires)}", which is no range of versions`, {
      ...(of !== undefined && { position: of.position }),
      help: "correct requires-python, and make the lock anew",
    });
    return;
  }
  problem(`${what} is for Python ${shorten(requires)}, but the image has ${python}`, {
    ...(of !== undefined && { position: of.position }),
    help: "choose another python_version, or make the lock for this one",
  });
}
