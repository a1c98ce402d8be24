import { expect, test } from "vitest";
import { STEPS as DOCKERFILE_STEPS } from "../src/emit/dockerfile.ts";
import { NO_LIMITS } from "../src/emit/limits.ts";
import { initialState } from "../src/emit/llb-state.ts";
import { STEPS as LLB_STEPS, type StepContext } from "../src/emit/llb-step.ts";
import { readStep } from "../src/emit/step-table.ts";
import { dump } from "../src/llb/dump.ts";
import { image } from "../src/llb/image.ts";
import { local } from "../src/llb/local.ts";
import { marshal } from "../src/llb/marshal.ts";
import { download } from "../src/plan/file-source.ts";
import type { ImagePlan, ImageSettings } from "../src/plan/image-plan.ts";
import { type AddSource, type CopySource, env, from, type Mount, run, type Step } from "../src/plan/step.ts";
import { substitute } from "../src/substitution/substitute.ts";
import { parseTemplate } from "../src/substitution/template.ts";
import { sh } from "../src/util/sh.ts";
import { dockerfileOf, llbOf } from "./support/emitting.ts";

/** One step and its two readings: lines of a Dockerfile, and ops of LLB with what changes for the steps after it. */
type Row<K extends Step["kind"]> = Readonly<{
  step: Extract<Step, { kind: K }>;
  dockerfile: readonly string[];
  llb: readonly string[];
}>;

/** Every kind of step, of mount and of source has a row: a new kind without one does not compile. */
type Rows = {
  readonly [K in Exclude<Step["kind"], "copy" | "add">]: Row<K>;
} & {
  readonly [K in Mount["kind"] as `run with a ${K} mount`]: Row<"run">;
} & {
  readonly [K in CopySource["kind"] as `copy from a ${K}`]: Row<"copy">;
} & {
  readonly [K in AddSource["kind"] as `add of a ${K}`]: Row<"add">;
};

