/** Exception generation, hints, barriers, PSTATE, system instructions and registers. */

import {
  ACTLR_EL1_OFF, AFSR0_EL1_OFF, AFSR1_EL1_OFF, AIDR_EL1_OFF, AMAIR_EL1_OFF, AP_KEYS_OFF, AUTHENTICATED_OFF, CCSIDR_OFF,
  CLIDR_EL1_OFF, CNTFRQ_EL0_OFF, CNTHCTL_EL2_OFF, CNTKCTL_EL1_OFF, CNTP_CTL_EL0_OFF, CNTP_CVAL_EL0_OFF,
  CNTV_CTL_EL0_OFF, CNTV_CVAL_EL0_OFF, CONTEXTIDR_EL1_OFF, CORE_BYTES, CORE_COUNT_OFF, CORES_OFF, CPACR_EL1_OFF,
  CPTR_EL2_OFF, CSSELR_EL1_OFF, CTR_EL0_OFF, DBGBVR_OFF, DCZID_EL0_OFF, DISR_EL1_OFF, ELR_EL1_OFF, ESR_EL1_OFF,
  EVENT_OFF, EXIT_OFF, FAR_EL1_OFF, FP_TRAP_OFF, FPCR_OFF, FPSR_OFF, GCR_EL1_OFF, GMID_EL1_OFF, HCR_EL2_OFF,
  ID_REGS_OFF, MAIR_EL1_OFF, MDCCINT_EL1_OFF, MDCR_EL2_OFF, MDSCR_EL1_OFF, MIDR_EL1_OFF, MONITOR_SIZE_OFF,
  MPIDR_EL1_OFF, OSLSR_EL1_OFF, PAR_EL1_OFF, POLL_FLUSH, POLL_OFF, PSTATE_OFF, RGSR_EL1_OFF, RUNNING_OFF, SCTLR_EL1_OFF,
  SCXTNUM_EL0_OFF, SCXTNUM_EL1_OFF, SP_EL0_OFF, SPSR_EL1_OFF, TCR_EL1_OFF, TFSR_EL1_OFF, TFSRE0_EL1_OFF, TPIDR_EL0_OFF,
  TPIDR_EL1_OFF, TPIDRRO_EL0_OFF, TTBR0_EL1_OFF, TTBR1_EL1_OFF, VBAR_EL1_OFF, VSESR_EL2_OFF, XLAT_FLAGS_OFF,
  XLAT_IPA_OFF,
} from "../core_state";
import { MAINTENANCE, PROBE, PROBE_PAN, READ, UNPRIVILEGED, WRITE } from "./access.as";
import {
  contextChanged, EC_BRK, EC_HVC, EC_SMC, EC_SVC, EC_SYS, EC_WFX, leave, raise, raiseAfter, synchronize, trap,
  writePstate,
} from "./exception.as";
import {
  HCR_APK, HCR_ATA, HCR_E2H, HCR_FB, HCR_HCD, HCR_TACR, HCR_TDZ, HCR_TID1, HCR_TID2, HCR_TID3, HCR_TID5, HCR_TIDCP,
  HCR_TLOR, HCR_TPCP, HCR_TPU, HCR_TRVM, HCR_TSC, HCR_TSW, HCR_TTLB, HCR_TVM, HCR_TWE, HCR_TWI, HCR_VF, HCR_VI, HCR_VSE,
  PSTATE_A, PSTATE_ALLINT, PSTATE_DIT, PSTATE_PAN, PSTATE_SS, PSTATE_SSBS, PSTATE_TCO, PSTATE_UAO,
} from "./fields.as";
import { zeroBlock } from "./mte.as";
import * as Op from "./ops.as";
import { DONE, LEFT, LEFT_IRQ, LEFT_NEXT, UNDEFINED } from "./outcome.as";
import { addPac, authenticate, computePac, keyEnabled, pauthTrapped, strip } from "./pauth.as";
import { bits, currentPc, el, fence, nzcv, reg, setNzcv, setReg, setX, x, xsp } from "./state.as";
import * as Sys from "./sysreg_numbers.as";
import { physicalCount, timerControl, timersChanged, virtualCount } from "./timer.as";
import { flushTlb } from "./tlb.as";
import { PAGE_ATTR_SHIFT, PAGE_SH_SHIFT, translate } from "./translation.as";

/** The ISS of a trapped MSR, MRS or SYS. */
function sysIss(insn: u32): u32 {
  return (
    (bits(insn, 19, 2) << 20) | (bits(insn, 5, 3) << 17) | (bits(insn, 16, 3) << 14) | (bits(insn, 12, 4) << 10) |
    ((insn & 31) << 5) | (bits(insn, 8, 4) << 1) | bits(insn, 21, 1)
  );
}

/** Traps a system instruction to EL2. */
function toEl2(s: usize, insn: u32): u32 {
  trap(s, EC_SYS, sysIss(insn));
  return LEFT;
}

/** Traps a system instruction of EL0 to EL1. */
function toEl1(s: usize, insn: u32): u32 {
  raise(s, EC_SYS, sysIss(insn));
  return LEFT;
}

