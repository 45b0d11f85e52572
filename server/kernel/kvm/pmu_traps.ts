/** The guest's accesses to its performance monitors: access_pmcr() and the like of arch/arm64/kvm/sys_regs.c. */

import { SYSREG, sysRegOf } from "../../abi/sysreg.ts";
import type { KvmVcpu } from "./kvm_host.ts";
import {
  counterType,
  hasLongCounters,
  isCounter,
  kvmPmuGetPmceid,
  kvmPmuGetPmcValue,
  kvmPmuResetCounters,
  kvmPmuSetCounterEventType,
  kvmPmuSetCounterValue,
  kvmPmuSoftwareIncrement,
  readPmcr,
} from "./pmu_counters.ts";
import {
  ARMV8_PMU_CYCLE_IDX,
  kvmPmuValidCounterMask,
  kvmVcpuHasPmu,
  PMCR_C,
  PMCR_LP,
  PMCR_MASK,
  PMCR_P,
  PMSELR_SEL,
  pmcrLc,
} from "./pmu_emul.ts";
import { vcpuReadSysReg, vcpuWriteSysReg } from "./regs.ts";
import { isEl0, type Trap } from "./sys_reg_trap.ts";

// What PMUSERENR_EL0 allows EL0: everything, PMSWINC_EL0, the cycle counter, the event counters
const PMUSERENR_EN = 1n << 0n;
const PMUSERENR_SW = 1n << 1n;
const PMUSERENR_CR = 1n << 2n;
const PMUSERENR_ER = 1n << 3n;
const PMUSERENR_MASK = 0xfn;

/** check_pmu_access_disabled(), the other way round. */
const isAllowed = (vcpu: KvmVcpu, bits = 0n) =>
  !isEl0(vcpu) || (vcpuReadSysReg(vcpu, SYSREG.PMUSERENR_EL0) & (PMUSERENR_EN | bits)) !== 0n;

/** Which further bits of PMUSERENR_EL0 allow EL0 to read a register, or to write it. */
interface Allowed {
  readonly read?: bigint;
  readonly write?: bigint;
}

/** A register that is there with a PMU, and at EL0 where PMUSERENR_EL0 allows it. */
const pmu = ({ read, write }: Trap, allowed: Allowed = {}): Trap => {
  const may = (vcpu: KvmVcpu, bits?: bigint) => kvmVcpuHasPmu(vcpu) && isAllowed(vcpu, bits);
  return {
    ...(read ? { read: (vcpu) => (may(vcpu, allowed.read) ? read(vcpu) : undefined) } : {}),
    ...(write ? { write: (vcpu, value) => may(vcpu, allowed.write) && write(vcpu, value) } : {}),
  };
};

/** A pair of registers that set and clear bits of one value. */
const bits = (encoding: number, set: boolean): Trap =>
  pmu({
    read: (vcpu) => vcpuReadSysReg(vcpu, encoding) & kvmPmuValidCounterMask(vcpu.kvm),
    write: (vcpu, value) => {
      const named = value & kvmPmuValidCounterMask(vcpu.kvm);
      const old = vcpuReadSysReg(vcpu, encoding);
      vcpuWriteSysReg(vcpu, encoding, set ? old | named : old & ~named);
      return true;
    },
  });

/** access_pmcr() and kvm_pmu_handle_pmcr(): P and C reset counters and read as zero. */
const pmcr: Trap = pmu({
  read: (vcpu) => readPmcr(vcpu) & ~(PMCR_P | PMCR_C),
  write: (vcpu, value) => {
    let next = (readPmcr(vcpu) & ~PMCR_MASK) | (value & PMCR_MASK & ~(PMCR_P | PMCR_C)) | pmcrLc(vcpu);
    if (vcpu.kvm.abi.pmuCounters64 && !hasLongCounters(vcpu)) next &= ~PMCR_LP;
    vcpuWriteSysReg(vcpu, SYSREG.PMCR_EL0, next);
    kvmPmuResetCounters(vcpu, value);
    return true;
  },
});

/** The number of a counter, or how a vCPU's registers tell it. */
type Index = number | ((vcpu: KvmVcpu) => number);
const selected: Index = (vcpu) => Number(vcpuReadSysReg(vcpu, SYSREG.PMSELR_EL0) & PMSELR_SEL);
const numberOf = (vcpu: KvmVcpu, index: Index) => (typeof index === "number" ? index : index(vcpu));

