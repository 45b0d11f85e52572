/** vCPUs: their making, states, events and first run. */

import {
  KVM_MP_STATE_RUNNABLE,
  KVM_MP_STATE_STOPPED,
  KVM_MP_STATE_SUSPENDED,
  kvm_device_attr,
  kvm_guest_debug,
  kvm_mp_state,
  kvm_pre_fault_memory,
  kvm_run,
  kvm_signal_mask,
  kvm_translation,
} from "../../../../server/abi/kvm.ts";
import {
  KVM_ARM_TARGET_GENERIC_V8,
  KVM_ARM_VCPU_EL1_32BIT,
  KVM_ARM_VCPU_HAS_EL2,
  KVM_ARM_VCPU_PMU_V3,
  KVM_ARM_VCPU_POWER_OFF,
  KVM_ARM_VCPU_PSCI_0_2,
  KVM_ARM_VCPU_PTRAUTH_ADDRESS,
  KVM_ARM_VCPU_PTRAUTH_GENERIC,
  KVM_ARM_VCPU_SVE,
  KVM_ARM_VCPU_TIMER_CTRL,
  kvm_pmu_event_filter,
  kvm_regs,
  kvm_smccc_filter,
  kvm_vcpu_events,
  kvm_vcpu_init,
} from "../../../../server/abi/kvm_arm64.ts";
import { MAP_FIXED, MAP_PRIVATE, MAP_SHARED, PROT_EXEC, PROT_READ, PROT_WRITE } from "../../../../server/abi/mman.ts";
import type { Builder } from "../builder.ts";
import { EXTRA, EXTRA_PAGES, PAGE, RUN_AREA, RUN_STRIDE, VALUES, type Vcpu } from "../model.ts";
import type { Ref } from "../sequence.ts";
import { putNumber } from "../values.ts";
import { operations } from "./operation.ts";

/** Adds a vCPU, most often with an id that is free. */
export function createVcpu(b: Builder) {
  const vm = b.vm();
  if (!vm) return undefined;
  const free = [0, 1, 2, 3, 5].find((id) => !vm.ids.has(id));
  const id = free !== undefined && b.random.chance(88) ? free : b.random.pick([0, 1, 511, 512, 0x1_0000_0000]);
  const made = b.ioctl(vm.fd, "KVM_CREATE_VCPU", BigInt(id));
  if (!made.asMeant || vm.ids.has(id) || id >= 512) return made;
  vm.ids.add(id);
  const state = { initialized: false, features: 0, run: undefined, ran: false, fatal: false };
  vm.vcpus.push({ fd: made.fd, vm, id, ...state });
  return made;
}

const bit = (feature: number) => 1 << feature;
const PTRAUTH = bit(KVM_ARM_VCPU_PTRAUTH_ADDRESS) | bit(KVM_ARM_VCPU_PTRAUTH_GENERIC);
const FEATURES = [
  0,
  0,
  bit(KVM_ARM_VCPU_PSCI_0_2),
  bit(KVM_ARM_VCPU_PMU_V3),
  bit(KVM_ARM_VCPU_PMU_V3) | bit(KVM_ARM_VCPU_PSCI_0_2),
  bit(KVM_ARM_VCPU_SVE),
  PTRAUTH,
  bit(KVM_ARM_VCPU_POWER_OFF),
  bit(KVM_ARM_VCPU_EL1_32BIT),
  bit(KVM_ARM_VCPU_PTRAUTH_ADDRESS),
  bit(KVM_ARM_VCPU_HAS_EL2),
  bit(KVM_ARM_VCPU_SVE) | bit(KVM_ARM_VCPU_PMU_V3) | PTRAUTH,
];

/** Initializes a vCPU, with the features that its VM's others have. */
export function initVcpu(b: Builder) {
  const vcpu = b.some(b.model.vcpus.filter(({ fatal }) => !fatal));
  if (!vcpu) return undefined;
  const others = b.some(vcpu.vm.vcpus.filter(({ initialized }) => initialized));
  const features = others && b.random.chance(80) ? others.features : b.random.pick(FEATURES);
  const target = b.random.chance(95) ? KVM_ARM_TARGET_GENERIC_V8 : b.random.below(8);
  const made = b.ioctl(vcpu.fd, "KVM_ARM_VCPU_INIT", kvm_vcpu_init.encode({ target, features: [features] }));
  if (made.asMeant && target === KVM_ARM_TARGET_GENERIC_V8 && !(features & bit(KVM_ARM_VCPU_EL1_32BIT)))
    Object.assign(vcpu, { initialized: true, features });
  return made;
}

