import { defined } from "./defined.ts";
import type { Metadata } from "./metadata.ts";
import { pep440Constraint } from "./python-constraint.ts";
import type { FlitTable } from "./schema.ts";

/**
 * The metadata in `[tool.flit.metadata]`, which flit read before `[project]` existed (flit_core `config.py`). flit reads the
 * requirements itself: they are installed with the project.
 */
export function flitMetadata(flit: FlitTable, scripts: readonly string[]): Metadata {
  const path = ["tool", "flit", "metadata"];
  const { module, license, "dist-name": name = module, "requires-python": text } = flit;
  const homepage = flit["home-page"];
  return {
    path,
    ...defined({ name, license }),
    authors: flit.author === undefined ? [] : [defined({ name: flit.author, email: flit["author-email"] })],
    urls: new Map(homepage === undefined ? [] : [["homepage", homepage]]),
    scripts,
    pythonLimits:
      text === undefined
        ? []
        : [
            {
              name: "tool.flit.metadata.requires-python",
              text,
              constraint: pep440Constraint(text),
              path: [...path, "requires-python"],
            },
          ],
    dependencies: { kind: "dynamic", path, reason: "the dependencies come from [tool.flit.metadata]" },
    extras: new Map(),
    extrasAreDynamic: true,
    dynamic: [],
  };
}
