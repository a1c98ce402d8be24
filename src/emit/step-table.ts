import type { Step } from "../plan/step.ts";

/** A reading of every kind of step. A table that lacks a kind does not compile. */
export type StepTable<Arguments extends readonly unknown[], Result> = {
  readonly [K in Step["kind"]]: (step: Extract<Step, { kind: K }>, ...rest: Arguments) => Result;
};

/** The reading of one step. */
export function readStep<Arguments extends readonly unknown[], Result>(
  table: StepTable<Arguments, Result>,
  step: Step,
  ...rest: Arguments
): Result {
  // The table's type says that this entry takes this kind; the compiler cannot follow the correlation.
  const read = table[step.kind] as (step: Step, ...rest: Arguments) => Result;
  return read(step, ...rest);
}
