/** The table of a vCPU's system registers: sys_reg_descs[] of arch/arm64/kvm/sys_regs.c. */

import { EINVAL } from "../../abi/errno.ts";
import {
  KVM_REG_ARM_PTIMER_CNT,
  KVM_REG_ARM_PTIMER_CTL,
  KVM_REG_ARM_PTIMER_CVAL,
  KVM_REG_ARM_TIMER_CNT,
  KVM_REG_ARM_TIMER_CTL,
  KVM_REG_ARM_TIMER_CVAL,
} from "../../abi/kvm_reg.ts";
import { SYSREG, type SysRegName, sysRegOf } from "../../abi/sysreg.ts";
import type { Behaviours } from "../../abi/versions.ts";
import { cpuRegister } from "../../hw/cpu.ts";
import { readSanitisedFtrReg } from "../arch/cpufeature.ts";
import { refuse } from "../refuse.ts";
import { kvmArmTimerGetReg, kvmArmTimerSetReg } from "./arch_timer.ts";
import { ID_REGS, idRegWritableMask, readIdReg, setIdReg, setImpIdReg } from "./id_regs.ts";
import { vcpuHasPtrauth, vcpuHasSve } from "./kvm_arch.ts";
import type { KvmVcpu } from "./kvm_host.ts";
import {
  ARMV8_PMU_CYCLE_IDX,
  kvmPmuGetCounterValue,
  kvmPmuValidCounterMask,
  kvmVcpuHasPmu,
  kvmVcpuReadPmcr,
  kvmVcpuSetPmcrN,
  PMCR_E,
  PMCR_MASK,
  PMSELR_SEL,
  pmcrLc,
} from "./pmu_emul.ts";

/** struct sys_reg_desc: a register that user space can read and write, and that the guest may. */
export interface SysRegDesc {
  /** The encoding of MRS and MSR, of which the ONE_REG id derives unless `id` is there. */
  readonly encoding: number;
  readonly id?: bigint;
  /** The behaviour that says whether a kernel has the row; every kernel where left out. */
  readonly exists?: keyof Behaviours;
  /** What KVM_ARM_VCPU_INIT makes of it; left out where that touches nothing, or where the VM keeps the register. */
  readonly reset?: (vcpu: KvmVcpu) => bigint;
  /** A feature ID register: reset at the vCPU's first initialization only, where a kernel does so. */
  readonly featureId?: boolean;
  /** Left out where every vCPU has the register. */
  readonly visible?: (vcpu: KvmVcpu) => boolean;
  /** How user space reads and writes it; left out where that is plain storage under `encoding`. */
  readonly get?: (vcpu: KvmVcpu) => bigint;
  readonly set?: (vcpu: KvmVcpu, value: bigint) => number;
}

/** reset_unknown(): a value that no guest can mistake for a defined one. */
export const RESET_UNKNOWN = 0x1de7ec7edbadc0den;

const unknown = () => RESET_UNKNOWN;
const zero = () => 0n;
const store = (encoding: number) => (vcpu: KvmVcpu, value: bigint) => {
  vcpu.arch.sysRegs.set(encoding, value);
  return 0;
};
const load = (encoding: number) => (vcpu: KvmVcpu) => vcpu.arch.sysRegs.get(encoding) ?? 0n;

const row = (name: SysRegName, reset: (vcpu: KvmVcpu) => bigint, more: Partial<SysRegDesc> = {}): SysRegDesc => ({
  encoding: SYSREG[name],
  reset,
  ...more,
});

// Visibility

const hasMte = ({ kvm }: KvmVcpu) => kvm.arch.mteEnabled;

const mmfr3 = (shift: bigint) => (vcpu: KvmVcpu) => ((readIdReg(vcpu, SYSREG.ID_AA64MMFR3_EL1) >> shift) & 0xfn) !== 0n;
/** Of registers that were there for every vCPU before they followed their ID field. */
const mmfr3Later = (shift: bigint) => (vcpu: KvmVcpu) =>
  !vcpu.kvm.abi.stage1ExtensionRegsFollowId || mmfr3(shift)(vcpu);

// Debug

const debugRegs = Array.from({ length: 16 }, (_, n) =>
  (["DBGBVR", "DBGBCR", "DBGWVR", "DBGWCR"] as const).map(
    (family): SysRegDesc => ({ encoding: sysRegOf(family, n), reset: zero }),
  ),
).flat();

const OSLSR_OSLK = 2n;
const OSLSR_OSLM_IMPLEMENTED = 8n;

/** set_oslsr_el1() */
function setOslsrEl1(vcpu: KvmVcpu, value: bigint): number {
  if ((value ^ OSLSR_OSLM_IMPLEMENTED) & ~OSLSR_OSLK)
    return refuse(EINVAL, "set_oslsr_el1: only the lock bit can change");
  return store(SYSREG.OSLSR_EL1)(vcpu, value);
}

