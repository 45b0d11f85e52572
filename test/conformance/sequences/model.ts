/** What a generator believes to exist in the process: descriptors by kind, slots, mappings and the states that decide which calls succeed. */

import type { Ref } from "./sequence.ts";

/** Where the process's memory lies: far from what a program, its libraries and its stack take, on every kernel. */
export const ARENA = 0x10_0000_0000n;
export const PAGE = 4096;
/** Readable and writable memory for slots, buffers and tables, and then a page that is not there. */
export const DATA = ARENA;
export const DATA_PAGES = 64;
export const DATA_END = DATA + BigInt(DATA_PAGES * PAGE);
/** A page that can only be read; the next one is not there. */
export const READ_ONLY = ARENA + 0x10_0000n;
/** A page for the values of registers and attributes, which no call takes as it finds it; the next one is not there. */
export const VALUES = ARENA + 0x20_0000n;
export const VALUES_END = VALUES + BigInt(PAGE);
/** Room in which mappings come and go. */
export const EXTRA = ARENA + 0x100_0000n;
export const EXTRA_PAGES = 64;
/** Where struct kvm_run of each vCPU is mapped, and nothing else ever is. */
export const RUN_AREA = ARENA + 0x1000_0000n;
export const RUN_STRIDE = 0x20_0000n;

/** A slot of a VM as its last successful registration left it. */
export interface Slot {
  readonly slot: number;
  readonly gpa: number;
  readonly pages: number;
  readonly address: bigint;
  readonly flags: number;
}

/** A vCPU. */
export interface Vcpu {
  readonly fd: Ref;
  readonly vm: Vm;
  readonly id: number;
  initialized: boolean;
  features: number;
  /** Where its struct kvm_run is mapped. */
  run: bigint | undefined;
  /** KVM_RUN was called. */
  ran: boolean;
  /**
   * KVM_ARM_VCPU_INIT is no call for it: a VGIC came after a KVM_RUN that may have enabled the timers and then failed,
   * and kvm_timer_vcpu_reset() of 6.12 then follows a pointer to private interrupts that are not there yet. The vCPU's
   * thread dies with the VM's locks held.
   */
  fatal: boolean;
}

/** An in-kernel device. */
export interface Device {
  readonly fd: Ref;
  readonly vm: Vm;
  readonly kind: "vgic" | "its" | "vfio";
  address: number | undefined;
}

/** A VM. */
export interface Vm {
  readonly fd: Ref;
  mte: boolean;
  readonly vcpus: Vcpu[];
  readonly devices: Device[];
  readonly slots: Map<number, Slot>;
  /** Ids of vCPUs that were ever made. */
  readonly ids: Set<number>;
  vgicReady: boolean;
  /** What eventfds serve as irqfds and ioeventfds, to be taken back. */
  readonly irqfds: { fd: Ref; gsi: number }[];
  readonly ioeventfds: { fd: Ref; bytes: Uint8Array }[];
}

/** All of it. */
export class Model {
  kvm: Ref[] = [];
  vms: Vm[] = [];
  eventfds: Ref[] = [];
  memfds: { fd: Ref; size: number }[] = [];
  others: Ref[] = [];
  runs = 0;

  get vcpus(): Vcpu[] {
    return this.vms.flatMap((vm) => vm.vcpus);
  }

  get devices(): Device[] {
    return this.vms.flatMap((vm) => vm.devices);
  }

  /** Every descriptor of a kind that takes other requests than `kind` does. */
  fdsBut(kind: string): Ref[] {
    const byKind: Record<string, Ref[]> = {
      system: this.kvm,
      vm: this.vms.map(({ fd }) => fd),
      vcpu: this.vcpus.map(({ fd }) => fd),
      device: this.devices.map(({ fd }) => fd),
      eventfd: this.eventfds,
      memfd: this.memfds.map(({ fd }) => fd),
      other: this.others,
    };
    return Object.entries(byKind).flatMap(([name, fds]) => (name === kind ? [] : fds));
  }

  /** Forgets whatever a descriptor stood for, once it is closed. */
  forget(closed: Ref): void {
    const other = (fd: Ref) => fd !== closed;
    this.kvm = this.kvm.filter(other);
    this.eventfds = this.eventfds.filter(other);
    this.others = this.others.filter(other);
    this.memfds = this.memfds.filter(({ fd }) => other(fd));
    this.vms = this.vms.filter(({ fd }) => other(fd));
    for (const vm of this.vms) {
      for (const list of [vm.vcpus, vm.devices]) {
        const at = (list as { fd: Ref }[]).findIndex(({ fd }) => fd === closed);
        if (at >= 0) list.splice(at, 1);
      }
    }
  }
}
