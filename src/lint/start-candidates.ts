import type { ProjectPlan } from "../plan/plan-project.ts";
import { requiredNames } from "./required-names.ts";

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
const ASGI = /^(\w+)[ \t]*(?::[^=\r\n\u2028\u2029]+)?=\s*(?:\w+\.)*(?:FastAPI|Starlette|Litestar|Quart)\(/m;
const FLASK = /^(\w+)[ \t]*(?::[^=\r\n\u2028\u2029]+)?=\s*(?:\w+\.)*Flask\(/m;
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
