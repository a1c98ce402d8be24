import { expect, test } from "vitest";
import { type BuildOpts, readBuildOpts } from "../../../src/frontend/build-opts.ts";
import { renderError } from "../../support/planning.ts";

const AMD64 = { os: "linux", architecture: "amd64" };

function read(opts: Readonly<Record<string, string>>): BuildOpts {
  return readBuildOpts(new Map(Object.entries(opts)), AMD64);
}

const DEFAULTS: BuildOpts = {
  filename: "pyproject.toml",
  target: "",
  platforms: [AMD64],
  buildPlatform: AMD64,
  multiPlatform: false,
  buildArgs: new Map(),
  labels: new Map(),
  cacheNamespace: "",
  network: "sandbox",
  extraHosts: [],
  resolveMode: "default",
  noCache: new Set(),
  cacheImports: [],
  limits: { ulimits: [] },
};

test("a build that asks for nothing gets the defaults", () => {
  expect(read({})).toEqual(DEFAULTS);
});

test("what Docker 20.10 sends empty was not given", () => {
  const empty = ["filename", "target", "platform", "force-network-mode", "add-hosts", "image-resolve-mode"];
  const opts = Object.fromEntries([...empty, "cache-imports", "cache-from"].map((key) => [key, ""]));
  expect(read(opts)).toEqual(DEFAULTS);
});

test("options of other frontends and of newer clients are passed over", () => {
  expect(read({ "attest:sbom": "", cmdline: "y", __proto__x: "z" })).toEqual(DEFAULTS);
});