const GOOD_FEATURES = [0, 0, bit(KVM_ARM_VCPU_PSCI_0_2), bit(KVM_ARM_VCPU_PMU_V3), bit(KVM_ARM_VCPU_SVE), PTRAUTH];

/** Initializes the newest vCPU as it should be, and mostly finalizes it. */
export function firstInit(b: Builder) {
  const vcpu = b.model.vcpus.at(-1);
  if (!vcpu || vcpu.fatal) return undefined;
  const { initialized = false, features } = vcpu.vm.vcpus[0] ?? {};
  const chosen = initialized ? (features as number) : b.random.pick(GOOD_FEATURES);
  const init = kvm_vcpu_init.encode({ target: KVM_ARM_TARGET_GENERIC_V8, features: [chosen] });
  const made = b.ioctl(vcpu.fd, "KVM_ARM_VCPU_INIT", init);
  if (made.asMeant) Object.assign(vcpu, { initialized: true, features: chosen });
  if (!(chosen & bit(KVM_ARM_VCPU_SVE)) || b.random.chance(40)) return made;
  return b.ioctl(vcpu.fd, "KVM_ARM_VCPU_FINALIZE", Uint8Array.of(KVM_ARM_VCPU_SVE, 0, 0, 0));
}

/** Gives a vCPU's PMU an interrupt and initializes it. */
function readyPmu(b: Builder) {
  const vcpu = b.some(b.model.vcpus.filter(({ features }) => features & bit(KVM_ARM_VCPU_PMU_V3)));
  if (!vcpu) return undefined;
  const irq = b.random.pick([23, 23, 23, 20, 40 + vcpu.id, 1000]);
  if (b.random.chance(85)) deviceAttr(b, vcpu.fd, "SET", { group: 0, attr: 0n }, littleEndian(BigInt(irq), 4));
  return deviceAttr(b, vcpu.fd, "SET", { group: 0, attr: 1n }, littleEndian(0n, 4));
}

/** Gives the timers interrupts, all the same or each its own. */
function timerIrqs(b: Builder) {
  const vcpu = b.vcpu();
  if (!vcpu) return undefined;
  const apart = b.random.chance(60) ? 1 : 0;
  for (const attr of [0, 1, 2, 3])
    if (b.random.chance(70)) {
      const which = { group: KVM_ARM_VCPU_TIMER_CTRL, attr: BigInt(attr) };
      deviceAttr(b, vcpu.fd, "SET", which, littleEndian(BigInt(20 + attr * apart), 4));
    }
  return run(b);
}

/** A vCPU runs for the first time, and another one tries what may only be done before. */
function afterFirstRun(b: Builder) {
  const vcpu = b.vcpu();
  const made = run(b);
  if (!vcpu || !made) return undefined;
  const attr = BigInt(b.random.pick([2, 3, 4]));
  return deviceAttr(b, vcpu.fd, "SET", { group: 0, attr }, vcpuAttrValue(b, vcpu, 0, attr));
}

const preferredTarget = (b: Builder) => {
  const vm = b.vm();
  return vm && b.ioctl(vm.fd, "KVM_ARM_PREFERRED_TARGET", new Uint8Array(kvm_vcpu_init.size));
};

function finalize(b: Builder) {
  const vcpu = b.some(b.model.vcpus.filter(({ features }) => features & bit(KVM_ARM_VCPU_SVE))) ?? b.vcpu();
  const data = new Uint8Array(4);
  data[0] = b.random.chance(90) ? KVM_ARM_VCPU_SVE : b.random.below(9);
  return vcpu && b.ioctl(vcpu.fd, "KVM_ARM_VCPU_FINALIZE", data);
}

// ---- the first run

/** Maps struct kvm_run where no other mapping ever lies. */
function mapRun(b: Builder, vcpu: Vcpu) {
  const address = RUN_AREA + BigInt(b.model.runs++) * RUN_STRIDE;
  vcpu.run = address;
  const prot = PROT_READ | PROT_WRITE;
  return b.call("mmap", { address, length: 2 * PAGE, prot, flags: MAP_SHARED | MAP_FIXED, offset: 0 }, { fd: vcpu.fd });
}

