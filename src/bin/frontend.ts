import { inspect } from "node:util";
import { runFrontend } from "../frontend/run-frontend.ts";
import { connectStdio } from "../gateway/stdio-transport.ts";
import { maskText } from "../util/mask.ts";

/** The entrypoint of the image: one build over standard input and output, then the end. */
async function main(): Promise<void> {
  // Standard output is the wire: a stray line on it would end the build.
  console.log = console.error;
  console.info = console.error;
  const interrupted = new Promise<never>((_, reject) => {
    process.on("uncaughtException", reject);
    process.on("unhandledRejection", reject);
    process.once("SIGTERM", () => reject(new Error("the frontend was stopped")));
  });
  // Until someone waits for it.
  interrupted.catch(() => {});
  try {
    await runFrontend({ transport: await connectStdio(), env: process.env, interrupted });
    process.exit(0);
  } catch (error) {
    // Nothing more can reach the user: this goes to the daemon's log.
    console.error(maskText(inspect(error)));
    process.exit(1);
  }
}

void main();
