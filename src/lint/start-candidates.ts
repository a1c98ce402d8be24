import { normalizeName } from "../config/normalize-name.ts";
import { parseRequirement } from "../config/requirement.ts";
import type { ProjectPlan } from "../plan/plan-project.ts";

/** The commands that may be meant to start the application, the likeliest first: what can be seen without running it. */
export function startCandidates(planned: ProjectPlan): readonly (readonly string[])[] {
  const { project, facts, install } = planned;
  const scripts = install === "package" ? project.metadata.scripts.map((name) => [name]) : [];
  if (scripts.length > 0) return scripts;
  const has = requiredNames(planned);
  const files = [...(facts.startFiles ?? [])].flatMap(([path, text]) => {
    const module = moduleOf(path, install === "source");
    return module === undefined ? [] : candidate({ path, text, module, has, install });
  });
  return [...new Map(files.map((words) => [words.join(" "), words])).values()];
}

type StartFile = Readonly<{
  path: string;
  text: string;
  module: string;
  has: ReadonlySet<string>;
  install: ProjectPlan["install"];
}>;

/** The name under which a file is imported in the image; undefined for one that a wheel does not have. */
function moduleOf(path: string, isSource: boolean): string | undefined {
  const inPackage = path.includes("/");
  if (!inPackage && !isSource) return undefined;
  return path
    .replace(/^src\//, "")
    .replace(/\.py$/, "")
    .replaceAll("/", ".");
}

const HOST = "0.0.0.0";
const ASGI = /^(\w+)(?:\s*:[^=\n]+)?\s*=\s*(?:\w+\.)*(?:FastAPI|Starlette|Litestar|Quart)\(/m;
const FLASK = /^(\w+)(?:\s*:[^=\n]+)?\s*=\s*(?:\w+\.)*Flask\(/m;
const DJANGO = /DJANGO_SETTINGS_MODULE["'],\s*["']([\w.]+?)\.settings\b/;

/** How the application of one file is started, by a server that is installed. */
function candidate({ path, text, module, has, install }: StartFile): readonly (readonly string[])[] {
  const [, django] = DJANGO.exec(text) ?? [];
  if (django !== undefined && has.has("gunicorn")) return [["gunicorn", "--bind", `${HOST}:8000`, `${django}.wsgi`]];
  if (django !== undefined && has.has("uvicorn")) return [["uvicorn", "--host", HOST, `${django}.asgi:application`]];
  if (django !== undefined) return [["python", path, "runserver", `${HOST}:8000`]];
  const [, asgi] = ASGI.exec(text) ?? [];
  if (asgi !== undefined && has.has("uvicorn")) return [["uvicorn", "--host", HOST, `${module}:${asgi}`]];
  if (asgi !== undefined && has.has("hypercorn")) return [["hypercorn", "--bind", `${HOST}:8000`, `${module}:${asgi}`]];
  const [, flask = /^def create_app\(/m.test(text) && has.has("flask") ? "create_app()" : undefined] =
    FLASK.exec(text) ?? [];
  if (flask !== undefined && has.has("gunicorn")) return [["gunicorn", "--bind", `${HOST}:8000`, `${module}:${flask}`]];
  if (flask !== undefined && has.has("flask")) return [["flask", "--app", module, "run", "--host", HOST]];
  if (has.has("streamlit") && /^(?:import|from) streamlit\b/m.test(text) && install === "source") {
    return [["streamlit", "run", path]];
  }
  if (path.endsWith("/__main__.py")) return [["python", "-m", module.replace(/\.__main__$/, "")]];
  if (!/^if __name__ == ["']__main__["']/m.test(text)) return [];
  return [install === "source" && !path.includes("/") ? ["python", path] : ["python", "-m", module]];
}

/** The projects that are required, as far as that is known, with what well-known extras bring. */
function requiredNames({ project, dependencies, target }: ProjectPlan): ReadonlySet<string> {
  const { metadata } = project;
  const stated = metadata.dependencies.kind === "static" ? metadata.dependencies.requirements : [];
  const texts =
    dependencies.kind === "requirements"
      ? dependencies.requirements
      : dependencies.kind === "file"
        ? dependencies.files.requirements
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
