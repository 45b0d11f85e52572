/** The firmware configuration device, from which a machine's firmware learns what the machine is (docs/specs/fw_cfg of QEMU). */

import type { Device } from "./board.ts";

const DATA = 0;
const SELECTOR = 8;

/** A bit of the selector that says nothing about which item it is. */
const WRITE_CHANNEL = 0x4000;

/** The device is there if this item is. It is selected at reset. */
const SIGNATURE = 0;
const ID = 1;
/** Of the interface's number: items are read by selector and data register. Without bit 1 there is no DMA. */
const TRADITIONAL = 1 << 0;

const ITEMS: ReadonlyMap<number, Uint8Array> = new Map([
  [SIGNATURE, Buffer.from("QEMU")],
  [ID, Uint8Array.of(TRADITIONAL, 0, 0, 0)],
]);
const NOTHING = new Uint8Array(0);

/** Its registers: the data register gives the selected item's bytes one after the other, and zeros beyond its end. */
export class FwCfg implements Device {
  private selected = SIGNATURE;
  private at = 0;

  read(offset: number, length: number): Uint8Array | undefined {
    if (offset !== DATA) return undefined;
    const item = ITEMS.get(this.selected) ?? NOTHING;
    const bytes = new Uint8Array(length);
    bytes.set(item.subarray(this.at, this.at + length));
    this.at = Math.min(this.at + length, item.length);
    return bytes;
  }

  /** What is written to the data register is lost. The selector is big-endian. */
  write(offset: number, data: Uint8Array): boolean {
    if (offset === DATA) return true;
    if (offset !== SELECTOR || data.length !== 2) return false;
    const [high = 0, low = 0] = data;
    this.selected = ((high << 8) | low) & ~WRITE_CHANNEL;
    this.at = 0;
    return true;
  }
}
