/** A process's registers and its tags as ptrace sees them: asm/ptrace.h of arm64. */

import { array, struct, u32, u64, u128 } from "./ctypes.ts";

export const user_pt_regs = struct("user_pt_regs", {
  regs: array(u64, 31),
  sp: u64,
  pc: u64,
  pstate: u64,
});

export const user_fpsimd_state = struct("user_fpsimd_state", {
  vregs: array(u128, 32),
  fpsr: u32,
  fpcr: u32,
  __reserved: array(u32, 2),
});

// PSTATE.M: exception level and stack pointer, or an AArch32 mode where bit 4 is set

export const PSR_MODE_EL0t = 0x00n;
export const PSR_MODE_EL1t = 0x04n;
export const PSR_MODE_EL1h = 0x05n;
export const PSR_MODE_EL2t = 0x08n;
export const PSR_MODE_EL2h = 0x09n;
export const PSR_MODE_EL3t = 0x0cn;
export const PSR_MODE_EL3h = 0x0dn;
export const PSR_MODE_MASK = 0x0fn;
export const PSR_MODE32_BIT = 0x10n;

// PSTATE's other bits

export const PSR_F_BIT = 0x00000040n;
export const PSR_I_BIT = 0x00000080n;
export const PSR_A_BIT = 0x00000100n;
export const PSR_D_BIT = 0x00000200n;
export const PSR_BTYPE_MASK = 0x00000c00n;
export const PSR_SSBS_BIT = 0x00001000n;
export const PSR_PAN_BIT = 0x00400000n;
export const PSR_UAO_BIT = 0x00800000n;
export const PSR_DIT_BIT = 0x01000000n;
export const PSR_TCO_BIT = 0x02000000n;
export const PSR_V_BIT = 0x10000000n;
export const PSR_C_BIT = 0x20000000n;
export const PSR_Z_BIT = 0x40000000n;
export const PSR_N_BIT = 0x80000000n;

// Modes of AArch32 (asm/ptrace.h inside the kernel: PSR_AA32_MODE_*)

export const PSR_AA32_MODE_MASK = 0x1fn;
export const PSR_AA32_MODE_USR = 0x10n;
export const PSR_AA32_MODE_FIQ = 0x11n;
export const PSR_AA32_MODE_IRQ = 0x12n;
export const PSR_AA32_MODE_SVC = 0x13n;
export const PSR_AA32_MODE_ABT = 0x17n;
export const PSR_AA32_MODE_UND = 0x1bn;
export const PSR_AA32_MODE_SYS = 0x1fn;

export const PTRACE_PEEKMTETAGS = 33;
export const PTRACE_POKEMTETAGS = 34;