const ROWS: Rows = {
  run: {
    step: run("packages of the image", [sh`apt-get update`, sh`apt-get install -y ${["libpq5", "it's"]}`]),
    dockerfile: ["# packages of the image", "RUN apt-get update && \\", "    apt-get install -y libpq5 'it'\\''s'"],
    llb: [
      "exec 1",
      "  platform: linux/amd64",
      '  run "/bin/sh"',
      '      "-c"',
      "      \"apt-get update && apt-get install -y libpq5 'it'\\\\''s'\"",
      '  env "PATH=/bin"',
      "  cwd /",
      "  mount / bind from image 1 -> output 0",
      '  name: "packages of the image"',
      "  caps: exec.meta.base exec.mount.bind",
    ],
  },
  "run with a cache mount": {
    step: run("packages", [sh`apk add git`], [{ kind: "cache", target: "/etc/apk/cache", sharing: "locked" }]),
    dockerfile: ["# packages", "RUN --mount=type=cache,target=/etc/apk/cache,sharing=locked \\", "    apk add git"],
    llb: [
      "exec 1",
      "  platform: linux/amd64",
      '  run "/bin/sh"',
      '      "-c"',
      '      "apk add git"',
      '  env "PATH=/bin"',
      "  cwd /",
      "  mount / bind from image 1 -> output 0",
      "  mount /etc/apk/cache cache id=//etc/apk/cache locked from scratch",
      '  name: "packages"',
      "  caps: exec.meta.base exec.mount.bind exec.mount.cache exec.mount.cache.sharing",
    ],
  },
  "run with a context mount": {
    step: from(
      run(
        "the dependencies",
        [sh`pip install --requirement ${"/requirements/lock.txt"}`],
        [{ kind: "context", source: "deploy/lock.txt", target: "/requirements/lock.txt" }],
      ),
      ["tool", "microb", "target", "default", "requirements"],
    ),
    dockerfile: [
      "# the dependencies",
      "RUN --mount=type=bind,source=deploy/lock.txt,target=/requirements/lock.txt \\",
      "    pip install --requirement /requirements/lock.txt",
    ],
    llb: [
      "exec 1",
      "  platform: linux/amd64",
      '  run "/bin/sh"',
      '      "-c"',
      '      "pip install --requirement /requirements/lock.txt"',
      '  env "PATH=/bin"',
      "  cwd /",
      "  mount / bind from image 1 -> output 0",
      "  mount /requirements/lock.txt bind from local 1 /deploy/lock.txt readonly",
      '  name: "the dependencies"',
      "  caps: exec.meta.base exec.mount.bind exec.mount.selector",
    ],
  },
  "copy from a context": {
    step: { kind: "copy", title: "the project", from: { kind: "context" }, sources: ["."], to: "/projectdir" },
    dockerfile: ["# the project", "COPY . /projectdir"],
    llb: [
      "file 1",
      "  on image 1",
      "  copy / of local 1 to /projectdir as COPY",
      '  name: "the project"',
      "  caps: file.base",
    ],
  },
  "copy from a stage": {
    step: {
      kind: "copy",
      title: "the environment",
      from: { kind: "stage", name: "builder" },
      sources: ["/home/nonroot/.local"],
      to: "/home/nonroot/.local",
    },
    dockerfile: ["# the environment", "COPY --from=builder /home/nonroot/.local /home/nonroot/.local"],
    llb: [
      "file 1",
      "  on image 1",
      "  copy /home/nonroot/.local of image 2 to /home/nonroot/.local as COPY",
      '  name: "the environment"',
      "  caps: file.base",
    ],
  },
  env: {
    step: { ...env("PATH", ""), value: parseTemplate('/opt/"x":${PATH}:${NONE:-\\$5 {a\\}}') },
    dockerfile: ['ENV PATH="/opt/\\"x\\":${PATH}:${NONE:-\\$5 \\{a\\}}"'],
    llb: ['env PATH=/opt/"x":/bin:$5 {a}'],
  },
  workdir: {
    step: { kind: "workdir", path: "/home/nonroot" },
    dockerfile: ["WORKDIR /home/nonroot"],
    llb: [
      "file 1",
      "  on image 1",
      "  mkdir /home/nonroot mode=0755 makeParents",
      '  name: "WORKDIR /home/nonroot"',
      "  caps: file.base",
      "workdir /home/nonroot",
    ],
  },
  "add of a context": {
    step: {
      kind: "add",
      title: "add_files: --files/<<a",
      source: { kind: "context", path: "--files/<<a" },
      to: "/srv/",
    },
    dockerfile: ["# add_files: --files/<<a", 'ADD ["./--files/<<a", "/srv/"]'],
    llb: [
      "file 1",
      "  on image 1",
      "  copy /--files/<<a of local 1 to /srv/ as COPY attemptUnpackDockerCompatibility",
      '  name: "add_files: --files/<<a"',
      "  caps: file.base",
    ],
  },
  "add of a download": {
    step: {
      kind: "add",
      title: "add_files: model",
      source: download("https://files.example/model.bin?v=1"),
      to: "/model",
      checksum: `sha256:${"a".repeat(64)}`,
      owner: "65532",
      mode: "0444",
    },
    dockerfile: [
      "# add_files: model",
      "ADD --checksum=sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa --chown=65532 --chmod=0444 https://files.example/model.bin?v=1 /model",
    ],
    llb: [
      "file 1",
      "  on image 1",
      "  copy /model.bin of https 1 to /model mode=0444 owner=65532 createDestPath",
      '  name: "add_files: model"',
      "  caps: file.base",
    ],
  },
  "run with a secret mount": {
    step: run("install", [sh`pip install x`], [{ kind: "secret", id: "token", target: "/run/secrets/token" }]),
    dockerfile: ["# install", "RUN --mount=type=secret,id=token,target=/run/secrets/token \\", "    pip install x"],
    llb: [
      "exec 1",
      "  platform: linux/amd64",
      '  run "/bin/sh"',
      '      "-c"',
      '      "pip install x"',
      '  env "PATH=/bin"',
      "  cwd /",
      "  mount / bind from image 1 -> output 0",
      "  mount /run/secrets/token secret id=token optional mode=0400",
      '  name: "install"',
      "  caps: exec.meta.base exec.mount.bind exec.mount.secret",
    ],
  },
  "run with a ssh mount": {
    step: run("install", [sh`pip install x`], [{ kind: "ssh" }]),
    dockerfile: ["# install", "RUN --mount=type=ssh \\", "    pip install x"],
    llb: [
      "exec 1",
      "  platform: linux/amd64",
      '  run "/bin/sh"',
      '      "-c"',
      '      "pip install x"',
      '  env "PATH=/bin"',
      '  env "SSH_AUTH_SOCK=/run/buildkit/ssh_agent.0"',
      "  cwd /",
      "  mount / bind from image 1 -> output 0",
      "  mount /run/buildkit/ssh_agent.0 ssh id=default optional mode=0600",
      '  name: "install"',
      "  caps: exec.meta.base exec.mount.bind exec.mount.ssh",
    ],
  },
  "run with a build-file mount": {
    step: run(
      "install",
      [sh`pip install x`],
      [{ kind: "build-file", source: "a/pyproject.toml", target: "/run/microb/pyproject.toml" }],
    ),
    dockerfile: [
      "# install",
      "RUN --mount=type=bind,source=a/pyproject.toml,target=/run/microb/pyproject.toml \\",
      "    pip install x",
    ],
    llb: [
      "exec 1",
      "  platform: linux/amd64",
      '  run "/bin/sh"',
      '      "-c"',
      '      "pip install x"',
      '  env "PATH=/bin"',
      "  cwd /",
      "  mount / bind from image 1 -> output 0",
      "  mount /run/microb/pyproject.toml bind from local 1 /pyproject.toml readonly",
      '  name: "install"',
      "  caps: exec.meta.base exec.mount.bind exec.mount.selector",
    ],
  },
  "copy from a image": {
    step: {
      kind: "copy",
      title: "copy_files: it's",
      from: { kind: "image", reference: "nats:2.10" },
      sources: ["/nats $server", "*.txt"],
      to: "/bin/",
      owner: "nonroot:65532",
      mode: "0755",
    },
    dockerfile: [
      "# copy_files: it's",
      'COPY --from=nats:2.10 --chown=nonroot:65532 --chmod=0755 ["/nats \\\\$server", "*.txt", "/bin/"]',
    ],
    llb: [
      "file 1",
      "  on image 1",
      "  copy /nats $server of image 2 to /bin/ as COPY mode=0755 owner=nonroot of image 1:65532",
      "  copy /*.txt of image 2 to /bin/ as COPY mode=0755 owner=nonroot of image 1:65532",
      '  name: "copy_files: it\'s"',
      "  caps: file.base",
    ],
  },
  unit: {
    step: {
      kind: "unit",
      title: "install numpy 2.1.0",
      args: ["/usr/local/bin/python3", "-S", "-B", "/run/microb/install.py", "--out", "/out", "/wheels/numpy 2.whl"],
      env: ["LC_ALL=C.UTF-8", "PYTHONHASHSEED=0"],
      inputs: [
        { kind: "text", name: "install.py", text: "print()\n", target: "/run/microb/install.py" },
        {
          kind: "download",
          url: "https://files.example/a/numpy%2B2.whl",
          checksum: `sha256:${"a".repeat(64)}`,
          target: "/wheels/numpy+2.whl",
        },
        { kind: "stage", stage: "project", source: "/dist", target: "/wheels/project", key: "content" },
        { kind: "tree", stage: "idna", target: "/trees/idna", key: "steps" },
      ],
    },
    dockerfile: [
      "# install numpy 2.1.0",
      `ADD --checksum=sha256:${"a".repeat(64)} --chmod=0644 https://files.example/a/numpy%2B2.whl /wheels/numpy+2.whl`,
      "RUN --network=none \\",
      "    --mount=type=bind,from=install.py,source=/install.py,target=/run/microb/install.py \\",
      "    --mount=type=bind,from=project,source=/dist,target=/wheels/project \\",
      "    --mount=type=bind,from=idna,source=/out,target=/trees/idna \\",
      "    mkdir /out && \\",
      "    env -i LC_ALL=C.UTF-8 PYTHONHASHSEED=0 /usr/local/bin/python3 -S -B /run/microb/install.py --out /out '/wheels/numpy 2.whl'",
    ],
    llb: [
      "exec 1",
      "  platform: linux/amd64",
      '  run "/usr/local/bin/python3"',
      '      "-S"',
      '      "-B"',
      '      "/run/microb/install.py"',
      '      "--out"',
      '      "/out"',
      '      "/wheels/numpy 2.whl"',
      '  env "LC_ALL=C.UTF-8"',
      '  env "PYTHONHASHSEED=0"',
      "  cwd /",
      "  network none",
      "  mount / bind from image 1 readonly",
      "  mount /out bind from scratch -> output 0",
      "  mount /run/microb/install.py bind from file 1 /install.py readonly keyed by vertex",
      "  mount /trees/idna bind from image 2 readonly keyed by vertex",
      "  mount /wheels/numpy+2.whl bind from https 1 /numpy+2.whl readonly keyed by vertex",
      "  mount /wheels/project bind from image 2 /dist readonly",
      '  name: "install numpy 2.1.0"',
      "  caps: exec.meta.base exec.meta.network exec.meta.setsdefaultpath exec.mount.bind exec.mount.cache.content exec.mount.selector",
    ],
  },
  layers: {
    step: { kind: "layers", title: "the environment", stages: ["idna"] },
    dockerfile: ["# the environment", "COPY --link --from=idna /out/ /"],
    llb: ["merge 1", "  merge image 1", "  merge image 2", '  name: "the environment"', "  caps: mergeop"],
  },
  user: { step: { kind: "user", user: "65532:65532" }, dockerfile: ["USER 65532:65532"], llb: ["user 65532:65532"] },
};

