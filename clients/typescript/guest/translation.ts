/** A translation in which every address is itself: with it a guest's memory can be tagged from its first instruction on. */

import type { Segment } from "./image.ts";

const GIB_BITS = 30n;
const ENTRIES = 512;
const PAGE_BYTES = 4096;

/** Attribute 0 of MAIR_EL1 is Device-nGnRnE, 1 is Normal Write-Back Tagged. */
const MAIR = 0xf000n;
const TAGGED = 1n << 2n;

const BLOCK = 1n;
const INNER_SHAREABLE = 3n << 8n;
const ACCESS_FLAG = 1n << 10n;
const NO_EXECUTE = 3n << 53n;
const DEVICE_BLOCK = BLOCK | ACCESS_FLAG | NO_EXECUTE;
const MEMORY_BLOCK = BLOCK | ACCESS_FLAG | INNER_SHAREABLE | TAGGED;

/** TCR_EL1: 39 bits by TTBR0 with pages of 4 KiB, cacheable walks, no TTBR1, 40 bits of physical address, the top byte ignored. */
const TCR = 25n | (1n << 8n) | (1n << 10n) | (3n << 12n) | (1n << 23n) | (2n << 32n) | (1n << 37n);

/** What a tag check fault does: nothing, an exception, a bit in TFSR_EL1, or an exception for reads and the bit for writes. */
export type TagChecks = "none" | "sync" | "async" | "asymm";
const TCF: Readonly<Record<TagChecks, bigint>> = { none: 0n, sync: 1n, async: 2n, asymm: 3n };

/** SCTLR_EL1: M, C, I and the bits that the reset has set; ATA, and TCF. */
const sctlr = (checks: TagChecks) => 0xc50078n | 1n | (1n << 2n) | (1n << 12n) | (1n << 43n) | (TCF[checks] << 40n);

/** The table, which takes a page at `address`, and the registers that switch it on. Blocks of 1 GiB in which `memory` is are memory. */
export function identityMap(
  address: bigint,
  memory: readonly { readonly address: bigint; readonly size: number }[],
  checks: TagChecks,
) {
  const table = new BigUint64Array(ENTRIES);
  table.forEach((_, i) => {
    const start = BigInt(i) << GIB_BITS;
    const end = start + (1n << GIB_BITS);
    const holds = memory.some((range) => range.address < end && range.address + BigInt(range.size) > start);
    table[i] = start | (holds ? MEMORY_BLOCK : DEVICE_BLOCK);
  });
  const segment: Segment = { address, bytes: new Uint8Array(table.buffer), size: PAGE_BYTES };
  const registers = { MAIR_EL1: MAIR, TCR_EL1: TCR, TTBR0_EL1: address, SCTLR_EL1: sctlr(checks) } as const;
  return { segment, registers };
}
