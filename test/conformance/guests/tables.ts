/** The guest's translation tables of stage 1: 39 bits of address, pages of 4 KiB; what is mapped is mostly itself. */

import { GIB, HOLE, NOTHING, RAM, RAM_PAGES, READ_ONLY_HOST, ROM, TABLES, VECTORS, WALK } from "./layout.ts";

const ENTRIES = 512;
const MIB2 = 1n << 21n;
const TABLE = 3n;
const BLOCK = 1n;
const PAGE_ENTRY = 3n;
const AF = 1n << 10n;
const INNER = 3n << 8n;
const EL0 = 1n << 6n;
const READ_ONLY = 1n << 7n;
const UXN = 1n << 54n;
const PXN = 1n << 53n;
/** Attributes of MAIR_EL1. */
export const MAIR = 0x44ff_f000n;
const DEVICE = 0n << 2n;
const TAGGED = 1n << 2n;
const UNTAGGED = 2n << 2n;

/** TCR_EL1: T0SZ 25, cacheable inner shareable walks, no TTBR1, 48 bits of physical address, top byte ignored, with tags. */
export const TCR = 25n | (1n << 8n) | (1n << 10n) | (3n << 12n) | (1n << 23n) | (5n << 32n) | (1n << 37n);
/** … with the access flag and dirty state by the hardware. */
export const TCR_HA = 1n << 39n;
export const TCR_HD = 1n << 40n;

/** ATA, ATA0, TCF and TCF0 of SCTLR_EL1. */
export const TAG_CHECKS = 0x3fn << 38n;

const block = (address: bigint, attributes: bigint) => address | BLOCK | AF | INNER | attributes;

/** The three tables, one behind another, as bytes. */
export function tables(): Uint8Array {
  const [one, two, three] = [0, 1, 2].map(() => new BigUint64Array(ENTRIES)) as [
    BigUint64Array,
    BigUint64Array,
    BigUint64Array,
  ];
  one[0] = block(0n, DEVICE | EL0 | UXN | PXN);
  one[1] = block(0n, DEVICE | UXN | PXN);
  one[Number(RAM / GIB)] = (TABLES + 0x1000n) | TABLE;
  one[Number(NOTHING / GIB)] = block(NOTHING, TAGGED | EL0);
  const put = (at: bigint, entry: bigint) => {
    one[Number(at / GIB)] = entry;
  };
  put(WALK.unbacked, 0x0a04_0000n | TABLE);
  put(WALK.rom, ROM | TABLE);
  put(WALK.hole, HOLE | TABLE);
  put(WALK.readOnlyHost, READ_ONLY_HOST | TABLE);
  put(WALK.beyondIpa, block(1n << 41n, TAGGED | EL0));
  put(WALK.noAccessFlag, RAM | BLOCK | INNER | TAGGED | EL0);
  put(WALK.readOnly, block(RAM, TAGGED | EL0 | READ_ONLY));
  put(WALK.beyondIpaTable, (1n << 41n) | TABLE);
  put(WALK.beyondPa, (1n << 47n) | TABLE);
  two[0] = (TABLES + 0x2000n) | TABLE;
  for (let i = 0x80; i < 0x84; i++) two[i] = block(RAM + BigInt(i) * MIB2, (i === 0x83 ? UNTAGGED : TAGGED) | EL0);
  for (let i = 0; i < RAM_PAGES; i++) {
    const address = RAM + BigInt(i * 0x1000);
    const isCode = address < VECTORS + 0x1000n;
    const kind = isCode ? UNTAGGED | READ_ONLY : TAGGED;
    three[i] = address | PAGE_ENTRY | AF | INNER | EL0 | kind;
  }
  const bytes = new Uint8Array(3 * 0x1000);
  for (const [i, table] of [one, two, three].entries()) bytes.set(new Uint8Array(table.buffer), i * 0x1000);
  return bytes;
}

/** A second-level table that is not the guest's to write: blocks, of which odd ones lack the access flag. */
export function foreignTable(): Uint8Array {
  const table = new BigUint64Array(ENTRIES);
  for (let i = 0; i < 8; i++) table[i] = RAM | BLOCK | INNER | TAGGED | EL0 | (i & 1 ? 0n : AF);
  return new Uint8Array(table.buffer);
}
