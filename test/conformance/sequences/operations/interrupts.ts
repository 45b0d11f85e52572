/** Interrupts: VGIC, ITS and VFIO devices with their attributes, lines, MSIs, eventfds and routes. */

import {
  KVM_DEV_TYPE_ARM_VGIC_ITS,
  KVM_DEV_TYPE_ARM_VGIC_V2,
  KVM_DEV_TYPE_ARM_VGIC_V3,
  KVM_DEV_TYPE_VFIO,
  KVM_IOEVENTFD_FLAG_DATAMATCH,
  KVM_IOEVENTFD_FLAG_DEASSIGN,
  KVM_IOEVENTFD_FLAG_PIO,
  KVM_IRQ_ROUTING_IRQCHIP,
  KVM_IRQ_ROUTING_MSI,
  KVM_IRQFD_FLAG_DEASSIGN,
  KVM_IRQFD_FLAG_RESAMPLE,
  kvm_arm_device_addr,
  kvm_create_device,
  kvm_ioeventfd,
  kvm_irq_level,
  kvm_irq_routing,
  kvm_irq_routing_entry,
  kvm_irqfd,
  kvm_msi,
  kvm_userspace_memory_region,
} from "../../../../server/abi/kvm.ts";
import {
  KVM_DEV_ARM_ITS_CTRL_RESET,
  KVM_DEV_ARM_ITS_RESTORE_TABLES,
  KVM_DEV_ARM_ITS_SAVE_TABLES,
  KVM_DEV_ARM_VGIC_CTRL_INIT,
  KVM_DEV_ARM_VGIC_GRP_ADDR,
  KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS,
  KVM_DEV_ARM_VGIC_GRP_CTRL,
  KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_ITS_REGS,
  KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO,
  KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ,
  KVM_DEV_ARM_VGIC_GRP_NR_IRQS,
  KVM_DEV_ARM_VGIC_GRP_REDIST_REGS,
  KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES,
  KVM_VGIC_ITS_ADDR_TYPE,
  KVM_VGIC_V3_ADDR_TYPE_DIST,
  KVM_VGIC_V3_ADDR_TYPE_REDIST,
  KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION,
} from "../../../../server/abi/kvm_arm64.ts";
import { SYSREG } from "../../../../server/abi/sysreg.ts";
import type { Builder } from "../builder.ts";
import { DATA, type Device, PAGE, type Slot, VALUES, type Vm } from "../model.ts";
import type { Ref } from "../sequence.ts";
import { putNumber } from "../values.ts";
import { newEventfd } from "./files.ts";
import { operations } from "./operation.ts";
import { deviceAttr, littleEndian } from "./vcpus.ts";

const KINDS = {
  vgic: KVM_DEV_TYPE_ARM_VGIC_V3,
  its: KVM_DEV_TYPE_ARM_VGIC_ITS,
  vfio: KVM_DEV_TYPE_VFIO,
} as const;
const NO_FD = 0xffff_ffff;
const NEW_FD = kvm_create_device.offsetof("fd");

/** Adds a device to a VM, or asks whether it could be. */
function createDeviceOf(b: Builder, vm: Vm, kind: Device["kind"]) {
  const test = b.random.chance(8);
  const bytes = kvm_create_device.encode({ type: KINDS[kind], fd: NO_FD, flags: test ? 1 : 0 });
  const made = b.ioctl(vm.fd, "KVM_CREATE_DEVICE", bytes);
  if (kind === "vgic") for (const vcpu of vm.vcpus) vcpu.fatal ||= vcpu.ran;
  const again = kind === "vgic" && vm.devices.some((device) => device.kind === kind);
  if (!made.asMeant || test || again || b.steps[made.index]?.args.value !== undefined) return made;
  vm.devices.push({ fd: { step: made.index, at: NEW_FD }, vm, kind, address: undefined });
  return made;
}

function createDevice(b: Builder) {
  const vm = b.vm();
  if (!vm || vm.devices.length > 5) return undefined;
  if (b.random.chance(10)) {
    const type = b.random.pick([KVM_DEV_TYPE_ARM_VGIC_V2, 1, 10, 99]);
    return b.ioctl(vm.fd, "KVM_CREATE_DEVICE", kvm_create_device.encode({ type, fd: NO_FD }));
  }
  const missing = vm.devices.some(({ kind }) => kind === "vgic") ? b.random.pick(["its", "vfio"] as const) : "vgic";
  return createDeviceOf(b, vm, b.random.chance(85) ? missing : "vgic");
}

