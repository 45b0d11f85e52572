/** The CPU interface's system registers as user space saves and restores them: arch/arm64/kvm/vgic-sys-reg-v3.c. */

import { u64 } from "../../../abi/ctypes.ts";
import { EINVAL, ENOENT, ENXIO } from "../../../abi/errno.ts";
import { KVM_DEV_ARM_VGIC_SYSREG_INSTR_MASK } from "../../../abi/kvm_arm64.ts";
import { SYSREG } from "../../../abi/sysreg.ts";
import { getUserStruct, putUserStruct } from "../../mm/uaccess.ts";
import type { Task } from "../../process.ts";
import { refuse } from "../../refuse.ts";
import type { VgicCpu, VgicVmcr } from "../arm_vgic.ts";
import type { KvmDeviceAttr, KvmVcpu } from "../kvm_host.ts";
import { HOST_A3V, HOST_SEIS } from "./vgic_v3.ts";

/** One register: `get` answers undefined, and `set` -errno, where this CPU does not have it. */
interface IccRegister {
  get(cpu: VgicCpu): number | undefined;
  set(cpu: VgicCpu, value: number): number;
}

/** A field of ICH_VMCR_EL2 that is a register of its own. */
function vmcrField(name: keyof VgicVmcr, mask: number, shift = 0): IccRegister {
  return {
    get: ({ vmcr }) => (vmcr[name] << shift) & mask,
    set: ({ vmcr }, value) => {
      vmcr[name] = (value & mask) >>> shift;
      return 0;
    },
  };
}

const CTLR_CBPR = 1 << 0;
const CTLR_EOIMODE = 1 << 1;
const CTLR_PRI_BITS_SHIFT = 8;
const CTLR_ID_BITS_SHIFT = 11;
const CTLR_SEIS_SHIFT = 14;
const CTLR_A3V_SHIFT = 15;

/** ICC_CTLR_EL1: what the CPU can do must be at least what the saved one could, and is less from then on. */
const iccCtlr: IccRegister = {
  get: ({ vmcr, numPriBits, numIdBits }) =>
    vmcr.cbpr |
    (vmcr.eoim << 1) |
    ((numPriBits - 1) << CTLR_PRI_BITS_SHIFT) |
    (numIdBits << CTLR_ID_BITS_SHIFT) |
    (HOST_SEIS << CTLR_SEIS_SHIFT) |
    (HOST_A3V << CTLR_A3V_SHIFT),
  set: (cpu, value) => {
    const priBits = ((value >>> CTLR_PRI_BITS_SHIFT) & 7) + 1;
    const idBits = (value >>> CTLR_ID_BITS_SHIFT) & 7;
    if (priBits > cpu.numPriBits) return refuse(EINVAL, "set_gic_ctlr: more bits of priority than the host has");
    cpu.numPriBits = priBits;
    if (idBits > cpu.numIdBits) return refuse(EINVAL, "set_gic_ctlr: more bits of interrupt id than the host has");
    cpu.numIdBits = idBits;
    if (((value >>> CTLR_SEIS_SHIFT) & 1) !== HOST_SEIS) return refuse(EINVAL, "set_gic_ctlr: SEIS is not the host's");
    if (((value >>> CTLR_A3V_SHIFT) & 1) !== HOST_A3V) return refuse(EINVAL, "set_gic_ctlr: A3V is not the host's");
    cpu.vmcr.cbpr = value & CTLR_CBPR;
    cpu.vmcr.eoim = (value & CTLR_EOIMODE) >>> 1;
    return 0;
  },
};

const bpr0 = vmcrField("bpr", 0x7);
const abpr = vmcrField("abpr", 0x7);

/** ICC_BPR1_EL1: with CBPR set it is BPR0 plus one, and writes are lost. */
const iccBpr1: IccRegister = {
  get: (cpu) => (cpu.vmcr.cbpr ? Math.min(cpu.vmcr.bpr + 1, 7) : abpr.get(cpu)),
  set: (cpu, value) => (cpu.vmcr.cbpr ? 0 : abpr.set(cpu, value)),
};

