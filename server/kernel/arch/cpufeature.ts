/** The fields of identification registers that the kernel knows and how two values of one compare: arch/arm64/kernel/cpufeature.c. */

import { SYSREG, type SysRegName, sysRegEncoding } from "../../abi/sysreg.ts";
import type { Behaviours } from "../../abi/versions.ts";
import { type CpuModel, cpuRegister } from "../../hw/cpu.ts";
import type { Host } from "../host.ts";

/** Which of two values of a field promises less; "exact" knows only one value besides the CPU's own. */
type FtrSafe = "lower" | "higher" | "higher-or-zero" | "exact";

/** struct arm64_ftr_bits */
export interface ArmFtrBits {
  readonly shift: number;
  readonly width: number;
  readonly signed: boolean;
  readonly safe: FtrSafe;
  /** What is safe where `safe` is "exact". */
  readonly safeValue: bigint;
  /** The behaviour that says whether a kernel knows the field; every kernel does where left out. */
  readonly exists?: keyof Behaviours;
}

const bits = (shift: number, options: Partial<ArmFtrBits> = {}): ArmFtrBits => ({
  shift,
  width: 4,
  signed: false,
  safe: "lower",
  safeValue: 0n,
  ...options,
});
const signed = (shift: number) => bits(shift, { signed: true });
const exact = (shift: number, safeValue: bigint) => bits(shift, { safe: "exact", safeValue });
const by61 = (shift: number, options: Partial<ArmFtrBits> = {}) => bits(shift, { ...options, exists: "ftrBitsOf61" });
const by612 = (shift: number) => bits(shift, { exists: "ftrBitsOf612" });

/** arm64_ftr_regs[]: a bit in no field is hidden, and reads zero. */
const FTR_REGS: Readonly<Partial<Record<SysRegName, Readonly<Record<string, ArmFtrBits>>>>> = {
  ID_AA64PFR0_EL1: {
    CSV3: bits(60),
    CSV2: bits(56),
    DIT: bits(48),
    AMU: bits(44),
    MPAM: bits(40),
    SEL2: bits(36),
    SVE: bits(32),
    RAS: bits(28),
    GIC: bits(24),
    AdvSIMD: signed(20),
    FP: signed(16),
    EL3: bits(12),
    EL2: bits(8),
    EL1: bits(4),
    EL0: bits(0),
  },
  ID_AA64PFR1_EL1: {
    MTE_frac: by612(40),
    CSV2_frac: by61(32),
    SME: by61(24),
    MPAM_frac: bits(16),
    RAS_frac: bits(12),
    MTE: bits(8),
    SSBS: bits(4),
    BT: bits(0),
  },
  ID_AA64PFR2_EL1: { FPMR: by612(32), MTEFAR: by612(8), MTESTOREONLY: by612(4) },
  ID_AA64ZFR0_EL1: {
    F64MM: bits(56),
    F32MM: bits(52),
    I8MM: bits(44),
    SM4: bits(40),
    SHA3: bits(32),
    B16B16: by612(24),
    BF16: bits(20),
    BitPerm: bits(16),
    AES: bits(4),
    SVEver: bits(0),
  },
  ID_AA64DFR0_EL1: {
    DoubleLock: signed(36),
    PMSVer: bits(32),
    CTX_CMPs: bits(28),
    WRPs: bits(20),
    BRPs: bits(12),
    PMUVer: signed(8),
    DebugVer: bits(0),
  },
  ID_AA64ISAR0_EL1: {
    RNDR: bits(60),
    TLB: bits(56),
    TS: bits(52),
    FHM: bits(48),
    DP: bits(44),
    SM4: bits(40),
    SM3: bits(36),
    SHA3: bits(32),
    RDM: bits(28),
    ATOMIC: bits(20),
    CRC32: bits(16),
    SHA2: bits(12),
    SHA1: bits(8),
    AES: bits(4),
  },
  ID_AA64ISAR1_EL1: {
    LS64: by612(60),
    XS: by612(56),
    I8MM: bits(52),
    DGH: bits(48),
    BF16: bits(44),
    SPECRES: bits(40),
    SB: bits(36),
    FRINTTS: bits(32),
    GPI: bits(28),
    GPA: bits(24),
    LRCPC: bits(20),
    FCMA: bits(16),
    JSCVT: bits(12),
    API: exact(8, 0n),
    APA: exact(4, 0n),
    DPB: bits(0),
  },
  ID_AA64ISAR2_EL1: {
    CSSC: by612(52),
    RPRFM: by612(48),
    CLRBHB: by61(28),
    BC: by61(20),
    MOPS: by612(16),
    APA3: by61(12, { safe: "exact" }),
    GPA3: by61(8),
    RPRES: by61(4),
    WFxT: by61(0),
  },
  ID_AA64MMFR0_EL1: {
    ECV: bits(60),
    FGT: bits(56),
    EXS: bits(44),
    TGRAN4_2: exact(40, 1n),
    TGRAN64_2: exact(36, 1n),
    TGRAN16_2: exact(32, 1n),
    TGRAN4: signed(28),
    TGRAN64: signed(24),
    TGRAN16: bits(20),
    BIGENDEL0: bits(16),
    SNSMEM: bits(12),
    BIGEND: bits(8),
    ASIDBITS: bits(4),
    PARANGE: bits(0),
  },
  ID_AA64MMFR1_EL1: {
    ECBHB: bits(60),
    TIDCP1: by61(52),
    AFP: by61(44),
    HCX: by612(40),
    ETS: bits(36),
    TWED: bits(32),
    XNX: bits(28),
    SpecSEI: bits(24, { safe: "higher" }),
    PAN: bits(20),
    LO: bits(16),
    HPDS: bits(12),
    VH: bits(8),
    VMIDBits: bits(4),
    HAFDBS: bits(0),
  },
  ID_AA64MMFR2_EL1: {
    E0PD: bits(60),
    EVT: bits(56),
    BBM: bits(52),
    TTL: bits(48),
    FWB: bits(40),
    IDS: bits(36),
    AT: bits(32),
    ST: bits(28),
    NV: bits(24),
    CCIDX: bits(20),
    VARange: bits(16),
    IESB: bits(12),
    LSM: bits(8),
    UAO: bits(4),
    CnP: bits(0),
  },
  ID_AA64MMFR3_EL1: { S1POE: by612(16), S1PIE: by612(8), SCTLRX: by612(4), TCRX: by612(0) },
  CTR_EL0: {
    RES1: bits(31, { width: 1, safe: "exact", safeValue: 1n }),
    DIC: bits(29, { width: 1 }),
    IDC: bits(28, { width: 1 }),
    CWG: bits(24, { safe: "higher-or-zero" }),
    ERG: bits(20, { safe: "higher-or-zero" }),
    DminLine: bits(16),
    L1Ip: bits(14, { width: 2, safe: "exact", safeValue: 2n }),
    IminLine: bits(0),
  },
};

