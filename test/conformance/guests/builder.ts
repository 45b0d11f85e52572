/** Writes the steps of a guest: a process with a VM, what the guest starts with, and its runs with all that is to be seen after each. */

import { O_CLOEXEC, O_RDWR } from "../../../server/abi/fcntl.ts";
import {
  KVM_CAP_ARM_MTE,
  KVM_CAP_ARM_NISV_TO_USER,
  KVM_CAP_ARM_SYSTEM_SUSPEND,
  KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
  KVM_DEV_TYPE_ARM_VGIC_V3,
  KVM_MEM_LOG_DIRTY_PAGES,
  KVM_MEM_READONLY,
  kvm_create_device,
  kvm_device_attr,
  kvm_dirty_log,
  kvm_enable_cap,
  kvm_one_reg,
  kvm_run,
  kvm_userspace_memory_region,
} from "../../../server/abi/kvm.ts";
import {
  KVM_ARM_TAGS_FROM_GUEST,
  KVM_ARM_TARGET_GENERIC_V8,
  KVM_ARM_VCPU_PMU_V3,
  KVM_ARM_VCPU_PMU_V3_CTRL,
  KVM_ARM_VCPU_PMU_V3_INIT,
  KVM_ARM_VCPU_PMU_V3_IRQ,
  KVM_DEV_ARM_VGIC_CTRL_INIT,
  KVM_DEV_ARM_VGIC_GRP_ADDR,
  KVM_DEV_ARM_VGIC_GRP_CTRL,
  KVM_VGIC_V3_ADDR_TYPE_DIST,
  KVM_VGIC_V3_ADDR_TYPE_REDIST,
  kvm_arm_copy_mte_tags,
  kvm_vcpu_events,
  kvm_vcpu_init,
} from "../../../server/abi/kvm_arm64.ts";
import { type IoctlName, requestOf } from "../../../server/abi/kvm_ioctl.ts";
import { CORE_REGS, sysRegId } from "../../../server/abi/kvm_reg.ts";
import {
  MAP_ANONYMOUS,
  MAP_FIXED_NOREPLACE,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_MTE,
  PROT_READ,
  PROT_WRITE,
} from "../../../server/abi/mman.ts";
import { SYSREG } from "../../../server/abi/sysreg.ts";
import type { Random } from "../sequences/random.ts";
import type { Ref, Step } from "../sequences/sequence.ts";
import {
  CODE,
  CODE_SIZE,
  DATA,
  DATA_PAGES,
  DIST,
  HOLE,
  HOST,
  PAGE,
  RAM,
  RAM_PAGES,
  READ_ONLY_HOST,
  REDIST,
  ROM,
  ROM_PAGES,
  SHARED,
} from "./layout.ts";

const KVM_RUN = requestOf("KVM_RUN");

/** What of struct kvm_run is looked at: all but the ring of coalesced stores, which has a page of its own. */
export const RUN_SEEN = 0x120;
const COALESCED_SEEN = 0x100;

const RING_BYTES = 65536n;

/** What a guest is given. */
export interface GuestOptions {
  readonly mte: boolean;
  readonly mmu: boolean;
  readonly nisv: boolean;
  readonly suspend: boolean;
  readonly vgic: boolean;
  readonly logged: boolean;
  readonly ring: boolean;
  readonly features: number;
}

const X = Array.from({ length: 31 }, (_, n) => `x${n}`);
const CORE_SEEN = [...X, "sp", "pc", "pstate", "sp_el1", "elr_el1", "spsr_el1", "fpsr", "fpcr"];
const VECTORS_SEEN = ["v0", "v1", "v2", "v3"];
const SYSTEM_SEEN = [
  "SCTLR_EL1",
  "TCR_EL1",
  "TTBR0_EL1",
  "MAIR_EL1",
  "CPACR_EL1",
  "ESR_EL1",
  "FAR_EL1",
  "AFSR0_EL1",
  "PAR_EL1",
  "VBAR_EL1",
  "CONTEXTIDR_EL1",
  "TPIDR_EL0",
  "TPIDR_EL1",
  "CSSELR_EL1",
  "MDSCR_EL1",
  "MDCCINT_EL1",
  "OSLSR_EL1",
  "DISR_EL1",
  "CNTKCTL_EL1",
  "RGSR_EL1",
  "GCR_EL1",
  "TFSR_EL1",
  "TFSRE0_EL1",
  "PMCR_EL0",
  "PMSELR_EL0",
  "PMCNTENSET_EL0",
  "PMINTENSET_EL1",
  "PMOVSCLR_EL0",
  "PMUSERENR_EL0",
  "PMCCFILTR_EL0",
  "ACTLR_EL1",
] as const;

/** The registers that are read after each run, each into sixteen bytes. */
const SEEN: readonly (readonly [name: string, id: bigint])[] = [
  ...[...CORE_SEEN, ...VECTORS_SEEN].map((name) => [name, CORE_REGS[name] as bigint] as const),
  ...SYSTEM_SEEN.map((name) => [name, sysRegId(SYSREG[name])] as const),
];
const SEEN_SIZE = 16;

