/** VMs: their making, capabilities, slots, dirty pages and tags. */

import {
  KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE,
  KVM_CAP_ARM_MTE,
  KVM_CAP_ARM_NISV_TO_USER,
  KVM_CAP_ARM_SEA_TO_USER,
  KVM_CAP_ARM_SYSTEM_SUSPEND,
  KVM_CAP_ARM_WRITABLE_IMP_ID_REGS,
  KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
  KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP,
  KVM_CAP_HALT_POLL,
  KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
  KVM_MEM_GUEST_MEMFD,
  KVM_MEM_LOG_DIRTY_PAGES,
  KVM_MEM_READONLY,
  kvm_clear_dirty_log,
  kvm_coalesced_mmio_zone,
  kvm_create_guest_memfd,
  kvm_dirty_log,
  kvm_enable_cap,
  kvm_memory_attributes,
  kvm_userspace_memory_region,
  kvm_userspace_memory_region2,
} from "../../../../server/abi/kvm.ts";
import {
  KVM_ARM_TAGS_FROM_GUEST,
  KVM_ARM_TAGS_TO_GUEST,
  kvm_arm_copy_mte_tags,
  kvm_arm_counter_offset,
  reg_mask_range,
} from "../../../../server/abi/kvm_arm64.ts";
import { MAP_FIXED, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from "../../../../server/abi/mman.ts";
import type { Builder } from "../builder.ts";
import { DATA, DATA_PAGES, EXTRA, EXTRA_PAGES, PAGE, type Slot, VALUES, type Vm } from "../model.ts";
import { operations } from "./operation.ts";

/** A capability that the seed of the series numbers otherwise. */
const KVM_CAP_ARM_MTE_SEED = 195;

/** Adds a VM; one with MTE most of the time. */
export function createVm(b: Builder) {
  const kvm = b.some(b.model.kvm);
  if (!kvm || b.model.vms.length >= 4) return undefined;
  const type = b.random.pick([0n, 0n, 0n, 40n, 36n, 32n]);
  const made = b.ioctl(kvm, "KVM_CREATE_VM", type);
  if (!made.asMeant) return made;
  const vm: Vm = {
    fd: made.fd,
    mte: false,
    vcpus: [],
    devices: [],
    slots: new Map(),
    ids: new Set(),
    vgicReady: false,
    irqfds: [],
    ioeventfds: [],
  };
  b.model.vms.push(vm);
  return made;
}

/** Turns MTE on. */
export function enableMte(b: Builder) {
  const vm = b.vm();
  if (!vm) return undefined;
  const made = b.ioctl(vm.fd, "KVM_ENABLE_CAP", kvm_enable_cap.encode({ cap: KVM_CAP_ARM_MTE }));
  if (made.asMeant && vm.ids.size === 0) vm.mte = true;
  return made;
}

/** What each capability takes as its first argument. */
const CAPABILITIES: readonly (readonly [cap: number, args: readonly bigint[]])[] = [
  [KVM_CAP_ARM_MTE_SEED, [0n]],
  [KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, [0n, 1n, 2n, 3n, 4n]],
  [KVM_CAP_ARM_NISV_TO_USER, [0n]],
  [KVM_CAP_HALT_POLL, [0n, 1000n, 1n << 32n]],
  [KVM_CAP_ARM_SYSTEM_SUSPEND, [0n]],
  [KVM_CAP_DIRTY_LOG_RING_ACQ_REL, [0n, 4096n, 8192n, 5000n, 16n, 1n << 21n, 1n << 16n]],
  [KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP, [0n]],
  [KVM_CAP_ARM_WRITABLE_IMP_ID_REGS, [0n]],
  [KVM_CAP_ARM_SEA_TO_USER, [0n]],
  [KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE, [0n, 0x1000n, 0x20_0000n, 0x3000n, 0x4000_0000n]],
];

/** Turns a capability on, or tries to. */
export function enableCap(b: Builder) {
  const vm = b.vm();
  if (!vm) return undefined;
  const [cap, args] = b.random.chance(85) ? b.random.pick(CAPABILITIES) : [b.random.below(300), [0n]];
  const bytes = kvm_enable_cap.encode({ cap, args: [b.random.pick(args), 0n, 0n, 0n] });
  return b.ioctl(vm.fd, "KVM_ENABLE_CAP", bytes);
}

function checkExtension(b: Builder) {
  const [vm, kvm] = [b.vm(), b.some(b.model.kvm)];
  const fd = b.random.chance(60) ? (vm?.fd ?? kvm) : kvm;
  return fd && b.ioctl(fd, "KVM_CHECK_EXTENSION", BigInt(b.random.below(260)));
}

function systemRequest(b: Builder) {
  const kvm = b.some(b.model.kvm);
  const name = b.random.pick(["KVM_GET_API_VERSION", "KVM_GET_VCPU_MMAP_SIZE"] as const);
  return kvm && b.ioctl(kvm, name, b.random.chance(80) ? 0n : 1n);
}

/** Which requests of KVM's own tracing /dev/kvm still knows. */
function traceRequest(b: Builder) {
  const kvm = b.some(b.model.kvm);
  return kvm && b.call("ioctl", { request: b.random.pick([0x4008ae06, 0xae07, 0xae08]), value: 0 }, { fd: kvm });
}

// ---- slots

const FLAGS = [0, 0, 0, KVM_MEM_LOG_DIRTY_PAGES, KVM_MEM_READONLY];

/** A slot as it could be: a new one, one that exists with other flags or another place, or none of its pages left. */
function chooseSlot(b: Builder, vm: Vm): Slot {
  const { random } = b;
  const old = b.some([...vm.slots.values()]);
  const flags = random.pick(FLAGS);
  if (old && random.chance(20)) return { ...old, flags };
  if (old && random.chance(20)) return { ...old, pages: 0 };
  if (old && random.chance(10)) return { ...old, gpa: old.gpa + PAGE * random.below(3), flags: old.flags };
  const pages = random.pick([1, 2, 4, 16, 64]);
  const extra = random.chance(20);
  const address = extra
    ? EXTRA + BigInt(random.below(EXTRA_PAGES) * PAGE)
    : DATA + BigInt(random.below(DATA_PAGES - pages + 1) * PAGE);
  // A guest frame of its own for each number, so that most slots do not overlap.
  const slot = random.below(6);
  return { slot, gpa: 0x10_0000 * (slot + 1), pages, address, flags };
}

/** Registers a slot, by the older or the newer request. */
export function setSlot(b: Builder) {
  const vm = b.vm();
  if (!vm) return undefined;
  const slot = chooseSlot(b, vm);
  const values = {
    slot: b.random.chance(3) ? 0x1_0000 : slot.slot,
    flags: slot.flags,
    guest_phys_addr: BigInt(slot.gpa),
    memory_size: BigInt(slot.pages * PAGE),
    userspace_addr: slot.address,
  };
  const made = b.random.chance(80)
    ? b.ioctl(vm.fd, "KVM_SET_USER_MEMORY_REGION", kvm_userspace_memory_region.encode(values))
    : b.ioctl(vm.fd, "KVM_SET_USER_MEMORY_REGION2", kvm_userspace_memory_region2.encode(values));
  if (!made.asMeant) return made;
  if (slot.pages === 0) vm.slots.delete(slot.slot);
  else vm.slots.set(slot.slot, slot);
  return made;
}

/** A slot on a guest_memfd, where there is such a thing. */
function guestMemfd(b: Builder) {
  const vm = b.vm();
  if (!vm) return undefined;
  const args = { size: BigInt(b.random.pick([0, 1, 4, 8]) * PAGE), flags: b.random.pick([0n, 1n, 3n]) };
  const made = b.ioctl(vm.fd, "KVM_CREATE_GUEST_MEMFD", kvm_create_guest_memfd.encode(args));
  if (made.asMeant) b.model.others.push(made.fd);
  if (!made.asMeant) return made;
  if (b.random.chance(40)) {
    const [address, flags] = [EXTRA, MAP_FIXED | b.random.pick([MAP_SHARED, MAP_PRIVATE])];
    const mapped = { address, length: 2 * PAGE, prot: PROT_READ | PROT_WRITE, flags, offset: 0 };
    return b.call("mmap", mapped, { fd: made.fd, after: [{ address: EXTRA + BigInt(PAGE), length: 16 }] });
  }
  const flags = KVM_MEM_GUEST_MEMFD | b.random.pick([0, KVM_MEM_LOG_DIRTY_PAGES]);
  const offset = b.random.pick([0n, 0n, 0x1000n, 0x8000n, 8n]);
  const file = b.random.chance(80) ? made.fd : (b.some(b.model.others) ?? made.fd);
  const region = kvm_userspace_memory_region2.encode({
    slot: 7,
    flags,
    guest_phys_addr: 0x90_0000n,
    memory_size: 0x4000n,
    userspace_addr: DATA,
    guest_memfd_offset: offset,
  });
  const at = kvm_userspace_memory_region2.offsetof("guest_memfd");
  return b.ioctl(vm.fd, "KVM_SET_USER_MEMORY_REGION2", region, { patches: [{ at, ref: file }] });
}

function memoryAttributes(b: Builder) {
  const vm = b.vm();
  const bytes = kvm_memory_attributes.encode({ address: 0x10_0000n, size: 0x1000n, attributes: 8n });
  return vm && b.ioctl(vm.fd, "KVM_SET_MEMORY_ATTRIBUTES", bytes);
}

// ---- dirty pages

const bitmapAddress = (b: Builder) => (b.random.chance(93) ? VALUES : b.badAddress());
const logs = ({ flags }: Slot) => (flags & KVM_MEM_LOG_DIRTY_PAGES) !== 0;
const slotOr = (b: Builder, vm: Vm) =>
  b.some([...vm.slots.values()].filter(logs)) ??
  b.some([...vm.slots.values()]) ?? { slot: b.random.below(8), pages: 64, flags: 0 };

function getDirtyLog(b: Builder) {
  const vm = b.vm();
  if (!vm) return undefined;
  const { slot } = slotOr(b, vm);
  const bytes = kvm_dirty_log.encode({ slot, dirty_bitmap: bitmapAddress(b) });
  return b.ioctl(vm.fd, "KVM_GET_DIRTY_LOG", bytes, { after: [{ address: VALUES, length: 16 }] });
}

function clearDirtyLog(b: Builder) {
  const vm = b.vm();
  if (!vm) return undefined;
  const { slot, pages } = slotOr(b, vm);
  const first_page = b.random.pick([0n, 0n, 0n, 64n, 1n]);
  const num_pages = b.random.pick([pages, pages, pages, 64, 0, 65]);
  const bytes = kvm_clear_dirty_log.encode({ slot, num_pages, first_page, dirty_bitmap: bitmapAddress(b) });
  return b.ioctl(vm.fd, "KVM_CLEAR_DIRTY_LOG", bytes, { before: [{ address: VALUES, data: b.random.bytes(16) }] });
}

const resetDirtyRings = (b: Builder) => {
  const vm = b.vm();
  return vm && b.ioctl(vm.fd, "KVM_RESET_DIRTY_RINGS", 0n);
};

// ---- tags

/** Copies tags of a slot's pages, or of pages beside them. */
export function copyTags(b: Builder) {
  const { random } = b;
  const vm = b.some(b.model.vms.filter(({ mte }) => mte)) ?? b.vm();
  if (!vm) return undefined;
  const slot = b.some([...vm.slots.values()]);
  const pages = random.pick([1, 1, 2, 4, 17, 0]);
  const gpa = slot && random.chance(90) ? slot.gpa + PAGE * random.below(Math.max(1, slot.pages)) : 0x7000_0000;
  const fromGuest = random.chance(50);
  const address = random.chance(85) ? VALUES + BigInt(random.below(16)) : b.dataPage();
  const length = Math.min(pages * 256, 4000);
  const args = {
    guest_ipa: BigInt(gpa),
    length: BigInt(pages * PAGE),
    addr: address,
    flags: fromGuest ? KVM_ARM_TAGS_FROM_GUEST : KVM_ARM_TAGS_TO_GUEST,
  };
  const look = { after: [{ address, length }] };
  const give = { before: [{ address, data: random.bytes(length) }] };
  const looks = length > 0 && fromGuest ? look : {};
  const gives = length > 0 && !fromGuest ? give : {};
  return b.ioctl(vm.fd, "KVM_ARM_MTE_COPY_TAGS", kvm_arm_copy_mte_tags.encode(args), { ...looks, ...gives });
}

// ---- what a VM has once

function counterOffset(b: Builder) {
  const vm = b.vm();
  const bytes = kvm_arm_counter_offset.encode({ counter_offset: b.random.pick([0n, 1000n, 1n << 40n]) });
  return vm && b.ioctl(vm.fd, "KVM_ARM_SET_COUNTER_OFFSET", bytes);
}

function writableMasks(b: Builder) {
  const vm = b.vm();
  const after = [{ address: VALUES, length: 3 * 8 * 8 * 8 }];
  return vm && b.ioctl(vm.fd, "KVM_ARM_GET_REG_WRITABLE_MASKS", reg_mask_range.encode({ addr: VALUES }), { after });
}

function statsFd(b: Builder) {
  const fd = b.random.chance(50) ? b.vm()?.fd : b.vcpu()?.fd;
  if (!fd) return undefined;
  const made = b.ioctl(fd, "KVM_GET_STATS_FD", 0n);
  if (made.asMeant) b.model.others.push(made.fd);
  return made;
}

function coalescedMmio(b: Builder) {
  const vm = b.vm();
  const zone = {
    addr: BigInt(b.random.below(4)) << 12n,
    size: b.random.pick([0, 4, 4096, 8192]),
    pio: b.random.below(3),
  };
  const name = b.random.chance(60) ? "KVM_REGISTER_COALESCED_MMIO" : "KVM_UNREGISTER_COALESCED_MMIO";
  return vm && b.ioctl(vm.fd, name, kvm_coalesced_mmio_zone.encode(zone));
}

export const MEMORY_OPERATIONS = operations("memory", {
  createVm: [2, createVm],
  enableCap: [5, enableCap],
  checkExtension: [4, checkExtension],
  systemRequest: [2, systemRequest],
  traceRequest: [1, traceRequest],
  setSlot: [12, setSlot],
  guestMemfd: [2, guestMemfd],
  memoryAttributes: [1, memoryAttributes],
  getDirtyLog: [5, getDirtyLog],
  clearDirtyLog: [5, clearDirtyLog],
  resetDirtyRings: [2, resetDirtyRings],
  counterOffset: [2, counterOffset],
  writableMasks: [2, writableMasks],
  statsFd: [3, statsFd],
  coalescedMmio: [3, coalescedMmio],
});

export const TAG_OPERATIONS = operations("tags", {
  enableMte: [2, enableMte],
  setSlot: [4, setSlot],
  copyTags: [12, copyTags],
});
