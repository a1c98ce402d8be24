import { isFullMatrix } from "../support/full-matrix.ts";
import { badInputOn } from "./bad-input-on.ts";
import { contextsOn } from "./contexts-on.ts";
import { credentialsOn } from "./credentials-on.ts";
import { examplesOn } from "./examples-on.ts";
import { fixtureExamplesOn } from "./fixture-examples-on.ts";
import { gitOn } from "./git-on.ts";
import { lockedHostsOn } from "./locked-hosts-on.ts";
import { lockedOn } from "./locked-on.ts";
import { optionsOn } from "./options-on.ts";
import { uvOn } from "./uv-on.ts";

// The program that builds is the containerd engine's; what the image store has no part in shows nothing more here.
examplesOn("classic", isFullMatrix() ? undefined : ["minimal", "locked", "files"]);
lockedOn("classic");

if (isFullMatrix()) {
  lockedHostsOn("classic");
  optionsOn("classic");
  badInputOn("classic");
  contextsOn("classic");
  credentialsOn("classic");
  gitOn("classic");
  fixtureExamplesOn("classic");
  uvOn("classic");
}
