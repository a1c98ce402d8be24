import { UserError } from "../diagnostic/user-error.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import { copy } from "../llb/copy.ts";
import { embed } from "../llb/embed.ts";
import { http } from "../llb/http.ts";
import { marshal } from "../llb/marshal.ts";
import type { Output } from "../llb/vertex.ts";
import { withoutCredentials } from "../util/mask.ts";
import { CONTEXT_LOCAL, type ContextOpts } from "./context-opts.ts";
import { parseGitReference } from "./git-reference.ts";
import { gitRoot } from "./git-root.ts";
import { inSubdirectory } from "./in-subdirectory.ts";
import { isArchive } from "./is-archive.ts";

/** Filesystems that come from elsewhere than the client's directories, as far as there are any. */
export type RemoteContext = Readonly<{ context?: Output; buildFile?: Output }>;

/**
 * Opens a git repository, an archive or a file behind a URL, or graphs that were handed in
 * (BuildKit `frontend/dockerui/context.go`, `initContext`).
 * @throws UserError for a URL that is not understood.
 */
export async function openRemoteContext(client: GatewayClient, opts: ContextOpts): Promise<RemoteContext> {
  const found =
    (await gitContext(client, opts)) ?? (/^https?:\/\//.test(opts.url) ? await httpContext(client, opts) : undefined);
  if (found !== undefined) {
    // Only the context is a part of what was fetched: the path of the build file is that in the whole.
    return { context: inSubdirectory(found, opts.subdirectory), buildFile: found };
  }
  const inputs = await client.inputs();
  const [context, buildFile] = [inputs.get(CONTEXT_LOCAL), inputs.get(opts.buildFileLocal)];
  return {
    ...(context !== undefined && { context: inSubdirectory(embed(context), opts.subdirectory) }),
    ...(buildFile !== undefined && { buildFile: embed(buildFile) }),
  };
}

async function gitContext(
  client: GatewayClient,
  { url, keepGitDirectory, commitTimes }: ContextOpts,
): Promise<Output | undefined> {
  const reference = gitReference(url);
  if (reference === undefined) return undefined;
  const caps = await client.caps;
  // Nobody asked for times of commits in so many words: a daemon that cannot set them still builds.
  const times = commitTimes && caps.llb.has("source.git.mtime") && { times: "commit" as const };
  const name = `[internal] load git source ${withoutCredentials(url)}`;
  return gitRoot(caps, { ...times, ...reference, ...(keepGitDirectory && { keepGitDirectory }) }, name);
}

function gitReference(url: string): ReturnType<typeof parseGitReference> {
  try {
    return parseGitReference(url);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = `the build context ${withoutCredentials(url)}: ${error.message}`;
    throw new UserError({ code: "option.invalid", message });
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