const littleEndian = (value: bigint, size: number) =>
  Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));

/** The steps of one guest. */
export class GuestBuilder {
  readonly random: Random;
  readonly options: GuestOptions;
  readonly steps: Step[] = [];
  readonly vm: Ref;
  readonly vcpu: Ref;

  constructor(random: Random, options: GuestOptions) {
    this.random = random;
    this.options = options;
    const ram = PROT_READ | PROT_WRITE | (random.chance(30) ? PROT_MTE : 0);
    this.vm = this.frame(() => {
      this.map(HOST.ram, RAM_PAGES, ram);
      this.map(HOST.values, 1, PROT_READ | PROT_WRITE);
      const kvm = this.call("openat", { flags: O_RDWR | O_CLOEXEC, mode: 0 }, { text: "/dev/kvm" });
      return this.ioctl(kvm, "KVM_CREATE_VM", 0n);
    });
    if (options.mte) this.enable(KVM_CAP_ARM_MTE);
    if (options.nisv) this.enable(KVM_CAP_ARM_NISV_TO_USER);
    if (options.suspend) this.enable(KVM_CAP_ARM_SYSTEM_SUSPEND);
    if (options.ring) this.enable(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, RING_BYTES);
    const logged = options.logged || options.ring ? KVM_MEM_LOG_DIRTY_PAGES : 0;
    this.frame(() => this.slot(0, RAM, HOST.ram, RAM_PAGES, logged));
    this.otherMemory();
    this.vcpu = this.frame(() => this.createVcpu());
    if (options.vgic) this.createVgic();
    if (options.features & (1 << KVM_ARM_VCPU_PMU_V3)) {
      if (options.vgic)
        this.deviceAttr(this.vcpu, KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_IRQ, littleEndian(23n, 4));
      this.deviceAttr(this.vcpu, KVM_ARM_VCPU_PMU_V3_CTRL, KVM_ARM_VCPU_PMU_V3_INIT, littleEndian(0n, 4));
    }
  }

  /** Memory that is only read, that only the process can't write, that is not there, and that is a file's. */
  private otherMemory(): void {
    this.map(HOST.behindRam, 1, PROT_READ | PROT_WRITE);
    this.map(HOST.rom, ROM_PAGES, PROT_READ | PROT_WRITE);
    this.map(HOST.readOnly, 1, PROT_READ);
    this.map(HOST.bitmap, 2, PROT_READ | PROT_WRITE);
    const fd = this.call("memfd_create", { flags: 0 }, { text: "guest" });
    const length = 2 * PAGE;
    this.call("ftruncate", { length }, { fd });
    const [prot, flags] = [PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE];
    this.call("mmap", { address: HOST.shared, length, prot, flags, offset: 0 }, { fd });
    this.slot(1, ROM, HOST.rom, ROM_PAGES, KVM_MEM_READONLY);
    this.slot(2, READ_ONLY_HOST, HOST.readOnly, 1, 0);
    this.slot(3, HOLE, HOST.hole, 2, 0);
    this.slot(4, SHARED, HOST.shared, 2, 0);
  }

  private createVcpu(): Ref {
    const fd = this.ioctl(this.vm, "KVM_CREATE_VCPU", 0n);
    const init = { target: KVM_ARM_TARGET_GENERIC_V8, features: [this.options.features] };
    this.ioctl(fd, "KVM_ARM_VCPU_INIT", kvm_vcpu_init.encode(init));
    const [prot, flags] = [PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED_NOREPLACE];
    this.call("mmap", { address: HOST.run, length: 2 * PAGE, prot, flags, offset: 0 }, { fd });
    return fd;
  }

  /** Makes steps without which no guest runs: shrinking leaves them. */
  frame<T>(make: () => T): T {
    const from = this.steps.length;
    const made = make();
    for (let i = from; i < this.steps.length; i++) this.steps[i] = { ...(this.steps[i] as Step), needed: true };
    return made;
  }

  private map(address: bigint, pages: number, prot: number): void {
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    this.call("mmap", { address, length: pages * PAGE, prot, flags, offset: 0 }, { fd: -1 });
  }

  private createVgic(): void {
    const { step } = this.ioctl(
      this.vm,
      "KVM_CREATE_DEVICE",
      kvm_create_device.encode({ type: KVM_DEV_TYPE_ARM_VGIC_V3 }),
    );
    const vgic = { step, at: kvm_create_device.offsetof("fd") };
    this.deviceAttr(vgic, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, littleEndian(DIST, 8));
    this.deviceAttr(vgic, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, littleEndian(REDIST, 8));
    this.deviceAttr(vgic, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, littleEndian(0n, 8));
  }

  call(call: Step["call"], args: Record<string, bigint | number>, more: Partial<Step> = {}): Ref {
    const numbers = Object.fromEntries(
      Object.entries(args).map(([name, value]) => [name, BigInt.asUintN(64, BigInt(value))]),
    );
    return { step: this.steps.push({ call, args: numbers, ...more }) - 1 };
  }

