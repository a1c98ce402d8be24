import { UserError } from "../diagnostic/user-error.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import { copy } from "../llb/copy.ts";
import { embed } from "../llb/embed.ts";
import { git } from "../llb/git.ts";
import { http } from "../llb/http.ts";
import { marshal } from "../llb/marshal.ts";
import type { Output } from "../llb/vertex.ts";
import { CONTEXT_LOCAL, type ContextOpts } from "./context-opts.ts";
import { parseGitReference } from "./git-reference.ts";

/** Filesystems that come from elsewhere than the client's directories, as far as there are any. */
export type RemoteContext = Readonly<{ context?: Output; buildFile?: Output }>;

/**
 * Opens a git repository, an archive or a file behind a URL, or graphs that were handed in
 * (BuildKit `frontend/dockerui/context.go`, `initContext`).
 * @throws UserError for a URL that is not understood.
 */
export async function openRemoteContext(client: GatewayClient, opts: ContextOpts): Promise<RemoteContext> {
  const found = gitContext(opts) ?? (/^https?:\/\//.test(opts.url) ? await httpContext(client, opts) : undefined);
  if (found !== undefined) {
    const context = inSubdirectory(found, opts.subdirectory);
    return { context, buildFile: context };
  }
  const inputs = await client.inputs();
  const [context, buildFile] = [inputs.get(CONTEXT_LOCAL), inputs.get(opts.buildFileLocal)];
  return {
    ...(context !== undefined && { context: inSubdirectory(embed(context), opts.subdirectory) }),
    ...(buildFile !== undefined && { buildFile: embed(buildFile) }),
  };
}

function gitContext({ url, keepGitDirectory, commitTimes }: ContextOpts): Output | undefined {
  try {
    const reference = parseGitReference(url);
    return (
      reference &&
      git({
        ...(commitTimes && { times: "commit" }),
        ...reference,
        ...(keepGitDirectory && { keepGitDirectory }),
        name: `[internal] load git source ${withoutCredentials(url)}`,
      })
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError({ code: "option.invalid", message: `the build context: ${error.message}` });
  }
}

const DOWNLOAD = "context";

/** An archive is unpacked; any other file is the build file itself, and alone in its context. */
async function httpContext(client: GatewayClient, { url, filename }: ContextOpts): Promise<Output> {
  const download = http({ url, filename: DOWNLOAD, isKnown: true, name: "[internal] load remote build context" });
  const reference = await client.solve({ definition: marshal(download) });
  const start = (await reference.readStart(DOWNLOAD, 1024)) ?? new Uint8Array();
  return isArchive(start)
    ? copy({
        from: download,
        sources: [`/${DOWNLOAD}`],
        to: "/",
        flags: { ...PLAIN, attemptUnpack: true },
        name: "[internal] unpack the build context",
      })
    : copy({
        from: download,
        sources: [`/${DOWNLOAD}`],
        to: `/${filename}`,
        mode: 0o644,
        flags: PLAIN,
        name: "[internal] the build file",
      });
}

/** One file by its very name. */
const PLAIN = { followSymlink: false, dirCopyContents: false, allowWildcard: false, allowEmptyWildcard: false };

/** Packed with bzip2, gzip or xz, or a plain tar archive (`dockerui/context.go`, `isArchive`). */
export function isArchive(start: Uint8Array): boolean {
  const text = Buffer.from(start).toString("latin1");
  const isTar = text.slice(257, 262) === "ustar";
  return isTar || ["BZh", "\x1f\x8b\x08", "\xfd7zXZ\x00"].some((magic) => text.startsWith(magic));
}

function inSubdirectory(root: Output, directory: string): Output {
  if (directory === "") return root;
  return copy({
    from: root,
    sources: [`/${directory.replace(/^\/+/, "")}`],
    to: "/",
    flags: { allowWildcard: false, allowEmptyWildcard: false },
    name: `[internal] ${directory} of the build context`,
  });
}

function withoutCredentials(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/?#]*@/i, "$1");
}
