import type { TargetTable } from "../config/schema.ts";
import { type ShellText, sh } from "../util/sh.ts";
import { ENVIRONMENT } from "./layout.ts";

/** A value of `slim`. */
export type Slimming = NonNullable<TargetTable["slim"]>[number];

/** The command that removes something from an environment below a directory, for each value of `slim`. */
export function slimming(kind: Slimming, directory = ""): ShellText {
  return COMMANDS[kind](`${directory}${ENVIRONMENT}/lib`);
}

const COMMANDS: Readonly<Record<Slimming, (library: string) => ShellText>> = {
  tests: (library) => sh`find ${library} -type d ${"("} -name test -o -name tests ${")"} -prune -exec rm -rf {} +`,
  // One call for each library: one that cannot be stripped is left as it is.
  symbols: (library) => sh`find ${library} -type f -name ${"*.so*"} -exec strip --strip-unneeded {} ${";"}`,
  bytecode: (library) => sh`find ${library} -type d -name __pycache__ -prune -exec rm -rf {} +`,
};
