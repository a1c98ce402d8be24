import { configuration } from "./configuration.ts";
import { conformance } from "./conformance.ts";
import { errors } from "./errors.ts";
import { lintRules } from "./lint-rules.ts";

/** A document that is made by a program: its path in the repository, and what makes its text. */
export type GeneratedDocument = Readonly<{ file: string; make: () => Promise<string> }>;

/** All of them. */
export const DOCUMENTS: readonly GeneratedDocument[] = [
  { file: "docs/configuration.md", make: configuration },
  { file: "docs/conformance.md", make: async () => conformance() },
  { file: "docs/errors.md", make: errors },
  { file: "docs/lint.md", make: async () => lintRules() },
];
