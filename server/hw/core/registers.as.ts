/** System registers: MSR and MRS of op0 3, with the traps that EL2 sets (Arm ARM D24). */

import {
  ACTLR_EL1_OFF, AFSR0_EL1_OFF, AFSR1_EL1_OFF, AIDR_EL1_OFF, AMAIR_EL1_OFF, AP_KEYS_OFF, CCSIDR_OFF, CLIDR_EL1_OFF,
  CNTKCTL_EL1_OFF, CONTEXTIDR_EL1_OFF, CPACR_EL1_OFF, CPTR_EL2_OFF, CSSELR_EL1_OFF, CTR_EL0_OFF, DCZID_EL0_OFF,
  DISR_EL1_OFF, ELR_EL1_OFF, ESR_EL1_OFF, FAR_EL1_OFF, FPCR_OFF, FPSR_OFF, GCR_EL1_OFF, GMID_EL1_OFF, HCR_EL2_OFF,
  ID_REGS_OFF, MAIR_EL1_OFF, MDCR_EL2_OFF, MIDR_EL1_OFF, MPIDR_EL1_OFF, PAR_EL1_OFF, PSTATE_OFF, RGSR_EL1_OFF,
  SCTLR_EL1_OFF, SCXTNUM_EL0_OFF, SCXTNUM_EL1_OFF, SP_EL0_OFF, SPSR_EL1_OFF, TCR_EL1_OFF, TFSR_EL1_OFF, TFSRE0_EL1_OFF,
  TPIDR_EL0_OFF, TPIDR_EL1_OFF, TPIDRRO_EL0_OFF, TTBR0_EL1_OFF, TTBR1_EL1_OFF, VBAR_EL1_OFF,
} from "../core_state";
import { debugAccess } from "./debug_registers.as";
import {
  checkFpEnabled, checkSmeAccess, checkSveEnabled, contextChanged, hasSme, implementationDefined, trapToEl1, trapToEl2,
  writePstate,
} from "./exception.as";
import {
  CPTR_TCPAC, HCR_APK, HCR_ATA, HCR_ENSCXT, HCR_TACR, HCR_TDZ, HCR_TERR, HCR_TID1, HCR_TID2, HCR_TID3, HCR_TID5,
  HCR_TLOR, HCR_TRVM, HCR_TVM, HCR_VF, HCR_VI, HCR_VSE, MDCR_TPM, PSTATE_A, PSTATE_ALLINT, PSTATE_D, PSTATE_DIT,
  PSTATE_F, PSTATE_I, PSTATE_PAN, PSTATE_SP, PSTATE_SSBS, PSTATE_TCO, PSTATE_UAO, SCTLR_DZE, SCTLR_ENTP2, SCTLR_TSCXT,
  SCTLR_UCT, SCTLR_UMA,
} from "./fields.as";
import { DONE, LEFT_NEXT, UNDEFINED } from "./outcome.as";
import { bits, el, nzcv, reg, setNzcv, setReg, setX, x } from "./state.as";
import * as Sys from "./sysreg_numbers.as";
import { timerAccess } from "./timer.as";
import { flushTlb } from "./tlb.as";

/** A register that a function of this file does not know. */
const ELSEWHERE: u32 = 0xff;

/** S3_0_C4_C3_0, of FEAT_NMI. */
const ALLINT: u32 = 0xc218;
/** S3_3_C4_C2_2, S3_0_C1_C2_6 and S3_0_C1_C2_4, of FEAT_SME. */
const SVCR: u32 = 0xda12;
const SMCR_EL1: u32 = 0xc096;
const SMPRI_EL1: u32 = 0xc094;
const RNDR: u32 = 0xd920;
const RNDRRS: u32 = 0xd921;

/** Registers of op0 3, op1 0, CRn 0 by the encoding; HCR_EL2.TID3 traps all but those of CRm 0. */
const ID_SPACE: u32 = 0xc000;
const ID_SPACE_MASK: u32 = 0xff80;

