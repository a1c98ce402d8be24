import * as z from "zod/mini";
import { type ImageConfig, ImageConfigError } from "./image-config.ts";

// Go writes what is empty as null (image-spec `specs-go/v1/config.go`).
const text = z.nullish(z.string());
const texts = z.nullish(z.array(z.string()));
const names = z.nullish(z.record(z.string(), z.unknown()));

const SCHEMA = z.looseObject({
  architecture: text,
  os: text,
  variant: text,
  created: text,
  config: z.nullish(
    z.looseObject({
      User: text,
      Env: texts,
      Entrypoint: texts,
      Cmd: texts,
      WorkingDir: text,
      Labels: z.nullish(z.record(z.string(), z.string())),
      ExposedPorts: names,
      Volumes: names,
      StopSignal: text,
      Shell: texts,
      OnBuild: texts,
      ArgsEscaped: z.nullish(z.boolean()),
    }),
  ),
  rootfs: z.nullish(z.looseObject({ type: text, diff_ids: texts })),
  history: z.nullish(z.array(z.looseObject({ created: text, created_by: text, comment: text }))),
});

/**
 * Reads the configuration of an image, which comes from whoever made the image. It stays as it is.
 * @throws ImageConfigError when it is not JSON, or a key has a value of another type.
 */
export function parseImageConfig(json: string): ImageConfig {
  const value = parseJson(json);
  const [issue] = SCHEMA.safeParse(value).error?.issues ?? [];
  if (issue === undefined) return value as ImageConfig;
  const path = issue.path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  const where = path.replace(/^\./, "") || "the whole";
  const expected = issue.code === "invalid_type" ? issue.expected : "string";
  throw new ImageConfigError(`its configuration is broken: ${where} must be ${WORDS[expected] ?? expected}`);
}

const WORDS: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  string: "a text",
};

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new ImageConfigError("its configuration is broken: it is not JSON");
  }
}