// Identification

const idReg = (encoding: number, more: Partial<SysRegDesc> = {}): SysRegDesc => ({
  encoding,
  get: (vcpu) => readIdReg(vcpu, encoding),
  set: (vcpu, value) => setIdReg(vcpu, encoding, value),
  ...more,
});
const impIdReg = (name: SysRegName): SysRegDesc =>
  idReg(SYSREG[name], {
    exists: "impIdRegsInTable",
    set: (vcpu, value) => setImpIdReg(vcpu, SYSREG[name], value),
  });

/** reset_mpidr(): the id spread over the affinity levels, 16 vCPUs to the lowest, as a GICv3 can address them. */
function resetMpidr({ vcpuId }: KvmVcpu): bigint {
  const affinity = (vcpuId & 0xf) | (((vcpuId >> 4) & 0xff) << 8) | (((vcpuId >> 12) & 0xff) << 16);
  return 0x80000000n | BigInt(affinity);
}

const CTR_IDC = 1n << 28n;
const CTR_DIC = 1n << 29n;
const CACHE_TYPE = { inst: 1n, data: 2n, unified: 4n };
const CLIDR = { loc: (level: bigint) => level << 24n, louis: 1n << 21n, louu: 1n << 27n };

const ctr = ({ kvm }: KvmVcpu) => readSanitisedFtrReg(kvm.host, kvm.abi, SYSREG.CTR_EL0);

/** reset_clidr(): the fewest caches that agree with CTR_EL0, and tags in the one that holds data. */
function resetClidr(vcpu: KvmVcpu): bigint {
  const [idc, dic] = [(ctr(vcpu) & CTR_IDC) !== 0n, (ctr(vcpu) & CTR_DIC) !== 0n];
  const level = idc && !dic ? 2n : 1n;
  let clidr = CLIDR.loc(level);
  if (idc) clidr |= CACHE_TYPE.unified << (3n * (level - 1n));
  else clidr |= CLIDR.louu | CLIDR.louis | CACHE_TYPE.data;
  if (!dic) clidr |= CACHE_TYPE.inst;
  return hasMte(vcpu) ? clidr | (2n << (33n + 2n * (level - 1n))) : clidr;
}

/** set_clidr() */
function setClidr(vcpu: KvmVcpu, value: bigint): number {
  const [louis, loc, louu] = [(value >> 21n) & 7n, (value >> 24n) & 7n, (value >> 27n) & 7n];
  const cleanToPouNotNeeded = loc === 0n || (louis === 0n && louu === 0n);
  if (value & ~idRegWritableMask(vcpu.kvm.abi, SYSREG.CLIDR_EL1))
    return refuse(EINVAL, "set_clidr: a reserved bit is set");
  if (cleanToPouNotNeeded && !(ctr(vcpu) & CTR_IDC))
    return refuse(EINVAL, "set_clidr: the CPU needs data caches cleaned to the point of unification");
  return store(SYSREG.CLIDR_EL1)(vcpu, value);
}

const hostValue =
  (name: SysRegName) =>
  ({ kvm }: KvmVcpu) =>
    cpuRegister(kvm.host.options.cpu, name);

// Performance monitors

const pmu = (name: SysRegName, reset: (vcpu: KvmVcpu) => bigint, more: Partial<SysRegDesc> = {}): SysRegDesc =>
  row(name, reset, { visible: kvmVcpuHasPmu, ...more });

/** Resets to unknown bits of those that the register has; older kernels set them all. */
const unknownWithin = (mask: (vcpu: KvmVcpu) => bigint) => (vcpu: KvmVcpu) =>
  vcpu.kvm.abi.pmuResetNarrowed ? RESET_UNKNOWN & mask(vcpu) : RESET_UNKNOWN;

const PMEVTYPER_MASK = 0xc800ffffn;
/** What older kernels reset the writable bits of PMCR_EL0 to. */
const PMCR_UNKNOWN = 0xdecafbadn;

/** reset_pmcr() */
function resetPmcr(vcpu: KvmVcpu): bigint {
  if (vcpu.kvm.abi.pmcrFromVm) return pmcrLc(vcpu);
  const pmcr = (hostValue("PMCR_EL0")(vcpu) & ~PMCR_MASK) | (PMCR_UNKNOWN & PMCR_MASK & ~PMCR_E);
  return pmcr | pmcrLc(vcpu);
}

/** set_pmcr() */
function setPmcr(vcpu: KvmVcpu, value: bigint): number {
  if (!vcpu.kvm.abi.pmcrFromVm) return store(SYSREG.PMCR_EL0)(vcpu, value);
  kvmVcpuSetPmcrN(vcpu.kvm, value);
  return store(SYSREG.PMCR_EL0)(vcpu, (value & PMCR_MASK) | pmcrLc(vcpu));
}

