import { describe, expect, test } from "vitest";
import { copy } from "../../../src/llb/copy.ts";
import { http } from "../../../src/llb/http.ts";
import { image } from "../../../src/llb/image.ts";
import { marshal } from "../../../src/llb/marshal.ts";
import { llb } from "../../../src/pb/generated.js";
import { tar } from "../../fixture/tar.ts";
import { ENGINE_20_LLB_CAPS, RECENT_API_CAPS, RECENT_LLB_CAPS } from "../../support/capability-lists.ts";
import type { FakeBridge, FakeBridgeOptions } from "../../support/fake-bridge.ts";
import { runBuild } from "../../support/run-build.ts";

const project = (name: string, table = ""): string =>
  `[project]\nname = "${name}"\n[build-system]\nrequires = []\n[tool.microb.target.default]\n${table}\n`;
const PROJECT = project("here", 'python_version = "3.13"\nentrypoint = ["here"]');
/** A project that takes its Python from the file next to it. */
const ELSEWHERE = { "pyproject.toml": project("elsewhere"), ".python-version": "3.12" };

const config = (origin: string) => ({
  os: "linux",
  architecture: "amd64",
  config: { Env: ["PATH=/bin", `ORIGIN=${origin}`] },
});
const IMAGES = Object.fromEntries(
  ["3.11", "3.12", "3.13"].flatMap((version) =>
    [version, `${version}-slim`].map((tag) => [`docker.io/library/python:${tag}`, config("registry")]),
  ),
);

const NEW: FakeBridgeOptions = { apiCaps: RECENT_API_CAPS, llbCaps: RECENT_LLB_CAPS, images: IMAGES };
const LOCAL: FakeBridgeOptions = {
  ...NEW,
  locals: { dockerfile: { "pyproject.toml": PROJECT }, context: { "pyproject.toml": PROJECT } },
};
/** `docker build`, which reaches us through the built-in frontend. */
const DOCKER = { cmdline: "microb/microb", filename: "pyproject.toml" };

type Source = Readonly<{ identifier: string; attrs: Readonly<Record<string, string>>; name: string }>;

/** The sources of every graph that was solved, or of the last one: the image's. */
function sources(bridge: FakeBridge, which: "all" | "image"): readonly Source[] {
  const definitions = bridge.requests("Solve").map(({ definition }) => definition);
  return (which === "all" ? definitions : definitions.slice(-1)).flatMap((definition) => {
    const ops = (definition?.def ?? []).map((bytes) => llb.Op.decode(bytes));
    const names = Object.values(definition?.metadata ?? {}).map(({ description }) => description?.["llb.customname"]);
    return ops.flatMap(({ source }) =>
      source ? [{ identifier: source.identifier, attrs: source.attrs, name: names.join("\n") }] : [],
    );
  });
}

function source(bridge: FakeBridge, identifier: string, which: "all" | "image" = "image"): Source | undefined {
  return sources(bridge, which).find((one) => one.identifier === identifier);
}

/** The copies of the image's graph. */
function copies(bridge: FakeBridge) {
  const ops = (bridge.requests("Solve").at(-1)?.definition?.def ?? []).map((bytes) => llb.Op.decode(bytes));
  return ops.flatMap(({ file }) => (file?.actions ?? []).flatMap(({ copy }) => (copy ? [copy] : [])));
}

async function outcome(bridge: FakeBridge): Promise<string> {
  const { error, result } = await bridge.returned;
  return error?.message ?? (result?.ref ? "built" : "nothing");
}

async function imageConfig(bridge: FakeBridge): Promise<{ config: { Env: string[]; Labels: Record<string, string> } }> {
  const { result } = await bridge.returned;
  return JSON.parse(Buffer.from(result?.metadata?.["containerimage.config"] ?? "").toString());
}

const title = async (bridge: FakeBridge): Promise<string | undefined> =>
  (await imageConfig(bridge)).config.Labels["org.opencontainers.image.title"];

/** Nothing of the client was asked for: it could not be given, and would stand in the provenance. */
const locals = (bridge: FakeBridge): readonly string[] =>
  sources(bridge, "all")
    .map(({ identifier }) => identifier)
    .filter((identifier) => identifier.startsWith("local://"));

