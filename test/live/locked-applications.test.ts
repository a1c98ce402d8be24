import { afterAll, beforeAll, describe, inject, test } from "vitest";
import { MOST_LAYERS } from "../../src/plan/check-layers.ts";
import { PUBLIC_FILES } from "../fixture/file-host.ts";
import { filesOfLock, type PublicFiles, startPublicFiles } from "../fixture/public-files.ts";
import { applicationDefects, reportOf } from "../support/locked-application.ts";
import { CORPUS, contextOf, hasCorpus, lockOf, type RealApplication } from "../support/real-application.ts";

/** The bases of the test engine name its own index, which does not have what a source needs to be built. */
const PUBLIC_INDEX = 'env = { PIP_CONFIG_FILE = "/dev/null" }';

const APPLICATIONS: readonly RealApplication[] = [
  { directory: "Baltic-RCC__RAO", python: "3.11" },
  { directory: "Bing-su__genshin-auto-daily-check-in-docker", lock: "pylock.toml", python: "3.13" },
  { directory: "Comfy-Org__comfy-cli", python: "3.13" },
  { directory: "fastapi-practices__fastapi_best_architecture", python: "3.11" },
  { directory: "huggingface__text-embeddings-inference/integration_tests", python: "3.11", engine: "floor" },
  { directory: "litestar-org__litestar-fullstack", python: "3.13" },
  { directory: "locustio__locust", python: "3.11", engine: "floor" },
  { directory: "meltano__meltano", python: "3.13", engine: "classic" },
  { directory: "mitmproxy__mitmproxy", python: "3.13", engine: "classic" },
  { directory: "modal-labs__modal-client/py", python: "3.11" },
  { directory: "modelcontextprotocol__servers/src/fetch", python: "3.13" },
  { directory: "modelcontextprotocol__servers/src/git", python: "3.11" },
  { directory: "modelcontextprotocol__servers/src/time", python: "3.13", engine: "floor" },
  { directory: "remsky__Kokoro-FastAPI/docker/test-client", python: "3.11" },
  { directory: "wger-project__wger", python: "3.13" },
  // These have a package without a wheel for the image, which is built.
  { directory: "sissbruecker__linkding", python: "3.13", keys: PUBLIC_INDEX },
  { directory: "beam-cloud__beta9/sdk", python: "3.11", keys: PUBLIC_INDEX, engine: "classic" },
  { directory: "pallets__flask", python: "3.15", keys: PUBLIC_INDEX },
];

/** The most packages that any of the real projects installs: all that it has, with every extra. */
const LARGEST: RealApplication = {
  directory: "pydantic__logfire",
  python: "3.13",
  // Layers are limited where they are laid over one another by the kernel, and copied over one another here.
  engine: "classic",
  keys: `groups = ["dev"]
extras = [
  "aiohttp", "aiohttp-client", "aiohttp-server", "asgi", "asyncpg", "aws-lambda", "celery", "datasets", "django", "dspy",
  "fastapi", "flask", "gateway", "google-genai", "httpx", "litellm", "mysql", "psycopg", "psycopg2", "pymongo", "redis",
  "requests", "sqlalchemy", "sqlite3", "starlette", "system-metrics", "variables", "wsgi",
]
${PUBLIC_INDEX}`,
  besides: ["logfire-api/pyproject.toml"],
  files: { "logfire-api/logfire_api/__init__.py": "", "logfire-api/README.md": "" },
};

const engines = inject("engines");
const why = !hasCorpus
  ? `there is no directory ${CORPUS}; MICROB_CORPUS names another`
  : (await isReachable(PUBLIC_FILES))
    ? undefined
    : `${PUBLIC_FILES} does not answer`;
if (why !== undefined) console.error(`\nSKIPPED: ${why}: no real application is built from its lock.\n`);

describe.skipIf(why !== undefined || engines.length === 0)("applications from their locks", () => {
  const all = [LARGEST, ...APPLICATIONS];
  const rows = new Map<RealApplication, string>();
  let server: PublicFiles;

  beforeAll(async () => {
    server = await startPublicFiles(all.flatMap((one) => filesOfLock(contextOf(one)[lockOf(one)] ?? "")));
  });
  afterAll(async () => {
    await server?.stop();
    const heads = ["application", "engine", "Python", "packages", "layers", "modules: pip", "image", "of", "build"];
    const table = [heads.join(" | "), heads.map(() => "---").join(" | "), ...all.map((one) => rows.get(one) ?? "")];
    console.log(table.filter((row) => row !== "").join("\n"));
  });

  test.concurrent.for(all)("$directory", { timeout: 1_200_000 }, async (application, { expect }) => {
    const { directory, python } = application;
    const engine = engines.find(({ name }) => name === (application.engine ?? "containerd"));
    if (engine === undefined) throw new Error(`there is no engine ${application.engine}`);
    const report = await reportOf(application, engine, server);
    const { packages, layers, imported, seconds } = report;
    const counts = [packages, layers, imported.control.length, imported.image.length, imported.all];
    rows.set(application, [directory, engine.name, python, ...counts, `${seconds.toFixed(1)} s`].join(" | "));

    const inImage = new Set(imported.image);
    expect(imported.control.filter((name) => !inImage.has(name))).toEqual([]);
    expect(imported.control.length).toBeGreaterThan(packages);
    expect(applicationDefects(report)).toEqual([]);
    expect(Number(report.printed)).toBe(packages);
    expect(layers).toBeLessThanOrEqual(MOST_LAYERS);
    if (application === LARGEST) expect(packages).toBeGreaterThan(250);
  });
});

async function isReachable(url: string): Promise<boolean> {
  return fetch(url, { method: "HEAD", signal: AbortSignal.timeout(20_000) }).then(
    () => true,
    () => false,
  );
}
