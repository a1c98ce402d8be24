import type { TomlPath } from "../diagnostic/diagnostic.ts";
import { type CopyOptions, copy } from "../llb/copy.ts";
import { exec } from "../llb/exec.ts";
import { http } from "../llb/http.ts";
import { merge } from "../llb/merge.ts";
import { mkdir } from "../llb/mkdir.ts";
import { mkfile } from "../llb/mkfile.ts";
import type { Mount as LlbMount } from "../llb/mount.ts";
import type { ExtraHost, Network, Output, ProxyEnv, VertexOptions } from "../llb/vertex.ts";
import type { Platform } from "../oci/platform.ts";
import { type CopySource, type Mount, UNIT_OUT, type UnitInput } from "../plan/step.ts";
import type { Template } from "../substitution/template.ts";
import { assertNever } from "../util/assert-never.ts";
import { historyEntry } from "./history.ts";
import { type Limits, limitsOf } from "./limits.ts";
import { type StageState, splitVariable } from "./llb-state.ts";
import { stepCommand } from "./step-command.ts";
import type { StepTable } from "./step-table.ts";

/** Where the build file is, besides the build context. */
export type BuildFileSource = Readonly<{ root: Output; path: string }>;

/** What the steps of a stage share. */
export type StepContext = Readonly<{
  platform: Platform;
  network: Network;
  extraHosts: readonly ExtraHost[];
  proxy?: ProxyEnv;
  hostname?: string;
  limits: Limits;
  /** Whether filesystems can be merged; else they are copied over one another. */
  canMerge: boolean;
  /** Whether a copy can leave files out; else they are removed again. */
  canExclude: boolean;
  /** Whether mounts need not be read to know whether a command has to run. */
  canKeyByVertex: boolean;
  /** Seconds since 1970 for all that is copied or made. */
  epoch?: number;
  cacheNamespace?: string;
  /** The client's directory of the build file, and the file's path in it. */
  buildFile: BuildFileSource;
  /** The filesystem that files are copied from. */
  source: (from: CopySource) => Output;
  /** The filesystem of a stage; of a unit the tree that it made. */
  stage: (name: string) => Output;
  /** The text of a template, seeing these variables. */
  text: (template: Template, env: ReadonlyMap<string, string>, origin: TomlPath | undefined) => string;
  /** The options of the next vertex, which does this because of that entry of the build file. */
  vertex: (title: string, origin?: TomlPath) => VertexOptions;
}>;

/** Every kind of step as a change of a stage. */
export const STEPS: StepTable<[StageState, StepContext], StageState> = {
  run: (step, state, context) => {
    const script = step.commands.join(" && ");
    const { args, mounts } = stepCommand(step, script);
    const limits = limitsOf(context.limits);
    const root = exec({
      ...context.vertex(step.title, step.origin),
      root: state.root,
      args,
      env: Object.fromEntries(state.env),
      cwd: state.workdir,
      ...(state.user !== "" && { user: state.user }),
      mounts: [...step.mounts.map((mount) => llbMount(mount, context)), ...mounts, ...limits.mounts],
      network: step.network ?? context.network,
      extraHosts: context.extraHosts,
      ...(context.proxy && { proxy: context.proxy }),
      ...(context.hostname !== undefined && { hostname: context.hostname }),
      ...limits.options,
      platform: context.platform,
    });
    return { ...state, root, history: [...state.history, historyEntry(`RUN ${script}`, "layer")] };
  },
  copy: ({ title, from, sources, to, owner, mode, except = [], origin }, state, context) => {
    const root = copy({
      ...context.vertex(title, origin),
      base: state.root,
      from: context.source(from),
      sources: sources.map(absolute),
      to,
      ...ownership(owner, mode),
      ...(context.canExclude ? { exclude: except } : { removed: except.map((path) => `${to}/${path}`) }),
      ...timestamp(context),
    });
    const flag = from.kind === "context" ? [] : [`--from=${from.kind === "stage" ? from.name : from.reference}`];
    const text = ["COPY", ...flag, ...except.map((path) => `--exclude=${path}`), ...sources, to].join(" ");
    return { ...state, root, history: [...state.history, historyEntry(text, "layer")] };
  },
  add: ({ title, source, to, checksum, owner, mode, origin }, state, context) => {
    const { kind } = source;
    const shown = kind === "download" ? source.url : source.path;
    const root = copy({
      ...context.vertex(title, origin),
      base: state.root,
      from:
        kind === "download"
          ? http({
              url: source.url,
              filename: source.name,
              ...(checksum !== undefined && { checksum }),
              name: `[internal] ${shown}`,
            })
          : context.source({ kind: "context" }),
      sources: [kind === "download" ? `/${source.name}` : absolute(source.path)],
      to,
      ...ownership(owner, mode),
      ...timestamp(context),
      flags: kind === "download" ? DOWNLOAD_FLAGS : { attemptUnpack: true },
    });
    return { ...state, root, history: [...state.history, historyEntry(`ADD ${shown} ${to}`, "layer")] };
  },
  env: ({ name, value, origin }, state, context) => {
    const text = context.text(value, state.env, origin);
    const env = new Map(state.env).set(name, text);
    return { ...state, env, history: [...state.history, historyEntry(`ENV ${name}=${text}`, "settings")] };
  },
  workdir: ({ path }, state, context) => {
    const root = mkdir({
      ...context.vertex(`WORKDIR ${path}`),
      base: state.root,
      path,
      mode: 0o755,
      makeParents: true,
      ...timestamp(context),
    });
    return { ...state, root, workdir: path, history: [...state.history, historyEntry(`WORKDIR ${path}`, "layer")] };
  },
  user: ({ user }, state) => ({
    ...state,
    user,
    history: [...state.history, historyEntry(`USER ${user}`, "settings")],
  }),
  unit: (step, state, context) => {
    const vertex = context.vertex(step.title, step.origin);
    const root = exec({
      ...vertex,
      root: state.root,
      args: step.args,
      env: Object.fromEntries(step.env.map((entry) => splitVariable(entry))),
      cwd: "/",
      mounts: step.inputs.map((input) => unitMount(input, vertex, context)),
      network: "none",
      result: UNIT_OUT,
      platform: context.platform,
    });
    return { ...state, root, history: [...state.history, historyEntry(`RUN ${step.args.join(" ")}`, "layer")] };
  },
  layers: ({ title, stages, origin }, state, context) => {
    const vertex = context.vertex(title, origin);
    const trees = stages.map((name) => ({ name, root: context.stage(name) }));
    const root = context.canMerge
      ? merge({ ...vertex, inputs: [state.root, ...trees.map((tree) => tree.root)] })
      : trees.reduce(
          (base, tree) =>
            copy({ ...vertex, name: `${vertex.name}: ${tree.name}`, base, from: tree.root, sources: ["/"], to: "/" }),
          state.root,
        );
    const layers = stages.map((name) => historyEntry(`COPY --link --from=${name} ${UNIT_OUT}/ /`, "layer"));
    return { ...state, root, history: [...state.history, ...layers] };
  },
};