/** ftr_generic_32bits: what the AArch32 registers have without a description of their own. */
const AA32_FTR_BITS = Array.from({ length: 8 }, (_, n) => bits(4 * n));
const AA32_ID_FIRST = sysRegEncoding(3, 0, 0, 1, 0);
const AA32_ID_LAST = sysRegEncoding(3, 0, 0, 3, 7);

const byEncoding = new Map(
  Object.entries(FTR_REGS).map(([name, fields]) => [SYSREG[name as SysRegName], Object.values(fields)]),
);

/** is_aa32_id_reg() */
export function isAa32IdReg(encoding: number): boolean {
  return encoding >= AA32_ID_FIRST && encoding <= AA32_ID_LAST;
}

/** get_arm64_ftr_reg(): the fields that a kernel knows of a register. */
export function arm64FtrBits(abi: Behaviours, encoding: number): readonly ArmFtrBits[] {
  if (isAa32IdReg(encoding)) return AA32_FTR_BITS;
  return (byEncoding.get(encoding) ?? []).filter((field) => !field.exists || abi[field.exists]);
}

/** arm64_ftr_mask() */
export function arm64FtrMask({ shift, width }: ArmFtrBits): bigint {
  return ((1n << BigInt(width)) - 1n) << BigInt(shift);
}

/** arm64_ftr_value() */
export function arm64FtrValue({ shift, width, signed }: ArmFtrBits, register: bigint): bigint {
  const value = register >> BigInt(shift);
  return signed ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value);
}

const min = (a: bigint, b: bigint) => (a < b ? a : b);
const max = (a: bigint, b: bigint) => (a > b ? a : b);

/** arm64_ftr_safe_value(): of two different values, the one that both can stand for. */
export function arm64FtrSafeValue({ safe, safeValue }: ArmFtrBits, a: bigint, b: bigint): bigint {
  if (safe === "exact") return safeValue;
  if (safe === "lower") return min(a, b);
  return safe === "higher-or-zero" && (a === 0n || b === 0n) ? 0n : max(a, b);
}

const namesOf = new Map(Object.entries(SYSREG).map(([name, encoding]) => [encoding, name as SysRegName]));

/** read_sanitised_ftr_reg(): a CPU's register without the fields that the kernel does not know. */
export function readSanitisedFtrReg(host: Host, abi: Behaviours, encoding: number): bigint {
  const name = namesOf.get(encoding);
  if (!name) return 0n;
  const known = arm64FtrBits(abi, encoding).reduce((mask, field) => mask | arm64FtrMask(field), 0n);
  const value = cpuRegister(host.options.cpu, name) & known;
  return name === "ID_AA64PFR1_EL1" && !host.options.mte ? value & ~ID_AA64PFR1_EL1_MTE : value;
}

const ID_AA64PFR1_EL1_MTE = 0xf00n;

/** system_supports_32bit_el0() and _el1(), system_supports_sve(), kvm_has_full_ptr_auth(), RAS. */
export interface SystemCapabilities {
  readonly el0Is32Bit: boolean;
  readonly el1Is32Bit: boolean;
  readonly sve: boolean;
  readonly ptrauth: boolean;
  readonly ras: boolean;
  readonly ssbs: boolean;
}

const capabilities = new WeakMap<CpuModel, SystemCapabilities>();

/** What the kernel finds of a CPU at boot. */
export function systemCapabilities(cpu: CpuModel): SystemCapabilities {
  let found = capabilities.get(cpu);
  if (!found) capabilities.set(cpu, (found = detect(cpu)));
  return found;
}

function detect(cpu: CpuModel): SystemCapabilities {
  const field = (name: SysRegName, key: string) => {
    const layout = FTR_REGS[name]?.[key] as ArmFtrBits;
    return arm64FtrValue(layout, cpuRegister(cpu, name));
  };
  const address = field("ID_AA64ISAR1_EL1", "APA") | field("ID_AA64ISAR1_EL1", "API");
  const generic = field("ID_AA64ISAR1_EL1", "GPA") | field("ID_AA64ISAR1_EL1", "GPI");
  return {
    el0Is32Bit: field("ID_AA64PFR0_EL1", "EL0") === 2n,
    el1Is32Bit: field("ID_AA64PFR0_EL1", "EL1") === 2n,
    sve: field("ID_AA64PFR0_EL1", "SVE") > 0n,
    ptrauth: address > 0n && generic > 0n,
    ras: field("ID_AA64PFR0_EL1", "RAS") > 0n,
    ssbs: field("ID_AA64PFR1_EL1", "SSBS") > 0n,
  };
}
