/** The scenarios that are known to fail, by name, and why; what passes unexpectedly is a failure of the list. */

import { readFileSync } from "node:fs";
import type { KernelName } from "../../../server/abi/versions.ts";
import type { Outcome } from "./replay.ts";

/** Why scenarios fail for now. */
export interface Reason {
  readonly why: string;
  /** The operations at which they may begin to differ: a difference in front of the first of them is not a known one. */
  readonly from: readonly string[];
  /** The word in `needs` by which scenarios outside the list are known to fail for this reason too. */
  readonly need?: string;
}

/** The list as it stands in known_failures.json. */
export interface KnownFailures {
  readonly reasons: Readonly<Record<string, Reason>>;
  /** A scenario's name, or `name@kernel` where it fails on one kernel only, to the name of its reason. */
  readonly scenarios: Readonly<Record<string, string>>;
}

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
  const { name, needs, steps } = outcome.scenario;
  const listed = known.scenarios[`${name}@${kernel}`] ?? known.scenarios[name];
  if (!outcome.difference) return { kind: listed === undefined ? "passed" : "unexpected pass" };
  const reason =
    listed === undefined
      ? Object.values(known.reasons).find(({ need }) => need !== undefined && needs.includes(need))
      : known.reasons[listed];
  const first = reason ? steps.findIndex(({ op }) => reason.from.includes(op)) : -1;
  const isKnown = reason !== undefined && first >= 0 && outcome.difference.step >= first;
  return isKnown ? { kind: "known failure", why: reason.why } : { kind: "failed" };
}