function unitMount(input: UnitInput, { origin }: VertexOptions, { stage, canKeyByVertex }: StepContext): LlbMount {
  const { target: dest } = input;
  const isKeyedByVertex = canKeyByVertex && !("key" in input && input.key === "content");
  const keyed = isKeyedByVertex ? { isKeyedByVertex } : {};
  switch (input.kind) {
    case "download": {
      const filename = dest.slice(dest.lastIndexOf("/") + 1);
      // A daemon that gets no such file says neither for what it is, nor what the host answered (moby/buildkit#6380).
      const options = { name: `[internal] ${input.url}`, ...(origin !== undefined && { origin }) };
      const from = http({ url: input.url, filename, checksum: input.checksum, mode: 0o644, ...options });
      return { kind: "bind", dest, from, selector: absolute(filename), ...keyed };
    }
    case "text": {
      const name = `[internal] ${input.name}`;
      const from = mkfile({ path: absolute(input.name), mode: 0o644, data: input.text, timestamp: 0n, name });
      return { kind: "bind", dest, from, selector: absolute(input.name), ...keyed };
    }
    case "stage":
      return { kind: "bind", dest, from: stage(input.stage), selector: absolute(input.source), ...keyed };
    case "tree":
      return { kind: "bind", dest, from: stage(input.stage), ...keyed };
    default:
      return assertNever(input);
  }
}

/** In nanoseconds, as BuildKit counts. */
function timestamp({ epoch }: StepContext): { timestamp?: bigint } {
  return epoch === undefined ? {} : { timestamp: BigInt(epoch) * 1_000_000_000n };
}

function llbMount(mount: Mount, { source, buildFile, cacheNamespace = "" }: StepContext): LlbMount {
  switch (mount.kind) {
    case "cache":
      // The id that a Dockerfile's mount of this target has, so that both share one cache (convert_runmount.go).
      return { kind: "cache", dest: mount.target, id: `${cacheNamespace}/${mount.target}`, sharing: mount.sharing };
    case "context":
      return { kind: "bind", dest: mount.target, from: source({ kind: "context" }), selector: absolute(mount.source) };
    case "build-file":
      return { kind: "bind", dest: mount.target, from: buildFile.root, selector: absolute(buildFile.path) };
    case "secret":
      return { kind: "secret", id: mount.id, dest: mount.target, mode: 0o400, optional: true };
    case "ssh":
      return { kind: "ssh", id: "default", mode: 0o600, optional: true };
    default:
      return assertNever(mount);
  }
}

function ownership(owner: string | undefined, mode: string | undefined): Pick<CopyOptions, "owner" | "mode"> {
  const [user = "", group] = owner?.split(":") ?? [];
  return {
    ...(owner !== undefined && {
      owner: { user: account(user), ...(group !== undefined && { group: account(group) }) },
    }),
    ...(mode !== undefined && { mode: Number.parseInt(mode, 8) }),
  };
}

function account(name: string): number | string {
  return /^\d+$/.test(name) ? Number(name) : name;
}

/** What ADD sets for a download (BuildKit `dockerfile2llb/convert_copy.go`): its name is no pattern. */
const DOWNLOAD_FLAGS = {
  followSymlink: false,
  dirCopyContents: false,
  allowWildcard: false,
  allowEmptyWildcard: false,
};

/** Paths of sources are relative to the root of their filesystem, whether they say so or not. */
function absolute(path: string): string {
  return path === "." ? "/" : path.startsWith("/") ? path : `/${path}`;
}