// @ts-ignore
@inline
function hcr(s: usize): u64 {
  return reg(s, HCR_EL2_OFF);
}

/** Tells all other cores to drop their translations, and waits until those that run have. */
export function broadcastFlush(s: usize): void {
  const count = load<u32>(s, CORE_COUNT_OFF);
  const first = <usize>load<u32>(s, CORES_OFF);
  for (let n: u32 = 0; n < count; n++) {
    const other = first + n * CORE_BYTES;
    if (other != s) atomic.or<u32>(other, POLL_FLUSH, POLL_OFF);
  }
  for (let n: u32 = 0; n < count; n++) {
    const other = first + n * CORE_BYTES;
    if (other == s) continue;
    while (atomic.load<u32>(other, RUNNING_OFF) != 0 && (atomic.load<u32>(other, POLL_OFF) & POLL_FLUSH) != 0) {
      // Two that wait for each other both go on
      if ((atomic.load<u32>(s, POLL_OFF) & POLL_FLUSH) != 0) {
        atomic.and<u32>(s, ~POLL_FLUSH, POLL_OFF);
        flushTlb(s);
      }
    }
  }
}

/** SYS: maintenance of caches and TLBs, address translation. */
function sys(s: usize, insn: u32): u32 {
  const op1 = bits(insn, 16, 3);
  const n = bits(insn, 12, 4);
  const m = bits(insn, 8, 4);
  const op2 = bits(insn, 5, 3);
  const level = el(s);
  const h = hcr(s);
  const value = x(s, insn & 31);
  const sctlr = reg(s, SCTLR_EL1_OFF);

  if (n == 8 || n == 9) {
    if (level == 0 || op1 != 0) return UNDEFINED;
    if (m != 7 && m != 3 && m != 1 && m != 2 && m != 5 && m != 6) return UNDEFINED;
    if (m == 2 || m == 5 || m == 6 ? (op2 & 1) == 0 : op2 == 4 || op2 == 6) return UNDEFINED;
    if ((h & HCR_TTLB) != 0) return toEl2(s, insn);
    flushTlb(s);
    if ((m != 7 && m != 6) || (h & HCR_FB) != 0) broadcastFlush(s);
    synchronize(s);
    return DONE;
  }
  if (n != 7) {
    if (n == 11 || n == 15) {
      if (level == 1 && (h & HCR_TIDCP) != 0) return toEl2(s, insn);
    }
    return UNDEFINED;
  }

  if (op1 == 0 && m == 8 && op2 <= 3) return level == 0 ? UNDEFINED : addressTranslate(s, value, op2, 0);
  if (op1 == 0 && m == 9 && op2 <= 1) return level == 0 ? UNDEFINED : addressTranslate(s, value, op2, PROBE_PAN);
  if (op1 == 0 && (m == 1 || m == 5) && op2 == 0) {
    // IC IALLUIS, IALLU
    if (level == 0) return UNDEFINED;
    if ((h & HCR_TPU) != 0) return toEl2(s, insn);
    synchronize(s);
    return DONE;
  }
  if (op1 == 0 && m == 6) {
    if (level == 0) return UNDEFINED;
    if (op2 == 1 || op2 == 3 || op2 == 5) {
      // DC IVAC, IGVAC, IGDVAC: they invalidate, so they need to be let write
      if ((h & HCR_TPCP) != 0) return toEl2(s, insn);
      return translate(s, value, MAINTENANCE | WRITE) ? DONE : LEFT;
    }
    if (op2 == 2 || op2 == 4 || op2 == 6) return (h & HCR_TSW) != 0 ? toEl2(s, insn) : DONE;
    return UNDEFINED;
  }
  if (op1 == 0 && (m == 10 || m == 14)) {
    if (level == 0 || (op2 != 2 && op2 != 4 && op2 != 6)) return UNDEFINED;
    return (h & HCR_TSW) != 0 ? toEl2(s, insn) : DONE;
  }
  if (op1 == 3 && m == 4) {
    if (op2 != 1 && op2 != 3 && op2 != 4) return UNDEFINED;
    if (level == 0 && (sctlr & (1 << 14)) == 0) return toEl1(s, insn);
    if ((h & HCR_TDZ) != 0) return toEl2(s, insn);
    return zeroBlock(s, value, op2 != 3, op2 != 1);
  }
  if (op1 == 3) {
    let known: bool = false;
    let coherency: bool = true;
    if (m == 5) {
      known = op2 == 1;
      coherency = false;
    } else if (m == 10 || m == 12 || m == 13 || m == 14) known = op2 == 1 || op2 == 3 || op2 == 5;
    else if (m == 11) {
      known = op2 == 1;
      coherency = false;
    }
    if (known) {
      if (level == 0 && (sctlr & (1 << 26)) == 0) return toEl1(s, insn);
      if ((h & (coherency ? HCR_TPCP : HCR_TPU)) != 0) return toEl2(s, insn);
      if (!translate(s, value, MAINTENANCE | READ)) return LEFT;
      if (m == 5) synchronize(s);
      return DONE;
    }
    if (m == 3) {
      // Prediction restriction by context: there is nothing to restrict
      if (op2 != 4 && op2 != 5 && op2 != 7) return UNDEFINED;
      if (level == 0 && (sctlr & (1 << 10)) == 0) return toEl1(s, insn);
      return DONE;
    }
  }
  return UNDEFINED;
}

