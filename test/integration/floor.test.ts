import { isFullMatrix } from "../support/full-matrix.ts";
import { badInputOn } from "./bad-input-on.ts";
import { contextsOn } from "./contexts-on.ts";
import { credentialsOn } from "./credentials-on.ts";
import { examplesOn } from "./examples-on.ts";
import { failingStepsOn } from "./failing-steps-on.ts";
import { fixtureExamplesOn } from "./fixture-examples-on.ts";
import { gitOn } from "./git-on.ts";
import { localFilesOn } from "./local-files-on.ts";
import { lockedHostsOn } from "./locked-hosts-on.ts";
import { lockedOn } from "./locked-on.ts";
import { optionsOn } from "./options-on.ts";
import { uvOn } from "./uv-on.ts";

examplesOn("floor");
lockedOn("floor");
optionsOn("floor");
badInputOn("floor");
contextsOn("floor");
credentialsOn("floor");
gitOn("floor");
localFilesOn("floor");
failingStepsOn("floor");

// What these show is done by steps, or by a daemon's client for http that is the same.
if (isFullMatrix()) {
  lockedHostsOn("floor");
  fixtureExamplesOn("floor");
  uvOn("floor");
}