describe("directories of the client", () => {
  test("the context goes over without what the project and its ignore file leave out", async () => {
    const files = { "pyproject.toml": PROJECT, ".dockerignore": "*.md\n!a.md\n" };
    const bridge = await runBuild({ ...LOCAL, locals: { dockerfile: files, context: files } }, DOCKER);
    const { attrs } = source(bridge, "local://context") ?? {};
    expect(JSON.parse(attrs?.["local.excludepatterns"] ?? "").slice(-2)).toEqual(["*.md", "!a.md"]);
    expect(attrs).toMatchObject({ "local.session": "session", "local.sharedkeyhint": "context" });
    expect(attrs).not.toHaveProperty("local.followpaths");
  });

  test("only what is used of it goes over, in order", async () => {
    const text = `${PROJECT}copy_files = [{ src = "z/", dst = "/z" }, { src = "a", dst = "/a" }]\n`;
    const bridge = await runBuild(
      {
        ...LOCAL,
        locals: { dockerfile: { "pyproject.toml": text }, context: { "services/b/pyproject.toml": text, "z/x": "" } },
      },
      DOCKER,
    );
    expect(await outcome(bridge)).toBe("built");
    expect(source(bridge, "local://context")?.attrs["local.followpaths"]).toBe('["a","services/b","z"]');
  });

  describe("where buildx says in which directory of a repository both are", () => {
    const files = { "pyproject.toml": PROJECT };
    const context = {
      "pyproject.toml": PROJECT,
      "services/a/pyproject.toml": PROJECT,
      "services/b/pyproject.toml": PROJECT,
      "services/b/pyproject.toml.dockerignore": "b-only",
    };
    const bridgeOptions = { ...LOCAL, locals: { dockerfile: files, context } };
    const build = (outer: string, inner: string): Promise<FakeBridge> =>
      runBuild(bridgeOptions, { ...DOCKER, "vcs:localdir:context": outer, "vcs:localdir:dockerfile": inner });
    const used = (bridge: FakeBridge): string | undefined =>
      source(bridge, "local://context")?.attrs["local.followpaths"];

    test.each([
      [".", "services/b"],
      ["shop", "shop/services/b"],
      ["shop\\x", "shop\\x\\services\\b"],
    ])("%s and %s: it is not looked for elsewhere, even if others are the same", async (outer, inner) => {
      const bridge = await build(outer, inner);
      expect(used(bridge)).toBe('["services/b"]');
      expect(source(bridge, "local://context")?.attrs["local.excludepatterns"]).toContain("b-only");
      // Build file, neighbours, image, check of what it starts: no search.
      expect(bridge.requests("Solve")).toHaveLength(4);
    });

    test.each([
      [".", "."],
      ["shop", "shop"],
      ["shop", "shopping"],
      ["shop", "."],
    ])("%s and %s: it is at the root", async (outer, inner) => {
      expect(used(await build(outer, inner))).toBeUndefined();
    });

    test("it is looked for where that is not so", async () => {
      const bridge = await runBuild(
        { ...LOCAL, locals: { dockerfile: files, context: { "c/pyproject.toml": PROJECT } } },
        { ...DOCKER, "vcs:localdir:context": ".", "vcs:localdir:dockerfile": "services/b" },
      );
      expect(used(bridge)).toBe('["c"]');
    });
  });

  describe("which files are there", () => {
    const OTHERS = ["[internal] load the neighbours of the build file", "[internal] load build context"];
    const build = async (toml: string, files: Readonly<Record<string, string>>) => {
      const context = { ...files, "pyproject.toml": toml };
      const bridge = await runBuild({ ...LOCAL, locals: { dockerfile: { "pyproject.toml": toml }, context } }, DOCKER);
      const loaded = sources(bridge, "all").filter(({ identifier }) => identifier === "local://context");
      return {
        warnings: bridge.requests("Warn").map(({ short }) => Buffer.from(short ?? "").toString()),
        calls: ["Solve", "ReadDir", "ReadFile"].map(
          (method) => bridge.calls.filter((one) => one.method === method).length,
        ),
        // Besides what every build loads.
        asked: loaded.filter(({ name }) => !OTHERS.some((other) => name.includes(other))).map(({ attrs }) => attrs),
      };
    };
    const documented = PROJECT.replace("[build", 'readme = "README.md"\nlicense-files = ["LICENSE*"]\n[build');

    test("of those next to the build file is known without a further call", async () => {
      const files = { "README.md": "", LICENSE: "" };
      const plain = await build(PROJECT, files);
      const { warnings, calls, asked } = await build(documented, files);
      expect(calls).toEqual(plain.calls);
      expect({ warnings, asked }).toEqual({ warnings: [], asked: [] });
      expect((await build(documented, {})).warnings).toEqual([
        expect.stringContaining('project.readme names "README.md"'),
        expect.stringContaining('project.license-files names "LICENSE*"'),
      ]);
    });

    test("a directory that is called like one of them is none, and takes no further call either", async () => {
      const plain = await build(PROJECT, {});
      const { warnings, calls, asked } = await build(PROJECT, { "poetry.lock/x": "", "setup.cfg/x": "" });
      expect({ warnings, asked }).toEqual({ warnings: plain.warnings, asked: [] });
      expect(calls[0]).toBe(plain.calls[0]);
      expect((await build(PROJECT, { "poetry.lock": "" })).warnings).toEqual([
        expect.stringContaining("does not read poetry.lock"),
      ]);
    });

    test("of others is asked in one go, and of directories nothing is sent", async () => {
      const text = PROJECT.replace("[build", 'readme = "docs/R.md"\nlicense-files = ["docs/x", "legal/*"]\n[build');
      const { warnings, asked } = await build(text, { "docs/R.md": "", "docs/x": "", "legal/A": "" });
      expect(warnings).toEqual([]);
      expect(asked).toMatchObject([
        {
          "local.followpaths": '["docs/R.md","docs/x","legal/*"]',
          "local.excludepatterns": '["docs/R.md/*","docs/x/*","legal/*/*"]',
        },
      ]);
    });

    test("what the ignore file hides is not sent to look at it", async () => {
      const text = `${PROJECT}install = "source"\n`;
      const { warnings, asked } = await build(text, { ".dockerignore": ".env*\n*.pem\n", ".env": "", "a.key": "" });
      expect(warnings).toEqual([expect.stringContaining("SecretBesideSource: a.key looks like a secret")]);
      const [followed, left] = ["local.followpaths", "local.excludepatterns"].map((key) =>
        JSON.parse(asked[0]?.[key] ?? ""),
      );
      expect(followed).toContain("*.pem");
      expect(JSON.parse(asked[0]?.["local.includepattern"] ?? "")).toContain("**/.env");
      expect(left.slice(0, 2)).toEqual([".env*", "*.pem"]);
      expect(left).toEqual(expect.arrayContaining(["**/node_modules", ".venv", "*.pem/*"]));
    });

    test("where the modules may be is asked only if the ignore file hides it", async () => {
      const files = { "src/here/__init__.py": "", "src/here/data.bin": "" };
      expect((await build(PROJECT, { ...files, ".dockerignore": "*.md\n" })).asked).toEqual([]);
      const { warnings, asked } = await build(PROJECT, { ...files, ".dockerignore": "*\n!pyproject.toml\n" });
      expect(warnings).toEqual([expect.stringContaining("line 1 of .dockerignore leaves out src")]);
      expect(asked).toHaveLength(1);
      expect(JSON.parse(asked[0]?.["local.excludepatterns"] ?? "")).toContain("src/*");
    });
  });

  test("the ignore file of the build file wins", async () => {
    const own = { "pyproject.toml": PROJECT, "pyproject.toml.dockerignore": "own" };
    const context = { ...own, ".dockerignore": "common" };
    const bridge = await runBuild({ ...LOCAL, locals: { dockerfile: own, context } }, DOCKER);
    const patterns = JSON.parse(source(bridge, "local://context")?.attrs["local.excludepatterns"] ?? "");
    expect(patterns).toContain("own");
    expect(patterns).not.toContain("common");
  });

  test("the client may call the directory of the build file otherwise, and offer it in another session", async () => {
    const bridge = await runBuild(
      { ...LOCAL, locals: { mine: { "pyproject.toml": PROJECT }, context: { "pyproject.toml": PROJECT } } },
      { ...DOCKER, dockerfilekey: "mine", "local-sessionid:mine": "other", "local-sessionid:context": "third" },
    );
    expect(await outcome(bridge)).toBe("built");
    expect(source(bridge, "local://mine", "all")?.attrs["local.session"]).toBe("other");
    expect(source(bridge, "local://context")?.attrs["local.session"]).toBe("third");
  });

  test("what was typed in stands in for the build file of the context", async () => {
    const typed = { Dockerfile: project("typed", 'python_version = "3.12"') };
    const bridge = await runBuild(
      { ...LOCAL, locals: { dockerfile: typed, context: { "pyproject.toml": PROJECT } } },
      { ...DOCKER, filename: "Dockerfile" },
    );
    expect(await title(bridge)).toBe("typed");
    expect(copies(bridge)).toContainEqual(expect.objectContaining({ src: "/Dockerfile", dest: "/pyproject.toml" }));
  });

  test("a Dockerfile is not taken for what was typed in", async () => {
    const bridge = await runBuild(
      { ...LOCAL, locals: { dockerfile: { Dockerfile: "FROM scratch\n" }, context: {} } },
      { ...DOCKER, filename: "Dockerfile" },
    );
    expect(await outcome(bridge)).toContain("there is no pyproject.toml");
  });

  test("a build file from outside of the context is used for the project at its root, with a warning", async () => {
    const bridge = await runBuild(
      {
        ...LOCAL,
        locals: {
          dockerfile: { "pyproject.toml": project("outside") },
          context: { "pyproject.toml": PROJECT, ".python-version": "3.12" },
        },
      },
      DOCKER,
    );
    expect(await title(bridge)).toBe("outside");
    expect(source(bridge, "docker-image://docker.io/library/python:3.12", "image")).toBeUndefined();
    expect(sources(bridge, "image").some(({ identifier }) => identifier.includes("python:3.12"))).toBe(true);
    expect(copies(bridge)).toContainEqual(expect.objectContaining({ src: "/pyproject.toml", dest: "/pyproject.toml" }));
    const warnings = bridge.requests("Warn").map(({ short }) => Buffer.from(short ?? "").toString());
    expect(warnings.filter((one) => !one.startsWith("NoEntrypoint: "))).toEqual([
      expect.stringContaining("BuildFileOutsideContext: the pyproject.toml given with -f is not in"),
    ]);
  });
});

