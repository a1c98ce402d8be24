import { difference, type Line } from "./diff.ts";
import { readSample, type Sample } from "./sample.ts";

/** What one build file has more than another: lines of the Dockerfile and of the image's configuration, and warnings. */
export type Effect = Readonly<{ lines: readonly string[]; warnings: string }>;

/** Plans and emits a project without and with something, and compares. */
export async function effectOf(without: Sample, sample: Sample): Promise<Effect> {
  const [before, after] = await Promise.all([read(without), read(sample)]);
  return { lines: difference(before.lines, after.lines), warnings: after.warnings };
}

async function read(sample: Sample): Promise<Readonly<{ lines: readonly Line[]; warnings: string }>> {
  const { dockerfile, config, warnings } = await readSample(sample);
  return { lines: [...dockerfileLines(dockerfile), ...configLines(config.config ?? {})], warnings };
}

/** Every step begins with a comment; one above FROM belongs to the stage. */
function dockerfileLines(dockerfile: string): readonly Line[] {
  let part = "";
  let step: string | undefined;
  return dockerfile
    .split("\n")
    .map((text, index, all) => {
      const next = all[index + 1] ?? "";
      const isAboveStage = text.startsWith("# ") && next.startsWith("FROM ");
      const stage = / AS (\w+)$/.exec(isAboveStage ? next : text)?.[1];
      if (stage !== undefined) [part, step] = [`Dockerfile, ${stage}`, undefined];
      else if (text.startsWith("# ")) step = text;
      return { part, text, ...(step !== undefined && { step }) };
    })
    .filter(({ text }) => text !== "");
}

/** The configuration of an image, a line for each thing it says. */
function configLines(config: Readonly<Record<string, unknown>>): readonly Line[] {
  return Object.entries(config)
    .flatMap(([name, value]) => {
      if (name === "Env") return (value as readonly string[]).map((entry) => `Env ${entry}`);
      if (name === "Labels") return Object.entries(value as object).map(([label, text]) => `Label ${label}=${text}`);
      return [`${name} ${typeof value === "string" ? value : JSON.stringify(value)}`];
    })
    .map((text) => ({ part: "configuration of the image", text }));
}
