/** Turns of the event loop, which all clients share: work that goes on for long gives way. */

/** So long a turn may last. */
const SLICE_MS = 20;

let began: number | undefined;
const endTurn = () => {
  began = undefined;
};

/** Whether the turn has lasted long, counted from the first time that anybody asked in it. */
export function turnIsLong(): boolean {
  const now = performance.now();
  if (began !== undefined) return now - began > SLICE_MS;
  began = now;
  setImmediate(endTurn);
  return false;
}

/** Goes on when those who wait have had their turn. */
export const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Goes through work step by step; ends, and so does the work, when the caller has given up. */
export async function takingTurns<T>(work: Generator<unknown, T, void>, signal: AbortSignal): Promise<T> {
  try {
    for (;;) {
      const { done, value } = work.next();
      if (done) return value;
      if (!turnIsLong()) continue;
      await nextTurn();
      signal.throwIfAborted();
    }
  } finally {
    work.return(undefined as T);
  }
}
