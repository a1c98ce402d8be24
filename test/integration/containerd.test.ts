import { badInputOn } from "./bad-input-on.ts";
import { examplesOn } from "./examples-on.ts";
import { optionsOn } from "./options-on.ts";

examplesOn("containerd");
optionsOn("containerd");
badInputOn("containerd");
