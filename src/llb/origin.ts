/** Where a vertex comes from: ranges of one file. */
export type Origin = Readonly<{ file: OriginFile; ranges: readonly OriginRange[] }>;

/** A file that is shown with errors. Origins of one file must share one object, so that it is sent once. */
export type OriginFile = Readonly<{
  filename: string;
  text: string;
  /** A name that GitHub Linguist knows, such as `TOML`. */
  language?: string;
}>;

/** From `start` up to `end`. */
export type OriginRange = Readonly<{ start: OriginPosition; end: OriginPosition }>;

/** Lines count from 1, characters from 0. */
export type OriginPosition = Readonly<{ line: number; character: number }>;
