import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { literalCredentials } from "../util/mask.ts";
import type { RequirementsLine } from "./requirements-line.ts";

/** The references that pip and uv replace (`pip/_internal/req/req_file.py`, `ENV_VAR_RE`): nothing else is one. */
const VARIABLE = /\$\{([A-Z0-9_]+)\}/g;

/** What could be better in a line: a password that everybody can read, and variables that nothing sets. */
export function checkLine({ text, place }: RequirementsLine, known: ReadonlySet<string>): readonly Diagnostic[] {
  const names = [...text.matchAll(VARIABLE)].flatMap(([, name = ""]) => (known.has(name) ? [] : [name]));
  const findings = [...new Set(names)].map(
    (name): Diagnostic => ({
      code: "substitution.unset",
      message: `nothing sets ${name} in the builder: the installer takes \${${name}} literally`,
      place,
      help: "name the index with the indices key and its secrets, or set the variable with env",
    }),
  );
  if (literalCredentials(text) === undefined) return findings;
  return [
    ...findings,
    {
      code: "requirement.credentials",
      message: "the requirements file contains a password or token, which everybody can read who has the file",
      place,
      help: "name the index with the indices key and password_secret, or use git+ssh with --ssh",
    },
  ];
}
