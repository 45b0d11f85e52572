/** Targets that answer otherwise than they should, for tests of what finds that out. */

import type { ListProcess, SequenceTarget } from "./sequences/index.ts";

type Submit = ListProcess["submit"];
type Results = Awaited<ReturnType<Submit>>;

/** A target with the results of its lists as `change` makes them. */
export function liar(
  honest: SequenceTarget,
  change: (results: Results, calls: Parameters<Submit>[0]) => Results,
): SequenceTarget {
  return {
    name: "a liar",
    spawn: async (kernel) => {
      const process = await honest.spawn(kernel);
      return { ...process, submit: async (calls) => change(await process.submit(calls), calls) };
    },
  };
}
