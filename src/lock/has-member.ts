import type { SourceText } from "../diagnostic/source-text.ts";
import { contextPath } from "./context-path.ts";
import { parseLock } from "./parse-lock.ts";
import { packagesOf, tableOf, textOf } from "./raw-table.ts";

/**
 * Whether a `uv.lock` is that of the workspace of the project in a directory of the build context.
 * @throws UserError when it cannot be read.
 */
export function hasMember(source: SourceText, directory: string): boolean {
  return packagesOf(parseLock(source)).some((raw) => {
    const from = tableOf(raw["source"]);
    const path = textOf(from["editable"]) ?? textOf(from["virtual"]) ?? textOf(from["directory"]);
    return path !== undefined && contextPath(path, source.filename) === (directory || ".");
  });
}
