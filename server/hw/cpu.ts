/** The board's CPU: what its identification registers say, and what only they who built it know. */

import type { SysRegName } from "../abi/sysreg.ts";

/** The flaws of speculation that a kernel asks after. */
export type CpuFlaw = "spectre-v2" | "spectre-v4" | "spectre-bhb" | "meltdown";

/** One model of CPU. */
export interface CpuModel {
  readonly name: string;
  /** The registers that read the same always; one left out reads zero. */
  readonly registers: Readonly<Partial<Record<SysRegName, bigint>>>;
  /** CCSIDR_EL1 of each cache that CLIDR_EL1 tells of, by the value of CSSELR_EL1. */
  readonly ccsidr: ReadonlyMap<number, number>;
  /** The lengths of SVE vectors, in quadwords; empty without SVE. */
  readonly sveVectorQuadwords: readonly number[];
  readonly flaws: ReadonlySet<CpuFlaw>;
  /** CNTFRQ_EL0: ticks of the system counter in a second. */
  readonly counterFrequency: bigint;
}

/** What MRS reads on the bare CPU. */
export function cpuRegister(cpu: CpuModel, name: SysRegName): bigint {
  return cpu.registers[name] ?? 0n;
}

/** A field of four bits of an identification register. */
export function cpuField(cpu: CpuModel, name: SysRegName, shift: number): number {
  return Number((cpuRegister(cpu, name) >> BigInt(shift)) & 0xfn);
}

/** An Armv9 core with EL2, AArch32 at EL1 and EL0, MTE3, SVE2, pointer authentication and PMUv3p5: QEMU's `-cpu max`. */
export const CPU_MAX: CpuModel = {
  name: "max",
  registers: {
    MIDR_EL1: 0xf0510n,
    CTR_EL0: 0xb444c004n,
    CLIDR_EL1: 0x2000023n,
    DCZID_EL0: 0x4n,
    GMID_EL1: 0x6n,
    PMCR_EL0: 0x41013000n,
    // SW_INCR, INST_RETIRED, CPU_CYCLES
    PMCEID0_EL0: 0x20101n,

    ID_PFR0_EL1: 0x1020131n,
    ID_PFR1_EL1: 0x10011001n,
    ID_DFR0_EL1: 0x600000an,
    ID_MMFR0_EL1: 0x10101105n,
    ID_MMFR1_EL1: 0x40000000n,
    ID_MMFR2_EL1: 0x1260000n,
    ID_MMFR3_EL1: 0x2122211n,
    ID_ISAR0_EL1: 0x2101110n,
    ID_ISAR1_EL1: 0x13112111n,
    ID_ISAR2_EL1: 0x21232042n,
    ID_ISAR3_EL1: 0x1112131n,
    ID_ISAR4_EL1: 0x11142n,
    ID_ISAR5_EL1: 0x1011121n,
    ID_MMFR4_EL1: 0x20021110n,
    ID_ISAR6_EL1: 0x1111111n,
    MVFR0_EL1: 0x10110222n,
    MVFR1_EL1: 0x13211111n,
    MVFR2_EL1: 0x43n,
    ID_PFR2_EL1: 0x11n,
    ID_MMFR5_EL1: 0x2n,

    ID_AA64PFR0_EL1: 0x1101001121110222n,
    ID_AA64PFR1_EL1: 0x1000321n,
    ID_AA64ZFR0_EL1: 0x110110100210021n,
    ID_AA64DFR0_EL1: 0x1030560an,
    ID_AA64ISAR0_EL1: 0x1221111110212120n,
    ID_AA64ISAR1_EL1: 0x111211110211502n,
    ID_AA64ISAR2_EL1: 0x110012n,
    ID_AA64MMFR0_EL1: 0x2100032310201126n,
    ID_AA64MMFR1_EL1: 0x10112010312122n,
    ID_AA64MMFR2_EL1: 0x1221011112011011n,
  },
  ccsidr: new Map([
    [0, 0x700fe01a],
    [1, 0x201fe012],
    [2, 0x70ffe07a],
  ]),
  sveVectorQuadwords: Array.from({ length: 16 }, (_, n) => n + 1),
  flaws: new Set(["spectre-v4"]),
  counterFrequency: 1_000_000_000n,
};
