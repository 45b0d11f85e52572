/** The ids of KVM_GET_ONE_REG and KVM_SET_ONE_REG: the parts of linux/kvm.h and asm/kvm.h that build them. */

import { kvm_regs } from "./kvm_arm64.ts";
import { sysRegEncoding, sysRegName } from "./sysreg.ts";

// Bits 63:56 the architecture, 55:52 log2 of the size in bytes

export const KVM_REG_ARCH_MASK = 0xff00000000000000n;
export const KVM_REG_GENERIC = 0x0000000000000000n;
export const KVM_REG_PPC = 0x1000000000000000n;
export const KVM_REG_X86 = 0x2000000000000000n;
export const KVM_REG_IA64 = 0x3000000000000000n;
export const KVM_REG_ARM = 0x4000000000000000n;
export const KVM_REG_S390 = 0x5000000000000000n;
export const KVM_REG_ARM64 = 0x6000000000000000n;
export const KVM_REG_MIPS = 0x7000000000000000n;
export const KVM_REG_RISCV = 0x8000000000000000n;

export const KVM_REG_SIZE_SHIFT = 52n;
export const KVM_REG_SIZE_MASK = 0x00f0000000000000n;
export const KVM_REG_SIZE_U8 = 0x0000000000000000n;
export const KVM_REG_SIZE_U16 = 0x0010000000000000n;
export const KVM_REG_SIZE_U32 = 0x0020000000000000n;
export const KVM_REG_SIZE_U64 = 0x0030000000000000n;
export const KVM_REG_SIZE_U128 = 0x0040000000000000n;
export const KVM_REG_SIZE_U256 = 0x0050000000000000n;
export const KVM_REG_SIZE_U512 = 0x0060000000000000n;
export const KVM_REG_SIZE_U1024 = 0x0070000000000000n;
export const KVM_REG_SIZE_U2048 = 0x0080000000000000n;

/** KVM_REG_SIZE(): the size of a register's value in bytes. */
export function KVM_REG_SIZE(id: bigint): number {
  return 1 << Number((id & KVM_REG_SIZE_MASK) >> KVM_REG_SIZE_SHIFT);
}

// Bits 27:16 the class

export const KVM_REG_ARM_COPROC_MASK = 0x000000000fff0000n;
export const KVM_REG_ARM_COPROC_SHIFT = 16n;
export const KVM_REG_ARM_CORE = 0x0010n << KVM_REG_ARM_COPROC_SHIFT;
export const KVM_REG_ARM_DEMUX = 0x0011n << KVM_REG_ARM_COPROC_SHIFT;
export const KVM_REG_ARM64_SYSREG = 0x0013n << KVM_REG_ARM_COPROC_SHIFT;
export const KVM_REG_ARM_FW = 0x0014n << KVM_REG_ARM_COPROC_SHIFT;
export const KVM_REG_ARM64_SVE = 0x0015n << KVM_REG_ARM_COPROC_SHIFT;
export const KVM_REG_ARM_FW_FEAT_BMAP = 0x0016n << KVM_REG_ARM_COPROC_SHIFT;

// Core registers: the index is the offset in struct kvm_regs in words of 32 bits

/** KVM_REG_ARM_CORE_REG(): the index of a member, by its C path ("regs.pc", "fp_regs.vregs"). */
export function KVM_REG_ARM_CORE_REG(path: string): bigint {
  return BigInt(kvm_regs.offsetof(path) / 4);
}

const core = (size: bigint, path: string, index = 0n) =>
  KVM_REG_ARM64 | size | KVM_REG_ARM_CORE | (KVM_REG_ARM_CORE_REG(path) + index);

