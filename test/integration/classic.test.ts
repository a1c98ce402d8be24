import { badInputOn } from "./bad-input-on.ts";
import { examplesOn } from "./examples-on.ts";
import { optionsOn } from "./options-on.ts";

examplesOn("classic");
optionsOn("classic");
badInputOn("classic");
