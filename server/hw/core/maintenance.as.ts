/** SYS: maintenance of caches and TLBs, zeroing of blocks, address translation (Arm ARM C5.3 to C5.5). */

import {
  CORE_BYTES, CORE_COUNT_OFF, CORES_OFF, EXIT_OFF, HCR_EL2_OFF, PAR_EL1_OFF, POLL_FLUSH, POLL_OFF, RUNNING_OFF,
  SCTLR_EL1_OFF, XLAT_FLAGS_OFF, XLAT_IPA_OFF,
} from "../core_state";
import { MAINTENANCE, PROBE, PROBE_PAN, READ, UNPRIVILEGED, WRITE } from "./access.as";
import { implementationDefined, synchronize, trapToEl1, trapToEl2 } from "./exception.as";
import {
  HCR_FB, HCR_TDZ, HCR_TPCP, HCR_TPU, HCR_TSW, HCR_TTLB, SCTLR_DZE, SCTLR_ENRCTX, SCTLR_UCI,
} from "./fields.as";
import { zeroBlock } from "./mte.as";
import { DONE, LEFT, UNDEFINED } from "./outcome.as";
import { bits, el, reg, setReg, x } from "./state.as";
import { flushTlb } from "./tlb.as";
import { PAGE_ATTR_SHIFT, PAGE_SH_SHIFT, translate } from "./translation.as";

const PAR_F: u64 = 1;
/** The address is of non-secure memory, as all is to one that is not secure itself. */
const PAR_NS: u64 = 1 << 9;
const PAR_RES1: u64 = 1 << 11;

