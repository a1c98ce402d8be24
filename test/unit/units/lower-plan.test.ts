import { expect, test } from "vitest";
import { dump } from "../../../src/llb/dump.ts";
import type { LockedPackage } from "../../../src/lock/locked-package.ts";
import type { ImagePlan, Stage } from "../../../src/plan/image-plan.ts";
import { lowerPlan, type Selection } from "../../../src/units/lower-plan.ts";
import { llbOf } from "../../support/emitting.ts";
import { planOf, type Surroundings } from "../../support/planning.ts";
import { ENVIRONMENT, wheel } from "./packages.ts";

const PACKAGES: readonly LockedPackage[] = [
  wheel("numpy", 16_000_000),
  wheel("cryptography", 4_000_000),
  ...["anyio", "attrs", "click", "h11", "idna", "jinja2", "markupsafe", "rich", "six", "starlette"].map((name) =>
    wheel(name, 60_000),
  ),
];

const LOCK = 'lock-version = "1.0"\n';

function toml(target = "", project = ""): string {
  return `[project]\nname = "app"\nversion = "1.0"\n${project}\n[build-system]\nrequires = ["hatchling"]\n\n[tool.microb.target.default]\npython_version = "3.13"\n${target}\n`;
}

type Lowering = Partial<Selection> & Readonly<{ text?: string; surroundings?: Surroundings }>;

async function lowered({ text = toml(), surroundings = {}, ...selection }: Lowering = {}): Promise<ImagePlan> {
  const files = { "pylock.toml": LOCK, ...surroundings.files };
  const { plan } = await planOf(text, { ...surroundings, files });
  return lowerPlan(plan, { packages: PACKAGES, environment: ENVIRONMENT, runsOnBuildPlatform: true, ...selection });
}

/** The stages that depend on nothing but files of the lock. */
function units({ stages }: ImagePlan): readonly Stage[] {
  return stages.filter(({ name }) => /^(?:wheels?-.*|conflicts|environment)$/.test(name));
}

test("each layer has its stage, and one step lays them over the image", async () => {
  const { stages } = await lowered();
  expect(stages.map(({ name, base, platform = "" }) => `${name} on ${base} ${platform}`.trim())).toMatchInlineSnapshot(`
    [
      "builder on python:3.13",
      "project on builder",
      "wheel-numpy on python:3.13-slim build",
      "wheel-cryptography on python:3.13-slim build",
      "wheels-2 on python:3.13-slim build",
      "wheels-3 on python:3.13-slim build",
      "wheels-4 on python:3.13-slim build",
      "wheels-5 on python:3.13-slim build",
      "conflicts on python:3.13-slim build",
      "environment on python:3.13-slim build",
      "package on python:3.13-slim build",
      "runtime on python:3.13-slim",
    ]
  `);
  const layers = stages.at(-1)?.steps.find((step) => step.kind === "layers");
  expect(layers).toMatchInlineSnapshot(`
    {
      "kind": "layers",
      "origin": [
        "project",
      ],
      "stages": [
        "environment",
        "wheel-numpy",
        "wheel-cryptography",
        "wheels-2",
        "wheels-3",
        "wheels-4",
        "wheels-5",
        "package",
      ],
      "title": "install the packages of pylock.toml (next to pyproject.toml) for linux/amd64, Python 3.13.5, glibc 2.41",
    }
  `);
});

test("dependencies of other projects are the same units", async () => {
  const other = `${toml('env = { A = "b" }\nbuild_deps = ["gcc"]\nsystem_deps = ["libpq5"]', 'description = "other"').replace("app", "other")}\n[tool.black]\nline-length = 100\n`;
  expect(units(await lowered({ text: other }))).toEqual(units(await lowered()));
});