/** Level and InD: the cache that CCSIDR_EL1 tells of. */
const CSSELR_KNOWN: u64 = 15;
const DCZID_DZP: u64 = 1 << 4;
const PSTATE_DAIF: u32 = PSTATE_D | PSTATE_A | PSTATE_I | PSTATE_F;
/** The fields of FPCR, with Len and Stride that AArch32 has, and of FPSR, with AArch32's NZCV; the others are RES0. */
const FPCR_KNOWN: u32 = 0x07ff2007;
const FPSR_KNOWN: u32 = 0xf800009f;

/** Bits that nobody can guess. */
// @ts-ignore
@external("env", "random")
declare function random(): u64;

/** MSR and MRS of a register that there is: what is asked for most comes first. */
export function systemMove(s: usize, insn: u32, read: bool): u32 {
  const outcome = move(s, insn, read);
  return outcome == UNDEFINED ? undefinedMove(s, insn, read) : outcome;
}

/** The same of one that there is not: hasSysreg() is asked when the instruction is taken apart. */
export function undefinedMove(s: usize, insn: u32, read: bool): u32 {
  // FEAT_IDST: what is UNDEFINED among the registers of identification is reported as a trap
  if (read && isIdentification(insn)) return trapToEl1(s, insn);
  return (insn & (1 << 19)) != 0 ? implementationDefined(s, insn) : UNDEFINED;
}

// @ts-ignore
@inline
function move(s: usize, insn: u32, read: bool): u32 {
  // op0 is 2
  if ((insn & (1 << 19)) == 0) return debugAccess(s, insn, read);
  const outcome = registerOfAnyLevel(s, insn, read);
  if (outcome != ELSEWHERE) return outcome;
  if (bits(insn, 16, 3) == 3) return timerOrMonitor(s, insn, read);
  return el(s) == 0 ? UNDEFINED : registerOfEl1(s, insn, read);
}

// @ts-ignore
@inline
function registerOfEl1(s: usize, insn: u32, read: bool): u32 {
  let outcome = stateOfEl1(s, insn, read);
  if (outcome != ELSEWHERE) return outcome;
  const offset = offsetOf((insn >>> 5) & 0xffff);
  if (offset != 0) return word(s, insn, read, offset);
  outcome = identification(s, insn, read);
  return outcome == ELSEWHERE ? trappedGroup(s, insn, read) : outcome;
}

