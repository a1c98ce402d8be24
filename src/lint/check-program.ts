import { atValue, type Diagnostic } from "../diagnostic/diagnostic.ts";
import type { ProjectPlan } from "../plan/plan-project.ts";
import { requiredNames } from "./required-names.ts";

/** Well-known programs, and the projects that bring them: nothing else has a program of that name. */
const BROUGHT_BY: Readonly<Record<string, readonly string[]>> = {
  alembic: ["alembic"],
  celery: ["celery"],
  daphne: ["daphne"],
  "django-admin": ["django"],
  dramatiq: ["dramatiq"],
  flask: ["flask"],
  granian: ["granian"],
  gunicorn: ["gunicorn"],
  hypercorn: ["hypercorn"],
  streamlit: ["streamlit"],
  uvicorn: ["uvicorn"],
  "waitress-serve": ["waitress"],
};

/**
 * A start command whose program none of the dependencies is known to bring. Another dependency may bring it along: only
 * the build knows, and fails if the program is not in the image. What a lock or a backend adds is not known here.
 */
export function checkProgram(planned: ProjectPlan): readonly Diagnostic[] {
  const { project, target, dependencies, plan } = planned;
  const key = target.table.entrypoint === undefined ? "command" : "entrypoint";
  const [program = ""] = plan.image[key] ?? [];
  const bringers = Object.hasOwn(BROUGHT_BY, program) ? BROUGHT_BY[program] : undefined;
  const isKnown = dependencies.kind === "requirements" || dependencies.kind === "file";
  if (bringers === undefined || !isKnown || target.table.system_deps?.includes(program)) return [];
  const required = requiredNames(planned);
  if (bringers.some((name) => required.has(name)) || project.metadata.scripts.includes(program)) return [];
  return [
    {
      code: "start.program",
      message: `${key} starts ${program}, which is not a dependency of the project: the build fails unless another package provides it`,
      place: atValue(project.source, ...target.path, key, 0),
      help: `add "${bringers[0]}" to the dependencies`,
    },
  ];
}