/** AT S1E1R, W, S1E0R, W, and the first two with PAN. */
function addressTranslate(s: usize, va: u64, op2: u32, pan: u32): u32 {
  let kind: u32 = PROBE | pan | ((op2 & 1) != 0 ? WRITE : READ);
  if ((op2 & 2) != 0) kind |= UNPRIVILEGED;
  let par: u64 = 1 << 11;
  if (translate(s, va, kind)) {
    const flags = load<u32>(s, XLAT_FLAGS_OFF);
    const attr = <u64>((flags >>> PAGE_ATTR_SHIFT) & 0xff);
    // Device memory and memory that no cache holds is outer shareable
    const sh = attr < 0x10 || attr == 0x44 ? 2 : <u64>((flags >>> PAGE_SH_SHIFT) & 3);
    par |= (load<u64>(s, XLAT_IPA_OFF) & 0x000ffffffffff000) | (attr << 56) | (sh << 7);
  } else {
    if (load<u32>(s, EXIT_OFF) != 0) return LEFT;
    par |= 1 | (<u64>(load<u32>(s, XLAT_FLAGS_OFF) & 0x3f) << 1);
  }
  setReg(s, PAR_EL1_OFF, par);
  return DONE;
}

/** The offset of a register that is a plain word of 64 bits at EL1, and 0 where it is none. */
function plain(encoding: u32): usize {
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
    case Sys.TPIDR_EL0: return TPIDR_EL0_OFF;
    case Sys.TPIDRRO_EL0: return TPIDRRO_EL0_OFF;
    case Sys.SCXTNUM_EL0: return SCXTNUM_EL0_OFF;
    case Sys.CNTKCTL_EL1: return CNTKCTL_EL1_OFF;
    case Sys.CNTV_CVAL_EL0: return CNTV_CVAL_EL0_OFF;
    case Sys.CNTP_CVAL_EL0: return CNTP_CVAL_EL0_OFF;
    case Sys.MDSCR_EL1: return MDSCR_EL1_OFF;
    case Sys.MDCCINT_EL1: return MDCCINT_EL1_OFF;
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

function isTagRegister(encoding: u32): bool {
  return encoding == Sys.RGSR_EL1 || encoding == Sys.GCR_EL1 || encoding == Sys.TFSR_EL1 || encoding == Sys.TFSRE0_EL1;
}

/** The bits of a register that MSR can set; the others are RES0. */
function writableBits(encoding: u32): u64 {
  switch (encoding) {
    case Sys.RGSR_EL1: return 0x00ffff0f;
    case Sys.GCR_EL1: return 0x1ffff;
    case Sys.TFSR_EL1:
    case Sys.TFSRE0_EL1: return 3;
    case Sys.CONTEXTIDR_EL1: return 0xffffffff;
    case Sys.CPACR_EL1: return 0x10330000;
    case Sys.VBAR_EL1: return ~0x7ff;
    case Sys.CNTKCTL_EL1: return 0x203ff;
    case Sys.SPSR_EL1: return <u64>-1;
  }
  return <u64>-1;
}

/** Whether a debug register of op1 0 or 3 and CRn other than 1 exists. */
function isDebugRegister(op1: u32, n: u32, m: u32, op2: u32): bool {
  if (op1 == 3) return n == 0 && op2 == 0 && (m == 1 || m == 4 || m == 5);
  if (n == 7) return op2 == 6 && (m == 8 || m == 9 || m == 14);
  if (n != 0) return false;
  switch (op2) {
    case 0:
      return m == 2;
    case 2:
      return m == 0 || m == 2 || m == 3 || m == 6;
    case 4:
    case 5:
      return m < 6;
    case 6:
    case 7:
      return m < 4;
  }
  return false;
}

/** Debug registers: op0 is 2. */
function debugAccess(s: usize, insn: u32, read: bool): u32 {
  const op1 = bits(insn, 16, 3);
  const n = bits(insn, 12, 4);
  const m = bits(insn, 8, 4);
  const op2 = bits(insn, 5, 3);
  const mdcr = reg(s, MDCR_EL2_OFF);
  const t = insn & 31;
  if (op1 != 0 && op1 != 3) return UNDEFINED;
  if (op1 == 0 && el(s) == 0) return UNDEFINED;
  if (op1 == 0 && n == 1) {
    // MDRAR_EL1, then those of the OS lock and of power
    if (m == 0 && op2 == 0) {
      if (!read) return UNDEFINED;
      if ((mdcr & (1 << 11)) != 0) return toEl2(s, insn);
      setX(s, t, 0);
      return DONE;
    }
    if (op2 != 4 || (m != 0 && m != 1 && m != 3 && m != 4) || (m == 0 && read) || (m == 1 && !read)) return UNDEFINED;
    if ((mdcr & (1 << 10)) != 0) return toEl2(s, insn);
    if (m == 0) {
      setReg(s, OSLSR_EL1_OFF, 8 | ((x(s, t) & 1) << 1));
      contextChanged(s);
    } else if (m == 1) setX(s, t, reg(s, OSLSR_EL1_OFF));
    else if (read) setX(s, t, 0);
    return DONE;
  }
  // MDCCSR_EL0 is read only
  if (!isDebugRegister(op1, n, m, op2) || (op1 == 3 && m == 1 && !read)) return UNDEFINED;
  if (el(s) == 0 && (reg(s, MDSCR_EL1_OFF) & (1 << 12)) != 0) return toEl1(s, insn);
  if ((mdcr & (1 << 9)) != 0) return toEl2(s, insn);
  let offset: usize = 0;
  if (op1 == 0 && n == 0) {
    if (op2 >= 4) offset = DBGBVR_OFF + ((op2 - 4) << 7) + (m << 3);
    else if (m == 2) offset = op2 == 2 ? MDSCR_EL1_OFF : MDCCINT_EL1_OFF;
  }
  if (offset == 0) {
    // The debug communications channel has nobody at its other end
    if (read) setX(s, t, 0);
    return DONE;
  }
  if (read) {
    setX(s, t, reg(s, offset));
    return DONE;
  }
  setReg(s, offset, x(s, t));
  flushTlb(s);
  contextChanged(s);
  return LEFT_NEXT;
}

/** Whether a register is of op0 3, op1 0, 1 or 3, CRn 0, CRm 0 to 7. */
function isIdentification(insn: u32): bool {
  const op1 = bits(insn, 16, 3);
  return (insn & 0x0008f800) == 0x00080000 && (op1 <= 1 || op1 == 3);
}

/** MSR and MRS. */
function systemMove(s: usize, insn: u32, read: bool): u32 {
  const encoding = (insn >>> 5) & 0xffff;
  const t = insn & 31;
  if ((insn & (1 << 19)) == 0) return debugAccess(s, insn, read);
  const op1 = bits(insn, 16, 3);
  const n = bits(insn, 12, 4);
  const m = bits(insn, 8, 4);
  const op2 = bits(insn, 5, 3);
  const level = el(s);
  const h = hcr(s);
  const sctlr = reg(s, SCTLR_EL1_OFF);
  const value = x(s, t);

  // ---- registers of every level
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
      const denied = fpDenied(s);
      if (denied != DONE) return denied;
      const offset: usize = encoding == Sys.FPCR ? FPCR_OFF : FPSR_OFF;
      if (read) setX(s, t, <u64>load<u32>(s + offset));
      else store<u32>(s + offset, <u32>value & (encoding == Sys.FPCR ? 0x07c82007 : 0x0800009f));
      return DONE;
    }
    case Sys.DAIF:
      if (level == 0 && (sctlr & (1 << 9)) == 0) return toEl1(s, insn);
      if (read) setX(s, t, <u64>(load<u32>(s, PSTATE_OFF) & 0x3c0));
      else {
        store<u32>(s, (load<u32>(s, PSTATE_OFF) & ~0x3c0) | (<u32>value & 0x3c0), PSTATE_OFF);
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
    case Sys.SCXTNUM_EL0:
      if (level == 0 && (sctlr & (1 << 20)) != 0) return toEl1(s, insn);
      if (read) setX(s, t, reg(s, SCXTNUM_EL0_OFF));
      else setReg(s, SCXTNUM_EL0_OFF, value);
      return DONE;
    case Sys.CTR_EL0:
      if (!read) return UNDEFINED;
      if (level == 0 && (sctlr & (1 << 15)) == 0) return toEl1(s, insn);
      if ((h & HCR_TID2) != 0) return toEl2(s, insn);
      setX(s, t, reg(s, CTR_EL0_OFF));
      return DONE;
    case Sys.DCZID_EL0: {
      if (!read) return UNDEFINED;
      const prohibited = (level == 0 && (sctlr & (1 << 14)) == 0) || (h & HCR_TDZ) != 0;
      setX(s, t, reg(s, DCZID_EL0_OFF) | (prohibited ? 16 : 0));
      return DONE;
    }
    case RNDR:
    case RNDRRS: {
      if (!read) return UNDEFINED;
      setX(s, t, random());
      setNzcv(s, 0);
      return DONE;
    }
  }
  if (op1 == 3 && n == 14 && m < 4) return timerAccess(s, insn, encoding, read, level, h);
  if (op1 == 3 && ((n == 9 && m >= 12) || (n == 14 && m >= 8))) {
    // The performance monitors are the hypervisor's
    if ((reg(s, MDCR_EL2_OFF) & (1 << 6)) != 0) return toEl2(s, insn);
    return UNDEFINED;
  }
  if (op1 == 3 && n == 13 && (m == 2 || m == 3 || m >= 4)) {
    // Activity monitors
    if ((reg(s, CPTR_EL2_OFF) & (1 << 30)) != 0) return toEl2(s, insn);
    return UNDEFINED;
  }

  if (level == 0) return UNDEFINED;

  // ---- identification
  if (op1 == 0 && n == 0) {
    if (!read) return UNDEFINED;
    if (m == 0) {
      if (op2 == 0) setX(s, t, reg(s, MIDR_EL1_OFF));
      else if (op2 == 5) setX(s, t, reg(s, MPIDR_EL1_OFF));
      else if (op2 == 6) {
        if ((h & HCR_TID1) != 0) return toEl2(s, insn);
        setX(s, t, reg(s, ID_REGS_OFF + (op2 << 3)));
      } else return UNDEFINED;
      return DONE;
    }
    if (m < 8) {
      if ((h & HCR_TID3) != 0) return toEl2(s, insn);
      setX(s, t, reg(s, ID_REGS_OFF + (m << 6) + (op2 << 3)));
      return DONE;
    }
    return UNDEFINED;
  }
  if (op1 == 1 && n == 0 && m == 0) {
    if (!read) return UNDEFINED;
    switch (op2) {
      case 0:
        if ((h & HCR_TID2) != 0) return toEl2(s, insn);
        setX(s, t, reg(s, <usize>CCSIDR_OFF + (<usize>(reg(s, CSSELR_EL1_OFF) & 15) << 3)));
        return DONE;
      case 1:
        if ((h & HCR_TID2) != 0) return toEl2(s, insn);
        setX(s, t, reg(s, CLIDR_EL1_OFF));
        return DONE;
      case 2:
        if ((h & HCR_TID2) != 0) return toEl2(s, insn);
        return UNDEFINED;
      case 4:
        if ((h & HCR_TID5) != 0) return toEl2(s, insn);
        setX(s, t, reg(s, GMID_EL1_OFF));
        return DONE;
      case 7:
        if ((h & HCR_TID1) != 0) return toEl2(s, insn);
        setX(s, t, reg(s, AIDR_EL1_OFF));
        return DONE;
    }
    return UNDEFINED;
  }
  if (encoding == Sys.CSSELR_EL1) {
    if ((h & HCR_TID2) != 0) return toEl2(s, insn);
    if (read) setX(s, t, reg(s, CSSELR_EL1_OFF));
    else setReg(s, CSSELR_EL1_OFF, value & 15);
    return DONE;
  }

  // ---- EL1
  switch (encoding) {
    case Sys.SPSel:
      if (read) setX(s, t, <u64>(load<u32>(s, PSTATE_OFF) & 1));
      else writePstate(s, (load<u32>(s, PSTATE_OFF) & ~1) | (<u32>value & 1));
      return DONE;
    case Sys.CurrentEL:
      if (!read) return UNDEFINED;
      setX(s, t, <u64>(level << 2));
      return DONE;
    case Sys.PAN:
      return pstateBit(s, t, PSTATE_PAN, read);
    case Sys.UAO:
      return pstateBit(s, t, PSTATE_UAO, read);
    case ALLINT:
      return pstateBit(s, t, PSTATE_ALLINT, read);
    case Sys.SP_EL0:
      if ((load<u32>(s, PSTATE_OFF) & 1) == 0) return UNDEFINED;
      if (read) setX(s, t, reg(s, SP_EL0_OFF));
      else setReg(s, SP_EL0_OFF, value);
      return DONE;
    case Sys.ISR_EL1:
      if (!read) return UNDEFINED;
      setX(s, t, ((h & HCR_VSE) != 0 ? 1 << 8 : 0) | ((h & HCR_VI) != 0 ? 1 << 7 : 0) | ((h & HCR_VF) != 0 ? 1 << 6 : 0));
      return DONE;
    case Sys.ERRIDR_EL1:
      if (!read) return UNDEFINED;
      if ((h & (<u64>1 << 36)) != 0) return toEl2(s, insn);
      setX(s, t, 0);
      return DONE;
  }
  if (op1 == 0 && n == 2 && (m >= 1 && m <= 3)) {
    // Keys of pointer authentication
    if ((m == 3 && op2 > 1) || op2 > 3) return UNDEFINED;
    if ((h & HCR_APK) == 0) return toEl2(s, insn);
    const offset: usize = AP_KEYS_OFF + ((m - 1) << 5) + (op2 << 3);
    if (read) setX(s, t, reg(s, offset));
    else setReg(s, offset, value);
    return DONE;
  }
  if (op1 == 0 && (n == 12 && m >= 8 || (n == 4 && m == 6))) {
    // The GIC's CPU interface is the hypervisor's
    return toEl2(s, insn);
  }
  if (op1 == 0 && n == 9 && m >= 9) {
    // Statistical profiling, trace buffer, performance monitors
    if (m == 14 && (reg(s, MDCR_EL2_OFF) & (1 << 6)) != 0) return toEl2(s, insn);
    return UNDEFINED;
  }
  if (op1 == 0 && n == 10 && m == 4) {
    if ((h & HCR_TLOR) != 0) return toEl2(s, insn);
    if (op2 == 7 && !read) return UNDEFINED;
    if (op2 > 3 && op2 != 7) return UNDEFINED;
    if (read) setX(s, t, 0);
    return DONE;
  }
  if (n == 11 || n == 15) {
    if ((h & HCR_TIDCP) != 0) return toEl2(s, insn);
    return UNDEFINED;
  }
  const offset = plain(encoding);
  if (offset == 0) return UNDEFINED;
  if (isVirtualMemoryControl(encoding) && (h & (read ? HCR_TRVM : HCR_TVM)) != 0) return toEl2(s, insn);
  if (encoding == Sys.ACTLR_EL1 && (h & HCR_TACR) != 0) return toEl2(s, insn);
  if (encoding == Sys.CPACR_EL1 && (reg(s, CPTR_EL2_OFF) & (<u64>1 << 31)) != 0) return toEl2(s, insn);
  if (isTagRegister(encoding) && (h & HCR_ATA) == 0) return toEl2(s, insn);
  if (read) {
    setX(s, t, reg(s, offset));
    return DONE;
  }
  if (encoding == Sys.ACTLR_EL1) return DONE;
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
    case Sys.MDSCR_EL1:
      contextChanged(s);
      return LEFT_NEXT;
  }
  return DONE;
}

