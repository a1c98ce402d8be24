/** The build arguments that are microb's own, as they are documented. Their names are case-insensitive. */
export const OWN_ARGUMENTS = ["microb_target", "MICROB_HERMETIC", "MICROB_INDEX_MIRRORS"] as const;

/** The name of an argument of microb, as it is documented. */
export type OwnArgument = (typeof OWN_ARGUMENTS)[number];

/** Proxies for the commands of a build, by what they are for. */
export type ProxyArguments = Readonly<{ http?: string; https?: string; ftp?: string; no?: string; all?: string }>;

/** The arguments of a build (`--build-arg`), by who reads them. */
export type BuildArguments = Readonly<{
  /** Those that values may use, microb's own among them. */
  variables: ReadonlyMap<string, string>;
  /** The proxies: every command gets them, no image does. */
  proxy: ProxyArguments;
}>;

const PROXIES: ReadonlyMap<string, keyof ProxyArguments> = new Map([
  ["http_proxy", "http"],
  ["https_proxy", "https"],
  ["ftp_proxy", "ftp"],
  ["no_proxy", "no"],
  ["all_proxy", "all"],
]);

/**
 * Splits the arguments of a build into proxies, in any case (BuildKit `dockerfile2llb/convert.go`), and the rest. Those that
 * BuildKit reads itself are dropped.
 */
export function splitArguments(args: ReadonlyMap<string, string>): BuildArguments {
  const variables = new Map<string, string>();
  const proxy: { -readonly [K in keyof ProxyArguments]: ProxyArguments[K] } = {};
  for (const [name, value] of args) {
    const kind = PROXIES.get(name.toLowerCase());
    if (kind !== undefined) proxy[kind] = value;
    else if (!name.startsWith("BUILDKIT_")) variables.set(name, value);
  }
  return { variables, proxy };
}

/** The value of an argument of microb, in whatever case its name is given. */
export function ownArgument(args: ReadonlyMap<string, string>, name: OwnArgument): string | undefined {
  return args.get(name) ?? args.get(spellings(args, name)[0] ?? name);
}

/** The names by which an argument of microb is given. */
export function spellings(args: ReadonlyMap<string, string>, name: OwnArgument): readonly string[] {
  return [...args.keys()].filter((given) => given.toLowerCase() === name.toLowerCase());
}
