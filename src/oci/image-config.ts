/** The `config` object of an image: what a container started from it inherits. */
export type RuntimeConfig = Readonly<{
  User?: string;
  Env?: readonly string[];
  Entrypoint?: readonly string[] | null;
  Cmd?: readonly string[] | null;
  WorkingDir?: string;
  Labels?: Readonly<Record<string, string>>;
  ArgsEscaped?: boolean;
  OnBuild?: readonly string[] | null;
  readonly [key: string]: unknown;
}>;

/** An OCI image configuration. Keys that we do not know are carried along unchanged. */
export type ImageConfig = Readonly<{
  architecture: string;
  os: string;
  variant?: string;
  created?: string;
  config?: RuntimeConfig;
  rootfs?: unknown;
  history?: readonly HistoryEntry[];
  readonly [key: string]: unknown;
}>;

/** One line of an image's history; `empty_layer` marks the ones that changed only the configuration. */
export type HistoryEntry = Readonly<{
  created?: string;
  created_by?: string;
  comment?: string;
  empty_layer?: boolean;
  readonly [key: string]: unknown;
}>;
