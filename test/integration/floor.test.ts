import { examplesOn } from "./examples-on.ts";

examplesOn("floor");