/** Registers that EL0 may have too. */
// @ts-ignore
@inline
function registerOfAnyLevel(s: usize, insn: u32, read: bool): u32 {
  const encoding = (insn >>> 5) & 0xffff;
  const t = insn & 31;
  const level = el(s);
  const h = reg(s, HCR_EL2_OFF);
  const sctlr = reg(s, SCTLR_EL1_OFF);
  const value = x(s, t);
  switch (encoding) {
    case Sys.NZCV:
      if (read) setX(s, t, <u64>nzcv(s));
      else setNzcv(s, <u32>value & 0xf0000000);
      return DONE;
    case Sys.TCO:
      return pstateBit(s, t, PSTATE_TCO, read);
    case Sys.DIT:
      return pstateBit(s, t, PSTATE_DIT, read);
    case Sys.SSBS:
      return pstateBit(s, t, PSTATE_SSBS, read);
    case Sys.FPCR:
    case Sys.FPSR: {
      const denied = checkFpEnabled(s);
      if (denied != DONE) return denied;
      const offset: usize = encoding == Sys.FPCR ? FPCR_OFF : FPSR_OFF;
      if (read) setX(s, t, <u64>load<u32>(s + offset));
      else store<u32>(s + offset, <u32>value & (encoding == Sys.FPCR ? FPCR_KNOWN : FPSR_KNOWN));
      return DONE;
    }
    case Sys.DAIF:
      if (level == 0 && (sctlr & SCTLR_UMA) == 0) return trapToEl1(s, insn);
      if (read) setX(s, t, <u64>(load<u32>(s, PSTATE_OFF) & PSTATE_DAIF));
      else {
        store<u32>(s, (load<u32>(s, PSTATE_OFF) & ~PSTATE_DAIF) | (<u32>value & PSTATE_DAIF), PSTATE_OFF);
        contextChanged(s);
        return LEFT_NEXT;
      }
      return DONE;
    case Sys.TPIDR_EL0:
      if (read) setX(s, t, reg(s, TPIDR_EL0_OFF));
      else setReg(s, TPIDR_EL0_OFF, value);
      return DONE;
    case Sys.TPIDRRO_EL0:
      if (read) setX(s, t, reg(s, TPIDRRO_EL0_OFF));
      else if (level == 0) return UNDEFINED;
      else setReg(s, TPIDRRO_EL0_OFF, value);
      return DONE;
    case SVCR:
      return checkSmeAccess(s);
    case Sys.TPIDR2_EL0:
      if (!hasSme(s)) return UNDEFINED;
      return level == 0 && (sctlr & SCTLR_ENTP2) == 0 ? trapToEl1(s, insn) : trapToEl2(s, insn);
    case Sys.SCXTNUM_EL0:
      if (level == 0 && (sctlr & SCTLR_TSCXT) != 0) return trapToEl1(s, insn);
      if ((h & HCR_ENSCXT) == 0) return trapToEl2(s, insn);
      if (read) setX(s, t, reg(s, SCXTNUM_EL0_OFF));
      else setReg(s, SCXTNUM_EL0_OFF, value);
      return DONE;
    case Sys.CTR_EL0:
      if (level == 0 && (sctlr & SCTLR_UCT) == 0) return trapToEl1(s, insn);
      if ((h & HCR_TID2) != 0) return trapToEl2(s, insn);
      setX(s, t, reg(s, CTR_EL0_OFF));
      return DONE;
    case Sys.DCZID_EL0: {
      const prohibited = (level == 0 && (sctlr & SCTLR_DZE) == 0) || (h & HCR_TDZ) != 0;
      setX(s, t, reg(s, DCZID_EL0_OFF) | (prohibited ? DCZID_DZP : 0));
      return DONE;
    }
    case RNDR:
    case RNDRRS:
      setX(s, t, random());
      setNzcv(s, 0);
      return DONE;
  }
  return ELSEWHERE;
}

/** The generic timer, and the performance monitors, which are the hypervisor's. */
function timerOrMonitor(s: usize, insn: u32, read: bool): u32 {
  if (bits(insn, 12, 4) == 14 && bits(insn, 8, 4) < 4) return timerAccess(s, insn, read);
  if (((insn >>> 5) & 0xffff) == Sys.PMUSERENR_EL0 && el(s) == 0 && !read) return UNDEFINED;
  return trapByMdcr(s, insn, MDCR_TPM);
}

