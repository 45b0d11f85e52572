/** Where everything lies: in the process that makes a guest, and in the guest. */

import { ARENA, PAGE } from "../sequences/model.ts";

/** The guest's memory by guest physical address; what is not here is not backed. */
export const RAM = 0x8000_0000n;
export const RAM_PAGES = 64;
/** A slot with KVM_MEM_READONLY. */
export const ROM = 0x9000_0000n;
export const ROM_PAGES = 4;
/** A slot whose memory the process itself can only read. */
export const READ_ONLY_HOST = 0x9010_0000n;
/** A slot behind which the process has nothing. */
export const HOLE = 0x9020_0000n;
/** A slot over a shared mapping of a file in memory. */
export const SHARED = 0x9030_0000n;
/** A GiB in which nothing is, mapped as memory where the guest has tables. */
export const NOTHING = 0xc000_0000n;

/** A store here ends what a piece of the guest does. */
export const CHECKPOINT = 0x0a00_0000n;
/** … by another address, which only EL1 has where the guest has tables. */
export const CHECKPOINT_ALIAS = 0x4000_0000n + CHECKPOINT;
/** A device in user space, a page of ioeventfds, a page whose stores are coalesced. */
export const DEVICE = 0x0a01_0000n;
export const DOORBELL = 0x0a02_0000n;
export const COALESCED = 0x0a03_0000n;
export const DIST = 0x0800_0000n;
export const REDIST = 0x080a_0000n;

/** In the guest's memory: its code, its vectors, tables and data. */
export const CODE = RAM;
export const CODE_SIZE = 0x4000;
export const VECTORS = RAM + 0x4000n;
export const TABLES = RAM + 0x8000n;
export const DATA = RAM + 0x2_0000n;
export const DATA_PAGES = 16;

/** Where the process has it. */
export const HOST = {
  ram: ARENA,
  /** Behind it lies a page of the process's that no slot has. */
  behindRam: ARENA + BigInt(RAM_PAGES * PAGE),
  rom: ARENA + 0x100_0000n,
  readOnly: ARENA + 0x110_0000n,
  hole: ARENA + 0x120_0000n,
  shared: ARENA + 0x130_0000n,
  /** Values of registers, for which there is a page, and bitmaps. */
  values: ARENA + 0x140_0000n,
  bitmap: ARENA + 0x150_0000n,
  run: ARENA + 0x1000_0000n,
};
export { PAGE };

/** Bits of an address by which another GiB of the first-level table is reached. */
export const GIB = 1n << 30n;
/** What the GiBs of the guest's own addresses are, beyond those that are themselves. */
export const WALK = {
  unbacked: 4n * GIB,
  rom: 5n * GIB,
  hole: 6n * GIB,
  invalid: 7n * GIB,
  beyondIpa: 8n * GIB,
  noAccessFlag: 9n * GIB,
  readOnly: 10n * GIB,
  beyondIpaTable: 11n * GIB,
  beyondPa: 12n * GIB,
  readOnlyHost: 13n * GIB,
} as const;