const DIST = 0x800_0000n;
const REDIST = 0x80a_0000n;
const ITS = 0x900_0000n;

/** A VGIC that is ready: made, placed and initialized, as a VMM does it. */
export function readyVgic(b: Builder) {
  const vm = b.some(b.model.vms.filter(({ devices }) => !devices.some(({ kind }) => kind === "vgic")));
  if (!vm) return undefined;
  const made = createDeviceOf(b, vm, "vgic");
  const vgic = vm.devices.find(({ kind }) => kind === "vgic");
  if (!vgic) return made;
  const set = (group: number, attr: bigint, value: Uint8Array) => deviceAttr(b, vgic.fd, "SET", { group, attr }, value);
  if (b.random.chance(50)) set(KVM_DEV_ARM_VGIC_GRP_NR_IRQS, 0n, littleEndian(96n, 4));
  const dist = b.random.chance(92) ? DIST : REDIST;
  if (b.random.chance(97)) set(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, littleEndian(dist, 8));
  if (b.random.chance(60)) set(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST, littleEndian(REDIST, 8));
  else set(KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, littleEndian(REDIST | (8n << 52n), 8));
  vm.vgicReady = true;
  return set(KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, littleEndian(0n, 8));
}

function vgicAddress(b: Builder) {
  const vgic = b.device("vgic");
  if (!vgic) return undefined;
  const { random } = b;
  const attr = random.pick([KVM_VGIC_V3_ADDR_TYPE_DIST, KVM_VGIC_V3_ADDR_TYPE_REDIST, 5n, 5n, 0n, 9n]);
  const base = random.pick([
    DIST,
    REDIST,
    0x810_0000n,
    0x1000n,
    0x800_8000n,
    0xff_ffff_0000n,
    1n << 40n,
    0xffff_ffff_ffff_0000n,
  ]);
  const region = BigInt(random.below(3)) | (BigInt(random.below(4)) << 52n) | (random.chance(10) ? 0x1000n : 0n);
  const value = attr === KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION ? (base & 0xf_ffff_ffff_0000n) | region : base;
  const access = random.pick(["SET", "SET", "GET", "HAS"] as const);
  return deviceAttr(b, vgic.fd, access, { group: KVM_DEV_ARM_VGIC_GRP_ADDR, attr }, littleEndian(value, 8));
}

function vgicControl(b: Builder) {
  const vgic = b.device("vgic");
  if (!vgic) return undefined;
  const { random } = b;
  const attr = random.pick([KVM_DEV_ARM_VGIC_CTRL_INIT, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES, 1n, 7n]);
  if (random.chance(60)) {
    if (attr === KVM_DEV_ARM_VGIC_CTRL_INIT) vgic.vm.vgicReady = true;
    return deviceAttr(b, vgic.fd, "SET", { group: KVM_DEV_ARM_VGIC_GRP_CTRL, attr }, littleEndian(0n, 8));
  }
  const group = random.pick([KVM_DEV_ARM_VGIC_GRP_NR_IRQS, KVM_DEV_ARM_VGIC_GRP_MAINT_IRQ, 2, 77]);
  const value = littleEndian(BigInt(random.pick([64, 96, 128, 992, 1024, 65, 25, 40])), 4);
  return deviceAttr(b, vgic.fd, random.pick(["SET", "SET", "GET", "HAS"] as const), { group, attr: 0n }, value);
}

/** Offsets into the distributor's frame and a redistributor's two: a register in most ranges, and beside. */
const DIST_OFFSETS = [
  0x0, 0x4, 0x8, 0x8, 0x8, 0xc, 0x80, 0x84, 0x100, 0x104, 0x184, 0x204, 0x284, 0x304, 0x384, 0x420, 0x820, 0xc08, 0xe00,
  0x6100, 0x6104, 0xffe8, 0xfffc, 0x2, 0x10000,
];
const REDIST_OFFSETS = [
  0x0, 0x4, 0x8, 0xc, 0x14, 0x70, 0x74, 0x78, 0x7c, 0xffe8, 0x10080, 0x10100, 0x10180, 0x10200, 0x10280, 0x10300,
  0x10380, 0x10400, 0x10c00, 0x10c04, 0x10e00, 0x20000, 0x6,
];
const ICC = Object.entries(SYSREG)
  .filter(([name]) => name.startsWith("ICC_"))
  .map(([, encoding]) => encoding);