test("a changed dependency changes its unit and the comparison, whatever the epoch", async () => {
  const digests = async (selection: Lowering, epoch?: number) => {
    const { definition } = llbOf(await lowered(selection), { canMerge: true, ...(epoch !== undefined && { epoch }) });
    return new Set(
      dump(definition)
        .split("\n\n")
        .filter((block) => /name: "\[(?:wheel|conflicts|environment)/.test(block))
        .map((block) => block.replace(/^exec \d+|(?:file|exec|image) \d+/gm, "")),
    );
  };
  const before = await digests({});
  expect(await digests({}, 1_700_000_000)).toEqual(before);
  const changed = PACKAGES.map((one) => (one.name === "six" ? wheel("six", 60_000, "2.0") : one));
  const after = await digests({ packages: changed });
  const names = [...after].filter((block) => !before.has(block)).map((block) => /name: "\[(\S+)/.exec(block)?.[1]);
  expect(names).toEqual([expect.stringMatching(/^wheels-\d$/)]);
});

test("a unit is a command without network, of files with checksums", async () => {
  const [first] = units(await lowered());
  expect(first?.name).toBe("wheel-numpy");
  const [step, ...others] = first?.steps ?? [];
  expect(others).toEqual([]);
  if (step?.kind !== "unit") throw new Error("no unit");
  expect(step.title).toBe("install numpy 1.0");
  expect(step.env).toEqual(["LC_ALL=C.UTF-8", "PYTHONHASHSEED=0"]);
  expect(step.args).toMatchInlineSnapshot(`
    [
      "/usr/local/bin/python3",
      "-S",
      "-B",
      "/run/microb/install.py",
      "--out",
      "/out",
      "--prefix",
      "/home/nonroot/.local",
      "--home-owner",
      "65532:65532",
      "/wheels/numpy-1.0-py3-none-any.whl",
    ]
  `);
  expect(step.inputs.filter(({ kind }) => kind !== "text")).toMatchInlineSnapshot(`
    [
      {
        "checksum": "sha256:4e1259a848e26db07d6e9b0e5b311e45cd316c6ca40ccc25fb0334f3a0ec8a2f",
        "kind": "download",
        "target": "/wheels/numpy-1.0-py3-none-any.whl",
        "url": "https://files.pythonhosted.org/packages/4e/numpy-1.0-py3-none-any.whl",
      },
    ]
  `);
});

test("units run where the interpreter is the same, else on the platform of the image", async () => {
  const { stages } = await lowered({ runsOnBuildPlatform: false });
  expect(stages.filter(({ platform }) => platform !== undefined)).toEqual([]);
});

test("source is copied, compiled without network, and needs no builder", async () => {
  const { stages } = await lowered({ text: toml('install = "source"') });
  const project = stages.find(({ name }) => name === "project");
  expect(stages.map(({ name }) => name)).not.toContain("builder");
  expect(project).toMatchObject({ base: "python:3.13-slim", platform: "build" });
  expect(project?.steps.at(-1)).toMatchObject({ kind: "run", network: "none" });
});

test("packages without a wheel are built first, in stages of their own", async () => {
  const sdist = {
    name: "docopt",
    version: "0.6.2",
    source: {
      kind: "sdist",
      url: "https://user:secret@files.example.org/docopt-0.6.2.tar.gz",
      filename: "docopt-0.6.2.tar.gz",
      sha256: "ab".repeat(32),
    },
  } as const;
  const git = {
    name: "thing",
    source: { kind: "git", url: "https://example.org/thing.git", commit: "c".repeat(40), subdirectory: "py" },
  } as const;
  const local = { name: "shared", version: "1", source: { kind: "local", path: "libs/shared" } } as const;
  const archive = {
    name: "old",
    version: "2",
    source: { kind: "local", path: "wheels/old-2-py3-none-any.whl" },
  } as const;
  const { stages } = await lowered({ packages: [sdist, git, local, archive] });
  expect(JSON.stringify(stages)).not.toContain("secret");
  const sources = stages.filter(({ name }) => name.startsWith("source-"));
  expect(sources.map(({ base }) => base)).toEqual(["builder", "builder", "builder", "builder"]);
  expect(
    sources.map(({ name, steps }) => [name, ...steps.map((step) => ("title" in step ? step.title : step.kind))]),
  ).toMatchInlineSnapshot(`
    [
      [
        "source-docopt",
        "the source of docopt 0.6.2",
        "build docopt 0.6.2 (the lock has no wheel for this image)",
      ],
      [
        "source-thing",
        "build thing from its repository",
      ],
      [
        "source-shared",
        "the source of shared 1",
        "build shared 1 from the build context",
      ],
      [
        "source-old",
        "the source of old 2",
      ],
    ]
  `);
  expect(JSON.stringify(sources[1]?.steps)).toContain(
    `'thing @ git+https://example.org/thing.git@${"c".repeat(40)}#subdirectory=py'`,
  );
});

test("a file of an index with credentials is fetched by a step that has them", async () => {
  const text = toml(
    'indices = [{ url = "https://files.pythonhosted.org/simple/", username = "me", password_secret = "token" }]',
  );
  const { stages } = await lowered({ text, packages: [wheel("six")] });
  const fetch = stages.find(({ name }) => name === "fetch-six");
  const [step] = fetch?.steps ?? [];
  if (step?.kind !== "run") throw new Error("no step");
  expect(step.network).toBeUndefined();
  expect(step.mounts.map(({ kind }) => kind)).toEqual(["secret", "build-file"]);
  const unit = units({ stages, image: { labels: [] }, exclude: [] })[0]?.steps[0];
  expect(unit?.kind === "unit" && unit.inputs.map(({ kind }) => kind)).toEqual(["text", "stage"]);
});

test("slim removes from units, and times stay what they are", async () => {
  const [first] = units(await lowered({ text: toml('slim = ["tests", "bytecode"]') }));
  const [step] = first?.steps ?? [];
  expect(step?.kind === "unit" && step.args).toMatchInlineSnapshot(`
    [
      "/bin/sh",
      "-c",
      "/usr/local/bin/python3 -S -B /run/microb/install.py --out /out --prefix /home/nonroot/.local --home-owner 65532:65532 /wheels/numpy-1.0-py3-none-any.whl && find /out/home/nonroot/.local/lib -type d -name __pycache__ -prune -exec rm -rf {} + && find /out/home/nonroot/.local/lib -type d '(' -name test -o -name tests ')' -prune -exec rm -rf {} + && find /out -exec touch -h -d @315532800 {} +",
    ]
  `);
});
