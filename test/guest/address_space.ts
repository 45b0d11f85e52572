/** A guest's page tables, made by the client: 48 bits of address by TTBR0, in pages of 4, 16 or 64 KiB. */

import type { Machine } from "../../clients/typescript/guest/index.ts";

/** The base-2 logarithm of a page's bytes. */
export type PageShift = 12 | 14 | 16;

/** What may be done to pages, and what they are. */
export interface Protection {
  readonly write?: boolean;
  readonly execute?: boolean;
  /** EL0's; else EL1's alone. */
  readonly user?: boolean;
  /** Memory has tags. */
  readonly tagged?: boolean;
  readonly device?: boolean;
}

const ADDRESS_BITS = 48;
/** Attributes of MAIR_EL1: Device-nGnRnE, Normal Write-Back, and that with tags. */
const MAIR = 0xf0_ff_00n;
const [DEVICE, NORMAL, TAGGED] = [0n, 1n << 2n, 2n << 2n];
const TG0: Readonly<Record<PageShift, bigint>> = { 12: 0n, 14: 2n, 16: 1n };
const TABLE_OR_PAGE = 3n;
const [AP_USER, AP_READ_ONLY] = [1n << 6n, 1n << 7n];
const INNER_SHAREABLE = 3n << 8n;
const ACCESS_FLAG = 1n << 10n;
const [PXN, UXN] = [1n << 53n, 1n << 54n];

/** Pages come from the start of the machine's memory on, and are not given back. */
export class AddressSpace {
  readonly pageBytes: number;
  private readonly machine: Machine;
  private readonly shift: PageShift;
  private readonly tables = new Map<bigint, BigUint64Array>();
  private readonly changed = new Set<bigint>();
  private readonly root: bigint;
  private next: bigint;

  constructor(machine: Machine, shift: PageShift) {
    this.machine = machine;
    this.shift = shift;
    this.pageBytes = 2 ** shift;
    this.next = machine.ramBase;
    this.root = this.newTable();
  }

  /** What MAIR_EL1, TCR_EL1 and TTBR0_EL1 have to be. */
  get registers() {
    const size = BigInt(64 - ADDRESS_BITS);
    const cacheable = (1n << 8n) | (1n << 10n) | (3n << 12n);
    const [noTtbr1, tg1, bits40, topByteIgnored] = [1n << 23n, 2n << 30n, 2n << 32n, 1n << 37n];
    const TCR_EL1 =
      size | cacheable | (TG0[this.shift] << 14n) | noTtbr1 | (size << 16n) | tg1 | bits40 | topByteIgnored;
    return { MAIR_EL1: MAIR, TCR_EL1, TTBR0_EL1: this.root } as const;
  }

  /** The next page that nobody has; its memory is zero. */
  private allocate(): bigint {
    const page = this.next;
    this.next += BigInt(this.pageBytes);
    if (this.next > this.machine.ramBase + BigInt(this.machine.ram.length))
      throw new RangeError("the guest's memory is full");
    return page;
  }

  private newTable(): bigint {
    const page = this.allocate();
    this.tables.set(page, new BigUint64Array(this.pageBytes / 8));
    return page;
  }

  /** Where the entry of an address is; tables on the way are made. */
  private entry(address: bigint): { readonly table: bigint; readonly index: number } {
    const bits = this.shift - 3;
    let table = this.root;
    for (let level = Math.ceil((ADDRESS_BITS - this.shift) / bits) - 1; ; level--) {
      const index = Number((address >> BigInt(this.shift + level * bits)) & BigInt(2 ** bits - 1));
      if (level === 0) return { table, index };
      const entries = this.tables.get(table) as BigUint64Array;
      if (entries[index] === 0n) {
        entries[index] = this.newTable() | TABLE_OR_PAGE;
        this.changed.add(table);
      }
      table = (entries[index] as bigint) & ~TABLE_OR_PAGE;
    }
  }

  /** Maps pages that are not mapped yet: to new memory, or to a physical address. */
  map(from: bigint, bytes: number, protection: Protection, physical?: bigint): void {
    const { write = false, execute = false, user = false, tagged = false, device = false } = protection;
    const memory = device ? DEVICE : (tagged ? TAGGED : NORMAL) | INNER_SHAREABLE;
    const access = (user ? AP_USER : 0n) | (write ? 0n : AP_READ_ONLY);
    const execution = (execute && user ? 0n : UXN) | (execute && !user ? 0n : PXN);
    const size = BigInt(this.pageBytes);
    const first = from & -size;
    for (let page = first; page < from + BigInt(bytes); page += size) {
      const { table, index } = this.entry(page);
      const entries = this.tables.get(table) as BigUint64Array;
      if (entries[index] !== 0n) continue;
      const frame = physical === undefined ? this.allocate() : physical + (page - first);
      entries[index] = frame | TABLE_OR_PAGE | ACCESS_FLAG | memory | access | execution;
      this.changed.add(table);
    }
  }

  /** Puts the tables into the guest's memory. Entries only become valid, so no TLB has to hear of it. */
  async commit(): Promise<void> {
    const tables = [...this.changed, this.root];
    this.changed.clear();
    await Promise.all(
      tables.map((table) =>
        this.machine.ram.write(this.offset(table), new Uint8Array((this.tables.get(table) as BigUint64Array).buffer)),
      ),
    );
  }

  private offset(physical: bigint): number {
    return Number(physical - this.machine.ramBase);
  }

  /** The pieces of memory, by offsets into RAM, that an address range is; tags in the addresses count for nothing. */
  private *pieces(
    address: bigint,
    length: number,
  ): Generator<{ readonly offset: number; readonly at: number; readonly bytes: number }> {
    const start = address & ((1n << 56n) - 1n);
    for (let at = 0; at < length; ) {
      const virtual = start + BigInt(at);
      const { table, index } = this.entry(virtual);
      const descriptor = (this.tables.get(table) as BigUint64Array)[index] as bigint;
      if (descriptor === 0n) throw new RangeError(`0x${virtual.toString(16)} is not mapped`);
      const within = Number(virtual & BigInt(this.pageBytes - 1));
      const bytes = Math.min(length - at, this.pageBytes - within);
      const frame = descriptor & ((1n << 48n) - 1n) & -BigInt(this.pageBytes);
      yield { offset: this.offset(frame) + within, at, bytes };
      at += bytes;
    }
  }

  async read(address: bigint, length: number): Promise<Uint8Array> {
    const pieces = [...this.pieces(address, length)];
    return Buffer.concat(await Promise.all(pieces.map(({ offset, bytes }) => this.machine.ram.read(offset, bytes))));
  }

  async write(address: bigint, data: Uint8Array): Promise<void> {
    const pieces = [...this.pieces(address, data.length)];
    await Promise.all(
      pieces.map(({ offset, at, bytes }) => this.machine.ram.write(offset, data.subarray(at, at + bytes))),
    );
  }
}
