/** The scenarios that are known to fail, by name, and why; what passes unexpectedly is a failure of the list. */

import { readFileSync } from "node:fs";
import type { KernelName } from "../../../server/abi/versions.ts";
import type { Outcome } from "./replay.ts";

/** Why scenarios fail for now. */
export interface Reason {
  readonly why: string;
  /** The operations at which they may begin to differ: a difference in front of the first of them is not a known one. */
  readonly from: readonly string[];
  /** Words in a scenario's `needs` by which one that is in no list of ours is known to fail for this reason too. */
  readonly needs: readonly string[];
  /** The machine's earlier life decides whether they fail. */
  readonly mayPass?: boolean;
}

/** The list as it stands in known_failures.json. */
export interface KnownFailures {
  readonly reasons: Readonly<Record<string, Reason>>;
  /** A scenario's name, or `name@kernel` where it fails on one kernel only, to the name of its reason. */
  readonly scenarios: Readonly<Record<string, string>>;
}

/** No scenario is known to fail on a real kernel. */
export const NO_KNOWN_FAILURES: KnownFailures = { reasons: {}, scenarios: {} };

/** Reads the list that lies beside the replayer. */
export function readKnownFailures(): KnownFailures {
  return JSON.parse(readFileSync(new URL("../known_failures.json", import.meta.url), "utf8")) as KnownFailures;
}

/** What an outcome is in view of the list. */
export type Verdict =
  | { readonly kind: "passed" | "skipped" | "failed" | "unexpected pass" }
  | { readonly kind: "known failure"; readonly why: string };

/** Judges an outcome: a failure is known only if the scenario is listed and differs no earlier than its reason says. */
export function judge(outcome: Outcome, kernel: KernelName, known: KnownFailures): Verdict {
  if (outcome.skipped !== undefined) return { kind: "skipped" };
  const { name, needs } = outcome.scenario;
  const listed = known.scenarios[`${name}@${kernel}`] ?? known.scenarios[name];
  if (!outcome.difference) {
    const expected = listed === undefined || known.reasons[listed]?.mayPass;
    return { kind: expected ? "passed" : "unexpected pass" };
  }
  const reasons = Object.entries(known.reasons).filter(([reason, { needs: words }]) =>
    listed === undefined ? words.some((word) => needs.includes(word)) : reason === listed,
  );
  const reason = reasons.find(([, { from }]) => explains(from, outcome));
  return reason ? { kind: "known failure", why: reason[1].why } : { kind: "failed" };
}

/** Whether the first difference is no earlier than the first of these operations. */
function explains(operations: readonly string[], { scenario, difference }: Outcome): boolean {
  const first = scenario.steps.findIndex(({ op }) => operations.includes(op));
  return first >= 0 && difference !== undefined && difference.step >= first;
}
