/** Code between whose steps other CPUs can come: written once, taken at once by the ordinary path, step by step by explore/. */

/** A step that is not taken before something holds, such as a lock being free. */
export interface Wait {
  readonly step: string;
  readonly until: () => boolean;
}

/** What a CPU is about to do, all of it at once. */
export type Step = string | Wait;

/** A generator that names each step before it takes it. What it reads between two steps belongs to the first. */
export type Steps<T = void> = Generator<Step, T, void>;

/** Takes all steps, as a CPU does that nobody else gets in the way of. */
export function allAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (typeof value !== "string" && !value.until()) throw new Error(`nobody else runs, and this waits: ${value.step}`);
  }
}
