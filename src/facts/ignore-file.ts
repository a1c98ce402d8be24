/** The file whose patterns leave files of the build context out; with the build file's name before it, it beats that. */
export const IGNORE_FILE = ".dockerignore";

/**
 * The patterns of a `.dockerignore` file, in order (moby/patternmatcher `ignorefile`): comments start in the first
 * column, a leading slash means nothing, `!` brings files back.
 */
export function parseIgnoreFile(text: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map(cleanPattern)
    .filter((pattern) => pattern !== "");
}

function cleanPattern(line: string): string {
  const negated = line.startsWith("!");
  const path = cleanPath((negated ? line.slice(1) : line).trim());
  return path === "" ? "" : `${negated ? "!" : ""}${path}`;
}

function cleanPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    const up = part === "..";
    if (up && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== "" && part !== "." && !(up && path.startsWith("/"))) parts.push(part);
  }
  if (parts.length === 0) return path === "" || path.startsWith("/") ? "" : ".";
  return parts.join("/");
}
