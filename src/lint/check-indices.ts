import { atKey, atValue, type Diagnostic } from "../diagnostic/diagnostic.ts";
import type { ProjectPlan } from "../plan/plan-project.ts";
import { literalCredentials } from "../util/mask.ts";

const PUBLIC = /^https:\/\/(?:pypi\.org|pypi\.python\.org|test\.pypi\.org)\//;

/**
 * Indexes that are trusted blindly, or asked besides the public one, which may have a package of the same name; and those of
 * other tools, if everybody can read their password.
 */
export function checkIndices({ project, target }: ProjectPlan): readonly Diagnostic[] {
  const { source } = project;
  const { indices = [] } = target.table;
  const literal = project.indexes
    .filter(({ url }) => literalCredentials(url) !== undefined)
    .map(
      ({ tool, place }): Diagnostic => ({
        code: "index.literal",
        message: `the URL of an index of ${tool} has a password in it`,
        place,
        help: "name the index in indices with password_secret, and give the tool its password by a variable or a keyring",
      }),
    );
  const hasDefault = indices.some((index) => index.default === true);
  const own = indices.flatMap(({ url, trust }, position): readonly Diagnostic[] => {
    const path = [...target.path, "indices", position];
    return [
      ...(trust === true
        ? [
            {
              code: "index.trust" as const,
              message: "the certificate of this host is not checked: anybody on the network can replace its packages",
              place: atKey(source, ...path, "trust"),
              help: 'copy the CA certificate of the host into the builder with copy_files_before_build, and set env = { PIP_CERT = "…" }',
            },
          ]
        : []),
      ...(!hasDefault && !PUBLIC.test(url.endsWith("/") ? url : `${url}/`)
        ? [
            {
              code: "index.extra" as const,
              message: "pip uses this index and the public one: a public package of the same name can replace yours",
              place: atValue(source, ...path, "url"),
              help: "set default = true if the index has all packages, or pin versions and hashes with a lock",
            },
          ]
        : []),
    ];
  });
  return [...literal, ...own];
}
