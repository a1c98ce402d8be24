import { parseRequirement } from "../config/requirement.ts";
import { atValue, type Diagnostic, type Place } from "../diagnostic/diagnostic.ts";
import { requirementTexts } from "../plan/plan-dependencies.ts";
import type { ProjectPlan } from "../plan/plan-project.ts";
import { literalCredentials } from "../util/mask.ts";

/** Requirements that anybody can read a password in, or that mean something else tomorrow. */
export function checkRequirements({ project, target, dependencies }: ProjectPlan): readonly Diagnostic[] {
  const { source, metadata } = project;
  const { requirements } = target.table;
  const place: Place =
    requirements === undefined
      ? atValue(source, ...metadata.path, "dependencies")
      : atValue(source, ...target.path, "requirements");
  const texts = requirementTexts(dependencies);
  const loose = texts.filter((text) => !isPinned(text));
  const findings: Diagnostic[] = [];
  if (loose.length > 0) {
    findings.push({
      code: "requirement.unpinned",
      message: `${loose.length} of ${texts.length} dependencies have no exact version: the image depends on the day it is built`,
      place,
      help: "export a lock (uv export, pip-compile, poetry export) and name it with the requirements key",
    });
  }
  // Of a requirements file it is said at the line.
  if (dependencies.kind !== "file" && texts.some((text) => literalCredentials(text) !== undefined)) {
    findings.push({
      code: "requirement.credentials",
      message:
        "the URL of a requirement contains a password or token: it gets into the metadata of the project in the image, the provenance, and the log of a step that fails",
      place,
      help: "use git+ssh with --ssh, or an index with password_secret",
    });
  }
  return findings;
}

/** By an exact version, or by a place: what is there is not known here. */
function isPinned(text: string): boolean {
  try {
    const { specifier, url } = parseRequirement(text);
    return url !== undefined || /(?:^|,)===?[^*,]+(?:,|$)/.test(specifier);
  } catch {
    return true;
  }
}
