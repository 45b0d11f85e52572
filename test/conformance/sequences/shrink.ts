/** Delta debugging: fewer steps, then simpler ones, for as long as the property holds. */

import { renumber, type Sequence, type Step } from "./sequence.ts";

/** Tries that one shrinking makes at most. */
const MOST_TRIES = 2000;

/** The sequence without some of its steps, and without those that need them; steps that every sequence needs stay. */
export function without(sequence: Sequence, from: number, count: number): Sequence {
  const newIndex = new Map<number, number>();
  const steps: Step[] = [];
  for (const [i, step] of sequence.steps.entries()) {
    const dropped = i >= from && i < from + count && !step.needed;
    const moved = dropped ? undefined : renumber(step, newIndex);
    if (!moved) continue;
    newIndex.set(i, steps.length);
    steps.push(moved);
  }
  return { ...sequence, steps };
}

/** Numbers that stay: those without meaning for the call, and those without which a later read could sleep. */
const KEPT: ReadonlySet<string> = new Set(["request", "value"]);
const NONBLOCKING: Readonly<Record<string, string>> = { eventfd2: "flags", fcntl: "arg" };
const isKept = ({ call }: Step, name: string) => KEPT.has(name) || NONBLOCKING[call] === name;

/** The step with one thing simpler, simplest first. */
function* simpler(step: Step): Generator<Step> {
  const { before, after, patches, data, args, guarded } = step;
  if (after) {
    const { after: _, ...rest } = step;
    yield rest;
    for (const look of after) if (after.length > 1) yield { ...step, after: [look] };
  }
  if (before && !guarded) {
    const { before: _, ...rest } = step;
    yield rest;
    yield* before
      .filter(({ data }) => data.some(Boolean))
      .map((store) => ({
        ...step,
        before: before.map((other) =>
          other === store ? { ...store, data: new Uint8Array(store.data.length) } : other,
        ),
      }));
  }
  if (patches && patches.length > 1)
    for (const patch of patches) yield { ...step, patches: patches.filter((p) => p !== patch) };
  for (const [name, value] of Object.entries(args))
    if (value !== 0n && !isKept(step, name)) yield { ...step, args: { ...args, [name]: 0n } };
  if (data) yield* simplerData(step, data);
}

/** Words of the data set to zero, large ones first. */
function* simplerData(step: Step, data: Uint8Array): Generator<Step> {
  for (const width of [64, 8, 4, 1]) {
    for (let at = 0; at < data.length; at += width) {
      if (!data.subarray(at, at + width).some(Boolean)) continue;
      const copy = data.slice();
      copy.fill(0, at, at + width);
      yield { ...step, data: copy };
    }
  }
}

const replaced = (sequence: Sequence, i: number, step: Step): Sequence => ({
  ...sequence,
  steps: sequence.steps.map((old, j) => (j === i ? step : old)),
});

/** The shortest and then simplest sequence found for which `stillDiffers` holds, which it must for the given one. */
export async function shrink(
  sequence: Sequence,
  stillDiffers: (candidate: Sequence) => Promise<boolean>,
): Promise<Sequence> {
  let best = sequence;
  let tries = 0;
  const take = async (candidate: Sequence): Promise<boolean> => {
    if (tries++ >= MOST_TRIES || !(await stillDiffers(candidate))) return false;
    best = candidate;
    return true;
  };
  const drop = async (from: number, count: number) => {
    const fewer = without(best, from, count);
    if (fewer.steps.length < best.steps.length) await take(fewer);
  };
  for (let before = Number.POSITIVE_INFINITY; best.steps.length < before; ) {
    before = best.steps.length;
    for (let count = Math.ceil(before / 2); count >= 1; count = Math.floor(count / 2)) {
      // From the end, so that what depends on much goes first.
      for (let from = best.steps.length - count; from > -count; from -= count)
        if (from < best.steps.length) await drop(Math.max(0, from), count + Math.min(0, from));
    }
  }
  for (let i = 0; i < best.steps.length; i++) {
    if (best.steps[i]?.needed) continue;
    for (let again = true; again; ) {
      again = false;
      for (const step of simpler(best.steps[i] as Step)) {
        if (!(await take(replaced(best, i, step)))) continue;
        again = true;
        break;
      }
    }
  }
  return best;
}
