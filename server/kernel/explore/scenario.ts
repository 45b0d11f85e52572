/** What a scenario of racing CPUs is. */

import type { Behaviours } from "../../abi/versions.ts";
import type { PhysicalMemory } from "../../hw/memory.ts";
import type { Steps } from "../steps.ts";

/** What came of one order of steps. */
export interface Outcome {
  /** The state in the end, in a few words. */
  readonly description: string;
  /** The scenario's property holds in it. */
  readonly holds: boolean;
}

/** A scenario that has started. */
export interface Running {
  /** The program of each CPU. */
  readonly cpus: readonly Steps[];
  /** The memory that matters, as it is now. */
  state(): string;
  /** Asked when every CPU has come to its end. */
  outcome(): Outcome;
}

/** Some CPUs, what each does, and what must hold whatever the order of their steps. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly property: string;
  /** What each CPU does, in a few words. */
  readonly cpus: readonly string[];
  /** Begins anew, under one kernel; what `memory` held before is without meaning. */
  start(abi: Behaviours, memory: PhysicalMemory): Running;
}