/** The id of each core register in the order of KVM_GET_REG_LIST, by the name that a debugger gives it. */
export const CORE_REGS: Readonly<Record<string, bigint>> = Object.freeze({
  ...Object.fromEntries(
    Array.from({ length: 31 }, (_, n) => [`x${n}`, core(KVM_REG_SIZE_U64, "regs.regs", BigInt(n) * 2n)]),
  ),
  sp: core(KVM_REG_SIZE_U64, "regs.sp"),
  pc: core(KVM_REG_SIZE_U64, "regs.pc"),
  pstate: core(KVM_REG_SIZE_U64, "regs.pstate"),
  sp_el1: core(KVM_REG_SIZE_U64, "sp_el1"),
  elr_el1: core(KVM_REG_SIZE_U64, "elr_el1"),
  ...Object.fromEntries(
    ["el1", "abt", "und", "irq", "fiq"].map((bank, n) => [
      `spsr_${bank}`,
      core(KVM_REG_SIZE_U64, "spsr", BigInt(n) * 2n),
    ]),
  ),
  ...Object.fromEntries(
    Array.from({ length: 32 }, (_, n) => [`v${n}`, core(KVM_REG_SIZE_U128, "fp_regs.vregs", BigInt(n) * 4n)]),
  ),
  fpsr: core(KVM_REG_SIZE_U32, "fp_regs.fpsr"),
  fpcr: core(KVM_REG_SIZE_U32, "fp_regs.fpcr"),
});

// Cache sizes: the index is a value of CSSELR

export const KVM_REG_ARM_DEMUX_ID_MASK = 0x000000000000ff00n;
export const KVM_REG_ARM_DEMUX_ID_SHIFT = 8n;
export const KVM_REG_ARM_DEMUX_ID_CCSIDR = 0x00n << KVM_REG_ARM_DEMUX_ID_SHIFT;
export const KVM_REG_ARM_DEMUX_VAL_MASK = 0x00000000000000ffn;
export const KVM_REG_ARM_DEMUX_VAL_SHIFT = 0n;

// System registers: the index is the encoding that MRS has

export const KVM_REG_ARM64_SYSREG_OP0_MASK = 0xc000n;
export const KVM_REG_ARM64_SYSREG_OP0_SHIFT = 14n;
export const KVM_REG_ARM64_SYSREG_OP1_MASK = 0x3800n;
export const KVM_REG_ARM64_SYSREG_OP1_SHIFT = 11n;
export const KVM_REG_ARM64_SYSREG_CRN_MASK = 0x0780n;
export const KVM_REG_ARM64_SYSREG_CRN_SHIFT = 7n;
export const KVM_REG_ARM64_SYSREG_CRM_MASK = 0x0078n;
export const KVM_REG_ARM64_SYSREG_CRM_SHIFT = 3n;
export const KVM_REG_ARM64_SYSREG_OP2_MASK = 0x0007n;
export const KVM_REG_ARM64_SYSREG_OP2_SHIFT = 0n;

/** ARM64_SYS_REG(): the id of a system register. */
export function ARM64_SYS_REG(op0: number, op1: number, crn: number, crm: number, op2: number): bigint {
  return sysRegId(sysRegEncoding(op0, op1, crn, crm, op2));
}
/** The id of a system register by its encoding (SYSREG.RGSR_EL1). */
export function sysRegId(encoding: number): bigint {
  return KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM64_SYSREG | BigInt(encoding);
}

/** The virtual timer's CVAL and CNT have each other's encodings; that is ABI. */
export const KVM_REG_ARM_TIMER_CTL = ARM64_SYS_REG(3, 3, 14, 3, 1);
export const KVM_REG_ARM_TIMER_CVAL = ARM64_SYS_REG(3, 3, 14, 0, 2);
export const KVM_REG_ARM_TIMER_CNT = ARM64_SYS_REG(3, 3, 14, 3, 2);
export const KVM_REG_ARM_PTIMER_CTL = ARM64_SYS_REG(3, 3, 14, 2, 1);
export const KVM_REG_ARM_PTIMER_CVAL = ARM64_SYS_REG(3, 3, 14, 2, 2);
export const KVM_REG_ARM_PTIMER_CNT = ARM64_SYS_REG(3, 3, 14, 0, 1);

