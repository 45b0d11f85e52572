/** A small VMM: a guest with tagged memory and one vCPU, set up in one round trip, and what it takes to move it elsewhere. */

import {
  KVM_ARM_VCPU_PSCI_0_2,
  KVM_CAP_ARM_MTE,
  KVM_REG_ARM_PTIMER_CNT,
  KVM_REG_ARM_TIMER_CNT,
  type kvm_vcpu_events,
  Mapping,
  type Process,
  registerName,
  Vcpu,
  Vm,
} from "../index.ts";

/** Where a guest's memory starts. */
export const RAM_BASE = 0x4000_0000n;

/** A guest on some host. */
export interface Guest {
  readonly vm: Vm;
  readonly vcpu: Vcpu;
  readonly ram: Mapping;
  /** How many calls its set-up took, in one message. */
  readonly calls: number;
}

/** Makes a guest with `bytes` of tagged memory. */
export async function createGuest(process: Process, bytes: number): Promise<Guest> {
  const batch = process.batch();
  const kvm = batch.openat("/dev/kvm");
  const vm = batch.ioctl(kvm, "KVM_CREATE_VM");
  batch.ioctl(vm, "KVM_ENABLE_CAP", { cap: KVM_CAP_ARM_MTE });
  const ram = batch.mmap({ length: bytes });
  batch.ioctl(vm, "KVM_SET_USER_MEMORY_REGION", {
    slot: 0,
    guest_phys_addr: RAM_BASE,
    memory_size: bytes,
    userspace_addr: ram,
  });
  const vcpu = batch.ioctl(vm, "KVM_CREATE_VCPU", 0);
  const preferred = batch.ioctl(vm, "KVM_ARM_PREFERRED_TARGET");
  const features = [1 << KVM_ARM_VCPU_PSCI_0_2];
  batch.ioctl(vcpu, "KVM_ARM_VCPU_INIT", { target: preferred.member("target"), features });
  batch.close(kvm);
  await batch.submit();
  return {
    vm: new Vm(process, vm.value),
    vcpu: new Vcpu(process, vcpu.value),
    ram: new Mapping(process, ram.value, bytes),
    calls: batch.length,
  };
}

/** Everything of a vCPU that a new one needs to go on in its place. */
export interface VcpuState {
  readonly registers: ReadonlyMap<bigint, bigint>;
  readonly mp_state: number;
  readonly events: kvm_vcpu_events;
}

/** Reads a vCPU's state: the list of registers, then all of them in one message. */
export async function saveVcpu(vcpu: Vcpu): Promise<VcpuState> {
  const ids = await vcpu.getRegList();
  const [values, mp_state, events] = await Promise.all([
    Promise.all(ids.map((id) => vcpu.getOneReg(id))),
    vcpu.getMpState(),
    vcpu.getVcpuEvents(),
  ]);
  return { registers: new Map(ids.map((id, i) => [id, values[i] as bigint])), mp_state, events };
}

/** Gives a vCPU, initialized with the same features, the state of another. */
export async function restoreVcpu(vcpu: Vcpu, { registers, mp_state, events }: VcpuState): Promise<void> {
  await Promise.all([...registers].map(([id, value]) => vcpu.setOneReg(id, value)));
  await Promise.all([vcpu.setMpState(mp_state), vcpu.setVcpuEvents(events)]);
}

/** Registers that count on while one looks. */
const COUNTERS: readonly bigint[] = [KVM_REG_ARM_TIMER_CNT, KVM_REG_ARM_PTIMER_CNT];

/** The registers in which two states differ, by their names; counters left out. */
export function differingRegisters(one: VcpuState, other: VcpuState): string[] {
  const ids = new Set([...one.registers.keys(), ...other.registers.keys()]);
  const differing = [...ids].filter((id) => one.registers.get(id) !== other.registers.get(id));
  return differing.filter((id) => !COUNTERS.includes(id)).map(registerName);
}
