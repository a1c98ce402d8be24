import { readFileSync } from "node:fs";
import { build, type Input } from "./build.ts";

// Does with an input what a build does, in a process of its own: `measure.ts`, with the input as JSON on its standard input.
// It prints what is said, the seconds of the processor and the most megabytes that it took.

const input = JSON.parse(readFileSync(0, "utf8")) as Input;
const before = process.cpuUsage();
const said = await build(input);
const { user, system } = process.cpuUsage(before);
const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
process.stdout.write(JSON.stringify({ said, seconds: (user + system) / 1_000_000, megabytes }));
