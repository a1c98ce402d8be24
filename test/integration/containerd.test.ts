import { badInputOn } from "./bad-input-on.ts";
import { contextsOn } from "./contexts-on.ts";
import { credentialsOn } from "./credentials-on.ts";
import { examplesOn } from "./examples-on.ts";
import { fixtureExamplesOn } from "./fixture-examples-on.ts";
import { gitOn } from "./git-on.ts";
import { lockedOn } from "./locked-on.ts";
import { optionsOn } from "./options-on.ts";
import { uvOn } from "./uv-on.ts";

examplesOn("containerd");
lockedOn("containerd");
optionsOn("containerd");
badInputOn("containerd");
contextsOn("containerd");
credentialsOn("containerd");
gitOn("containerd");
fixtureExamplesOn("containerd");
uvOn("containerd");