/** vgic_v3_max_apr_idx(): how many of the active priority registers are there follows the bits of priority. */
function maxAprIdx({ numPriBits }: VgicCpu): number {
  if (numPriBits === 7) return 3;
  return numPriBits === 6 ? 1 : 0;
}

const apr = (group: 0 | 1, index: number): IccRegister => ({
  get: (cpu) => (index <= maxAprIdx(cpu) ? cpu.activePriorities[group][index] : undefined),
  set: (cpu, value) => {
    if (index > maxAprIdx(cpu))
      return refuse(EINVAL, "set_gic_apr: no such active priority register with so few priorities");
    cpu.activePriorities[group][index] = value;
    return 0;
  },
});

/** ICC_SRE_EL1: a GICv3 guest has nothing but system registers. */
const iccSre: IccRegister = {
  get: ({ sre }) => sre,
  set: (_cpu, value) => (value & 1 ? 0 : refuse(EINVAL, "set_gic_sre: SRE must be 1")),
};

/** By their encodings. */
const GIC_V3_ICC_REGS: ReadonlyMap<number, IccRegister> = new Map([
  [SYSREG.ICC_PMR_EL1, vmcrField("pmr", 0xff)],
  [SYSREG.ICC_BPR0_EL1, bpr0],
  [SYSREG.ICC_AP0R0_EL1, apr(0, 0)],
  [SYSREG.ICC_AP0R1_EL1, apr(0, 1)],
  [SYSREG.ICC_AP0R2_EL1, apr(0, 2)],
  [SYSREG.ICC_AP0R3_EL1, apr(0, 3)],
  [SYSREG.ICC_AP1R0_EL1, apr(1, 0)],
  [SYSREG.ICC_AP1R1_EL1, apr(1, 1)],
  [SYSREG.ICC_AP1R2_EL1, apr(1, 2)],
  [SYSREG.ICC_AP1R3_EL1, apr(1, 3)],
  [SYSREG.ICC_BPR1_EL1, iccBpr1],
  [SYSREG.ICC_CTLR_EL1, iccCtlr],
  [SYSREG.ICC_SRE_EL1, iccSre],
  [SYSREG.ICC_IGRPEN0_EL1, vmcrField("grpen0", 0x1)],
  [SYSREG.ICC_IGRPEN1_EL1, vmcrField("grpen1", 0x1)],
]);

const registerOf = (attr: KvmDeviceAttr) => GIC_V3_ICC_REGS.get(Number(attr.attr & KVM_DEV_ARM_VGIC_SYSREG_INSTR_MASK));

/** vgic_v3_has_cpu_sysregs_attr() */
export function vgicV3HasCpuSysregsAttr(attr: KvmDeviceAttr): number {
  return registerOf(attr) ? 0 : refuse(ENXIO, "vgic_v3_has_cpu_sysregs_attr: no such register");
}

function noRegister(vcpu: KvmVcpu): number {
  const rule = "kvm_sys_reg_get_user: the CPU interface has no such register";
  return refuse(vcpu.kvm.abi.vgicSysregsShared ? ENOENT : ENXIO, rule);
}

/** vgic_v3_cpu_sysregs_uaccess() for reading. */
export function vgicV3CpuSysregsGet(task: Task, vcpu: KvmVcpu, attr: KvmDeviceAttr): number {
  const register = registerOf(attr);
  if (!register) return noRegister(vcpu);
  const value = register.get(vcpu.vgicCpu);
  if (value === undefined)
    return refuse(EINVAL, "get_gic_apr: no such active priority register with so few priorities");
  return putUserStruct(task, attr.addr, u64, BigInt(value >>> 0));
}

/** vgic_v3_cpu_sysregs_uaccess() for writing: the value is read before the register is looked for. */
export function vgicV3CpuSysregsSet(task: Task, vcpu: KvmVcpu, attr: KvmDeviceAttr): number {
  const value = getUserStruct(task, u64, attr.addr);
  if (typeof value === "number") return value;
  const register = registerOf(attr);
  if (!register) return noRegister(vcpu);
  return register.set(vcpu.vgicCpu, Number(BigInt.asUintN(32, value)));
}