const PLATFORM = { os: "linux", architecture: "amd64" };
const BASE = image({ reference: "docker.io/library/python:3.14-slim", platform: PLATFORM });
const BUILDER = image({ reference: "docker.io/library/python:3.14", platform: PLATFORM });
const CONTEXT = local({ local: "context", sessionId: "session" });

const context: StepContext = {
  platform: PLATFORM,
  network: "sandbox",
  extraHosts: [],
  limits: NO_LIMITS,
  buildFile: { root: local({ local: "dockerfile", sessionId: "session" }), path: "pyproject.toml" },
  source: ({ kind }) => (kind === "context" ? CONTEXT : BUILDER),
  canMerge: true,
  canExclude: true,
  canKeyByVertex: true,
  stage: () => BUILDER,
  text: (template, variables) => substitute(template, (name) => variables.get(name)).value,
  vertex: (name) => ({ name }),
};

/** The op that a step adds, as it is dumped, then the settings that it changes for the steps after it. */
function llbReading(step: Step): readonly string[] {
  const before = initialState(BASE, { ...PLATFORM, config: { Env: ["PATH=/bin"] } });
  const after = readStep(LLB_STEPS, step, before, context);
  const [history, ...none] = after.history;
  expect(none).toEqual([]);
  expect(history?.empty_layer ?? false, "a change of the filesystem is a layer").toBe(after.root === before.root);
  const blocks = after.root === before.root ? [] : dump(marshal(after.root)).trimEnd().split("\n\n");
  const settings = [
    ...[...after.env].filter(([name, value]) => before.env.get(name) !== value).map((pair) => `env ${pair.join("=")}`),
    ...(after.workdir === before.workdir ? [] : [`workdir ${after.workdir}`]),
    ...(after.user === before.user ? [] : [`user ${after.user}`]),
  ];
  return [...(blocks.at(-2)?.split("\n") ?? []), ...settings];
}