/** The MPIDR of a vCPU as attributes have it: the affinity that KVM gives by the id. */
function mpidr(b: Builder, vm: Vm): bigint {
  const id = b.some([...vm.ids]) ?? 0;
  return BigInt(b.random.chance(92) ? (id & 15) | ((id >> 4) << 8) : 77) << 32n;
}

/** Values of ICC_CTLR_EL1 with more or less than the host has, and small ones. */
const ICC_VALUES = [0n, 1n, 7n, 0xffn, 0x8404n, 0x8c00n, 0x8700n, 0xbc00n, 0xcc00n, 0xc00n];
/** GICD_IIDR with several revisions. */
const IIDRS = [1n, 2n, 3n, 9n].map((revision) => 0x4b00_043bn | (revision << 12n));
const GICD_IIDR = 8n;
const WORDS = [0n, 1n, 2n, 0xffn, 0xffff_ffffn];

function vgicRegister(b: Builder) {
  const { random } = b;
  const vgic = b.some(b.model.devices.filter(({ kind, vm }) => kind === "vgic" && vm.vgicReady)) ?? b.device("vgic");
  if (!vgic) return undefined;
  const group = random.pick([
    KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
    KVM_DEV_ARM_VGIC_GRP_DIST_REGS,
    KVM_DEV_ARM_VGIC_GRP_REDIST_REGS,
    KVM_DEV_ARM_VGIC_GRP_REDIST_REGS,
    KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS,
    KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS,
    KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO,
  ]);
  const attr = mpidr(b, vgic.vm) | vgicRegisterOffset(b, group);
  const size = group === KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS ? 8 : 4;
  const known = group === KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS ? ICC_VALUES : attr === GICD_IIDR ? IIDRS : WORDS;
  const value = random.chance(60) ? random.pick(known) : random.chance(50) ? 0n : BigInt(random.u32());
  const access = random.pick(["SET", "SET", "GET", "GET", "HAS"] as const);
  return deviceAttr(b, vgic.fd, access, { group, attr }, littleEndian(value, size));
}

function vgicRegisterOffset({ random }: Builder, group: number): bigint {
  switch (group) {
    case KVM_DEV_ARM_VGIC_GRP_DIST_REGS:
      return BigInt(random.chance(85) ? random.pick(DIST_OFFSETS) : 4 * random.below(0x4000));
    case KVM_DEV_ARM_VGIC_GRP_REDIST_REGS:
      return BigInt(random.chance(85) ? random.pick(REDIST_OFFSETS) : 4 * random.below(0x8000));
    case KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS:
      if (random.chance(35))
        return BigInt(random.pick([SYSREG.ICC_CTLR_EL1, SYSREG.ICC_SRE_EL1, SYSREG.ICC_AP0R3_EL1]));
      return BigInt(random.chance(90) ? random.pick(ICC) : random.below(0x1_0000));
    default:
      return BigInt(random.pick([0, 32, 64, 31, 96, 1 << 10]));
  }
}

// ---- the ITS

const GITS_CTLR = 0x0n;
const GITS_IIDR = 0x4n;
const GITS_CBASER = 0x80n;
const GITS_CWRITER = 0x88n;
const GITS_CREADR = 0x90n;
const GITS_BASER0 = 0x100n;
const GITS_BASER1 = 0x108n;
const GITS_OFFSETS = [GITS_CTLR, GITS_IIDR, 0x8n, GITS_CBASER, GITS_CWRITER, GITS_CREADR, GITS_BASER0, GITS_BASER1];
const VALID = 1n << 63n;
/** GITS_BASER.Type of the device and the collection table, entries of 8 bytes. */
const DEVICES = (1n << 56n) | (7n << 48n);
const COLLECTIONS = (4n << 56n) | (7n << 48n);

