import { withPrefix } from "./with-prefix.ts";

/** Where a build says that its files are. */
export type ContextOpts = Readonly<{
  /** The path of the build file. */
  filename: string;
  sessionId: string;
  /** A URL instead of a directory of the client. */
  url: string;
  /** The directory of a context that is not the client's, without slashes around it. */
  subdirectory: string;
  /** Where in the context the client says that the directory of the build file is; it need not be true. */
  directoryHint: string;
  /** The name by which the client offers the directory of the build file. */
  buildFileLocal: string;
  /** Whether the build file is the client's, wherever the context is from: typed in, or a file besides a URL. */
  ownBuildFile: boolean;
  keepGitDirectory: boolean;
  /** Whether files of git get the time of their commit. */
  commitTimes: boolean;
  /** Whether another frontend, or a build before this one, may have handed graphs in. */
  mayHaveInputs: boolean;
  /** The session that offers a directory of the client. */
  sessionOf: (local: string) => string;
  /** The contexts besides the main one, by name, as `--build-context` gives them. */
  named: ReadonlyMap<string, string>;
  /** What the client knows a directory by. */
  sharedKeyOf: (context: string) => string | undefined;
  /** What another build says of its result. */
  metadataOf: (input: string) => string | undefined;
}>;

/** The name by which clients offer the build context. */
export const CONTEXT_LOCAL = "context";

/** Reads the options of a build that tell where its files are (BuildKit `frontend/dockerui/context.go`). */
export function readContextOpts(opts: ReadonlyMap<string, string>, sessionId: string, filename: string): ContextOpts {
  return {
    filename,
    sessionId,
    url: opts.get(opts.get("contextkey") || "context") ?? "",
    subdirectory: (opts.get("contextsubdir") ?? "").replace(/^\/+|(?<!\/)\/+$/g, ""),
    directoryHint: directoryHint(opts.get("vcs:localdir:context"), opts.get("vcs:localdir:dockerfile")),
    buildFileLocal: opts.get("dockerfilekey") || "dockerfile",
    ownBuildFile: opts.has("dockerfilekey"),
    keepGitDirectory: /^(?:1|t|true)$/i.test(opts.get("build-arg:BUILDKIT_CONTEXT_KEEP_GIT_DIR") ?? ""),
    commitTimes: Boolean(opts.get("build-arg:SOURCE_DATE_EPOCH")),
    // `docker build` reaches us through the built-in frontend or names our syntax itself, and says so in `cmdline`; it
    // names what it hands in. Asking costs a call, which others pay always.
    mayHaveInputs:
      !opts.has("cmdline") ||
      [...opts].some(
        ([key, value]) => key.startsWith("input:") || (key.startsWith("context:") && value.startsWith("input:")),
      ),
    sessionOf: (local) => opts.get(`local-sessionid:${local}`) ?? sessionId,
    named: withPrefix(opts, "context:"),
    sharedKeyOf: (context) => opts.get(`sharedkey:localdir:${context}`),
    metadataOf: (input) => opts.get(`input-metadata:${input}`),
  };
}

/** In a git repository buildx tells where in it both directories are (buildx `build/git.go`). */
function directoryHint(context: string | undefined, buildFile: string | undefined): string {
  if (context === undefined || buildFile === undefined) return "";
  const [outer, inner] = [context, buildFile].map((path) => path.replaceAll("\\", "/"));
  if (outer === ".") return inner === "." ? "" : (inner ?? "");
  return inner?.startsWith(`${outer}/`) ? inner.slice(`${outer}/`.length) : "";
}