/** S3_0_C4_C3_0, of FEAT_NMI. */
const ALLINT: u32 = 0xc218;
const RNDR: u32 = 0xd920;
const RNDRRS: u32 = 0xd921;

/** Bits that nobody can guess. */
// @ts-ignore
@external("env", "random")
declare function random(): u64;

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

/** Raises what FP_TRAP says. */
export function fpDenied(s: usize): u32 {
  const where = load<u32>(s, FP_TRAP_OFF);
  if (where == 0) return DONE;
  if (where == 1) raise(s, 7, (1 << 24) | (0xe << 20));
  else trap(s, 7, (1 << 24) | (0xe << 20));
  return LEFT;
}

/** CNT*_EL0. */
function timerAccess(s: usize, insn: u32, encoding: u32, read: bool, level: u32, h: u64): u32 {
  const t = insn & 31;
  const value = x(s, t);
  const kernel = reg(s, CNTKCTL_EL1_OFF);
  const control = reg(s, CNTHCTL_EL2_OFF);
  const shift: u32 = (h & HCR_E2H) != 0 ? 10 : 0;
  const m = bits(insn, 8, 4);
  const op2 = bits(insn, 5, 3);
  if (m == 0) {
    if (op2 == 0) {
      if (level == 0) {
        if (!read) return UNDEFINED;
        if ((kernel & 3) == 0) return toEl1(s, insn);
      } else if (!read) return UNDEFINED;
      setX(s, t, reg(s, CNTFRQ_EL0_OFF));
      return DONE;
    }
    if (!read) return UNDEFINED;
    const physical = op2 == 1 || op2 == 5;
    if (!physical && op2 != 2 && op2 != 6) return UNDEFINED;
    if (level == 0 && (kernel & (physical ? 1 : 2)) == 0) return toEl1(s, insn);
    if (physical) {
      if ((control & (<u64>1 << shift)) == 0) return toEl2(s, insn);
      setX(s, t, physicalCount(s));
    } else {
      if ((control & (1 << 14)) != 0) return toEl2(s, insn);
      setX(s, t, virtualCount(s));
    }
    return DONE;
  }
  if (m != 2 && m != 3) return UNDEFINED;
  if (op2 > 2) return UNDEFINED;
  const isVirtual = m == 3;
  if (level == 0 && (kernel & (isVirtual ? 1 << 8 : 1 << 9)) == 0) return toEl1(s, insn);
  if (isVirtual ? (control & (1 << 13)) != 0 : (control & (<u64>2 << shift)) == 0) return toEl2(s, insn);
  const controlOffset: usize = isVirtual ? CNTV_CTL_EL0_OFF : CNTP_CTL_EL0_OFF;
  const compareOffset: usize = isVirtual ? CNTV_CVAL_EL0_OFF : CNTP_CVAL_EL0_OFF;
  if (read) {
    if (op2 == 0) {
      const count = isVirtual ? virtualCount(s) : physicalCount(s);
      setX(s, t, (reg(s, compareOffset) - count) & 0xffffffff);
    } else if (op2 == 1) setX(s, t, timerControl(s, isVirtual));
    else setX(s, t, reg(s, compareOffset));
    return DONE;
  }
  if (op2 == 0) {
    const count = isVirtual ? virtualCount(s) : physicalCount(s);
    setReg(s, compareOffset, count + <u64>(<i64>(<i32>value)));
  } else if (op2 == 1) setReg(s, controlOffset, value & 3);
  else setReg(s, compareOffset, value);
  // What the hypervisor has to know of, it hears of after this instruction
  if (timersChanged(s)) return LEFT_IRQ;
  return DONE;
}

