/** The board's devices: what answers where there is no RAM. */

import { FwCfg } from "./fw_cfg.ts";

/** Where the board's RAM starts; devices lie below. */
export const RAM_BASE = 0x4000_0000;

/** A device's registers. An access that it does not take is an external abort. */
export interface Device {
  /** The bytes as they would lie in memory; undefined is an external abort. */
  read(offset: number, length: number): Uint8Array | undefined;
  /** False is an external abort. */
  write(offset: number, data: Uint8Array): boolean;
}

/** Where a device's registers lie. */
interface Mapping {
  readonly base: number;
  readonly bytes: number;
  readonly device: Device;
}

/** The devices by address, as QEMU's `virt` has them. Their state lasts as long as the board. */
export class Board {
  private readonly mappings: readonly Mapping[] = [{ base: 0x0902_0000, bytes: 0x18, device: new FwCfg() }];

  private find(pa: number): Mapping | undefined {
    return this.mappings.find(({ base, bytes }) => pa >= base && pa < base + bytes);
  }

  /** Whether any device has a register at a physical address. */
  has(pa: number): boolean {
    return this.find(pa) !== undefined;
  }

  /** One load of 1, 2, 4 or 8 bytes; undefined is an external abort. */
  read(pa: number, length: number): Uint8Array | undefined {
    const found = this.find(pa);
    return found?.device.read(pa - found.base, length);
  }

  /** One store of 1, 2, 4 or 8 bytes; false is an external abort. */
  write(pa: number, data: Uint8Array): boolean {
    const found = this.find(pa);
    return found?.device.write(pa - found.base, data) ?? false;
  }
}
