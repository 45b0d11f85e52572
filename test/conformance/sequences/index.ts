/** Generated sequences of system calls, for any target: run them, compare two targets, shrink what differs and keep it. */

export { type Case, caseOf, describeDisagreement, loadCase, replayCase, saveCase, stepName } from "./cases.ts";
export {
  type CompareOptions,
  type Comparison,
  compareSequences,
  type Difference,
  type Disagreement,
  firstDifference,
  type Generate,
  type Progress,
  shrinkDisagreement,
} from "./compare.ts";
export { Coverage, neverReached, rulesIn } from "./coverage.ts";
export { ALLOWANCES, type Allowance, type Hosts } from "./differences.ts";
export { DEFAULT_LENGTH, generate } from "./generator.ts";
export { type ListProcess, runSequence, type SequenceTarget, sequenceTarget } from "./lists.ts";
export { type RunOptions, type RunReport, runSequences, type Unlawful, type Violation } from "./run.ts";
export { type Answer, type Sequence, type Step, stepFromJson, stepToJson } from "./sequence.ts";
export { shrink } from "./shrink.ts";
export { changedBehaviours, type Explained, VersionComparison, type VersionReport } from "./versions.ts";
