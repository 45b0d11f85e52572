/** A deterministic scheduler: runs a scenario in every order of its CPUs' steps, or in the one that a seed stands for. */

import type { Behaviours } from "../../abi/versions.ts";
import { PhysicalMemory } from "../../hw/memory.ts";
import type { Step } from "../steps.ts";
import type { Outcome, Running, Scenario } from "./scenario.ts";

/** A step that was taken. */
export interface Taken {
  readonly cpu: number;
  readonly step: string;
  /** The state after it. */
  readonly state: string;
}

/** What came of some orders. */
export interface OutcomeCount extends Outcome {
  orders: number;
  /** Stands for one of those orders with the fewest changes of CPU. */
  seed: bigint;
}

/** What an exploration found. */
export interface Exploration {
  readonly orders: number;
  /** There are no other orders. */
  readonly exhaustive: boolean;
  readonly broken: number;
  /** What breaks the property first, then by how many orders led there. */
  readonly outcomes: readonly OutcomeCount[];
  /** The broken order with the fewest changes of CPU. */
  readonly shortest: readonly Taken[];
}

/** Where the scheduler chose: the place in the list of CPUs that could go on, and how many those were. */
interface Choice {
  index: number;
  readonly of: number;
}

/** One order that was run. */
interface Order {
  readonly outcome: Outcome;
  readonly choices: readonly Choice[];
  readonly changes: number;
}

/** Which of `of` CPUs that can go on does. */
type Choose = (of: number) => number;

const BOARD_BYTES = 65536;
/** A run is over before another begins, so one small board serves all. */
let board: PhysicalMemory | undefined;

/** A scenario under one kernel. */
export class Explorer {
  private readonly scenario: Scenario;
  private readonly abi: Behaviours;
  private readonly memory = (board ??= new PhysicalMemory({ bytes: BOARD_BYTES }));

  constructor(scenario: Scenario, abi: Behaviours) {
    this.scenario = scenario;
    this.abi = abi;
  }

  /** Depth first over the scheduler's choices, at most `limit` orders. Gives way after each; the last value is what was found. */
  *every(limit: number): Generator<void, Exploration, void> {
    const outcomes = new Map<string, OutcomeCount & { changes: number }>();
    let [orders, broken] = [0, 0];
    let path: Choice[] | undefined = [];
    while (path && orders < limit) {
      const order = this.follow(path);
      orders++;
      if (!order.outcome.holds) broken++;
      count(outcomes, order);
      path = next(order.choices);
      yield;
    }
    const found = [...outcomes.values()].sort((a, b) => Number(a.holds) - Number(b.holds) || b.orders - a.orders);
    const worst = found.filter(({ holds }) => !holds).sort((a, b) => a.changes - b.changes)[0];
    const shortest = worst ? this.replay(worst.seed).steps : [];
    return { orders, exhaustive: path === undefined, broken, outcomes: found, shortest };
  }

  /** The order that a seed stands for; every number but 0 does. */
  replay(seed: bigint): { readonly outcome: Outcome; readonly steps: readonly Taken[] } {
    let rest = seed - 1n;
    const steps: Taken[] = [];
    const { outcome } = this.run((of) => {
      const index = Number(rest % BigInt(of));
      rest /= BigInt(of);
      return index;
    }, steps);
    return { outcome, steps };
  }

  /** The order that begins with the choices given and goes on with the first CPU each time. */
  private follow(path: readonly Choice[]): Order {
    let depth = 0;
    return this.run(() => path[depth++]?.index ?? 0);
  }

  private run(choose: Choose, record?: Taken[]): Order {
    const running = this.scenario.start(this.abi, this.memory);
    const cpus = running.cpus.map((steps) => steps.next());
    const choices: Choice[] = [];
    let [last, changes] = [-1, 0];
    for (;;) {
      const able = cpus.flatMap(({ done, value }, cpu) => (!done && canGoOn(value as Step) ? [cpu] : []));
      if (able.length === 0) break;
      const index = able.length > 1 ? choose(able.length) : 0;
      if (able.length > 1) choices.push({ index, of: able.length });
      const cpu = able[index] as number;
      const step = cpus[cpu]!.value as Step;
      cpus[cpu] = running.cpus[cpu]!.next();
      if (last >= 0 && cpu !== last) changes++;
      last = cpu;
      record?.push({ cpu, step: nameOf(step), state: running.state() });
    }
    return { outcome: conclude(running, cpus), choices, changes };
  }
}

const canGoOn = (step: Step) => typeof step === "string" || step.until();
const nameOf = (step: Step) => (typeof step === "string" ? step : step.step);

function conclude(running: Running, cpus: readonly IteratorResult<Step, void>[]): Outcome {
  const stuck = cpus.flatMap(({ done, value }, cpu) => (done ? [] : [`CPU ${cpu + 1}: ${nameOf(value as Step)}`]));
  return stuck.length > 0 ? { description: `stuck at ${stuck.join(", ")}`, holds: false } : running.outcome();
}

/** The choices that lead to the next order: the last one that can be made otherwise is. Undefined after the last order. */
function next(choices: readonly Choice[]): Choice[] | undefined {
  const at = choices.findLastIndex(({ index, of }) => index + 1 < of);
  if (at < 0) return undefined;
  const { index, of } = choices[at] as Choice;
  return [...choices.slice(0, at), { index: index + 1, of }];
}

/** The choices as one number, the first in the lowest place, and 1 more. */
function seedOf(choices: readonly Choice[]): bigint {
  return 1n + choices.reduceRight((seed, { index, of }) => seed * BigInt(of) + BigInt(index), 0n);
}

function count(outcomes: Map<string, OutcomeCount & { changes: number }>, { outcome, choices, changes }: Order): void {
  const known = outcomes.get(outcome.description);
  if (!known) {
    outcomes.set(outcome.description, { ...outcome, orders: 1, seed: seedOf(choices), changes });
    return;
  }
  known.orders++;
  if (changes >= known.changes) return;
  known.changes = changes;
  known.seed = seedOf(choices);
}
