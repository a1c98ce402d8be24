import { normalizeName } from "../config/normalize-name.ts";
import { parseRequirement } from "../config/requirement.ts";
import type { ProjectPlan } from "../plan/plan-project.ts";

/** The projects that are required, as far as that is known, with what well-known extras bring. */
export function requiredNames({ project, dependencies, target }: ProjectPlan): ReadonlySet<string> {
  const { metadata } = project;
  const stated = metadata.dependencies.kind === "static" ? metadata.dependencies.requirements : [];
  const texts =
    dependencies.kind === "requirements"
      ? dependencies.requirements
      : dependencies.kind === "file"
        ? [...dependencies.files.requirements, ...dependencies.requirements]
        : [...stated, ...(target.table.extras ?? []).flatMap((extra) => metadata.extras.get(extra) ?? [])].map(
            ({ text }) => text,
          );
  return new Set(texts.flatMap(namesIn));
}

function namesIn(text: string): readonly string[] {
  try {
    const { name, extras } = parseRequirement(text);
    const normalized = normalizeName(name);
    const isServed = normalized === "fastapi" && extras.some((one) => one === "standard" || one === "all");
    return isServed ? [normalized, "uvicorn"] : [normalized];
  } catch {
    // A line of a requirements file that is none: it was told elsewhere, or is an option.
    return [];
  }
}
