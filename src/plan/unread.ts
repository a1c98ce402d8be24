import { atKey } from "../diagnostic/diagnostic.ts";
import { UNREAD_LOCKS } from "../facts/neighbour-files.ts";
import type { SourceContext } from "./plan-sources.ts";
import { reportToolIndexes } from "./tool-index.ts";

/** Warns, in a build without a lock, of locks, settings and indexes that only another tool would use. */
export function reportUnread(context: SourceContext): void {
  const { project, target, facts, report } = context;
  for (const name of facts.unreadLocks ?? []) {
    report.warn({
      code: "lock.unread",
      message: `microb does not read ${name}: the versions in it are not used`,
      place: atKey(project.source, ...project.metadata.path, "dependencies"),
      help: `export it (${UNREAD_LOCKS.get(name)}) and name the result with the requirements key, or set lock = false to build without it`,
    });
  }
  if (target.table.lock === false) return;
  for (const { key, place } of project.uv.withLock) {
    report.warn({
      code: "lock.setting",
      message: `${key} of uv has no effect without a uv.lock`,
      place,
      help: "run uv lock, or set lock = false to build without it",
    });
  }
  reportToolIndexes(context);
}
