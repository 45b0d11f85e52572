/**
 * The program of a core's thread. It is handed to the thread as text, so that it is the same from sources, as built
 * and in a bundle: it may use nothing but its parameters. The numbers of GO_* stand in it too.
 */

import type { CoreOperations, CoreThreadData, CoreThreadMessage } from "./core.ts";

/** Waits for requests to run the core, and says whenever it has left. */
export function coreThread(
  { parentPort, workerData }: typeof import("node:worker_threads"),
  { randomBytes }: typeof import("node:crypto"),
): void {
  const { module, memory, state, go, limit, counterStart, frequency } = workerData as CoreThreadData;
  const [idle, requested, taken] = [0, 1, 2];
  const words = new Int32Array(memory.buffer);
  const limits = new Float64Array(memory.buffer);
  const counter = () => (process.hrtime.bigint() * frequency) / 1_000_000_000n + counterStart;
  const random = () => randomBytes(8).readBigUInt64LE();
  const { exports } = new WebAssembly.Instance(module, { env: { memory, counter, random } });
  const { run } = exports as unknown as CoreOperations;
  const say = (message: CoreThreadMessage) => parentPort?.postMessage(message);
  say("ready");
  for (;;) {
    Atomics.wait(words, go, idle);
    if (Atomics.compareExchange(words, go, requested, taken) !== requested) continue;
    run(state, limits[limit] as number);
    Atomics.store(words, go, idle);
    say("left");
  }
}