/** A set or clear register: both names stand for the same bits, one for each counter. */
function pmuCounters(name: SysRegName, stored: SysRegName): SysRegDesc {
  const within = ({ kvm }: KvmVcpu, value: bigint) =>
    kvm.abi.pmuRegsMasked ? value & kvmPmuValidCounterMask(kvm) : value;
  const current = load(SYSREG[stored]);
  /** set_pmreg() */
  const written = (vcpu: KvmVcpu, value: bigint) => {
    if (vcpu.kvm.abi.pmuRegsWrittenBy === "assignment") return within(vcpu, value);
    return name === stored ? current(vcpu) | within(vcpu, value) : current(vcpu) & ~within(vcpu, value);
  };
  return pmu(name, unknown, {
    reset: unknownWithin(({ kvm }) => kvmPmuValidCounterMask(kvm)),
    get: (vcpu) => within(vcpu, current(vcpu)),
    set: (vcpu, value) => store(SYSREG[stored])(vcpu, written(vcpu, value)),
  });
}

const pmuEvents = Array.from({ length: ARMV8_PMU_CYCLE_IDX }, (_, n): SysRegDesc[] => [
  {
    encoding: sysRegOf("PMEVCNTR", n),
    visible: kvmVcpuHasPmu,
    reset: unknownWithin(() => 0xffffffffn),
    get: (vcpu) => kvmPmuGetCounterValue(vcpu, n),
  },
  {
    encoding: sysRegOf("PMEVTYPER", n),
    visible: kvmVcpuHasPmu,
    reset: unknownWithin(() => PMEVTYPER_MASK),
  },
]).flat();

/** Advertised once and good for nothing: newer kernels read zero and ignore writes. */
const pmswinc = pmu("PMSWINC_EL0", unknown, {
  get: (vcpu) => (vcpu.kvm.abi.pmuResetNarrowed ? 0n : load(SYSREG.PMSWINC_EL0)(vcpu)),
});

// Timers

const timer = (name: SysRegName, id: bigint, more: Partial<SysRegDesc> = {}): SysRegDesc => ({
  encoding: SYSREG[name],
  id,
  exists: "timerRegsInTable",
  get: (vcpu) => kvmArmTimerGetReg(vcpu, id),
  set: (vcpu, value) => kvmArmTimerSetReg(vcpu, id, value),
  ...more,
});

