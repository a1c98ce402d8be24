import type { Source } from "../config/sources.ts";
import type { ToolIndex } from "../config/tool-indexes.ts";
import type { Place } from "../diagnostic/diagnostic.ts";
import { withoutCredentials } from "../util/mask.ts";
import type { SourceContext } from "./plan-sources.ts";

/** Warns of a package that a tool takes from an index that the build does not ask. */
export function reportSourceIndex(
  name: string,
  { tool, place }: Readonly<{ tool: Source["tool"]; place: Place }>,
  index: string,
  context: SourceContext,
): void {
  const { project, report } = context;
  const known = project.indexes.find((one) => one.name?.toLowerCase() === index.toLowerCase());
  const url = known?.url ?? (/^https?:/.test(index) ? index : undefined);
  if (index.toLowerCase() === "pypi" || (url !== undefined && isAsked(url, context))) return;
  report.warn({
    code: "source.index",
    message: `${tool} takes "${name}" from the index ${index}, which this build does not use`,
    place,
    help: remedy(url),
  });
}

/** Warns of indexes that a tool asks for every package, and the build does not. */
export function reportToolIndexes(context: SourceContext): void {
  for (const index of context.project.indexes) {
    if (index.isExplicit || isAsked(index.url, context)) continue;
    context.report.warn({
      code: "source.index",
      message: `${index.tool} uses the index ${nameOf(index)}, but this build does not`,
      place: index.place,
      help: remedy(index.url),
    });
  }
}

function nameOf({ name, url }: ToolIndex): string {
  return name ?? withoutCredentials(url);
}

function remedy(url: string | undefined): string {
  return `add it to indices${url === undefined ? "" : `: { url = ${JSON.stringify(withoutCredentials(url))} }`}`;
}

function isAsked(url: string, { target }: SourceContext): boolean {
  const key = keyOf(url);
  return (target.table.indices ?? []).some((one) => keyOf(one.url) === key);
}

function keyOf(url: string): string {
  return withoutCredentials(url)
    .replace(/(?<!\/)\/+$/, "")
    .toLowerCase();
}
