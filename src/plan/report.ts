import type { Diagnostic } from "../diagnostic/diagnostic.ts";

/** Collects what the parts of a plan find: all problems are shown together, warnings do not stop a build. */
export type Report = Readonly<{ problem: (diagnostic: Diagnostic) => void; warn: (diagnostic: Diagnostic) => void }>;