test.each(Object.entries<Row<Step["kind"]>>(ROWS))("%s", (_, { step, dockerfile, llb }) => {
  expect(readStep(DOCKERFILE_STEPS, step)).toEqual(dockerfile);
  expect(llbReading(step)).toEqual(llb);
});

test("files that stay behind are excluded, or removed again where the daemon cannot", () => {
  const step: Step = { ...ROWS["copy from a context"].step, except: ["uv.lock"] };
  expect(readStep(DOCKERFILE_STEPS, step)).toEqual(["# the project", "COPY --exclude=uv.lock . /projectdir"]);
  expect(llbReading(step)).toEqual([
    "file 1",
    "  on image 1",
    '  copy / of local 1 to /projectdir as COPY excludePatterns=["uv.lock"]',
    '  name: "the project"',
    "  caps: file.base file.copy.includeexcludepatterns",
  ]);
  const state = initialState(BASE, PLATFORM);
  const { root } = readStep(LLB_STEPS, step, state, { ...context, canExclude: false });
  expect(dump(marshal(root)).split("\n\n").at(-2)?.split("\n")).toEqual([
    "file 1",
    "  on image 1",
    "  copy / of local 1 to /projectdir as COPY",
    "  rm /projectdir/uv.lock allowNotFound",
    '  name: "the project"',
    "  caps: file.base",
  ]);
});

test("a step without network", () => {
  const step: Step = { ...run("create the user", [sh`useradd nonroot`]), network: "none" };
  expect(readStep(DOCKERFILE_STEPS, step)).toEqual([
    "# create the user",
    "RUN --network=none \\",
    "    useradd nonroot",
  ]);
  expect(llbReading(step)).toContain("  network none");
});