describe("git", () => {
  const caps = [...RECENT_LLB_CAPS, "source.git.subdir", "source.git.checksum", "source.git.mountsshsock"];
  const repository = (identifier: string, llbCaps: readonly string[] = caps): FakeBridgeOptions => ({
    ...NEW,
    llbCaps,
    results: { [identifier]: ELSEWHERE },
  });

  test("the project and its neighbours are read from there, and nothing from the client", async () => {
    const identifier = "git://example.org/a.git#v1:sub";
    const opts = { ...DOCKER, context: "https://user:word@example.org/a.git#v1:sub" };
    const bridge = await runBuild(repository(identifier), opts);
    expect(await title(bridge)).toBe("elsewhere");
    expect(sources(bridge, "image").some(({ identifier }) => identifier.includes("python:3.12"))).toBe(true);
    const found = source(bridge, identifier);
    expect(found?.attrs).toEqual({
      "git.fullurl": "https://user:word@example.org/a.git",
      "git.authheadersecret": "GIT_AUTH_HEADER",
      "git.authtokensecret": "GIT_AUTH_TOKEN",
    });
    expect(found?.name).toContain("[internal] load git source https://example.org/a.git#v1:sub");
    expect(found?.name).not.toContain("word");
    expect(locals(bridge)).toEqual([]);
    expect(bridge.requests("Inputs")).toHaveLength(0);
  });

  test("a query says the same, and more", async () => {
    const identifier = "git://example.org/a.git#refs/tags/v1:sub";
    const context = "https://example.org/a.git?tag=v1&subdir=sub&commit=0123abcd";
    const bridge = await runBuild(repository(identifier), { ...DOCKER, context });
    expect(await title(bridge)).toBe("elsewhere");
    expect(source(bridge, identifier)?.attrs).toMatchObject({ "git.checksum": "0123abcd" });
  });

  test("a query that is not known is an error that shows no credentials", async () => {
    const bridge = await runBuild(NEW, { ...DOCKER, context: "https://user:word@example.org/a.git?depth=1" });
    expect(await outcome(bridge)).toBe(
      'error: the build context https://example.org/a.git?depth=1: the query key "depth" is unknown [option.invalid]',
    );
  });

  test("a build argument keeps .git", async () => {
    const identifier = "git://example.org/a.git";
    const keep = { "build-arg:BUILDKIT_CONTEXT_KEEP_GIT_DIR": "1" };
    const bridge = await runBuild(repository(identifier), { ...DOCKER, ...keep, context: "git://example.org/a.git" });
    expect(source(bridge, identifier)?.attrs).toMatchObject({ "git.keepgitdir": "true" });
  });

  test.each([
    ["files get the time of their commit", [...caps, "source.git.mtime"], "commit"],
    ["unless the daemon cannot do that", caps, undefined],
  ])("with SOURCE_DATE_EPOCH %s", async (_, llbCaps, times) => {
    const identifier = "git://example.org/a.git";
    const opts = { ...DOCKER, "build-arg:SOURCE_DATE_EPOCH": "1", context: "https://example.org/a.git" };
    const bridge = await runBuild(repository(identifier, llbCaps), opts);
    expect(await outcome(bridge)).toBe("built");
    expect(source(bridge, identifier)?.attrs["git.mtime"]).toBe(times);
  });

  test.each([
    ["git@example.org:a/b.git", "source.git.mountsshsock"],
    ["https://example.org/a.git?commit=0123abcd", "source.git.checksum"],
    ["https://example.org/a.git?submodules=0", "source.git.skipsubmodules"],
    ["https://example.org/a.git?mtime=commit", "source.git.mtime"],
    ["https://example.org/a.git?commit=0123abcd&fetch-by-commit=1", "source.git.checksum"],
  ])("%s says which capability it lacks", async (context, capability) => {
    const bridge = await runBuild({ ...NEW, llbCaps: ENGINE_20_LLB_CAPS }, { ...DOCKER, context });
    expect(await outcome(bridge)).toMatch(new RegExp(`a git context.*lacks the capability ${capability}`));
  });

  test("over ssh it is fetched with the agent", async () => {
    const bridge = await runBuild(repository("git://example.org/a.git"), {
      ...DOCKER,
      context: "git@example.org:a.git",
    });
    expect(source(bridge, "git://example.org/a.git")?.attrs).toMatchObject({
      "git.fullurl": "git@example.org:a.git",
      "git.mountsshsock": "default",
    });
  });

  test("an old daemon fetches all, and the directory is taken out of it", async () => {
    const results = { "[internal] sub of the build context": ELSEWHERE };
    const opts = { ...DOCKER, context: "https://example.org/a.git#v1:sub" };
    const bridge = await runBuild({ ...NEW, llbCaps: ENGINE_20_LLB_CAPS, results }, opts);
    expect(await title(bridge)).toBe("elsewhere");
    expect(source(bridge, "git://example.org/a.git#v1")).toBeDefined();
  });

  test("a directory of it can be an option", async () => {
    const results = { "[internal] sub of the build context": ELSEWHERE };
    const opts = { ...DOCKER, context: "https://example.org/a.git", contextsubdir: "sub" };
    expect(await title(await runBuild({ ...NEW, results }, opts))).toBe("elsewhere");
  });

  test("the path of the build file is that in the whole repository", async () => {
    const files = { ...ELSEWHERE, "pyproject.toml": project("elsewhere", "copy_files = []") };
    const results = {
      "git://example.org/a.git": { "a/sub/pyproject.toml": files["pyproject.toml"] },
      "[internal] a/sub of the build context": files,
    };
    const opts = { ...DOCKER, context: "https://example.org/a.git", contextsubdir: "/a/sub/" };
    const bridge = await runBuild({ ...NEW, results }, { ...opts, filename: "a/sub/pyproject.toml" });
    expect(await title(bridge)).toBe("elsewhere");
    expect(sources(bridge, "image").some(({ identifier }) => identifier.includes("python:3.12"))).toBe(true);
    expect(copies(bridge)).not.toContainEqual(expect.objectContaining({ dest: "/pyproject.toml" }));
  });

  test("a build file outside of the directory stands in for the directory's", async () => {
    const results = {
      "git://example.org/a.git": { "pyproject.toml": project("whole") },
      "[internal] sub of the build context": ELSEWHERE,
    };
    const opts = { ...DOCKER, context: "https://example.org/a.git", contextsubdir: "sub" };
    const bridge = await runBuild({ ...NEW, results }, opts);
    expect(await title(bridge)).toBe("whole");
    expect(copies(bridge)).toContainEqual(expect.objectContaining({ src: "/pyproject.toml", dest: "/pyproject.toml" }));
  });

  test("another option may hold the URL", async () => {
    const opts = { ...DOCKER, contextkey: "where", where: "https://example.org/a.git" };
    expect(await title(await runBuild(repository("git://example.org/a.git"), opts))).toBe("elsewhere");
  });

  test("the build file may still be the client's", async () => {
    const opts = { ...DOCKER, dockerfilekey: "dockerfile", context: "https://example.org/a.git" };
    const bridge = await runBuild(
      { ...repository("git://example.org/a.git"), locals: { dockerfile: { "pyproject.toml": project("mine") } } },
      opts,
    );
    expect(await title(bridge)).toBe("mine");
    expect(sources(bridge, "image").some(({ identifier }) => identifier.includes("python:3.12"))).toBe(true);
    expect(copies(bridge)).toContainEqual(expect.objectContaining({ src: "/pyproject.toml", dest: "/pyproject.toml" }));
  });
});