const its = (b: Builder, fd: Ref, access: "SET" | "GET" | "HAS", attr: bigint, value = 0n) =>
  deviceAttr(b, fd, access, { group: KVM_DEV_ARM_VGIC_GRP_ITS_REGS, attr }, littleEndian(value, 8));

function itsAddress(b: Builder) {
  const device = b.device("its");
  if (!device) return undefined;
  const attr = b.random.chance(92) ? KVM_VGIC_ITS_ADDR_TYPE : 2n;
  const value = b.random.chance(85) ? ITS + BigInt(b.random.below(2)) * 0x2_0000n : b.random.pick([8n, 1n << 52n]);
  const access = b.random.pick(["SET", "SET", "GET", "HAS"] as const);
  const which = { group: KVM_DEV_ARM_VGIC_GRP_ADDR, attr };
  const made = deviceAttr(b, device.fd, access, which, littleEndian(value, 8));
  if (made.asMeant && access === "SET" && attr === KVM_VGIC_ITS_ADDR_TYPE && value >= ITS)
    device.address = Number(value);
  return made;
}

/** A value that a register of the ITS takes; its tables lie at the start of a slot. */
function itsValue(b: Builder, vm: Vm, offset: bigint): bigint {
  const { random } = b;
  const slot = b.some([...vm.slots.values()]);
  const table = BigInt(slot && random.chance(85) ? slot.gpa : 0x5000_0000);
  const valid = random.chance(85) ? VALID : 0n;
  switch (offset) {
    case GITS_BASER0:
      return valid | DEVICES | table | BigInt(random.below(2));
    case GITS_BASER1:
      return valid | COLLECTIONS | table | BigInt(random.below(2));
    case GITS_CBASER:
      return valid | table | BigInt(random.below(2));
    case GITS_CREADR:
    case GITS_CWRITER:
      return random.pick([0n, 32n, 4096n, 0xf_0000n, 1n << 20n]);
    default:
      return random.pick([0n, 1n, 0x1000n, 0x1000n, 0xfn << 12n]);
  }
}

function itsRegister(b: Builder) {
  const device = b.some(b.model.devices.filter(({ kind, address }) => kind === "its" && address)) ?? b.device("its");
  if (!device) return undefined;
  const offset = b.random.chance(90)
    ? b.random.pick(GITS_OFFSETS)
    : b.random.pick([0x3n, 0x84n, 0x2000n, 0xffe8n, 0xffd2n]);
  return its(
    b,
    device.fd,
    b.random.pick(["SET", "SET", "GET", "HAS"] as const),
    offset,
    itsValue(b, device.vm, offset),
  );
}

function itsControl(b: Builder) {
  const device = b.device("its");
  if (!device) return undefined;
  const attr = b.random.pick([
    KVM_DEV_ARM_VGIC_CTRL_INIT,
    KVM_DEV_ARM_ITS_SAVE_TABLES,
    KVM_DEV_ARM_ITS_SAVE_TABLES,
    KVM_DEV_ARM_ITS_RESTORE_TABLES,
    KVM_DEV_ARM_ITS_RESTORE_TABLES,
    KVM_DEV_ARM_ITS_CTRL_RESET,
    9n,
  ]);
  const group = b.random.chance(95) ? KVM_DEV_ARM_VGIC_GRP_CTRL : 99;
  return deviceAttr(
    b,
    device.fd,
    b.random.pick(["SET", "SET", "SET", "HAS", "GET"] as const),
    { group, attr },
    littleEndian(0n, 8),
  );
}

/** An ITS that has its address, made where there is none. */
function placedIts(b: Builder): Device | undefined {
  const placed = b.some(b.model.devices.filter(({ kind, address }) => kind === "its" && address));
  if (placed) return placed;
  const vm = b.some(b.model.vms.filter(({ vgicReady, vcpus }) => vgicReady && vcpus.length > 0)) ?? b.vm();
  if (!vm) return undefined;
  if (!vm.devices.some(({ kind }) => kind === "its")) createDeviceOf(b, vm, "its");
  const device = vm.devices.find(({ kind }) => kind === "its");
  if (!device) return undefined;
  const which = { group: KVM_DEV_ARM_VGIC_GRP_ADDR, attr: KVM_VGIC_ITS_ADDR_TYPE };
  if (deviceAttr(b, device.fd, "SET", which, littleEndian(ITS, 8)).asMeant) device.address = Number(ITS);
  return device;
}