test("without merges, trees are copied over one another in the same order", () => {
  const { root, history } = readStep(
    LLB_STEPS,
    { kind: "layers", title: "the environment", stages: ["numpy", "idna"] },
    initialState(BASE, PLATFORM),
    { ...context, canMerge: false, stage: (name) => image({ reference: name, platform: PLATFORM }) },
  );
  expect(history).toHaveLength(2);
  expect(dump(marshal(root))).toMatchInlineSnapshot(`
    "image 1
      platform: linux/amd64
      docker-image://docker.io/library/python:3.14-slim
      caps: source.image

    image 2
      platform: linux/amd64
      docker-image://numpy
      caps: source.image

    file 1
      on image 1
      copy / of image 2 to / as COPY
      name: "the environment: numpy"
      caps: file.base

    image 3
      platform: linux/amd64
      docker-image://idna
      caps: source.image

    file 2
      on file 1
      copy / of image 3 to / as COPY
      name: "the environment: idna"
      caps: file.base

    result
      file 2
      caps: constraints meta.description platform
    "
  `);
});

const SETTINGS: ImageSettings = {
  entrypoint: ["serve", "--title", 'a "b" \\'],
  command: ["--port=8000", "$HOME"],
  labels: [
    { name: "org.example.path", value: parseTemplate("$PATH") },
    { name: "org.example.price", value: ['5 $ "net"'] },
  ],
};

function planWith(settings: ImageSettings): ImagePlan {
  return { stages: [{ name: "runtime", base: "python:3.14-slim", steps: [] }], image: settings, exclude: [] };
}

test("labels, entrypoint and command", () => {
  const plan = planWith(SETTINGS);
  expect(dockerfileOf(plan).split("\n\n").slice(2).join("\n\n")).toMatchInlineSnapshot(`
    "ENTRYPOINT ["serve", "--title", "a \\"b\\" \\\\"]
    CMD ["--port=8000", "$HOME"]

    # labels
    LABEL org.example.path="\${PATH}"
    LABEL org.example.price="5 \\$ \\"net\\""
    "
  `);
  const { config } = llbOf(plan).config;
  expect(config).toMatchInlineSnapshot(`
    {
      "ArgsEscaped": true,
      "Cmd": [
        "--port=8000",
        "$HOME",
      ],
      "Entrypoint": [
        "serve",
        "--title",
        "a "b" \\",
      ],
      "Env": [
        "PATH=/usr/local/bin:/usr/bin:/bin",
        "LANG=C.UTF-8",
      ],
      "Labels": {
        "org.example.path": "/usr/local/bin:/usr/bin:/bin",
        "org.example.price": "5 $ "net"",
      },
      "WorkingDir": "/",
    }
  `);
});

test("an entrypoint takes the base's command away, an empty list is none", () => {
  const config = (settings: Omit<ImageSettings, "labels">) =>
    llbOf(planWith({ ...settings, labels: [] })).config.config;
  expect(config({})).toMatchObject({ Cmd: ["python3"] });
  expect(config({ entrypoint: ["serve"] })).toMatchObject({ Entrypoint: ["serve"], Cmd: null });
  expect(config({ entrypoint: [], command: [] })).toMatchObject({ Entrypoint: null, Cmd: null });
  expect(config({ command: ["serve"] })).toMatchObject({ Cmd: ["serve"], ArgsEscaped: true });
});

test("every op of an image has a name that says which stage it belongs to", () => {
  const { definition } = llbOf({
    stages: [
      { name: "builder", base: "python:3.14", steps: [ROWS.run.step, ROWS["copy from a context"].step] },
      { name: "runtime", base: "python:3.14-slim", steps: [ROWS["copy from a stage"].step, ROWS.workdir.step] },
    ],
    image: { labels: [] },
    exclude: [],
  });
  expect(dump(definition).match(/(?<=name: ).*/g)).toMatchInlineSnapshot(`
    [
      ""[runtime 1/3] FROM docker.io/library/python:3.14-slim"",
      ""[builder 1/3] FROM docker.io/library/python:3.14"",
      ""[builder 2/3] packages of the image"",
      ""[internal] load build context"",
      ""[builder 3/3] the project"",
      ""[runtime 2/3] the environment"",
      ""[runtime 3/3] WORKDIR /home/nonroot"",
    ]
  `);
});
