import { defined } from "./defined.ts";
import type { Author, Metadata, PythonLimit } from "./metadata.ts";
import { poetryRequirements } from "./poetry.ts";
import { poetryConstraint } from "./python-constraint.ts";
import type { PoetryTable } from "./schema.ts";

/** What `[tool.poetry]` says of a project without `[project]`. */
export function poetryMetadata(poetry: PoetryTable): Metadata {
  const { name, version, description, license, homepage, repository, documentation } = poetry;
  return {
    path: ["tool", "poetry"],
    ...defined({ name, version, description, license }),
    authors: (poetry.authors ?? []).map(poetryAuthor),
    urls: new Map(
      Object.entries(defined({ homepage, repository, documentation })).map(([key, url]) => [key, String(url)]),
    ),
    scripts: Object.keys(poetry.scripts ?? {}),
    pythonLimits: poetryPython(poetry),
    ...poetryRequirements(poetry),
    extrasAreDynamic: false,
    dynamic: [],
  };
}

/**
 * The Python that Poetry locks for. Beside `[project]` it narrows `requires-python`, which is what the project is built
 * for (poetry-core `factory.py`).
 */
export function poetryPython(poetry: PoetryTable | undefined): readonly PythonLimit[] {
  const text = poetry?.dependencies?.["python"];
  if (typeof text !== "string") return [];
  const path = ["tool", "poetry", "dependencies", "python"];
  return [{ name: path.join("."), text, constraint: poetryConstraint(text), path }];
}

/** `Name <mail>`, as Poetry writes an author; anything else is taken as a name. */
function poetryAuthor(text: string): Author {
  const match = /^([^<>]*)<([^<>]+)>\s*$/.exec(text);
  return match === null ? { name: text } : defined({ name: match[1]?.trimEnd() || undefined, email: match[2] });
}
