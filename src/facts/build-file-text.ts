import type { SourceText } from "../diagnostic/source-text.ts";
import { UserError } from "../diagnostic/user-error.ts";

/**
 * The build file, as it was read: a byte order mark is a problem of the project, and reported with it.
 * @throws UserError when there is nothing in it: it was made and never written, or another file is meant.
 */
export function buildFileText(filename: string, text: string): SourceText {
  if (text.trim() !== "") return { filename, text };
  throw new UserError({
    code: "context.build-file",
    message: `${filename} is empty`,
    help: "write a [project] table into it, or name the build file that is meant",
  });
}