/** Registers of identification, and CSSELR_EL1 that selects among them. */
// @ts-ignore
@inline
function identification(s: usize, insn: u32, read: bool): u32 {
  const encoding = (insn >>> 5) & 0xffff;
  if ((encoding & ID_SPACE_MASK) == ID_SPACE && bits(insn, 8, 4) != 0)
    return identify(s, insn, HCR_TID3, reg(s, idRegister(insn)));
  switch (encoding) {
    case Sys.MIDR_EL1:
      return identify(s, insn, 0, reg(s, MIDR_EL1_OFF));
    case Sys.MPIDR_EL1:
      return identify(s, insn, 0, reg(s, MPIDR_EL1_OFF));
    case Sys.REVIDR_EL1:
      return identify(s, insn, HCR_TID1, reg(s, idRegister(insn)));
    case Sys.AIDR_EL1:
      return identify(s, insn, HCR_TID1, reg(s, AIDR_EL1_OFF));
    case Sys.SMIDR_EL1:
      return hasSme(s) ? identify(s, insn, HCR_TID1, 0) : UNDEFINED;
    case Sys.CCSIDR_EL1:
      return identify(s, insn, HCR_TID2, reg(s, <usize>CCSIDR_OFF + (<usize>(reg(s, CSSELR_EL1_OFF) & CSSELR_KNOWN) << 3)));
    case Sys.CLIDR_EL1:
      return identify(s, insn, HCR_TID2, reg(s, CLIDR_EL1_OFF));
    case Sys.GMID_EL1:
      return identify(s, insn, HCR_TID5, reg(s, GMID_EL1_OFF));
    case Sys.CSSELR_EL1:
      if (read) return identify(s, insn, HCR_TID2, reg(s, CSSELR_EL1_OFF));
      if ((reg(s, HCR_EL2_OFF) & HCR_TID2) != 0) return trapToEl2(s, insn);
      setReg(s, CSSELR_EL1_OFF, x(s, insn & 31) & CSSELR_KNOWN);
      return DONE;
  }
  return ELSEWHERE;
}

/** MRS of a value, unless a bit of HCR_EL2 traps it. */
function identify(s: usize, insn: u32, trap: u64, value: u64): u32 {
  if ((reg(s, HCR_EL2_OFF) & trap) != 0) return trapToEl2(s, insn);
  setX(s, insn & 31, value);
  return DONE;
}

/** Where a register of op0 3, op1 0, CRn 0 is, by CRm and op2. */
// @ts-ignore
@inline
function idRegister(insn: u32): usize {
  return ID_REGS_OFF + (((insn >>> 5) & 0x7f) << 3);
}

/** PSTATE and what is no word of its own. */
// @ts-ignore
@inline
function stateOfEl1(s: usize, insn: u32, read: bool): u32 {
  const encoding = (insn >>> 5) & 0xffff;
  const t = insn & 31;
  const level = el(s);
  const h = reg(s, HCR_EL2_OFF);
  const value = x(s, t);
  switch (encoding) {
    case Sys.SPSel:
      if (read) setX(s, t, <u64>(load<u32>(s, PSTATE_OFF) & PSTATE_SP));
      else writePstate(s, (load<u32>(s, PSTATE_OFF) & ~PSTATE_SP) | (<u32>value & PSTATE_SP));
      return DONE;
    case Sys.CurrentEL:
      setX(s, t, <u64>(level << 2));
      return DONE;
    case Sys.PAN:
      return pstateBit(s, t, PSTATE_PAN, read);
    case Sys.UAO:
      return pstateBit(s, t, PSTATE_UAO, read);
    case ALLINT:
      return pstateBit(s, t, PSTATE_ALLINT, read);
    case Sys.ZCR_EL1:
      return checkSveEnabled(s);
    case SMCR_EL1:
      return checkSmeAccess(s);
    case SMPRI_EL1:
      return hasSme(s) ? trapToEl2(s, insn) : UNDEFINED;
    case Sys.SP_EL0:
      if ((load<u32>(s, PSTATE_OFF) & PSTATE_SP) == 0) return UNDEFINED;
      if (read) setX(s, t, reg(s, SP_EL0_OFF));
      else setReg(s, SP_EL0_OFF, value);
      return DONE;
    case Sys.ISR_EL1:
      setX(s, t, ((h & HCR_VSE) != 0 ? PSTATE_A : 0) | ((h & HCR_VI) != 0 ? PSTATE_I : 0) | ((h & HCR_VF) != 0 ? PSTATE_F : 0));
      return DONE;
    case Sys.ERRIDR_EL1:
      if ((h & HCR_TERR) != 0) return trapToEl2(s, insn);
      setX(s, t, 0);
      return DONE;
  }
  return ELSEWHERE;
}