/** MSR (immediate). */
function pstateImmediate(s: usize, insn: u32): u32 {
  const op1 = bits(insn, 16, 3);
  const op2 = bits(insn, 5, 3);
  const imm = bits(insn, 8, 4);
  const pstate = load<u32>(s, PSTATE_OFF);
  const level = el(s);
  if (op1 == 3) {
    switch (op2) {
      case 1:
        return pstateSet(s, PSTATE_SSBS, imm);
      case 2:
        return pstateSet(s, PSTATE_DIT, imm);
      case 4:
        return pstateSet(s, PSTATE_TCO, imm);
      case 6:
      case 7: {
        if (level == 0 && (reg(s, SCTLR_EL1_OFF) & (1 << 9)) == 0) {
          // As a trapped MSR of DAIF would be: the fields of the immediate form
          raise(s, EC_SYS, (op2 << 17) | (op1 << 14) | (4 << 10) | (31 << 5) | (imm << 1));
          return LEFT;
        }
        const bits_ = imm << 6;
        store<u32>(s, op2 == 6 ? pstate | bits_ : pstate & ~bits_, PSTATE_OFF);
        contextChanged(s);
        return LEFT_NEXT;
      }
    }
    return UNDEFINED;
  }
  if (level == 0) return UNDEFINED;
  if (op1 == 1 && op2 == 0) return pstateSet(s, PSTATE_ALLINT, imm);
  if (op1 != 0) return UNDEFINED;
  switch (op2) {
    case 3:
      return pstateSet(s, PSTATE_UAO, imm);
    case 4:
      return pstateSet(s, PSTATE_PAN, imm);
    case 5:
      writePstate(s, (pstate & ~1) | (imm & 1));
      return DONE;
  }
  return UNDEFINED;
}

