import type { Diagnostic } from "../diagnostic/diagnostic.ts";

/** Where the parts of a plan put what they find: all problems are shown together, warnings do not stop a build. */
export type Report = Readonly<{ problem: (diagnostic: Diagnostic) => void; warn: (diagnostic: Diagnostic) => void }>;