// Firmware registers

/** KVM_REG_ARM_FW_REG(): the id of a firmware register. */
export function KVM_REG_ARM_FW_REG(r: number): bigint {
  return KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_FW | BigInt(r & 0xffff);
}
/** KVM_REG_ARM_FW_FEAT_BMAP_REG(): the id of a bitmap of firmware features. */
export function KVM_REG_ARM_FW_FEAT_BMAP_REG(r: number): bigint {
  return KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_FW_FEAT_BMAP | BigInt(r & 0xffff);
}

export const KVM_REG_ARM_PSCI_VERSION = KVM_REG_ARM_FW_REG(0);
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1 = KVM_REG_ARM_FW_REG(1);
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_AVAIL = 0n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_AVAIL = 1n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1_NOT_REQUIRED = 2n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2 = KVM_REG_ARM_FW_REG(2);
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_AVAIL = 0n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_UNKNOWN = 1n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_AVAIL = 2n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_NOT_REQUIRED = 3n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2_ENABLED = 1n << 4n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3 = KVM_REG_ARM_FW_REG(3);
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3_NOT_AVAIL = 0n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3_AVAIL = 1n;
export const KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3_NOT_REQUIRED = 2n;

/** Bit numbers stand behind each bitmap. */
export const KVM_REG_ARM_STD_BMAP = KVM_REG_ARM_FW_FEAT_BMAP_REG(0);
export const KVM_REG_ARM_STD_BIT_TRNG_V1_0 = 0n;
export const KVM_REG_ARM_STD_HYP_BMAP = KVM_REG_ARM_FW_FEAT_BMAP_REG(1);
export const KVM_REG_ARM_STD_HYP_BIT_PV_TIME = 0n;
export const KVM_REG_ARM_VENDOR_HYP_BMAP = KVM_REG_ARM_FW_FEAT_BMAP_REG(2);
export const KVM_REG_ARM_VENDOR_HYP_BIT_FUNC_FEAT = 0n;
export const KVM_REG_ARM_VENDOR_HYP_BIT_PTP = 1n;
export const KVM_REG_ARM_VENDOR_HYP_BMAP_2 = KVM_REG_ARM_FW_FEAT_BMAP_REG(3);
export const KVM_REG_ARM_VENDOR_HYP_BIT_DISCOVER_IMPL_VER = 0n;
export const KVM_REG_ARM_VENDOR_HYP_BIT_DISCOVER_IMPL_CPUS = 1n;

// SVE

export const KVM_ARM64_SVE_NUM_ZREGS = 32;
export const KVM_ARM64_SVE_NUM_PREGS = 16;
export const KVM_ARM64_SVE_MAX_SLICES = 32;
export const KVM_ARM64_SVE_VQ_MIN = 1;
export const KVM_ARM64_SVE_VQ_MAX = 512;
export const KVM_ARM64_SVE_VLS_WORDS = Math.floor((KVM_ARM64_SVE_VQ_MAX - KVM_ARM64_SVE_VQ_MIN) / 64) + 1;

export const KVM_REG_ARM64_SVE_ZREG_BASE = 0x000n;
export const KVM_REG_ARM64_SVE_PREG_BASE = 0x400n;
export const KVM_REG_ARM64_SVE_FFR_BASE = 0x600n;

const sve = (size: bigint, base: bigint, n: number, i: number) =>
  KVM_REG_ARM64 | KVM_REG_ARM64_SVE | base | size | BigInt((n << 5) | (i & (KVM_ARM64_SVE_MAX_SLICES - 1)));

