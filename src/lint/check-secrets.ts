import { atValue, type Diagnostic } from "../diagnostic/diagnostic.ts";
import type { ProjectPlan } from "../plan/plan-project.ts";
import { literalCredentials } from "../util/mask.ts";

const SECRET = /(?:^|_)(?:api_?key|auth|credentials?|passwd|password|private_?key|secret|secret_?key|token)$/i;
/** Where a secret is at run time, or that it is none. */
const HARMLESS = /^(?:|\/.*|\d+|true|false|yes|no|none|null|\$\{?\w+\}?)$/i;

/** Values of variables that look like secrets: everybody who has the image can read them. */
export function checkSecrets({ project, target }: ProjectPlan): readonly Diagnostic[] {
  const key = target.table.env === undefined ? "environment" : "env";
  return Object.entries(target.table[key] ?? {}).flatMap(([name, value]): readonly Diagnostic[] =>
    (SECRET.test(name) && !HARMLESS.test(value)) || (!value.includes("$") && literalCredentials(value) !== undefined)
      ? [
          {
            code: "env.secret",
            message: `the value of ${name} looks like a secret, and everybody who has the image can read it`,
            place: atValue(project.source, ...target.path, key, name),
            help: "set it when the container is started, or read it from a file",
          },
        ]
      : [],
  );
}
