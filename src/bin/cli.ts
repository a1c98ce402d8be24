import { type CommandLine, parseCommandLine, UsageError } from "../command/command-line.ts";
import { dockerfile } from "../command/dockerfile.ts";
import { type LocalContext, localContext } from "../command/local-context.ts";
import { USAGE } from "../command/usage.ts";
import { VERSION } from "../command/version.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { locateDiagnostics, renderDiagnostics } from "../diagnostic/render.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { maskText } from "../util/mask.ts";

/** Exit codes: the user's file is wrong, the command line is wrong. */
const EXIT_INPUT = 1;
const EXIT_USAGE = 2;

/** The command-line program: reads its arguments, does one thing, and says on standard error what went wrong. */
async function main(args: readonly string[]): Promise<number> {
  try {
    return await perform(parseCommandLine(args));
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`microb: ${maskText(error.message)}\nTry "microb --help".\n`);
      return EXIT_USAGE;
    }
    if (!(error instanceof UserError)) throw error;
    await print(error.diagnostics, "error");
    return EXIT_INPUT;
  }
}

async function perform(commandLine: CommandLine): Promise<number> {
  switch (commandLine.action) {
    case "help":
      process.stdout.write(USAGE);
      return 0;
    case "version":
      process.stdout.write(`microb ${VERSION}\n`);
      return 0;
    case "dockerfile": {
      const { text, warnings } = await dockerfile({ ...commandLine, context: chosenContext(commandLine) });
      await print(warnings, "warning");
      process.stdout.write(text);
      return 0;
    }
    case "llb": {
      const { llb } = await import("../command/llb.ts");
      const { bytes, warnings } = await llb({ ...commandLine, context: chosenContext(commandLine) });
      await print(warnings, "warning");
      process.stdout.write(bytes);
      return 0;
    }
    case "buildkit":
      if (!("BUILDKIT_SESSION_ID" in process.env)) {
        process.stderr.write(USAGE);
        return EXIT_USAGE;
      }
      await import("./frontend.ts");
      return new Promise(() => {});
  }
}

/** Says which directory it is if nobody named one, before anything that may go wrong because of it. */
function chosenContext(commandLine: CommandLine): LocalContext {
  const context = localContext(commandLine);
  if (context.note !== undefined) process.stderr.write(`microb: ${context.note}\n`);
  return context;
}

async function print(diagnostics: readonly Diagnostic[], severity: "error" | "warning"): Promise<void> {
  if (diagnostics.length === 0) return;
  process.stderr.write(`${renderDiagnostics(await locateDiagnostics(diagnostics), severity)}\n`);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `microb failed, which is a defect of microb: ${maskText(error instanceof Error ? error.message : String(error))}\n`,
    );
    process.exitCode = 70;
  },
);