/** Maps any page of a vCPU beside its struct kvm_run, in any way, and looks at it. */
function mapPages(b: Builder) {
  const vcpu = b.vcpu();
  if (!vcpu) return undefined;
  const address = EXTRA + BigInt(b.random.below(EXTRA_PAGES) * PAGE);
  const flags = MAP_FIXED | b.random.pick([MAP_SHARED, MAP_SHARED, MAP_PRIVATE]);
  const prot = PROT_READ | b.random.pick([0, PROT_WRITE, PROT_EXEC]);
  const offset = PAGE * b.random.pick([0, 1, 2, 63, 64, 65, 70]);
  const after = [{ address, length: 64 }];
  return b.call("mmap", { address, length: PAGE, prot, flags, offset }, { fd: vcpu.fd, after });
}

const IMMEDIATE_EXIT = BigInt(kvm_run.offsetof("immediate_exit"));

/** KVM_RUN up to where the guest would be entered: immediate_exit is set just before, or the call is not made. */
export function run(b: Builder) {
  const vcpu = b.vcpu();
  if (!vcpu) return undefined;
  if (vcpu.run === undefined) mapRun(b, vcpu);
  const address = vcpu.run as bigint;
  vcpu.ran = true;
  return b.call(
    "ioctl",
    { request: 0xae80, value: b.random.chance(97) ? 0 : 1 },
    {
      fd: b.random.chance(97) ? vcpu.fd : 99,
      guarded: true,
      before: [{ address: address + IMMEDIATE_EXIT, data: Uint8Array.of(1) }],
      after: [{ address, length: 288 }],
    },
  );
}

// ---- states and events

function getMpState(b: Builder) {
  const vcpu = b.vcpu();
  return vcpu && b.ioctl(vcpu.fd, "KVM_GET_MP_STATE", new Uint8Array(kvm_mp_state.size));
}

function setMpState(b: Builder) {
  const vcpu = b.vcpu();
  const states = [KVM_MP_STATE_RUNNABLE, KVM_MP_STATE_STOPPED, KVM_MP_STATE_SUSPENDED, b.random.below(12)];
  return vcpu && b.ioctl(vcpu.fd, "KVM_SET_MP_STATE", kvm_mp_state.encode({ mp_state: b.random.pick(states) }));
}

function getEvents(b: Builder) {
  const vcpu = b.vcpu();
  return vcpu && b.ioctl(vcpu.fd, "KVM_GET_VCPU_EVENTS", new Uint8Array(kvm_vcpu_events.size));
}

function setEvents(b: Builder) {
  const vcpu = b.vcpu();
  const bytes = new Uint8Array(kvm_vcpu_events.size);
  bytes[0] = b.random.below(2);
  bytes[1] = b.random.below(2);
  bytes[2] = b.random.chance(30) ? 1 : 0;
  const size = { offset: kvm_vcpu_events.offsetof("exception.serror_esr"), size: 8 };
  putNumber(bytes, size, b.random.pick([0n, 0x123n, 1n << 24n, 1n << 32n]));
  return vcpu && b.ioctl(vcpu.fd, "KVM_SET_VCPU_EVENTS", bytes);
}

function guestDebug(b: Builder) {
  const vcpu = b.vcpu();
  const control = b.random.pick([0, 1, 3, 0x1_0001, 0x2_0001, 4, 1 << 30]);
  return vcpu && b.ioctl(vcpu.fd, "KVM_SET_GUEST_DEBUG", kvm_guest_debug.encode({ control }));
}

function signalMask(b: Builder) {
  const vcpu = b.vcpu();
  if (!vcpu) return undefined;
  if (b.random.chance(20)) return b.ioctl(vcpu.fd, "KVM_SET_SIGNAL_MASK", 0n);
  const len = b.random.pick([8, 8, 8, 4, 16]);
  const bytes = new Uint8Array(kvm_signal_mask.size + 8);
  putNumber(bytes, { offset: 0, size: 4 }, BigInt(len));
  return b.ioctl(vcpu.fd, "KVM_SET_SIGNAL_MASK", bytes);
}

/** Requests that arm64 never grants. */
function otherArchitectures(b: Builder) {
  const vcpu = b.vcpu();
  if (!vcpu) return undefined;
  const [name, size] = b.random.pick([
    ["KVM_GET_REGS", kvm_regs.size],
    ["KVM_SET_REGS", kvm_regs.size],
    ["KVM_GET_SREGS", 0],
    ["KVM_SET_SREGS", 0],
    ["KVM_GET_FPU", 0],
    ["KVM_SET_FPU", 0],
    ["KVM_TRANSLATE", kvm_translation.size],
    ["KVM_PRE_FAULT_MEMORY", kvm_pre_fault_memory.size],
  ] as const);
  return b.ioctl(vcpu.fd, name, new Uint8Array(size));
}

