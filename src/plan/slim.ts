import type { TargetTable } from "../config/schema.ts";
import { type ShellText, sh } from "../util/sh.ts";
import { ENVIRONMENT } from "./layout.ts";

/** A value of `slim`. */
export type Slimming = NonNullable<TargetTable["slim"]>[number];

const LIBRARY = `${ENVIRONMENT}/lib`;

/** The command that removes something from the environment, for each value of `slim`. */
export const SLIMMING: Readonly<Record<Slimming, ShellText>> = {
  tests: sh`find ${LIBRARY} -type d ${"("} -name test -o -name tests ${")"} -prune -exec rm -rf {} +`,
  // One call for each library: one that cannot be stripped is left as it is.
  symbols: sh`find ${LIBRARY} -type f -name ${"*.so*"} -exec strip --strip-unneeded {} ${";"}`,
  bytecode: sh`find ${LIBRARY} -type d -name __pycache__ -prune -exec rm -rf {} +`,
};
