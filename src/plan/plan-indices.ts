import type { PyProject } from "../config/py-project.ts";
import type { IndexTable } from "../config/schema.ts";
import type { Target } from "../config/target.ts";
import { atKey, atValue, type TomlPath } from "../diagnostic/diagnostic.ts";
import type { Report } from "./report.ts";

/** A package index that pip is to ask. */
export type PackageIndex = Readonly<{
  /** The entry of the build file. */
  path: TomlPath;
  /** Without credentials. */
  url: string;
  /** Whether it is used instead of the public index, not as well. */
  isDefault: boolean;
  /** The host, with its port, if its certificate is not to be checked. */
  trustedHost?: string;
  username?: Credential;
  password?: Credential;
}>;

/** Where a step finds a user name or a password: plans hold no secrets themselves. */
export type Credential =
  /** A secret of the build; `path` is the entry that names it. */
  | Readonly<{ kind: "secret"; id: string; path: TomlPath }>
  /** A value in the build file, which the step reads from there. */
  | Readonly<{ kind: "literal"; path: TomlPath }>;

/** The `indices` of a target, in order. Problems are reported at their entries. */
export function planIndices(project: PyProject, target: Target, report: Report): readonly PackageIndex[] {
  const tables = target.table.indices ?? [];
  const defaults = tables.flatMap((table, position) => (table.default === true ? [position] : []));
  for (const position of defaults.slice(1)) {
    report.problem({
      code: "key.conflict",
      message: "there is more than one default index",
      place: atValue(project.source, ...target.path, "indices", position, "default"),
      help: "only one index can replace the public one; the others are asked as well",
    });
  }
  return tables.flatMap((table, position) =>
    planIndex(table, { project, path: [...target.path, "indices", position], report }),
  );
}

type Context = Readonly<{ project: PyProject; path: TomlPath; report: Report }>;

function planIndex(table: IndexTable, context: Context): readonly PackageIndex[] {
  const { project, path, report } = context;
  const url = parseUrl(table.url);
  if (url === undefined) {
    report.problem({
      code: "config.value",
      message: "the URL of an index must be http(s)://HOST/PATH, without credentials, query or fragment",
      place: atValue(project.source, ...path, "url"),
    });
    return [];
  }
  const username = credential(table, "username", context);
  const password = credential(table, "password", context);
  if (password !== undefined && username === undefined) {
    const key = table.password_secret === undefined ? "password" : "password_secret";
    report.problem({
      code: "key.conflict",
      message: `${key} needs a username or username_secret`,
      place: atKey(project.source, ...path, key),
    });
  }
  return [
    {
      path,
      url: url.href,
      isDefault: table.default === true,
      ...(table.trust === true && { trustedHost: url.host }),
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
    },
  ];
}

/** An index URL with credentials inside is refused by the schema, so that no message can show them. */
function parseUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isIndex = url !== undefined && /^https?:$/.test(url.protocol) && url.search === "" && url.hash === "";
  return isIndex && url.username === "" && url.password === "" ? url : undefined;
}

function credential(
  table: IndexTable,
  key: "username" | "password",
  { project, path, report }: Context,
): Credential | undefined {
  const secretKey = `${key}_secret` as const;
  const id = table[secretKey];
  if (id !== undefined) return { kind: "secret", id, path: [...path, secretKey] };
  if (table[key] === undefined) return undefined;
  if (key === "password") {
    report.warn({
      code: "index.literal",
      message: "the build file contains the password of an index",
      place: atKey(project.source, ...path, key),
      help: `set ${secretKey} and pass the password with --secret`,
    });
  }
  return { kind: "literal", path: [...path, key] };
}
