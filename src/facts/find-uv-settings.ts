import { parseToml, type TomlTable } from "../config/parse-toml.ts";
import type { PyProject } from "../config/py-project.ts";
import { isTable } from "../config/raw-value.ts";
import { type ToolIndex, uvIndexes } from "../config/tool-indexes.ts";
import { besideBuildFile, type UvSettings, uvSettings } from "../config/uv-settings.ts";
import type { Place } from "../diagnostic/diagnostic.ts";
import { credentialsPlace, maskCredentials } from "../diagnostic/mask-credentials.ts";
import { sourceText } from "../diagnostic/source-text.ts";
import type { ContextReader } from "./context-reader.ts";
import { directoriesAbove, UV_FILE, WORKSPACE_FILE } from "./neighbour-files.ts";
import { inProject, type ProjectLocation } from "./project-location.ts";

/** The settings of uv that stand elsewhere than in the build file. */
export type UvFacts = Readonly<{
  settings: UvSettings;
  indexes: readonly ToolIndex[];
  /** Where a `uv.toml` has a password in a URL. */
  password?: Place;
}>;

/**
 * The settings that uv has for a project, if those of its build file are not the ones. uv looks in the root of the
 * workspace and from there upwards, and takes the first it finds; in a directory `uv.toml` comes before `[tool.uv]`. What
 * members say does not count (uv `crates/uv-settings/src/lib.rs`, `FilesystemOptions::find`).
 *
 * `root` is the directory of the workspace or project, empty or with a slash at its end.
 * @throws UserError for a `uv.toml` that is no TOML.
 */
export async function findUvSettings(
  reader: ContextReader,
  { project, location }: Readonly<{ project: PyProject; location: ProjectLocation }>,
  root: string,
): Promise<UvFacts | undefined> {
  const own = inProject(location, "");
  const directories = [own, ...directoriesAbove(location)].filter((directory) => root.startsWith(directory));
  const texts = await Promise.all(
    directories.map((directory) =>
      Promise.all([
        reader.readText(directory + UV_FILE),
        directory === own ? undefined : reader.readText(directory + WORKSPACE_FILE),
      ]),
    ),
  );
  for (const [index, directory] of directories.entries()) {
    const [uvToml, above = ""] = texts[index] ?? [];
    const ofBuildFile = directory === own ? undefined : inBuildFile(directory + WORKSPACE_FILE, above);
    if (uvToml !== undefined) {
      const found = inFile(directory + UV_FILE, uvToml);
      const beside = directory === own ? project.uv : ofBuildFile?.settings;
      return beside === undefined || directory !== root
        ? found
        : { ...found, settings: besideBuildFile(found.settings, beside) };
    }
    if (directory === own && project.tools.has("uv")) return undefined;
    if (ofBuildFile !== undefined) return directory === root ? ofBuildFile : ofAnotherProject(ofBuildFile);
  }
  return undefined;
}

/** uv reads what another project above sets for itself, too; which of it is meant for this one only a lock tells. */
function ofAnotherProject({ settings, indexes }: UvFacts): UvFacts {
  return { settings: { ...settings, withLock: [] }, indexes };
}

function inFile(filename: string, text: string): UvFacts {
  const source = sourceText(filename, text);
  const shown = maskCredentials(source);
  const table: TomlTable = text.trim() === "" ? {} : parseToml(source, shown).table;
  const password = credentialsPlace(text, shown);
  return {
    settings: uvSettings(table, shown, []),
    indexes: uvIndexes(table, shown, []),
    ...(password && { password }),
  };
}

/** What is no TOML is passed over, as uv does. */
function inBuildFile(filename: string, text: string): UvFacts | undefined {
  if (!/\buv\b/.test(text)) return undefined;
  const source = sourceText(filename, text);
  const shown = maskCredentials(source);
  try {
    const { tool } = parseToml(source, shown).table;
    const uv = isTable(tool) ? tool["uv"] : undefined;
    const path = ["tool", "uv"];
    return isTable(uv) ? { settings: uvSettings(uv, shown, path), indexes: uvIndexes(uv, shown, path) } : undefined;
  } catch {
    return undefined;
  }
}
