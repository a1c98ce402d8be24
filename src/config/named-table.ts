import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { PyProject } from "./py-project.ts";
import { targetSchema } from "./schema.ts";
import type { Target } from "./target.ts";

/**
 * Says in a remedy that names a key of the target where the key is written, if the build file has no table for the target
 * yet: `set install = "source"` gets `(write keys of microb into [tool.microb.target.default])`.
 */
export function withNamedTable({ targets }: PyProject, target: Target): (diagnostic: Diagnostic) => Diagnostic {
  if (targets.has(target.name)) return (diagnostic) => diagnostic;
  const table = `[${target.path.join(".")}]`;
  return (diagnostic) => {
    const { help } = diagnostic;
    if (help === undefined || help.includes("[tool.microb") || !ASSIGNMENT.test(help)) return diagnostic;
    return { ...diagnostic, help: `${help} (write keys of microb into ${table})` };
  };
}

const KEYS = Object.keys(targetSchema.shape).join("|");
/** A key with its value, or by its name where it is called a key or is to be set. */
const ASSIGNMENT = new RegExp(`\\b(?:${KEYS})(?: = | key\\b)|\\bset (?:${KEYS})\\b`);
