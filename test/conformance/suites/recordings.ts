/** The recordings that come with the kit: what real kernels answered. */

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { KernelName } from "../../../server/abi/versions.ts";
import { type Recording, readRecording, type Scenario } from "../replayer/recording.ts";

const SHIPPED = [
  "arm64-generic-6.1.jsonl",
  "arm64-generic-6.12.jsonl",
  "arm64-mte-6.1.jsonl",
  "arm64-mte-6.12.jsonl",
  "arm64-regs-6.1.json",
  "arm64-regs-6.12.json",
  "x86-generic-6.18.jsonl",
];

/** Beside the sources; from a compiled kit, in the package that its dist lies in. */
const PLACES = ["../data/", "../../../../test/conformance/data/"];

/** The path of a file of test/conformance/data. */
export function dataFile(name: string): string {
  const paths = PLACES.map((place) => fileURLToPath(new URL(place + name, import.meta.url)));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`the recordings are not installed: no ${paths.at(-1)}`);
  return found;
}

/** All recordings of the data directory. */
export const shippedRecordings = (): Recording[] => SHIPPED.map((name) => readRecording(dataFile(name)));

/** An arm64 recording is of one kernel; what x86 6.18 shows of all architectures holds since 6.12, but for what says `since`. */
export const kernelsOf = ({ machine, kernel }: Recording): readonly KernelName[] =>
  machine === "arm64" ? [kernel] : ["6.12", "7.1"];

/** One recording of each scenario, for targets that are compared with each other: the one that goes furthest. */
export function oncePerName(recordings: readonly Recording[]): Recording[] {
  const longest = new Map<string, Scenario>();
  for (const { scenarios, machine } of recordings) {
    for (const scenario of machine === "arm64" ? scenarios : []) {
      const other = longest.get(scenario.name);
      if (!other || scenario.steps.length > other.steps.length) longest.set(scenario.name, scenario);
    }
  }
  const chosen = new Set(longest.values());
  return recordings
    .map((recording) => ({ ...recording, scenarios: recording.scenarios.filter((scenario) => chosen.has(scenario)) }))
    .filter(({ scenarios }) => scenarios.length > 0);
}