const SYS_REG_DESCS: readonly SysRegDesc[] = [
  ...debugRegs,
  row("MDCCINT_EL1", zero),
  row("MDSCR_EL1", zero),
  row("OSLSR_EL1", () => OSLSR_OSLM_IMPLEMENTED, { exists: "oslsrAccessible", set: setOslsrEl1 }),
  row("DBGVCR32_EL2", zero),

  impIdReg("MIDR_EL1"),
  row("MPIDR_EL1", resetMpidr, { featureId: true }),
  impIdReg("REVIDR_EL1"),
  ...ID_REGS.map((encoding) => idReg(encoding)),

  row("SCTLR_EL1", () => 0x00c50078n),
  row("ACTLR_EL1", hostValue("ACTLR_EL1")),
  row("CPACR_EL1", zero),
  row("SCTLR2_EL1", zero, { exists: "stage1ExtensionRegsFollowId", visible: mmfr3(4n) }),
  row("RGSR_EL1", unknown, { visible: hasMte }),
  row("GCR_EL1", unknown, { visible: hasMte }),
  row("ZCR_EL1", zero, { visible: vcpuHasSve }),
  row("TTBR0_EL1", unknown),
  row("TTBR1_EL1", unknown),
  row("TCR_EL1", zero),
  row("TCR2_EL1", zero, { exists: "stage1ExtensionRegs", visible: mmfr3Later(0n) }),
  row("APIAKEYLO_EL1", unknown, { visible: vcpuHasPtrauth }),
  row("APIAKEYHI_EL1", unknown, { visible: vcpuHasPtrauth }),
  row("APIBKEYLO_EL1", unknown, { visible: vcpuHasPtrauth }),
  row("APIBKEYHI_EL1", unknown, { visible: vcpuHasPtrauth }),
  row("APDAKEYLO_EL1", unknown, { visible: vcpuHasPtrauth }),
  row("APDAKEYHI_EL1", unknown, { visible: vcpuHasPtrauth }),
  row("APDBKEYLO_EL1", unknown, { visible: vcpuHasPtrauth }),
  row("APDBKEYHI_EL1", unknown, { visible: vcpuHasPtrauth }),
  row("APGAKEYLO_EL1", unknown, { visible: vcpuHasPtrauth }),
  row("APGAKEYHI_EL1", unknown, { visible: vcpuHasPtrauth }),
  row("AFSR0_EL1", unknown),
  row("AFSR1_EL1", unknown),
  row("ESR_EL1", unknown),
  row("TFSR_EL1", unknown, { visible: hasMte }),
  row("TFSRE0_EL1", unknown, { visible: hasMte }),
  row("FAR_EL1", unknown),
  row("PAR_EL1", unknown),
  pmuCounters("PMINTENSET_EL1", "PMINTENSET_EL1"),
  pmuCounters("PMINTENCLR_EL1", "PMINTENSET_EL1"),
  row("MAIR_EL1", unknown),
  row("PIRE0_EL1", unknown, { exists: "stage1ExtensionRegs", visible: mmfr3Later(8n) }),
  row("PIR_EL1", unknown, { exists: "stage1ExtensionRegs", visible: mmfr3Later(8n) }),
  row("POR_EL1", unknown, { exists: "stage1ExtensionRegs", visible: mmfr3(16n) }),
  row("AMAIR_EL1", hostValue("AMAIR_EL1")),
  row("VBAR_EL1", zero),
  row("DISR_EL1", zero),
  row("CONTEXTIDR_EL1", zero),
  row("TPIDR_EL1", unknown),
  row("CNTKCTL_EL1", zero),

  row("CLIDR_EL1", resetClidr, { exists: "cacheIdRegsWritable", featureId: true, set: setClidr }),
  impIdReg("AIDR_EL1"),
  row("CSSELR_EL1", unknown),
  idReg(SYSREG.CTR_EL0, { exists: "cacheIdRegsWritable" }),

  pmu("PMCR_EL0", resetPmcr, {
    get: (vcpu) => (vcpu.kvm.abi.pmcrFromVm ? kvmVcpuReadPmcr(vcpu) : load(SYSREG.PMCR_EL0)(vcpu)),
    set: setPmcr,
  }),
  pmuCounters("PMCNTENSET_EL0", "PMCNTENSET_EL0"),
  pmuCounters("PMCNTENCLR_EL0", "PMCNTENSET_EL0"),
  pmuCounters("PMOVSCLR_EL0", "PMOVSSET_EL0"),
  pmswinc,
  pmu(
    "PMSELR_EL0",
    unknownWithin(() => PMSELR_SEL),
  ),
  pmu("PMCCNTR_EL0", unknown),
  pmu("PMUSERENR_EL0", zero),
  pmuCounters("PMOVSSET_EL0", "PMOVSSET_EL0"),

  row("POR_EL0", unknown, { exists: "stage1ExtensionRegs", visible: mmfr3(16n) }),
  row("TPIDR_EL0", unknown),
  row("TPIDRRO_EL0", unknown),

  timer("CNTPCT_EL0", KVM_REG_ARM_PTIMER_CNT),
  timer("CNTVCT_EL0", KVM_REG_ARM_TIMER_CNT),
  timer("CNTP_CTL_EL0", KVM_REG_ARM_PTIMER_CTL, { reset: zero }),
  timer("CNTP_CVAL_EL0", KVM_REG_ARM_PTIMER_CVAL, { reset: zero }),
  timer("CNTV_CTL_EL0", KVM_REG_ARM_TIMER_CTL, { reset: zero }),
  timer("CNTV_CVAL_EL0", KVM_REG_ARM_TIMER_CVAL, { reset: zero }),
  ...pmuEvents,
  pmu("PMCCFILTR_EL0", zero),

  row("DACR32_EL2", unknown),
  row("IFSR32_EL2", unknown),
  row("FPEXC32_EL2", () => 0x700n),
];

/** The rows that a kernel has, in the order of their encodings. */
const tables = new Map<Behaviours, readonly SysRegDesc[]>();

/** sys_reg_descs[] of a kernel, ascending by op0, op1, CRn, CRm and op2. */
export function sysRegDescs(abi: Behaviours): readonly SysRegDesc[] {
  let table = tables.get(abi);
  if (!table) {
    table = SYS_REG_DESCS.filter(({ exists }) => !exists || abi[exists]).sort((a, b) => a.encoding - b.encoding);
    tables.set(abi, table);
  }
  return table;
}

/** The invariant registers in the order of KVM_GET_REG_LIST: user space can only write what it reads. */
export function invariantSysRegs(abi: Behaviours): readonly SysRegName[] {
  if (abi.impIdRegsInTable) return [];
  if (abi.cacheIdRegsWritable) return ["MIDR_EL1", "REVIDR_EL1", "AIDR_EL1"];
  return ["MIDR_EL1", "REVIDR_EL1", "CLIDR_EL1", "AIDR_EL1", "CTR_EL0"];
}
