import { shorten } from "../util/mask.ts";
import { contextPath } from "./context-path.ts";
import type { EntrySource } from "./lock-entry.ts";
import type { LockQuestion } from "./lock-reading.ts";

/** What locks say of a repository. */
type RawRepository = Readonly<{
  url: string | undefined;
  commit: string | undefined;
  subdirectory: string | undefined;
}>;

/** Addresses that git and pip accept, without characters that would end one in a requirement (`name @ git+URL@COMMIT#…`). */
const ADDRESS = /^(?:(?:https?|ssh|git):\/\/|[\w.][\w.-]*@[\w.-]+:)(?!-)[^\s\p{Cc}#]{1,2048}$/u;

/** A commit of a repository that a build can clone, without the credentials of its URL. Reports what is wrong with it. */
export function gitSource(
  { url = "", commit = "", subdirectory }: RawRepository,
  position: number,
  { problem }: Pick<LockQuestion, "problem">,
): EntrySource {
  if (!ADDRESS.test(url)) problem("its repository has no URL that a build can clone", { position });
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) problem("its git source names no commit", { position });
  if (subdirectory !== undefined && (subdirectory.startsWith("-") || contextPath(subdirectory, "") === undefined))
    problem(`its subdirectory "${shorten(subdirectory)}" leads out of the repository`, { position });
  return {
    kind: "git",
    url: addressOf(url),
    commit,
    ...(subdirectory !== undefined && { subdirectory }),
  };
}

/** The user of SSH stays: it is no secret, and servers ask for it. */
function addressOf(url: string): string {
  const [, user = ""] = /^ssh:\/\/([^/:@]*)[^/]*@/.exec(url) ?? [];
  return url.replace(/^([a-z]+:\/\/)[^/?#]*@/, (_, scheme: string) => scheme + (user === "" ? "" : `${user}@`));
}