test.each<[Readonly<Record<string, string>>, Partial<BuildOpts>]>([
  [{ filename: "pyproject.prod.toml" }, { filename: "pyproject.prod.toml" }],
  [{ filename: "Dockerfile" }, { filename: "pyproject.toml" }],
  [{ filename: "docker/Dockerfile" }, { filename: "docker/Dockerfile" }],
  [{ hostname: "h" }, { hostname: "h" }],
  [{ hostname: "h", "build-arg:BUILDKIT_SANDBOX_HOSTNAME": "i" }, { hostname: "i" }],
  [{ "build-arg:BUILDKIT_CACHE_MOUNT_NS": "team" }, { cacheNamespace: "team" }],
  [{ target: "web" }, { target: "web" }],
  [{ platform: "linux/arm64/v8" }, { platforms: [{ os: "linux", architecture: "arm64" }] }],
  [{ platform: "arm64, linux" }, { platforms: [{ os: "linux", architecture: "arm64" }, AMD64], multiPlatform: true }],
  [{ platform: "linux/arm" }, { platforms: [{ os: "linux", architecture: "arm", variant: "v7" }] }],
  [
    { "label:a": "b", "label:c=d": "", "label:__proto__": "e" },
    {
      labels: new Map([
        ["a", "b"],
        ["c=d", ""],
        ["__proto__", "e"],
      ]),
    },
  ],
  [
    { "build-arg:A": "1", "build-arg:constructor": "2", "build-arg:BUILDKIT_SYNTAX": "x" },
    {
      buildArgs: new Map([
        ["A", "1"],
        ["constructor", "2"],
      ]),
    },
  ],
  [
    { "build-arg:HTTP_PROXY": "http://p", "build-arg:no_proxy": "localhost", "build-arg:All_Proxy": "" },
    {
      proxy: { http: "http://p", no: "localhost", all: "" },
    },
  ],
  [
    { platform: "linux/amd64,linux/arm64,linux/amd64/v1" },
    { platforms: [AMD64, { os: "linux", architecture: "arm64" }], multiPlatform: true },
  ],
  [{ "multi-platform": "T" }, { multiPlatform: true }],
  [{ "multi-platform": "true", "build-arg:BUILDKIT_MULTI_PLATFORM": "0" }, { multiPlatform: false }],
  [
    { platform: "linux/amd64,linux/arm64", "multi-platform": "false", "build-arg:BUILDKIT_MULTI_PLATFORM": "true" },
    { platforms: [AMD64, { os: "linux", architecture: "arm64" }], multiPlatform: true },
  ],
  [{ "attest:SBOM": "", "build-arg:BUILDKIT_ATTEST_PROVENANCE": "mode=max" }, {}],
  [{ "build-arg:SOURCE_DATE_EPOCH": "0" }, { epoch: 0, buildArgs: new Map([["SOURCE_DATE_EPOCH", "0"]]) }],
  [{ "build-arg:SOURCE_DATE_EPOCH": "" }, { buildArgs: new Map([["SOURCE_DATE_EPOCH", ""]]) }],
  [{ "build-arg:BUILDKIT_DISABLE_FILEOP": "false" }, {}],
  [{ "shm-size": "67108864" }, { limits: { ulimits: [], shmSize: 67108864 } }],
  [
    { ulimit: "nofile=1024:2048,core=-1:-1,nproc=5" },
    {
      limits: {
        ulimits: [
          { name: "nofile", soft: 1024n, hard: 2048n },
          { name: "core", soft: -1n, hard: -1n },
          { name: "nproc", soft: 5n, hard: 5n },
        ],
      },
    },
  ],
  [
    { ulimit: "memlock=0:-1,stack=9223372036854775807" },
    {
      limits: {
        ulimits: [
          { name: "memlock", soft: 0n, hard: -1n },
          { name: "stack", soft: 2n ** 63n - 1n, hard: 2n ** 63n - 1n },
        ],
      },
    },
  ],
  [{ "shm-size": "0" }, {}],
  [{ cpusetcpus: "0, 2-3,7" }, { limits: { ulimits: [], resources: { cpusetCpus: "0, 2-3,7" } } }],
  [{ "cgroup-parent": "ci.slice" }, { limits: { ulimits: [], cgroupParent: "ci.slice" } }],
  [
    {
      memory: "1024",
      memswap: "-1",
      cpushares: "2",
      cpuperiod: "3",
      cpuquota: "4",
      cpusetcpus: "0-1",
      cpusetmems: "0",
    },
    {
      limits: {
        ulimits: [],
        resources: {
          memory: 1024,
          memorySwap: -1,
          cpuShares: 2,
          cpuPeriod: 3,
          cpuQuota: 4,
          cpusetCpus: "0-1",
          cpusetMems: "0",
        },
      },
    },
  ],
  [{ "force-network-mode": "host" }, { network: "host" }],
  [{ "force-network-mode": "none" }, { network: "none" }],
  [{ "image-resolve-mode": "pull" }, { resolveMode: "pull" }],
  [{ "image-resolve-mode": "local" }, { resolveMode: "local" }],
  [
    { "add-hosts": "DB=10.0.0.1,six=::1,seven=[fe80::1]" },
    {
      extraHosts: [
        { host: "db", ip: "10.0.0.1" },
        { host: "six", ip: "::1" },
        { host: "seven", ip: "fe80::1" },
      ],
    },
  ],
  [{ "no-cache": "" }, { noCache: "all" }],
  [{ "no-cache": "Web,builder" }, { noCache: new Set(["web", "builder"]) }],
  [
    { "cache-from": 'registry:5000/a,"b:1"' },
    {
      cacheImports: [
        { type: "registry", attrs: { ref: "registry:5000/a" } },
        { type: "registry", attrs: { ref: "b:1" } },
      ],
    },
  ],
  [
    { "cache-imports": '[{"Type":"local","Attrs":{"src":"/x","n":1}},{"Type":"gha"}]', "cache-from": "c" },
    {
      cacheImports: [
        { type: "local", attrs: { src: "/x", n: "1" } },
        { type: "gha", attrs: {} },
        { type: "registry", attrs: { ref: "c" } },
      ],
    },
  ],
])("%j", (opts, expected) => {
  expect(read(opts)).toEqual({ ...DEFAULTS, ...expected });
});

