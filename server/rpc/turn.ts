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