/** KVM_REG_ARM64_SVE_ZREG(): slice `i` of Z`n`. */
export function KVM_REG_ARM64_SVE_ZREG(n: number, i: number): bigint {
  return sve(KVM_REG_SIZE_U2048, KVM_REG_ARM64_SVE_ZREG_BASE, n & (KVM_ARM64_SVE_NUM_ZREGS - 1), i);
}
/** KVM_REG_ARM64_SVE_PREG(): slice `i` of P`n`. */
export function KVM_REG_ARM64_SVE_PREG(n: number, i: number): bigint {
  return sve(KVM_REG_SIZE_U256, KVM_REG_ARM64_SVE_PREG_BASE, n & (KVM_ARM64_SVE_NUM_PREGS - 1), i);
}
/** KVM_REG_ARM64_SVE_FFR(): slice `i` of FFR. */
export function KVM_REG_ARM64_SVE_FFR(i: number): bigint {
  return sve(KVM_REG_SIZE_U256, KVM_REG_ARM64_SVE_FFR_BASE, 0, i);
}
/** The pseudo-register of the vector lengths that a vCPU offers. */
export const KVM_REG_ARM64_SVE_VLS = KVM_REG_ARM64 | KVM_REG_ARM64_SVE | KVM_REG_SIZE_U512 | 0xffffn;

// Names, for people

const named = new Map<bigint, string>([
  ...Object.entries(CORE_REGS).map(([name, id]) => [id, name] as const),
  [KVM_REG_ARM_TIMER_CTL, "KVM_REG_ARM_TIMER_CTL"],
  [KVM_REG_ARM_TIMER_CVAL, "KVM_REG_ARM_TIMER_CVAL"],
  [KVM_REG_ARM_TIMER_CNT, "KVM_REG_ARM_TIMER_CNT"],
  [KVM_REG_ARM_PTIMER_CTL, "KVM_REG_ARM_PTIMER_CTL"],
  [KVM_REG_ARM_PTIMER_CVAL, "KVM_REG_ARM_PTIMER_CVAL"],
  [KVM_REG_ARM_PTIMER_CNT, "KVM_REG_ARM_PTIMER_CNT"],
  [KVM_REG_ARM_PSCI_VERSION, "KVM_REG_ARM_PSCI_VERSION"],
  [KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1, "KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_1"],
  [KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2, "KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_2"],
  [KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3, "KVM_REG_ARM_SMCCC_ARCH_WORKAROUND_3"],
  [KVM_REG_ARM_STD_BMAP, "KVM_REG_ARM_STD_BMAP"],
  [KVM_REG_ARM_STD_HYP_BMAP, "KVM_REG_ARM_STD_HYP_BMAP"],
  [KVM_REG_ARM_VENDOR_HYP_BMAP, "KVM_REG_ARM_VENDOR_HYP_BMAP"],
  [KVM_REG_ARM_VENDOR_HYP_BMAP_2, "KVM_REG_ARM_VENDOR_HYP_BMAP_2"],
  [KVM_REG_ARM64_SVE_VLS, "KVM_REG_ARM64_SVE_VLS"],
]);

function sveName(index: number): string | undefined {
  const [n, slice] = [(index >> 5) & 0x1f, index & 0x1f];
  const name = index < 0x400 ? `z${n}` : index < 0x600 ? `p${n & 0xf}` : index < 0x620 ? "ffr" : undefined;
  return name && slice > 0 ? `${name}[${slice}]` : name;
}

/** The name of the register that an id stands for: "x0", "RGSR_EL1", "KVM_REG_ARM_PSCI_VERSION"; undefined where it stands for none. */
export function regName(id: bigint): string | undefined {
  const name = named.get(id);
  if (name) return name;
  const index = Number(id & 0xffffn);
  switch (id - BigInt(index)) {
    case KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM64_SYSREG:
      return sysRegName(index);
    case KVM_REG_ARM64 | KVM_REG_SIZE_U32 | KVM_REG_ARM_DEMUX:
      return index < 0x100 ? `CCSIDR_EL1[${index}]` : undefined;
    case KVM_REG_ARM64 | KVM_REG_SIZE_U2048 | KVM_REG_ARM64_SVE:
    case KVM_REG_ARM64 | KVM_REG_SIZE_U256 | KVM_REG_ARM64_SVE:
      return sveName(index);
    default:
      return undefined;
  }
}
