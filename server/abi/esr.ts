/** ESR_ELx, the syndrome of an exception: its classes and the fields that aborts use (Arm ARM, ESR_EL1; asm/esr.h). */

export const ESR_ELx_EC_SHIFT = 26;
export const ESR_ELx_IL = 1 << 25;
export const ESR_ELx_ISS_MASK = 0x1ffffff;

// Exception classes, bits 31:26

export const ESR_ELx_EC_UNKNOWN = 0x00;
export const ESR_ELx_EC_WFx = 0x01;
export const ESR_ELx_EC_FP_ASIMD = 0x07;
export const ESR_ELx_EC_PAC = 0x09;
export const ESR_ELx_EC_BTI = 0x0d;
export const ESR_ELx_EC_ILL = 0x0e;
export const ESR_ELx_EC_SVC64 = 0x15;
export const ESR_ELx_EC_HVC64 = 0x16;
export const ESR_ELx_EC_SMC64 = 0x17;
export const ESR_ELx_EC_SYS64 = 0x18;
export const ESR_ELx_EC_SVE = 0x19;
export const ESR_ELx_EC_FPAC = 0x1c;
export const ESR_ELx_EC_IABT_LOW = 0x20;
export const ESR_ELx_EC_IABT_CUR = 0x21;
export const ESR_ELx_EC_PC_ALIGN = 0x22;
export const ESR_ELx_EC_DABT_LOW = 0x24;
export const ESR_ELx_EC_DABT_CUR = 0x25;
export const ESR_ELx_EC_SP_ALIGN = 0x26;
export const ESR_ELx_EC_FP_EXC64 = 0x2c;
export const ESR_ELx_EC_SERROR = 0x2f;
export const ESR_ELx_EC_BREAKPT_LOW = 0x30;
export const ESR_ELx_EC_BREAKPT_CUR = 0x31;
export const ESR_ELx_EC_SOFTSTP_LOW = 0x32;
export const ESR_ELx_EC_SOFTSTP_CUR = 0x33;
export const ESR_ELx_EC_WATCHPT_LOW = 0x34;
export const ESR_ELx_EC_WATCHPT_CUR = 0x35;
export const ESR_ELx_EC_BRK64 = 0x3c;

// The ISS of an abort

export const ESR_ELx_ISV = 1 << 24;
export const ESR_ELx_SAS_SHIFT = 22;
export const ESR_ELx_SSE = 1 << 21;
export const ESR_ELx_SRT_SHIFT = 16;
export const ESR_ELx_SF = 1 << 15;
export const ESR_ELx_FnV = 1 << 10;
export const ESR_ELx_EA = 1 << 9;
export const ESR_ELx_CM = 1 << 8;
export const ESR_ELx_S1PTW = 1 << 7;
export const ESR_ELx_WNR = 1 << 6;
export const ESR_ELx_FSC = 0x3f;

// Fault status codes; a fault of a translation table walk adds its level

export const ESR_ELx_FSC_ADDRSZ = 0x00;
export const ESR_ELx_FSC_FAULT = 0x04;
export const ESR_ELx_FSC_ACCESS = 0x08;
export const ESR_ELx_FSC_PERM = 0x0c;
export const ESR_ELx_FSC_EXTABT = 0x10;
export const ESR_ELx_FSC_MTE = 0x11;
export const ESR_ELx_FSC_SEA_TTW = 0x14;
export const ESR_ELx_FSC_ALIGN = 0x21;

/** A syndrome for an instruction of 32 bits, or for one of unknown length, which IL marks the same. */
export function esr(exceptionClass: number, iss: number): number {
  return ((exceptionClass << ESR_ELx_EC_SHIFT) | ESR_ELx_IL | iss) >>> 0;
}
/** The exception class of a syndrome. */
export function esrClass(syndrome: number): number {
  return syndrome >>> ESR_ELx_EC_SHIFT;
}
