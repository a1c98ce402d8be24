/** The `config` object of an image: what a container started from it inherits. What is empty may be null. */
export type RuntimeConfig = Readonly<{
  User?: string | null;
  Env?: readonly string[] | null;
  Entrypoint?: readonly string[] | null;
  Cmd?: readonly string[] | null;
  WorkingDir?: string | null;
  Labels?: Readonly<Record<string, string>> | null;
  ArgsEscaped?: boolean | null;
  OnBuild?: readonly string[] | null;
  readonly [key: string]: unknown;
}>;

/** An OCI image configuration. Keys that we do not know are carried along unchanged. */
export type ImageConfig = Readonly<{
  architecture?: string | null;
  os?: string | null;
  variant?: string | null;
  created?: string | null;
  config?: RuntimeConfig | null;
  rootfs?: unknown;
  history?: readonly HistoryEntry[] | null;
  readonly [key: string]: unknown;
}>;

/** One line of an image's history; `empty_layer` marks the ones that changed only the configuration. */
export type HistoryEntry = Readonly<{
  created?: string | null;
  created_by?: string | null;
  comment?: string | null;
  empty_layer?: boolean;
  readonly [key: string]: unknown;
}>;

/** A configuration that no image can have; the message says which key is wrong. */
export class ImageConfigError extends Error {
  override readonly name = "ImageConfigError";
}
