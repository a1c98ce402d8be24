import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { LockEntry } from "./lock-entry.ts";
import type { LockRequest } from "./lock-request.ts";
import type { MarkerEnvironment } from "./marker.ts";
import type { RawTable } from "./raw-table.ts";

/** What the reader of a format gets. */
export type LockQuestion = Readonly<{
  table: RawTable;
  request: LockRequest;
  /** Of the target, without extras and groups. */
  variables: MarkerEnvironment["variables"];
  /** Takes problems; reading goes on. */
  problem: (message: string, more?: Readonly<{ position?: number; help?: string; code?: Diagnostic["code"] }>) => void;
}>;

/** Chooses what is installed from a lock of one format, in any order, each package once. */
export type LockReader = (question: LockQuestion) => readonly LockEntry[];
