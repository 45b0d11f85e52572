/** What a story is: a point of the review told as calls, with what each kernel must answer. */

import type { KernelName } from "../abi/versions.ts";
import type { Scene } from "./scene.ts";

/** The same under every kernel; or from the seed on, and from each named version on. */
export type Must = string | (Readonly<Partial<Record<KernelName, string>>> & { readonly "seed-v10": string });

/** One thing that is done, and what is seen of it. */
export interface Act {
  readonly tell: string;
  /** Does it, and says in a few words what came of it. */
  readonly does: (scene: Scene) => Promise<string>;
  readonly must: Must;
}

/** A point of the review. */
export interface Story {
  readonly name: string;
  readonly title: string;
  /** What was argued, and why. */
  readonly narration: string;
  /** The host has swap. */
  readonly swap?: boolean;
  /** The host has persistent memory. */
  readonly pmem?: boolean;
  readonly acts: readonly Act[];
}
