/** The instruction table of A64: all rows. Where two overlap, the earlier one counts. */

import { BRANCH } from "./branch.ts";
import { CRYPTO } from "./crypto.ts";
import { FP } from "./fp.ts";
import { INTEGER } from "./integer.ts";
import { MEMORY } from "./memory.ts";
import { MTE } from "./mte.ts";
import type { Row } from "./row.ts";
import { SIMD } from "./simd.ts";
import { SYSTEM } from "./system.ts";

/** The groups in their order. */
export const GROUPS = { INTEGER, BRANCH, SYSTEM, MTE, MEMORY, FP, CRYPTO, SIMD } as const satisfies Record<
  string,
  readonly Row[]
>;

export const ROWS: readonly Row[] = Object.values(GROUPS).flat();