/** The tables of devices and of collections have pages of 64 KiB; behind them is one translation table. */
const TABLE_STRIDE = 0x1_0000;
const TABLE_PAGES = 33;

/** A slot with room for the tables, made where there is none. */
function slotForTables(b: Builder, vm: Vm): Slot | undefined {
  const large = b.some([...vm.slots.values()].filter(({ pages, flags }) => pages >= TABLE_PAGES && flags === 0));
  if (large) return large;
  const slot = { slot: 9, gpa: 0xa0_0000, pages: TABLE_PAGES, address: DATA, flags: 0 };
  const { pages, gpa, address, ...rest } = slot;
  const region = { ...rest, guest_phys_addr: BigInt(gpa), memory_size: BigInt(pages * PAGE), userspace_addr: address };
  const made = b.ioctl(vm.fd, "KVM_SET_USER_MEMORY_REGION", kvm_userspace_memory_region.encode(region));
  if (!made.asMeant) return undefined;
  vm.slots.set(slot.slot, slot);
  return slot;
}

/** Writes entries of tables into a slot's memory, then points the ITS at them and restores. */
function itsRestore(b: Builder) {
  const { random } = b;
  const device = placedIts(b);
  const slot = device && slotForTables(b, device.vm);
  if (!device || !slot) return undefined;
  const flaw = random.below(14);
  const [devices, collections, itt] = [0, 1, 2].map((page) => BigInt(slot.gpa + page * TABLE_STRIDE)) as [
    bigint,
    bigint,
    bigint,
  ];
  const write = (page: number, entries: readonly bigint[]) => {
    const data = new Uint8Array(8 * entries.length);
    for (const [i, entry] of entries.entries()) putNumber(data, { offset: 8 * i, size: 8 }, entry);
    b.call("process_vm_writev", { address: slot.address + BigInt(page * TABLE_STRIDE) }, { data });
  };
  const bits = BigInt(random.pick([0, 1, 4, 8]));
  const table = flaw === 0 ? 0x6000_0000n : itt;
  const next = flaw === 1 ? 600n : BigInt(random.pick([0, 0, 1]));
  write(0, [flaw === 2 ? 0n : VALID | (next << 49n) | ((table >> 8n) << 5n) | bits]);
  const target = flaw === 3 ? 9n : BigInt(b.some([...device.vm.ids]) ?? 0);
  const collection = VALID | (target << 16n) | (flaw === 4 ? 0xffffn : 0n);
  write(1, flaw === 5 ? [collection, collection, 0n] : [collection, 0n]);
  const lpi = flaw === 6 ? 100n : BigInt(random.pick([8192, 8192, 8200]));
  const distance = flaw === 7 ? 5000n : 0n;
  write(2, [(distance << 48n) | (lpi << 16n) | (flaw === 8 ? 1n : 0n), 0n]);
  its(b, device.fd, "SET", GITS_BASER0, VALID | DEVICES | devices);
  its(b, device.fd, "SET", GITS_BASER1, VALID | COLLECTIONS | collections);
  its(b, device.fd, "SET", GITS_CBASER, VALID | itt);
  const set = (attr: bigint) =>
    deviceAttr(b, device.fd, "SET", { group: KVM_DEV_ARM_VGIC_GRP_CTRL, attr }, littleEndian(0n, 8));
  set(KVM_DEV_ARM_ITS_RESTORE_TABLES);
  if (random.chance(70)) itsDelivers(b, device);
  if (random.chance(50)) set(KVM_DEV_ARM_ITS_SAVE_TABLES);
  const looks = [0, 1, 2].map((page) => ({ address: slot.address + BigInt(page * TABLE_STRIDE), length: 32 }));
  return b.call("process_vm_readv", { address: slot.address, length: 16 }, { after: looks });
}