/** Tells all other cores to drop their translations, and waits until those that run have. */
function broadcastFlush(s: usize): void {
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

/** SYS of an instruction of the architecture. */
export function execSys(s: usize, insn: u32): u32 {
  const op1 = bits(insn, 16, 3);
  switch (bits(insn, 12, 4)) {
    case 7:
      return op1 == 0 ? maintenanceOfEl1(s, insn) : op1 == 3 ? maintenanceOfEl0(s, insn) : UNDEFINED;
    case 8:
    case 9:
      return op1 == 0 ? tlbi(s, insn) : UNDEFINED;
  }
  return implementationDefined(s, insn);
}

// @ts-ignore
@inline
function hcr(s: usize): u64 {
  return reg(s, HCR_EL2_OFF);
}

/** TLBI of EL1, each as if it were VMALLE1; CRn 9 is the form with nXS. */
function tlbi(s: usize, insn: u32): u32 {
  const op2 = bits(insn, 5, 3);
  let local = false;
  if (el(s) == 0) return UNDEFINED;
  switch (bits(insn, 8, 4)) {
    case 7:
      local = true;
      if (op2 == 4 || op2 == 6) return UNDEFINED;
      break;
    case 1:
    case 3:
      if (op2 == 4 || op2 == 6) return UNDEFINED;
      break;
    case 6:
      // Of ranges
      local = true;
      if ((op2 & 1) == 0) return UNDEFINED;
      break;
    case 2:
    case 5:
      if ((op2 & 1) == 0) return UNDEFINED;
      break;
    default:
      return UNDEFINED;
  }
  if ((hcr(s) & HCR_TTLB) != 0) return trapToEl2(s, insn);
  flushTlb(s);
  if (!local || (hcr(s) & HCR_FB) != 0) broadcastFlush(s);
  synchronize(s);
  return DONE;
}

/** IC of all, DC IVAC and by set and way, AT. */
function maintenanceOfEl1(s: usize, insn: u32): u32 {
  const op2 = bits(insn, 5, 3);
  const value = x(s, insn & 31);
  if (el(s) == 0) return UNDEFINED;
  switch (bits(insn, 8, 4)) {
    case 1:
    case 5:
      // IC IALLUIS, IALLU
      if (op2 != 0) return UNDEFINED;
      if ((hcr(s) & HCR_TPU) != 0) return trapToEl2(s, insn);
      synchronize(s);
      return DONE;
    case 6:
      // DC IVAC, IGVAC, IGDVAC: they invalidate, so they need to be let write
      if (op2 == 1 || op2 == 3 || op2 == 5) {
        if ((hcr(s) & HCR_TPCP) != 0) return trapToEl2(s, insn);
        return translate(s, value, MAINTENANCE | WRITE) ? DONE : LEFT;
      }
      return bySetAndWay(s, insn, op2);
    case 8:
      return op2 <= 3 ? addressTranslate(s, value, op2, 0) : UNDEFINED;
    case 9:
      return op2 <= 1 ? addressTranslate(s, value, op2, PROBE_PAN) : UNDEFINED;
    case 10:
    case 14:
      return bySetAndWay(s, insn, op2);
  }
  return UNDEFINED;
}

/** DC by set and way: ISW, CSW, CISW, and those of tags. The caches are coherent. */
function bySetAndWay(s: usize, insn: u32, op2: u32): u32 {
  if (op2 != 2 && op2 != 4 && op2 != 6) return UNDEFINED;
  return (hcr(s) & HCR_TSW) != 0 ? trapToEl2(s, insn) : DONE;
}

/** What EL0 may have: DC by address, DC ZVA and those of tags, IC IVAU, prediction restriction. */
function maintenanceOfEl0(s: usize, insn: u32): u32 {
  const op2 = bits(insn, 5, 3);
  const isTagOp = op2 == 3 || op2 == 5;
  switch (bits(insn, 8, 4)) {
    case 3:
      // CFP, DVP and CPP RCTX: there is nothing to restrict
      if (op2 != 4 && op2 != 5 && op2 != 7) return UNDEFINED;
      return isDenied(s, SCTLR_ENRCTX) ? trapToEl1(s, insn) : DONE;
    case 4:
      // DC ZVA, GVA, GZVA
      if (op2 != 1 && op2 != 3 && op2 != 4) return UNDEFINED;
      if (isDenied(s, SCTLR_DZE)) return trapToEl1(s, insn);
      if ((hcr(s) & HCR_TDZ) != 0) return trapToEl2(s, insn);
      return zeroBlock(s, x(s, insn & 31), op2 != 3, op2 != 1);
    case 5:
      // IC IVAU
      if (op2 != 1) return UNDEFINED;
      if (byAddress(s, insn, HCR_TPU) == LEFT) return LEFT;
      synchronize(s);
      return DONE;
    case 11:
      // DC CVAU
      return op2 == 1 ? byAddress(s, insn, HCR_TPU) : UNDEFINED;
    case 10:
    case 12:
    case 13:
    case 14:
      // To the point of coherency, of persistence, of deep persistence; and invalidated
      return op2 == 1 || isTagOp ? byAddress(s, insn, HCR_TPCP) : UNDEFINED;
  }
  return UNDEFINED;
}

/** Whether EL0 is denied what a bit of SCTLR_EL1 enables. */
// @ts-ignore
@inline
function isDenied(s: usize, enable: u64): bool {
  return el(s) == 0 && (reg(s, SCTLR_EL1_OFF) & enable) == 0;
}

/** Maintenance by address on coherent caches: what is left of it is the translation. */
function byAddress(s: usize, insn: u32, trap: u64): u32 {
  if (isDenied(s, SCTLR_UCI)) return trapToEl1(s, insn);
  if ((hcr(s) & trap) != 0) return trapToEl2(s, insn);
  return translate(s, x(s, insn & 31), MAINTENANCE | READ) ? DONE : LEFT;
}

/** AT S1E1R, W, S1E0R, W, and the first two with PAN. */
function addressTranslate(s: usize, va: u64, op2: u32, pan: u32): u32 {
  let kind: u32 = PROBE | pan | ((op2 & 1) != 0 ? WRITE : READ);
  if ((op2 & 2) != 0) kind |= UNPRIVILEGED;
  let par = PAR_RES1;
  if (translate(s, va, kind)) {
    const flags = load<u32>(s, XLAT_FLAGS_OFF);
    const attr = <u64>((flags >>> PAGE_ATTR_SHIFT) & 0xff);
    // Device memory and memory that no cache holds is outer shareable
    const sh = attr < 0x10 || attr == 0x44 ? 2 : <u64>((flags >>> PAGE_SH_SHIFT) & 3);
    par |= PAR_NS | (load<u64>(s, XLAT_IPA_OFF) & 0x000ffffffffff000) | (attr << 56) | (sh << 7);
  } else {
    if (load<u32>(s, EXIT_OFF) != 0) return LEFT;
    par |= PAR_F | (<u64>(load<u32>(s, XLAT_FLAGS_OFF) & 0x3f) << 1);
  }
  setReg(s, PAR_EL1_OFF, par);
  return DONE;
}
