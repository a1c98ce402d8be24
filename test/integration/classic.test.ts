import { examplesOn } from "./examples-on.ts";

examplesOn("classic");
