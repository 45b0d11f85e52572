/** How a command ends that could not do its work: in one line, unless it is a defect of ours. */

import type { Command } from "commander";

/** Errors that no option and no server can cause. */
const DEFECTS = [TypeError, RangeError, ReferenceError, SyntaxError];

/** Runs a command's action; what can be expected to go wrong is said without a stack, and the exit code is 1. */
export async function orSay(command: Command, action: () => Promise<void>): Promise<void> {
  // A reader that has seen enough, as `head`, is no failure.
  process.stdout.once("error", () => process.exit());
  try {
    await action();
  } catch (error) {
    if (!(error instanceof Error) || DEFECTS.some((defect) => error instanceof defect)) throw error;
    command.error(`tagvisor ${command.name()}: ${error.message}`);
  }
}