/** Enables the ITS and the first vCPU's LPIs, and sends the first event of the first device. */
function itsDelivers(b: Builder, { fd, vm }: Device): void {
  its(b, fd, "SET", GITS_CTLR, 1n);
  const vgic = vm.devices.find(({ kind }) => kind === "vgic");
  const lpis = { group: KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, attr: 0n };
  if (b.random.chance(25)) its(b, fd, "SET", GITS_CREADR, 32n);
  if (vgic && b.random.chance(60)) deviceAttr(b, vgic.fd, "SET", lpis, littleEndian(1n, 4));
  const msi = { address_lo: Number(ITS + 0x1_0040n), data: b.random.pick([0, 0, 1]), flags: 1, devid: 0 };
  b.ioctl(vm.fd, "KVM_SIGNAL_MSI", kvm_msi.encode(msi));
}

function signalMsi(b: Builder) {
  const vm = b.vm();
  const address = b.random.chance(80) ? ITS + 0x1_0040n : 0x1234n;
  const msi = {
    address_lo: Number(address),
    address_hi: 0,
    data: b.random.below(3),
    flags: 1,
    devid: b.random.below(2),
  };
  return vm && b.ioctl(vm.fd, "KVM_SIGNAL_MSI", kvm_msi.encode(b.random.chance(85) ? msi : { ...msi, flags: 0 }));
}

// ---- VFIO

function vfioAttr(b: Builder) {
  const device = b.device("vfio");
  if (!device) return undefined;
  const which = { group: b.random.chance(85) ? 1 : 2, attr: b.random.pick([1n, 2n, 1n, 2n, 3n]) };
  const access = b.random.pick(["SET", "SET", "SET", "HAS", "GET"] as const);
  if (b.random.chance(30)) return deviceAttr(b, device.fd, access, which, littleEndian(0xffff_ffffn, 4));
  // No descriptor that a process has here is a VFIO group.
  b.call(
    "process_vm_writev",
    { address: VALUES },
    { data: new Uint8Array(4), patches: [{ at: 0, ref: someEventfd(b) }] },
  );
  return deviceAttr(b, device.fd, access, which);
}

// ---- lines and routes

function irqLine(b: Builder) {
  const vm = b.vm();
  if (!vm) return undefined;
  const type = b.random.pick([0, 1, 1, 2, 2, 3]);
  const id = b.some([...vm.ids]) ?? 0;
  const number = b.random.pick(
    { 0: [0, 1, 2], 1: [32, 33, 95, 31, 1000], 2: [20, 27, 16, 5, 33], 3: [0] }[type] ?? [0],
  );
  const irq = ((type << 24) | ((b.random.chance(90) ? id : 200) << 16) | number) >>> 0;
  const name = b.random.chance(80) ? "KVM_IRQ_LINE" : "KVM_IRQ_LINE_STATUS";
  return b.ioctl(vm.fd, name, kvm_irq_level.encode({ irq, level: b.random.below(2) }));
}

/** An eventfd, or a descriptor that is taken for one. */
function someEventfd(b: Builder): Ref {
  const other = b.random.chance(8) ? b.some(b.model.memfds)?.fd : undefined;
  const known = other ?? (b.random.chance(75) ? b.some(b.model.eventfds) : undefined);
  return known ?? newEventfd(b).fd;
}

function irqfd(b: Builder) {
  const vm = b.some(b.model.vms.filter(({ vgicReady }) => vgicReady)) ?? b.vm();
  if (!vm) return undefined;
  const eventfd = someEventfd(b);
  const old = b.some(vm.irqfds);
  const resample = b.random.chance(25);
  const flags = old && b.random.chance(35) ? KVM_IRQFD_FLAG_DEASSIGN : resample ? KVM_IRQFD_FLAG_RESAMPLE : 0;
  const gsi = flags === KVM_IRQFD_FLAG_DEASSIGN && old ? old.gsi : b.random.pick([0, 1, 40, 5000]);
  const fd = flags === KVM_IRQFD_FLAG_DEASSIGN && old ? old.fd : eventfd;
  const bytes = kvm_irqfd.encode({ gsi, flags });
  const resamplefd = b.some(b.model.eventfds);
  const patches = [
    { at: 0, ref: fd },
    ...(resample && resamplefd ? [{ at: kvm_irqfd.offsetof("resamplefd"), ref: resamplefd }] : []),
  ];
  const made = b.ioctl(vm.fd, "KVM_IRQFD", bytes, { patches });
  if (made.asMeant && !(flags & KVM_IRQFD_FLAG_DEASSIGN)) vm.irqfds.push({ fd, gsi });
  return made;
}