/** Groups that are trapped as a whole. */
// @ts-ignore
@inline
function trappedGroup(s: usize, insn: u32, read: bool): u32 {
  switch (bits(insn, 12, 4)) {
    case 2:
      return pointerAuthenticationKey(s, insn, read);
    case 4:
    case 12:
      // The GIC's CPU interface is the hypervisor's
      return trapToEl2(s, insn);
    case 9:
      // Performance monitors
      return trapByMdcr(s, insn, MDCR_TPM);
    case 10:
      // LORegions, of which there are none
      if ((reg(s, HCR_EL2_OFF) & HCR_TLOR) != 0) return trapToEl2(s, insn);
      if (read) setX(s, insn & 31, 0);
      return DONE;
  }
  return UNDEFINED;
}

function pointerAuthenticationKey(s: usize, insn: u32, read: bool): u32 {
  if ((reg(s, HCR_EL2_OFF) & HCR_APK) == 0) return trapToEl2(s, insn);
  const t = insn & 31;
  const offset: usize = AP_KEYS_OFF + ((bits(insn, 8, 4) - 1) << 5) + (bits(insn, 5, 3) << 3);
  if (read) setX(s, t, reg(s, offset));
  else setReg(s, offset, x(s, t));
  return DONE;
}

/** A register that the core leaves to the hypervisor, where a bit of MDCR_EL2 traps it. */
function trapByMdcr(s: usize, insn: u32, trap: u64): u32 {
  return (reg(s, MDCR_EL2_OFF) & trap) != 0 ? trapToEl2(s, insn) : UNDEFINED;
}

/** A register that is a word of 64 bits. */
// @ts-ignore
@inline
function word(s: usize, insn: u32, read: bool, offset: usize): u32 {
  const encoding = (insn >>> 5) & 0xffff;
  const t = insn & 31;
  const h = reg(s, HCR_EL2_OFF);
  const value = x(s, t);
  // The bit of EL2 first, which seldom traps
  if ((h & (read ? HCR_TRVM : HCR_TVM)) != 0 && isVirtualMemoryControl(encoding)) return trapToEl2(s, insn);
  if (encoding == Sys.ACTLR_EL1 && (h & HCR_TACR) != 0) return trapToEl2(s, insn);
  if (encoding == Sys.CPACR_EL1 && (reg(s, CPTR_EL2_OFF) & CPTR_TCPAC) != 0) return trapToEl2(s, insn);
  if ((h & HCR_ATA) == 0 && isTagRegister(encoding)) return trapToEl2(s, insn);
  if ((h & HCR_ENSCXT) == 0 && encoding == Sys.SCXTNUM_EL1) return trapToEl2(s, insn);
  if (read) {
    setX(s, t, reg(s, offset));
    return DONE;
  }
  if (encoding == Sys.ACTLR_EL1 || isAuxiliary(encoding)) return DONE;
  const before = reg(s, offset);
  setReg(s, offset, value & writableBits(encoding));
  switch (encoding) {
    case Sys.SCTLR_EL1:
    case Sys.TCR_EL1:
    case Sys.MAIR_EL1:
    case Sys.TTBR0_EL1:
    case Sys.TTBR1_EL1:
      if (before != value) flushTlb(s);
      contextChanged(s);
      return LEFT_NEXT;
    case Sys.CPACR_EL1:
      contextChanged(s);
      return LEFT_NEXT;
  }
  return DONE;
}