function pstateSet(s: usize, bit: u32, imm: u32): u32 {
  const pstate = load<u32>(s, PSTATE_OFF);
  store<u32>(s, (imm & 1) != 0 ? pstate | bit : pstate & ~bit, PSTATE_OFF);
  contextChanged(s);
  return DONE;
}

/** WFI, WFE and the two with a timeout. */
function wait(s: usize, insn: u32, ti: u32, timed: bool): u32 {
  const isEvent = (ti & 1) != 0;
  if (isEvent && load<u32>(s, EVENT_OFF) != 0) {
    store<u32>(s, 0, EVENT_OFF);
    return DONE;
  }
  const h = hcr(s);
  if (!isEvent && (h & (HCR_VI | HCR_VF | HCR_VSE)) != 0) return DONE;
  if (timed && virtualCount(s) >= x(s, insn & 31)) return DONE;
  const iss: u32 = (1 << 24) | (0xe << 20) | (timed ? ((insn & 31) << 5) | (1 << 2) : 0) | ti;
  if (el(s) == 0 && (reg(s, SCTLR_EL1_OFF) & (isEvent ? 1 << 18 : 1 << 16)) == 0) {
    raise(s, EC_WFX, iss);
    return LEFT;
  }
  if ((h & (isEvent ? HCR_TWE : HCR_TWI)) != 0) {
    trap(s, EC_WFX, iss);
    return LEFT;
  }
  // Nobody is there to wait with but the hypervisor's thread
  return isEvent ? DONE : LEFT_IRQ;
}