function ioeventfd(b: Builder) {
  const vm = b.vm();
  if (!vm) return undefined;
  const eventfd = someEventfd(b);
  const { random } = b;
  const at = kvm_ioeventfd.offsetof("fd");
  const old = b.some(vm.ioeventfds);
  if (old && random.chance(35)) {
    const bytes = old.bytes.slice();
    const flags = kvm_ioeventfd.offsetof("flags");
    bytes[flags] = (bytes[flags] ?? 0) | KVM_IOEVENTFD_FLAG_DEASSIGN;
    return b.ioctl(vm.fd, "KVM_IOEVENTFD", bytes, { patches: [{ at, ref: old.fd }] });
  }
  const bytes = kvm_ioeventfd.encode({
    addr: random.chance(90) ? 0xa00_0000n + BigInt(8 * random.below(3)) : 0xffff_ffff_ffff_fffcn,
    len: random.pick([0, 1, 2, 4, 8, 3]),
    flags: random.pick([0, 0, KVM_IOEVENTFD_FLAG_DATAMATCH, KVM_IOEVENTFD_FLAG_PIO, 1 << 6]),
    datamatch: BigInt(random.below(3)),
  });
  const made = b.ioctl(vm.fd, "KVM_IOEVENTFD", bytes, { patches: [{ at, ref: eventfd }] });
  if (made.asMeant) vm.ioeventfds.push({ fd: eventfd, bytes });
  return made;
}

function routes(b: Builder) {
  const vm = b.vm();
  if (!vm) return undefined;
  const { random } = b;
  const nr = random.pick([0, 1, 1, 2, 3]);
  const { size } = kvm_irq_routing_entry;
  const bytes = new Uint8Array(kvm_irq_routing.size + nr * size);
  bytes.set(
    kvm_irq_routing.encode({
      nr: random.chance(92) ? nr : random.pick([nr + 1, 5000]),
      flags: random.chance(95) ? 0 : 1,
    }),
  );
  for (let i = 0; i < nr; i++) {
    const entry = kvm_irq_routing_entry.encode({
      gsi: random.pick([0, 1, 2, 40, 5000]),
      type: random.pick([KVM_IRQ_ROUTING_IRQCHIP, KVM_IRQ_ROUTING_IRQCHIP, KVM_IRQ_ROUTING_MSI, 3, 99]),
      flags: random.pick([0, 0, 0, 1, 2]),
    });
    putNumber(entry, { offset: 16 + 4 * random.below(3), size: 4 }, BigInt(random.pick([0, 1, 40, 2000])));
    bytes.set(entry, kvm_irq_routing.size + i * size);
  }
  return b.ioctl(vm.fd, "KVM_SET_GSI_ROUTING", bytes);
}

const createIrqchip = (b: Builder) => {
  const vm = b.vm();
  return vm && b.ioctl(vm.fd, "KVM_CREATE_IRQCHIP", 0n);
};

function setDeviceAddr(b: Builder) {
  const vm = b.vm();
  const args = { id: b.random.pick([0n, 2n, 3n, 5n, 0x1_0000n]), addr: b.random.pick([DIST, REDIST, 8n, 1n << 60n]) };
  return vm && b.ioctl(vm.fd, "KVM_ARM_SET_DEVICE_ADDR", kvm_arm_device_addr.encode(args));
}

export const INTERRUPT_OPERATIONS = operations("interrupts", {
  createDevice: [6, createDevice],
  readyVgic: [5, readyVgic],
  vgicAddress: [6, vgicAddress],
  vgicControl: [5, vgicControl],
  vgicRegister: [14, vgicRegister],
  itsAddress: [4, itsAddress],
  itsRegister: [7, itsRegister],
  itsControl: [3, itsControl],
  itsRestore: [6, itsRestore],
  signalMsi: [3, signalMsi],
  vfioAttr: [3, vfioAttr],
  irqLine: [6, irqLine],
  irqfd: [5, irqfd],
  ioeventfd: [6, ioeventfd],
  routes: [4, routes],
  createIrqchip: [1, createIrqchip],
  setDeviceAddr: [2, setDeviceAddr],
});