/** The offset of a register that is a plain word of 64 bits at EL1, and 0 where it is none. */
function offsetOf(encoding: u32): usize {
  switch (encoding) {
    case Sys.SCTLR_EL1: return SCTLR_EL1_OFF;
    case Sys.ACTLR_EL1: return ACTLR_EL1_OFF;
    case Sys.CPACR_EL1: return CPACR_EL1_OFF;
    case Sys.RGSR_EL1: return RGSR_EL1_OFF;
    case Sys.GCR_EL1: return GCR_EL1_OFF;
    case Sys.TTBR0_EL1: return TTBR0_EL1_OFF;
    case Sys.TTBR1_EL1: return TTBR1_EL1_OFF;
    case Sys.TCR_EL1: return TCR_EL1_OFF;
    case Sys.SPSR_EL1: return SPSR_EL1_OFF;
    case Sys.ELR_EL1: return ELR_EL1_OFF;
    case Sys.AFSR0_EL1: return AFSR0_EL1_OFF;
    case Sys.AFSR1_EL1: return AFSR1_EL1_OFF;
    case Sys.ESR_EL1: return ESR_EL1_OFF;
    case Sys.TFSR_EL1: return TFSR_EL1_OFF;
    case Sys.TFSRE0_EL1: return TFSRE0_EL1_OFF;
    case Sys.FAR_EL1: return FAR_EL1_OFF;
    case Sys.PAR_EL1: return PAR_EL1_OFF;
    case Sys.MAIR_EL1: return MAIR_EL1_OFF;
    case Sys.AMAIR_EL1: return AMAIR_EL1_OFF;
    case Sys.VBAR_EL1: return VBAR_EL1_OFF;
    case Sys.CONTEXTIDR_EL1: return CONTEXTIDR_EL1_OFF;
    case Sys.TPIDR_EL1: return TPIDR_EL1_OFF;
    case Sys.SCXTNUM_EL1: return SCXTNUM_EL1_OFF;
    case Sys.CNTKCTL_EL1: return CNTKCTL_EL1_OFF;
    case Sys.DISR_EL1: return DISR_EL1_OFF;
  }
  return 0;
}

/** Registers that HCR_EL2.TVM and TRVM trap. */
function isVirtualMemoryControl(encoding: u32): bool {
  switch (encoding) {
    case Sys.SCTLR_EL1:
    case Sys.TTBR0_EL1:
    case Sys.TTBR1_EL1:
    case Sys.TCR_EL1:
    case Sys.ESR_EL1:
    case Sys.FAR_EL1:
    case Sys.AFSR0_EL1:
    case Sys.AFSR1_EL1:
    case Sys.MAIR_EL1:
    case Sys.AMAIR_EL1:
    case Sys.CONTEXTIDR_EL1:
      return true;
  }
  return false;
}

/** Registers for what is IMPLEMENTATION DEFINED, and here RES0. */
function isAuxiliary(encoding: u32): bool {
  return encoding == Sys.AFSR0_EL1 || encoding == Sys.AFSR1_EL1 || encoding == Sys.AMAIR_EL1;
}

function isTagRegister(encoding: u32): bool {
  return encoding == Sys.RGSR_EL1 || encoding == Sys.GCR_EL1 || encoding == Sys.TFSR_EL1 || encoding == Sys.TFSRE0_EL1;
}

/** The bits of a register that MSR can set: RES0 bits of most keep what is written, as the architecture lets them. */
function writableBits(encoding: u32): u64 {
  return encoding == Sys.VBAR_EL1 ? ~0x7ff : <u64>-1;
}

/** Whether a register is of op0 3, op1 0, 1 or 3, CRn 0, CRm 0 to 7. */
function isIdentification(insn: u32): bool {
  const op1 = bits(insn, 16, 3);
  return (insn & 0x0008f800) == 0x00080000 && (op1 <= 1 || op1 == 3);
}

/** A field of PSTATE that has an access of its own. */
function pstateBit(s: usize, t: u32, bit: u32, read: bool): u32 {
  const pstate = load<u32>(s, PSTATE_OFF);
  if (read) {
    setX(s, t, <u64>(pstate & bit));
    return DONE;
  }
  store<u32>(s, (pstate & ~bit) | (<u32>x(s, t) & bit), PSTATE_OFF);
  contextChanged(s);
  return DONE;
}
