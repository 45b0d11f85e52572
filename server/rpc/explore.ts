/** InspectService.Explore: scenarios of CPUs that race, run in every order. */

import { kernelOf } from "../abi/versions.ts";
import type { ExploreRequest, ExploreResponse, ExploreScenario, ExploreStep } from "../gen/kvm/v1/inspect_service.ts";
import { Explorer, type Taken } from "../kernel/explore/explorer.ts";
import type { Scenario } from "../kernel/explore/scenario.ts";
import { findScenario, SCENARIOS } from "../kernel/explore/scenarios.ts";
import { malformed } from "./status.ts";
import { takingTurns } from "./turn.ts";

/** Orders that one call runs at most. */
const MOST_ORDERS = 1_000_000;

/** Runs a scenario, or lists them; `standard` is the kernel where none is named. */
export async function explore(
  { scenario: name, kernel, seed, limit }: ExploreRequest,
  signal: AbortSignal,
  standard: string,
): Promise<ExploreResponse> {
  if (name === "") return { ...NOTHING, scenarios: SCENARIOS.map(describeScenario) };
  const scenario = findScenario(name);
  if (!scenario) throw malformed(`no scenario is named "${name}"`);
  const under = kernel || standard;
  const abi = kernelOf(under);
  if (!abi) throw malformed(`no kernel is named "${under}"`);
  const explorer = new Explorer(scenario, abi);
  if (seed !== 0n) return replay(explorer, seed);
  const found = await takingTurns(explorer.every(Math.min(limit || MOST_ORDERS, MOST_ORDERS)), signal);
  const { orders, exhaustive, broken, outcomes, shortest } = found;
  return {
    scenarios: [],
    orders: BigInt(orders),
    exhaustive,
    broken: BigInt(broken),
    outcomes: outcomes.map(({ description, holds, orders, seed }) => ({
      description,
      holds,
      orders: BigInt(orders),
      seed,
    })),
    steps: describeSteps(shortest),
  };
}

const NOTHING: ExploreResponse = {
  scenarios: [],
  orders: 0n,
  exhaustive: false,
  broken: 0n,
  outcomes: [],
  steps: [],
};

function replay(explorer: Explorer, seed: bigint): ExploreResponse {
  const { outcome, steps } = explorer.replay(seed);
  return {
    ...NOTHING,
    orders: 1n,
    broken: outcome.holds ? 0n : 1n,
    outcomes: [{ ...outcome, orders: 1n, seed }],
    steps: describeSteps(steps),
  };
}

function describeScenario({ name, description, property, cpus }: Scenario): ExploreScenario {
  return { name, description, property, cpus: [...cpus] };
}

const describeSteps = (steps: readonly Taken[]): ExploreStep[] => steps.map((step) => ({ ...step }));