/** A register of one counter: of one that the guest has not, it is an undefined instruction. */
const ofCounter = (
  index: Index,
  read: (vcpu: KvmVcpu, n: number) => bigint,
  write: (vcpu: KvmVcpu, n: number, value: bigint) => void,
  allowed?: Allowed,
): Trap =>
  pmu(
    {
      read: (vcpu) => {
        const n = numberOf(vcpu, index);
        return isCounter(vcpu, n) ? read(vcpu, n) : undefined;
      },
      write: (vcpu, value) => {
        const n = numberOf(vcpu, index);
        if (isCounter(vcpu, n)) write(vcpu, n, value);
        return isCounter(vcpu, n);
      },
    },
    allowed,
  );

/** access_pmu_evcntr(): EL0 writes none without EN. */
const counter = (index: Index, read: bigint): Trap =>
  ofCounter(index, kvmPmuGetPmcValue, kvmPmuSetCounterValue, { read });

/** access_pmu_evtyper() */
const type = (index: Index): Trap => ofCounter(index, counterType, kvmPmuSetCounterEventType);

/** access_pmselr() */
const pmselr: Trap = pmu(
  {
    read: (vcpu) => vcpuReadSysReg(vcpu, SYSREG.PMSELR_EL0) & PMSELR_SEL,
    write: (vcpu, value) => {
      vcpuWriteSysReg(vcpu, SYSREG.PMSELR_EL0, value);
      return true;
    },
  },
  { read: PMUSERENR_ER, write: PMUSERENR_ER },
);

/** access_pmswinc() */
const pmswinc: Trap = pmu(
  {
    write: (vcpu, value) => {
      kvmPmuSoftwareIncrement(vcpu, value);
      return true;
    },
  },
  { write: PMUSERENR_SW },
);

/** access_pmuserenr() */
const pmuserenr: Trap = {
  read: (vcpu) => (kvmVcpuHasPmu(vcpu) ? vcpuReadSysReg(vcpu, SYSREG.PMUSERENR_EL0) & PMUSERENR_MASK : undefined),
  write: (vcpu, value) => {
    if (!kvmVcpuHasPmu(vcpu) || isEl0(vcpu)) return false;
    vcpuWriteSysReg(vcpu, SYSREG.PMUSERENR_EL0, value & PMUSERENR_MASK);
    return true;
  },
};

/** The rows of the performance monitors, for the table of trapped registers. */
export const PMU_TRAPS: readonly (readonly [number, Trap])[] = [
  [SYSREG.PMCR_EL0, pmcr],
  [SYSREG.PMCNTENSET_EL0, bits(SYSREG.PMCNTENSET_EL0, true)],
  [SYSREG.PMCNTENCLR_EL0, bits(SYSREG.PMCNTENSET_EL0, false)],
  [SYSREG.PMINTENSET_EL1, bits(SYSREG.PMINTENSET_EL1, true)],
  [SYSREG.PMINTENCLR_EL1, bits(SYSREG.PMINTENSET_EL1, false)],
  [SYSREG.PMOVSSET_EL0, bits(SYSREG.PMOVSSET_EL0, true)],
  [SYSREG.PMOVSCLR_EL0, bits(SYSREG.PMOVSSET_EL0, false)],
  [SYSREG.PMSWINC_EL0, pmswinc],
  [SYSREG.PMSELR_EL0, pmselr],
  [SYSREG.PMCEID0_EL0, pmu({ read: (vcpu) => kvmPmuGetPmceid(vcpu, false) })],
  [SYSREG.PMCEID1_EL0, pmu({ read: (vcpu) => kvmPmuGetPmceid(vcpu, true) })],
  [SYSREG.PMCCNTR_EL0, counter(ARMV8_PMU_CYCLE_IDX, PMUSERENR_CR)],
  [SYSREG.PMCCFILTR_EL0, type(ARMV8_PMU_CYCLE_IDX)],
  [SYSREG.PMXEVTYPER_EL0, type(selected)],
  [SYSREG.PMXEVCNTR_EL0, counter(selected, PMUSERENR_ER)],
  [SYSREG.PMUSERENR_EL0, pmuserenr],
  [SYSREG.PMMIR_EL1, { read: () => 0n }],
  ...Array.from({ length: ARMV8_PMU_CYCLE_IDX }, (_, n) => n).flatMap((n) => [
    [sysRegOf("PMEVCNTR", n), counter(n, PMUSERENR_ER)] as const,
    [sysRegOf("PMEVTYPER", n), type(n)] as const,
  ]),
];
