import type { ProjectPlan } from "../plan/plan-project.ts";
import type { Mount } from "../plan/step.ts";
import { parseTemplate, type Template } from "../substitution/template.ts";
import type { Answer } from "./answer.ts";
import { SUBREQUESTS } from "./describe.ts";
import { type Location, type Locator, toLocation } from "./locator.ts";
import { textTable } from "./text-table.ts";

type Argument = Readonly<{ name: string; description?: string; value?: string; location?: Location }>;
type Need = Readonly<{ name: string; required?: boolean; location?: Location }>;
type CacheUse = Readonly<{ ID: string; location?: Location }>;

/** Lists what a target can be given, and what it needs (BuildKit `frontend/subrequests/outline`). */
export function outline(
  planned: ProjectPlan,
  {
    given,
    cacheNamespace,
    locate,
  }: Readonly<{ given: ReadonlyMap<string, string>; cacheNamespace: string; locate: Locator }>,
): Answer {
  const { project, target, plan } = planned;
  const mounts = plan.stages.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === "run" ? step.mounts : [])));
  const args = listArguments(planned, given, locate);
  const secrets = unique(mounts, ({ kind }) => kind === "secret").map((mount): Need => {
    const { id, origin } = mount as Extract<Mount, { kind: "secret" }>;
    // Indexes need theirs; the rest helps if it is there.
    return need(id, id !== "known_hosts", origin === undefined ? undefined : toLocation(locate(origin)));
  });
  const ssh = unique(mounts, ({ kind }) => kind === "ssh").map((mount): Need => {
    const { origin } = mount as Extract<Mount, { kind: "ssh" }>;
    return need("default", true, origin === undefined ? undefined : toLocation(locate(origin)));
  });
  const caches = unique(mounts, ({ kind }) => kind === "cache").map((mount): CacheUse => {
    const { target: path } = mount as Extract<Mount, { kind: "cache" }>;
    return { ID: `${cacheNamespace}/${path}` };
  });
  const description = project.metadata.description ?? "";
  return {
    json: {
      name: target.name,
      ...(description !== "" && { description }),
      ...(args.length > 0 && { args }),
      ...(secrets.length > 0 && { secrets }),
      ...(ssh.length > 0 && { ssh }),
      ...(caches.length > 0 && { cache: caches }),
      sources: [Buffer.from(project.source.text).toString("base64")],
    },
    text: [
      `TARGET: ${target.name}\n${description === "" ? "" : `DESCRIPTION: ${description}\n`}`,
      section(
        ["BUILD ARG", "VALUE", "DESCRIPTION"],
        args.map(({ name, value = "", description: about = "" }) => [name, value, about]),
      ),
      section(["SECRET", "REQUIRED"], secrets.map(needRow)),
      section(["SSH", "REQUIRED"], ssh.map(needRow)),
    ]
      .filter((part) => part !== "")
      .join("\n"),
    version: SUBREQUESTS.outline.version,
  };
}

function need(name: string, required: boolean, location: Location | undefined): Need {
  return { name, ...(required && { required }), ...(location !== undefined && { location }) };
}

function needRow({ name, required = false }: Need): readonly string[] {
  return [name, required ? "true" : ""];
}

function section(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? "" : textTable([head, ...rows]);
}

function unique(mounts: readonly Mount[], isMeant: (mount: Mount) => boolean): readonly Mount[] {
  const key = (mount: Mount): string =>
    mount.kind === "secret" ? mount.id : mount.kind === "cache" ? mount.target : mount.kind;
  return [
    ...new Map(
      mounts
        .filter(isMeant)
        .reverse()
        .map((mount) => [key(mount), mount]),
    ).values(),
  ].reverse();
}

/** The variables of the texts of a target, with the default that is written next to them or the value that is given. */
function listArguments(
  { target }: ProjectPlan,
  given: ReadonlyMap<string, string>,
  locate: Locator,
): readonly Argument[] {
  const found = new Map<string, Argument>();
  const hidden = new Set<string>();
  for (const key of ["env", "environment", "labels"] as const) {
    for (const [name, text] of Object.entries(target.table[key] ?? {})) {
      for (const variable of variablesOf(parseTemplate(text))) {
        if (hidden.has(variable.name) || found.has(variable.name)) continue;
        const location = toLocation(locate([...target.path, key, name]));
        const value = given.get(variable.name) ?? variable.standard;
        found.set(variable.name, {
          name: variable.name,
          description: `for ${key}.${name}`,
          ...(value !== undefined && value !== "" && { value }),
          ...(location !== undefined && { location }),
        });
      }
      // A variable of the table hides an argument from the values after it.
      if (key !== "labels") hidden.add(name);
    }
  }
  return [...found.values()];
}

type Wanted = Readonly<{ name: string; standard?: string }>;

function variablesOf(template: Template): readonly Wanted[] {
  return template.flatMap((part): readonly Wanted[] => {
    if (typeof part === "string") return [];
    const { name, operator = "", operand } = part;
    const [first] = operand;
    const isPlain = operator.endsWith("-") && operand.length <= 1 && typeof first !== "object";
    return [{ name, ...(isPlain && typeof first === "string" && { standard: first }) }, ...variablesOf(operand)];
  });
}
