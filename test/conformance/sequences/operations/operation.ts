/** What a generator can add to a sequence: one call, or a few that belong together. */

import type { Builder } from "../builder.ts";

/** What most calls of one sequence are about. */
export const THEMES = ["memory", "tags", "registers", "interrupts", "vcpus", "files"] as const;
export type Theme = (typeof THEMES)[number];

/** One kind of call. */
export interface Operation {
  readonly name: string;
  readonly theme: Theme;
  /** How often it is picked among those of its theme. */
  readonly weight: number;
  /** Adds its steps; false where the process has not what the call needs. */
  readonly add: (b: Builder) => boolean;
}

/** Marks the operations of one theme; `add` answers undefined where it could not. */
export function operations(
  theme: Theme,
  table: Readonly<Record<string, readonly [weight: number, add: (b: Builder) => unknown]>>,
): Operation[] {
  return Object.entries(table).map(([name, [weight, add]]) => ({
    name,
    theme,
    weight,
    add: (b) => add(b) !== undefined,
  }));
}