/** SEV: an event for every core. */
function sendEvent(s: usize): void {
  const count = load<u32>(s, CORE_COUNT_OFF);
  const first = <usize>load<u32>(s, CORES_OFF);
  for (let n: u32 = 0; n < count; n++) atomic.store<u32>(first + n * CORE_BYTES, 1, EVENT_OFF);
  store<u32>(s, 1, EVENT_OFF);
}

/** PACIA and its like on one register; key 0 to 3. */
function pac(s: usize, d: u32, modifier: u64, key: u32, auth: bool): u32 {
  if (!keyEnabled(s, key)) return DONE;
  if (pauthTrapped(s)) return LEFT;
  if (!auth) {
    setX(s, d, addPac(s, x(s, d), modifier, key));
    return DONE;
  }
  if (!authenticate(s, x(s, d), modifier, key)) return LEFT;
  setX(s, d, load<u64>(s, AUTHENTICATED_OFF));
  return DONE;
}

/** Data processing of pointer authentication. */
export function execPauth(s: usize, op: u32, insn: u32): u32 {
  const d = insn & 31;
  const key = bits(insn, 10, 2);
  const n = bits(insn, 5, 5);
  switch (op) {
    case Op.PAC_dp_1src:
      return pac(s, d, xsp(s, n), key, false);
    case Op.AUT_dp_1src:
      return pac(s, d, xsp(s, n), key, true);
    case Op.PACZ_dp_1src:
      return pac(s, d, 0, key, false);
    case Op.AUTZ_dp_1src:
      return pac(s, d, 0, key, true);
    case Op.XPAC_dp_1src:
      setX(s, d, strip(s, x(s, d), (insn & (1 << 10)) != 0));
      return DONE;
    case Op.PACGA_dp_2src:
      if (pauthTrapped(s)) return LEFT;
      setX(s, d, computePac(s, x(s, n), xsp(s, bits(insn, 16, 5)), 4) & 0xffffffff00000000);
      return DONE;
  }
  return UNDEFINED;
}