describe("a URL", () => {
  const url = "http://example.org/x";

  test("of an archive", async () => {
    const archive = tar({ "pyproject.toml": PROJECT }).toString("latin1");
    const results = { [url]: { context: archive }, "[internal] unpack the build context": ELSEWHERE };
    const bridge = await runBuild({ ...NEW, results }, { ...DOCKER, context: url });
    expect(await title(bridge)).toBe("elsewhere");
    expect(copies(bridge)).toContainEqual(
      expect.objectContaining({ src: "/context", attemptUnpackDockerCompatibility: true }),
    );
    expect(locals(bridge)).toEqual([]);
  });

  test("of a build file", async () => {
    const text = project("alone", 'python_version = "3.13"\ninstall = "source"');
    const results = { [url]: { context: text }, "[internal] the build file": { "pyproject.toml": text } };
    const bridge = await runBuild({ ...NEW, results }, { ...DOCKER, context: url });
    expect(await title(bridge)).toBe("alone");
    expect(locals(bridge)).toEqual([]);
  });
});

describe("graphs that are handed in", () => {
  const identifier = "https://example.org/handed-in";
  const definition = marshal(http({ url: identifier, filename: "x" }));
  const handedIn: FakeBridgeOptions = {
    ...NEW,
    inputs: { context: definition, dockerfile: definition },
    results: { [identifier]: ELSEWHERE },
  };

  test.each([
    ["another frontend", { filename: "pyproject.toml" }],
    ["bake, which names them", { ...DOCKER, "input:context": "https://example.org/a.git" }],
  ])("by %s", async (_, opts) => {
    const bridge = await runBuild(handedIn, opts);
    expect(await title(bridge)).toBe("elsewhere");
    expect(source(bridge, identifier)).toBeDefined();
    expect(locals(bridge)).toEqual([]);
  });

  test("without a name, instead of directories", async () => {
    const fail: FakeBridgeOptions["fail"] = (method) =>
      method === "ReadFile" || method === "ReadDir"
        ? { code: 2, message: "no local sources enabled", details: [] }
        : undefined;
    let failures = 0;
    const bridge = await runBuild(
      { ...handedIn, fail: (method, request) => (failures++ < 5 ? fail(method, request) : undefined) },
      DOCKER,
    );
    expect(await title(bridge)).toBe("elsewhere");
    expect(source(bridge, identifier)).toBeDefined();
  });

  test("a failure stays one where nothing is handed in", async () => {
    const fail: FakeBridgeOptions["fail"] = (method) =>
      method === "ReadFile" ? { code: 2, message: "no local sources enabled", details: [] } : undefined;
    expect(await outcome(await runBuild({ ...LOCAL, fail }, DOCKER))).toContain("no local sources enabled");
  });

  test("dockerfilekey says that the build file is the client's", async () => {
    const locals = { dockerfile: { "pyproject.toml": project("mine") } };
    const opts = { filename: "pyproject.toml", dockerfilekey: "dockerfile" };
    expect(await title(await runBuild({ ...handedIn, locals }, opts))).toBe("mine");
  });

  test("without any the client's directories count", async () => {
    expect(await title(await runBuild(LOCAL, { filename: "pyproject.toml" }))).toBe("here");
  });

  test("a daemon without inputs is not asked", async () => {
    const apiCaps = RECENT_API_CAPS.filter((cap) => cap !== "frontend.inputs");
    const bridge = await runBuild({ ...LOCAL, apiCaps }, { filename: "pyproject.toml" });
    expect(await outcome(bridge)).toBe("built");
    expect(bridge.requests("Inputs")).toHaveLength(0);
  });
});