  ioctl(fd: Ref, name: IoctlName, arg: bigint | Uint8Array, more: Partial<Step> = {}): Ref {
    const request = BigInt(requestOf(name));
    const step: Step =
      typeof arg === "bigint"
        ? { call: "ioctl", fd, args: { request, value: arg }, ...more }
        : { call: "ioctl", fd, args: { request }, data: arg, ...more };
    return { step: this.steps.push(step) - 1 };
  }

  enable(cap: number, value = 0n): void {
    this.ioctl(this.vm, "KVM_ENABLE_CAP", kvm_enable_cap.encode({ cap, args: [value, 0n, 0n, 0n] }));
  }

  slot(slot: number, guest_phys_addr: bigint, userspace_addr: bigint, pages: number, flags: number): void {
    const memory_size = BigInt(pages * PAGE);
    this.ioctl(
      this.vm,
      "KVM_SET_USER_MEMORY_REGION",
      kvm_userspace_memory_region.encode({ slot, flags, guest_phys_addr, memory_size, userspace_addr }),
    );
  }

  deviceAttr(fd: Ref, group: number, attr: bigint, value: Uint8Array): void {
    const bytes = kvm_device_attr.encode({ group, attr, addr: HOST.values });
    this.ioctl(fd, "KVM_SET_DEVICE_ATTR", bytes, { before: [{ address: HOST.values, data: value }] });
  }

  /** Puts bytes where the guest finds them. */
  store(ipa: bigint, data: Uint8Array): void {
    const [from, host] = ipa >= ROM ? [ROM, HOST.rom] : [RAM, HOST.ram];
    this.call("process_vm_writev", { address: host + (ipa - from) }, { data });
  }

  setReg(id: bigint, value: bigint): void {
    const bytes = kvm_one_reg.encode({ id, addr: HOST.values });
    this.ioctl(this.vcpu, "KVM_SET_ONE_REG", bytes, {
      before: [{ address: HOST.values, data: littleEndian(value, 8) }],
    });
  }

  /** KVM_RUN, and a look at all registers. */
  run(immediate: boolean, data: Uint8Array | undefined): void {
    const member = (name: "immediate_exit" | "mmio.data") => HOST.run + BigInt(kvm_run.offsetof(name));
    const before = [
      { address: member("immediate_exit"), data: Uint8Array.of(immediate ? 1 : 0) },
      ...(data ? [{ address: member("mmio.data"), data }] : []),
    ];
    const after = [
      { address: HOST.run, length: RUN_SEEN },
      { address: HOST.run + BigInt(PAGE), length: COALESCED_SEEN },
    ];
    this.call("ioctl", { request: KVM_RUN, value: 0 }, { fd: this.vcpu, guarded: true, before, after });
    this.look();
  }

  /** All registers of the vCPU that are compared. */
  private look(): void {
    for (const [i, [, id]] of SEEN.entries()) {
      const addr = HOST.values + BigInt(SEEN_SIZE * i);
      const last = i === SEEN.length - 1;
      this.ioctl(this.vcpu, "KVM_GET_ONE_REG", kvm_one_reg.encode({ id, addr }), {
        ...(last && { after: [{ address: HOST.values, length: SEEN_SIZE * SEEN.length }] }),
      });
    }
    this.ioctl(this.vcpu, "KVM_GET_VCPU_EVENTS", new Uint8Array(kvm_vcpu_events.size));
  }

  /** What the guest left behind: memory, tags, dirty pages. */
  end(): void {
    const data = HOST.ram + (DATA - RAM);
    for (let i = 0; i < DATA_PAGES; i += 4)
      this.call("process_vm_readv", { address: data + BigInt(i * PAGE), length: 0x400 });
    this.call("process_vm_readv", { address: HOST.rom, length: 0x400 });
    this.call("process_vm_readv", { address: HOST.behindRam, length: PAGE });
    this.call("process_vm_readv", { address: HOST.ram + (CODE - RAM), length: CODE_SIZE });
    this.call("process_vm_readv", { address: HOST.shared, length: 0x400 });
    if (this.options.mte) {
      const struct = { guest_ipa: DATA, length: BigInt(4 * PAGE), addr: HOST.bitmap, flags: KVM_ARM_TAGS_FROM_GUEST };
      const after = [{ address: HOST.bitmap, length: 0x400 }];
      this.ioctl(this.vm, "KVM_ARM_MTE_COPY_TAGS", kvm_arm_copy_mte_tags.encode(struct), { after });
    }
    if (this.options.logged) {
      const log = { slot: 0, dirty_bitmap: HOST.bitmap };
      const after = [{ address: HOST.bitmap, length: 16 }];
      this.ioctl(this.vm, "KVM_GET_DIRTY_LOG", kvm_dirty_log.encode(log), { after });
    }
  }
}
