/** A VMM whose guest has set up an ITS: tables and commands in guest memory. */

import { KVM_DEV_TYPE_ARM_VGIC_ITS, KVM_MSI_VALID_DEVID, kvm_msi } from "../../../../server/abi/kvm.ts";
import {
  KVM_DEV_ARM_VGIC_GRP_ITS_REGS as ITS_REGS,
  KVM_VGIC_ITS_ADDR_TYPE,
  KVM_DEV_ARM_VGIC_GRP_REDIST_REGS as REDIST_REGS,
} from "../../../../server/abi/kvm_arm64.ts";
import type { KernelName } from "../../../../server/abi/versions.ts";
import { KVM_MMIO_BUS } from "../../../../server/kernel/kvm/io_bus.ts";
import type { KvmVcpu } from "../../../../server/kernel/kvm/kvm_host.ts";
import { said } from "../vmm.ts";
import { ofVcpu, VgicVmm } from "./vgic_vmm.ts";

export const RAM = 0x4000_0000;
const SZ_64K = 0x10000;
/** Where in guest memory what is. */
export const TABLES = {
  devices: RAM,
  collections: RAM + SZ_64K,
  commands: RAM + 2 * SZ_64K,
  itt: RAM + 3 * SZ_64K,
  properties: RAM + 4 * SZ_64K,
  pending: [RAM + 5 * SZ_64K, RAM + 6 * SZ_64K],
  end: RAM + 7 * SZ_64K,
};
export const GITS = {
  CTLR: 0,
  IIDR: 4,
  TYPER: 8,
  CBASER: 0x80,
  CWRITER: 0x88,
  CREADR: 0x90,
  BASER0: 0x100,
  BASER1: 0x108,
};
const VALID = 1n << 63n;
export const DOORBELL = 0x808_0000n;

/** The four words of a command. */
type Command = readonly [bigint, bigint, bigint, bigint];
const number = (n: number) => BigInt(n);
const withDevice = (command: number, device: number) => number(command) | (number(device) << 32n);

/** Commands by their names in the architecture. */
export const CMD = {
  mapd: (device: number, itt: number, bits: number, valid = true): Command => [
    withDevice(0x08, device),
    number(bits - 1),
    number(itt) | (valid ? VALID : 0n),
    0n,
  ],
  mapc: (collection: number, target: number, valid = true): Command => [
    0x09n,
    0n,
    number(collection) | (number(target) << 16n) | (valid ? VALID : 0n),
    0n,
  ],
  mapti: (device: number, event: number, lpi: number, collection: number): Command => [
    withDevice(0x0a, device),
    number(event) | (number(lpi) << 32n),
    number(collection),
    0n,
  ],
  mapi: (device: number, event: number, collection: number): Command => [
    withDevice(0x0b, device),
    number(event),
    number(collection),
    0n,
  ],
  movi: (device: number, event: number, collection: number): Command => [
    withDevice(0x01, device),
    number(event),
    number(collection),
    0n,
  ],
  int: (device: number, event: number): Command => [withDevice(0x03, device), number(event), 0n, 0n],
  clear: (device: number, event: number): Command => [withDevice(0x04, device), number(event), 0n, 0n],
  discard: (device: number, event: number): Command => [withDevice(0x0f, device), number(event), 0n, 0n],
  inv: (device: number, event: number): Command => [withDevice(0x0c, device), number(event), 0n, 0n],
  invall: (collection: number): Command => [0x0dn, 0n, number(collection), 0n],
  movall: (from: number, to: number): Command => [0x0en, 0n, number(from) << 16n, number(to) << 16n],
  sync: (): Command => [0x05n, 0n, 0n, 0n],
};

export class ItsVmm extends VgicVmm {
  readonly ram: bigint;
  readonly gic: number;
  readonly its: number;
  private written = 0;

  /** Two vCPUs with LPIs, a VGIC, an ITS that is placed but not enabled, guest memory. */
  constructor(kernel: KernelName = "6.12") {
    super(kernel);
    this.ram = this.map(112);
    this.setSlot(0, RAM, 112, this.ram);
    this.addVcpus(0, 1);
    this.gic = this.readyVgic();
    this.its = this.createDevice(KVM_DEV_TYPE_ARM_VGIC_ITS);
    this.place(this.its, KVM_VGIC_ITS_ADDR_TYPE, DOORBELL);
  }

  guestWrite(gpa: number, data: Uint8Array): void {
    this.write(this.ram + BigInt(gpa - RAM), data);
  }

  guestRead(gpa: number, length: number): Uint8Array {
    return this.read(this.ram + BigInt(gpa - RAM), length);
  }

  guestU64(gpa: number): bigint {
    return new DataView(this.guestRead(gpa, 8).buffer).getBigUint64(0, true);
  }

  setIts(offset: number, value: bigint | number): string | number {
    return said(this.set(this.its, ITS_REGS, offset, value));
  }

  getIts(offset: number): bigint {
    return this.get(this.its, ITS_REGS, offset, true);
  }

  /** What a guest's driver does: tables, command buffer, LPIs of both vCPUs, the enable bit. */
  enableIts(enable = true): void {
    this.setIts(GITS.BASER0, VALID | BigInt(TABLES.devices));
    this.setIts(GITS.BASER1, VALID | BigInt(TABLES.collections));
    this.setIts(GITS.CBASER, VALID | BigInt(TABLES.commands) | 0xfn);
    for (const [id, pending] of TABLES.pending.entries()) {
      this.set(this.gic, REDIST_REGS, ofVcpu(id, 0x70), TABLES.properties | 15);
      this.set(this.gic, REDIST_REGS, ofVcpu(id, 0x78), pending);
      this.set(this.gic, REDIST_REGS, ofVcpu(id, 0), 1);
    }
    if (enable) this.setIts(GITS.CTLR, 1);
  }

  /** Queues commands and lets the ITS process them. */
  command(...commands: Command[]): void {
    this.queue(commands);
    this.setIts(GITS.CWRITER, this.written);
  }

  /** … as a guest does, while vCPUs run. */
  commandByGuest(...commands: Command[]): void {
    this.queue(commands);
    const [vcpu] = this.kvm.vcpus as [KvmVcpu];
    const address = DOORBELL + BigInt(GITS.CWRITER);
    this.kvm.buses
      .get(KVM_MMIO_BUS)
      .write(vcpu, address, new Uint8Array(BigUint64Array.of(BigInt(this.written)).buffer));
  }

  private queue(commands: readonly Command[]): void {
    for (const words of commands) {
      const data = new Uint8Array(new BigUint64Array(words).buffer);
      this.guestWrite(TABLES.commands + this.written, data);
      this.written = (this.written + 32) % 0x10000;
    }
  }

  /** KVM_SIGNAL_MSI */
  signal(device: number, event: number, flags = KVM_MSI_VALID_DEVID): string | number {
    const message = { address_lo: Number(DOORBELL) + 0x10040, address_hi: 0, data: event, flags, devid: device };
    return said(this.call(this.vm, "KVM_SIGNAL_MSI", kvm_msi, message));
  }

  /** Sets an LPI's byte of configuration. */
  configure(lpi: number, property: number): void {
    this.guestWrite(TABLES.properties + lpi - 8192, Uint8Array.of(property));
  }

  lpi(intid: number) {
    return this.kvm.vgic.lpis.get(intid);
  }
}
