/** The answer to a subrequest: the same for programs and for people. */
export type Answer = Readonly<{
  /** `result.json` is this, indented. */
  json: unknown;
  text: string;
  /** The version of the form of `json`; clients print `text` if they know only older ones. */
  version: string;
  /** What the client ends with (`result.statuscode`). */
  status?: number;
}>;