test("a target is also named by a build argument, which stays one", () => {
  expect(read({ "build-arg:microb_target": "web" })).toEqual({
    ...DEFAULTS,
    target: "web",
    buildArgs: new Map([["microb_target", "web"]]),
  });
  expect(read({ "build-arg:MICROB_Target": "web" }).target).toBe("web");
  expect(read({ "build-arg:microb_target": "web", target: "cli" }).target).toBe("cli");
  expect(read({ "build-arg:microb_target": "web", target: "" }).target).toBe("web");
});

test("a file name that no path can have is refused", async () => {
  const said = await renderError(() => read({ filename: `${"a/".repeat(32_000)}pyproject.toml` }));
  expect(said).toBe("error: option filename: it is longer than 4095 bytes: no path is [option.invalid]");
});

test("everything that is wrong is told at once, by the option's name", async () => {
  const opts = {
    platform: "windows",
    "force-network-mode": "bridge",
    "image-resolve-mode": "always",
    "add-hosts": "db=localhost",
    "cache-imports": "[null]",
    "cache-from": '"a',
  };
  expect(await renderError(() => read(opts))).toMatchInlineSnapshot(`
    "6 errors:

    error: option platform: "windows" is not a platform: expected os/architecture[/variant], such as linux/amd64 [option.invalid]

    error: option force-network-mode: "bridge" is not one of none, host, sandbox [option.invalid]

    error: option add-hosts: "db=localhost" is not HOST=ADDRESS [option.invalid]

    error: option image-resolve-mode: "always" is not one of default, pull, local [option.invalid]

    error: option cache-imports: it is not a list of caches [option.invalid]

    error: option cache-from: ""a" has a misplaced quote [option.invalid]"
  `);
});

test.each([
  ["multi-platform", "yes"],
  ["build-arg:BUILDKIT_MULTI_PLATFORM", "2"],
  ["build-arg:SOURCE_DATE_EPOCH", "yesterday"],
  ["build-arg:SOURCE_DATE_EPOCH", "-1"],
  ["build-arg:BUILDKIT_DISABLE_FILEOP", "true"],
  ["override-copy-image", "x"],
  ["build-arg:SOURCE_DATE_EPOCH", "9223372037"],
  ["attest:vsa", ""],
  ["build-arg:BUILDKIT_ATTEST_VSA", ""],
  ["shm-size", "64m"],
  ["shm-size", "-1"],
  ["ulimit", "nofile"],
  ["ulimit", "nofile=x:y"],
  ["ulimit", "nofile=-2"],
  ["ulimit", "files=1"],
  ["ulimit", "nofile=2:1"],
  ["ulimit", "nofile=-1:1"],
  ["ulimit", "nofile=9223372036854775808"],
  ["cpusetcpus", "3-1"],
  ["cpusetcpus", "all"],
  ["cpusetcpus", "8193"],
  ["cpusetmems", "0-"],
  ["memory", "0"],
  ["memswap", "-2"],
  ["cpushares", "1.5"],
  ["cpuquota", "9".repeat(20)],
  ["platform", ","],
  ["add-hosts", "db"],
  ["add-hosts", "=10.0.0.1"],
  ["add-hosts", "db=10.0.0.256"],
  ["cache-imports", "{}"],
  ["cache-imports", "nonsense"],
])("%s = %j is refused", async (key, value) => {
  expect(await renderError(() => read({ [key]: value }))).toMatch(
    new RegExp(`^error: option ${key}: .* \\[option\\.invalid\\]$`),
  );
});

test("several platforms cannot be said to be one image", async () => {
  const opts = { platform: "linux/amd64,linux/arm64", "multi-platform": "false" };
  expect(await renderError(() => read(opts))).toContain("option multi-platform: 2 platforms cannot be one image");
});