// ---- attributes of vCPUs and VMs

/** KVM_SET_, KVM_GET_ or KVM_HAS_DEVICE_ATTR, the value stored before or looked at after; without one, as it lies there. */
export function deviceAttr(
  b: Builder,
  fd: Ref,
  access: "SET" | "GET" | "HAS",
  { group, attr }: { group: number; attr: bigint },
  value?: Uint8Array,
) {
  const bytes = kvm_device_attr.encode({ group, attr, addr: VALUES });
  const store = value && access !== "HAS" ? { before: [{ address: VALUES, data: value }] } : {};
  const look = value && access === "GET" ? { after: [{ address: VALUES, length: value.length }] } : {};
  return b.ioctl(fd, `KVM_${access}_DEVICE_ATTR`, bytes, { ...store, ...look });
}

/** The low bytes of a number. */
export function littleEndian(value: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  putNumber(bytes, { offset: 0, size }, value);
  return bytes;
}

/** Values of the attributes of KVM_ARM_VCPU_PMU_V3_CTRL, _TIMER_CTRL and _PVTIME_CTRL, by group and attribute. */
function vcpuAttrValue(b: Builder, vcpu: Vcpu, group: number, attr: bigint): Uint8Array {
  const { random } = b;
  if (group === 0 && attr === 2n) {
    const filter = { base_event: random.pick([0, 0x10, 0xfff0]), nevents: random.pick([1, 16, 0xffff]) };
    return kvm_pmu_event_filter.encode({ ...filter, action: random.pick([0, 1, 1, 2]) });
  }
  if (group === 2) {
    const slot = b.some([...vcpu.vm.slots.values()]);
    const at = slot && random.chance(80) ? slot.gpa + 64 * random.below(8) : 0x4000_0000;
    return littleEndian(BigInt(random.chance(90) ? at : at + 8), 8);
  }
  return littleEndian(BigInt(random.pick([23, 23, 27, 30, 20, 20 + vcpu.id, 40 + vcpu.id, 5, 1020, 8])), 4);
}

/** An attribute of a vCPU. */
export function vcpuAttr(b: Builder) {
  const vcpu = b.vcpu();
  if (!vcpu) return undefined;
  const group = b.random.pick([0, 0, 0, KVM_ARM_VCPU_TIMER_CTRL, KVM_ARM_VCPU_TIMER_CTRL, 2, 2, 3]);
  const attr = BigInt(group === 2 ? b.random.pick([0, 0, 0, 1]) : b.random.below(group === 0 ? 6 : 5));
  const access = b.random.pick(["SET", "SET", "SET", "GET", "HAS"] as const);
  return deviceAttr(b, vcpu.fd, access, { group, attr }, vcpuAttrValue(b, vcpu, group, attr));
}

const NO_PAD = new Uint8Array(15);

function vmAttr(b: Builder) {
  const vm = b.vm();
  if (!vm) return undefined;
  const base = b.random.pick([0xc400_0000, 0x8600_0000, 0x8000_0000, 0xc600_0000, 0xffff_fffe]);
  const filter = { base, nr_functions: b.random.pick([1, 4, 0, 0xffff]), action: b.random.below(4) };
  const access = b.random.pick(["SET", "SET", "HAS"] as const);
  const which = { group: b.random.pick([0, 0, 0, 1]), attr: b.random.pick([0n, 0n, 0n, 1n]) };
  return deviceAttr(
    b,
    vm.fd,
    access,
    which,
    kvm_smccc_filter.encode({ ...filter, pad: b.random.chance(88) ? NO_PAD : NO_PAD.map(() => 1) }),
  );
}

export const VCPU_OPERATIONS = operations("vcpus", {
  createVcpu: [5, createVcpu],
  initVcpu: [8, initVcpu],
  preferredTarget: [2, preferredTarget],
  finalize: [4, finalize],
  run: [5, run],
  getMpState: [3, getMpState],
  setMpState: [4, setMpState],
  getEvents: [3, getEvents],
  setEvents: [4, setEvents],
  guestDebug: [3, guestDebug],
  signalMask: [3, signalMask],
  otherArchitectures: [3, otherArchitectures],
  vcpuAttr: [10, vcpuAttr],
  readyPmu: [5, readyPmu],
  timerIrqs: [2, timerIrqs],
  mapPages: [3, mapPages],
  afterFirstRun: [3, afterFirstRun],
  vmAttr: [4, vmAttr],
});