/** Runs an instruction of system.ts's rows. */
export function execSystem(s: usize, op: u32, insn: u32): u32 {
  const imm16 = bits(insn, 5, 16);
  const level = el(s);
  const h = hcr(s);
  switch (op) {
    case Op.SVC_ex_exception:
      raiseAfter(s, EC_SVC, imm16);
      return LEFT;
    case Op.HVC_ex_exception:
      if (level == 0 || (h & HCR_HCD) != 0) return UNDEFINED;
      store<u32>(s, load<u32>(s, PSTATE_OFF) & ~PSTATE_SS, PSTATE_OFF);
      leave(s, EC_HVC, imm16, currentPc(s) + 4);
      return LEFT;
    case Op.SMC_ex_exception:
      if (level == 0 || (h & HCR_TSC) == 0) return UNDEFINED;
      trap(s, EC_SMC, imm16);
      return LEFT;
    case Op.BRK_ex_exception:
      if ((reg(s, MDCR_EL2_OFF) & (1 << 8)) != 0) trap(s, EC_BRK, imm16);
      else raise(s, EC_BRK, imm16);
      return LEFT;
    case Op.WFET_only_systeminstrswithreg:
      return wait(s, insn, 3, true);
    case Op.WFIT_only_systeminstrswithreg:
      return wait(s, insn, 2, true);
    case Op.WFE_hi_hints:
      return wait(s, insn, 1, false);
    case Op.WFI_hi_hints:
      return wait(s, insn, 0, false);
    case Op.SEV_hi_hints:
      sendEvent(s);
      return DONE;
    case Op.SEVL_hi_hints:
      store<u32>(s, 1, EVENT_OFF);
      return DONE;
    case Op.XPACLRI_hi_hints:
      setX(s, 30, strip(s, x(s, 30), false));
      return DONE;
    case Op.PAC1716_hi_hints:
      return pac(s, 17, x(s, 16), bits(insn, 6, 1), false);
    case Op.AUT1716_hi_hints:
      return pac(s, 17, x(s, 16), bits(insn, 6, 1), true);
    case Op.PACI_Z_SP_hi_hints:
      return pac(s, 30, (insn & (1 << 5)) != 0 ? xsp(s, 31) : 0, bits(insn, 6, 1), false);
    case Op.AUTI_Z_SP_hi_hints:
      return pac(s, 30, (insn & (1 << 5)) != 0 ? xsp(s, 31) : 0, bits(insn, 6, 1), true);
    case Op.ESB_hi_hints:
      if ((h & HCR_VSE) != 0) {
        // A virtual SError that is masked is deferred to DISR_EL1
        if ((load<u32>(s, PSTATE_OFF) & PSTATE_A) != 0) {
          setReg(s, DISR_EL1_OFF, (<u64>1 << 31) | (reg(s, VSESR_EL2_OFF) & 0x1ffffff));
          setReg(s, HCR_EL2_OFF, h & ~HCR_VSE);
        }
      }
      return DONE;
    case Op.YIELD_hi_hints:
    case Op.BTI_hb_hints:
    case Op.NOP_hi_hints:
    case Op.DGH_hi_hints:
    case Op.PSB_hc_hints:
    case Op.TSB_hc_hints:
    case Op.CSDB_hi_hints:
    case Op.CLRBHB_hi_hints:
    case Op.HINT_hm_hints:
    case Op.SB_only_barriers:
      return DONE;
    case Op.CLREX_bn_barriers:
      store<u32>(s, 0, MONITOR_SIZE_OFF);
      return DONE;
    case Op.DSB_bo_barriers:
    case Op.DSB_bon_barriers:
    case Op.DMB_bo_barriers:
      fence(s);
      return DONE;
    case Op.ISB_bi_barriers:
      synchronize(s);
      return LEFT_NEXT;
    case Op.CFINV_m_pstate:
      setNzcv(s, nzcv(s) ^ (1 << 29));
      return DONE;
    case Op.XAFLAG_m_pstate: {
      const f = nzcv(s);
      const z = (f >>> 30) & 1;
      const c = (f >>> 29) & 1;
      setNzcv(s, (((c | z) ^ 1) << 31) | ((z & c) << 30) | ((c | z) << 29) | (((c ^ 1) & z) << 28));
      return DONE;
    }
    case Op.AXFLAG_m_pstate: {
      const f = nzcv(s);
      const z = (f >>> 30) & 1;
      const c = (f >>> 29) & 1;
      const v = (f >>> 28) & 1;
      setNzcv(s, ((z | v) << 30) | ((c & (v ^ 1)) << 29));
      return DONE;
    }
    case Op.MSR_si_pstate:
      return pstateImmediate(s, insn);
    case Op.SYS_cr_systeminstrs:
      return sys(s, insn);
    case Op.SYSL_rc_systeminstrs:
      if (level == 1 && (bits(insn, 12, 4) == 11 || bits(insn, 12, 4) == 15) && (h & HCR_TIDCP) != 0) return toEl2(s, insn);
      return UNDEFINED;
    case Op.MSR_sr_systemmove:
      return systemMove(s, insn, false);
    case Op.MRS_rs_systemmove: {
      const done = systemMove(s, insn, true);
      // FEAT_IDST: what is undefined among the registers of identification is reported as a trap
      return done == UNDEFINED && isIdentification(insn) ? toEl1(s, insn) : done;
    }
  }
  return UNDEFINED;
}