describe("named contexts", () => {
  const copying = (src = "a"): FakeBridgeOptions => {
    const files = {
      "pyproject.toml": `${PROJECT}copy_files = [{ from = "things", src = "${src}", dst = "/copied" }]\n`,
    };
    return { ...LOCAL, locals: { dockerfile: files, context: files } };
  };
  const asked = (bridge: FakeBridge): readonly string[] =>
    bridge.requests("ResolveSourceMeta").map(({ source }) => source?.identifier ?? "");
  const SLIM = "context:python:3.13-slim";

  test("an image stands in for a base, which is not asked for", async () => {
    const bridge = await runBuild(LOCAL, { ...DOCKER, [SLIM]: "docker-image://python:3.11-slim" });
    expect(asked(bridge)).toEqual([
      "docker-image://docker.io/library/python:3.13",
      "docker-image://docker.io/library/python:3.11-slim",
    ]);
    expect(bridge.requests("ResolveSourceMeta").at(-1)?.logName).toBe(
      "[context python:3.13-slim] load metadata for docker.io/library/python:3.11-slim",
    );
    expect(sources(bridge, "image").filter(({ identifier }) => identifier.includes("3.13-slim"))).toEqual([]);
  });

  test("one that the build was not given is told with the option that gives it", async () => {
    expect(await outcome(await runBuild(copying(), DOCKER))).toMatchInlineSnapshot(`
      "pyproject.toml:8:24: error: there is no build context "things", and the image things could not be resolved: docker.io/library/things:latest: not found [base.unavailable]
        help: pass --build-context things=DIRECTORY; if an image is meant, check that the registry has it for this platform and can be reached"
    `);
    const option = { [SLIM]: "docker-image://python:3.99" };
    expect(await outcome(await runBuild(LOCAL, { ...DOCKER, ...option }))).toContain("python_version chooses another");
  });

  test("an image to copy from is no matter of python_version", async () => {
    const files = {
      "pyproject.toml": `${PROJECT}copy_files = [{ from = "ghcr.io/a/b:1", src = "a", dst = "/copied" }]\n`,
    };
    const bridge = await runBuild({ ...LOCAL, locals: { dockerfile: files, context: files } }, DOCKER);
    expect(await outcome(bridge)).toMatchInlineSnapshot(`
      "pyproject.toml:8:24: error: the image ghcr.io/a/b:1 could not be resolved: ghcr.io/a/b:1: not found [base.unavailable]
        help: check that the registry has it for this platform and can be reached"
    `);
  });

  test("one for the platform comes first", async () => {
    const bridge = await runBuild(LOCAL, {
      ...DOCKER,
      platform: "linux/amd64,linux/arm64",
      [`${SLIM}::linux/arm64`]: "docker-image://python:3.11-slim",
      [SLIM]: "docker-image://python:3.12-slim",
    });
    const names = bridge.requests("ResolveSourceMeta").map(({ logName }) => logName);
    expect(names).toContain(
      "[context python:3.13-slim::linux/arm64] load metadata for docker.io/library/python:3.11-slim",
    );
    expect(names).toContain("[context python:3.13-slim] load metadata for docker.io/library/python:3.12-slim");
    expect(names).toHaveLength(4);
  });

  test("git", async () => {
    const bridge = await runBuild(copying(), { ...DOCKER, "context:things": "https://example.org/a.git#v1" });
    expect(await outcome(bridge)).toBe("built");
    expect(source(bridge, "git://example.org/a.git#v1")?.name).toContain("[context things] load git source");
  });

  test("http, as a file that is called context", async () => {
    const bridge = await runBuild(copying("context"), { ...DOCKER, "context:things": "https://u:word@example.org/a" });
    const found = source(bridge, "https://u:word@example.org/a");
    expect(found?.attrs).toEqual({ "http.filename": "context" });
    expect(found?.name).toContain("[context things] https://example.org/a");
    expect(found?.name).not.toContain("word");
  });

  test("a directory: only what is used, without what its ignore file leaves out", async () => {
    const bridgeOptions = copying("b/c");
    const bridge = await runBuild(
      { ...bridgeOptions, locals: { ...bridgeOptions.locals, files: { ".dockerignore": "*.md\n" } } },
      {
        ...DOCKER,
        "context:things": "local:files",
        "sharedkey:localdir:things": "files:node",
        "local-sessionid:files": "other",
      },
    );
    expect(source(bridge, "local://files")?.attrs).toEqual({
      "local.session": "other",
      "local.followpaths": '["b/c"]',
      "local.excludepatterns": '["*.md"]',
      "local.sharedkeyhint": "context:things-files:node",
    });
  });

  test("an image in an OCI layout", async () => {
    const digest = `sha256:${"ab".repeat(32)}`;
    const images = { ...IMAGES, [`docker.io/library/python:3.13-slim@${digest}`]: config("layout") };
    const opts = { ...DOCKER, [SLIM]: `oci-layout://store@${digest}` };
    const llbCaps = [...RECENT_LLB_CAPS, "source.ocilayout"];
    const bridge = await runBuild({ ...LOCAL, images, llbCaps }, opts);
    expect((await imageConfig(bridge)).config.Env).toContain("ORIGIN=layout");
    const attrs = { "oci.session": "session", "oci.store": "store" };
    expect(source(bridge, `oci-layout://docker.io/library/python:3.13-slim@${digest}`)?.attrs).toEqual(attrs);
    expect(bridge.requests("ResolveSourceMeta").at(-1)?.source?.attrs).toEqual(attrs);

    const apiCaps = RECENT_API_CAPS.filter((cap) => cap !== "source.metaresolver");
    expect(await outcome(await runBuild({ ...LOCAL, images, llbCaps, apiCaps }, opts))).toContain(
      "lacks the capability source.metaresolver",
    );
  });

  test("the result of another build, with its configuration", async () => {
    const base = image({
      reference: "docker.io/library/other@sha256:00",
      platform: { os: "linux", architecture: "amd64" },
    });
    const input = marshal(copy({ base, sources: ["/a"], to: "/b", name: "the other build" }));
    const metadata = Buffer.from(JSON.stringify(config("bake"))).toString("base64");
    const opts = {
      ...DOCKER,
      [`${SLIM}::linux/amd64`]: "input:base::linux/amd64",
      "input-metadata:base::linux/amd64": JSON.stringify({ "containerimage.config": metadata }),
    };
    const bridge = await runBuild({ ...LOCAL, inputs: { "base::linux/amd64": input } }, opts);
    expect((await imageConfig(bridge)).config.Env).toContain("ORIGIN=bake");
    const bytes = (bridge.requests("Solve").at(-1)?.definition?.def ?? []).map((op) => Buffer.from(op).toString("hex"));
    // All but the one that only says which is last.
    for (const op of input.def.slice(0, -1)) expect(bytes).toContain(Buffer.from(op).toString("hex"));

    expect(await outcome(await runBuild(LOCAL, opts))).toContain(
      'the build was not given the input "base::linux/amd64"',
    );
  });

  test("names are compared as people write them, and values of others are left alone", async () => {
    const files = {
      "pyproject.toml": `${PROJECT}copy_files = [{ from = "docker.io/library/things:latest", src = "a", dst = "/b" }]\n`,
    };
    const bridge = await runBuild(
      { ...LOCAL, locals: { dockerfile: files, context: files } },
      { ...DOCKER, "context:things": "https://example.org/a.git", "context:unused": "nonsense" },
    );
    expect(await outcome(bridge)).toBe("built");
    expect(source(bridge, "git://example.org/a.git")).toBeDefined();
  });

  test.each([
    ["docker-image://scratch", "scratch has no files"],
    ["ftp://user:word@example.org/a", "it is neither an image"],
    ["oci-layout://store:tag", "needs the digest of the image"],
    ["https://example.org/a.git?depth=1", 'the query key "depth" is unknown'],
    ["elsewhere", "it is neither an image"],
    ["input:other", 'was not given the input "other"'],
  ])("%s is refused, and named", async (value, why) => {
    const text = await outcome(await runBuild(LOCAL, { ...DOCKER, [SLIM]: value }));
    expect(text).toContain("--build-context python:3.13-slim=");
    expect(text).toContain(why);
    expect(text).toContain("[option.invalid]");
    expect(text).not.toContain("word");
  });
});
