/**
 * FEAT_MOPS: copies and sets of memory, by option A. The prologue moves nothing, the main part everything; what it has
 * done is in the registers after each piece, so that a fault or an interrupt finds it restartable.
 */

import { BOUNCE_OFF, PC_OFF, POLL_OFF, SCTLR_EL1_OFF } from "../core_state";
import { alignmentFault } from "./abort.as";
import { ELEMENT_SHIFT, FAULT, READ, UNCHECKED, UNPRIVILEGED, WRITE } from "./access.as";
import { EC_MOPS, raise } from "./exception.as";
import { SCTLR_MSCEN } from "./fields.as";
import { loadPlace, storePlace } from "./mem.as";
import { setTag } from "./mte.as";
import { DONE, LEFT, UNDEFINED } from "./outcome.as";
import { bits, currentPc, el, nzcv, reg, setNzcv, setX, x } from "./state.as";

const MAX_COPY: u64 = 0x007fffffffffffff;
const MAX_SET: u64 = 0x7fffffffffffffff;
const PIECE: u64 = 64;

/** Bytes up to the end of the page. */
// @ts-ignore
@inline
function room(va: u64): u64 {
  return 4096 - (va & 0xfff);
}

/** The Memory Copy and Set exception: the registers are those of another option. */
function wrongOption(s: usize, insn: u32, set: bool, stage: u32, options: u32): u32 {
  const iss: u32 =
    (set ? 1 << 24 : 0) |
    (set && (insn & (1 << 26)) != 0 ? 1 << 23 : 0) |
    (options << 19) |
    (stage == 2 ? 1 << 18 : 0) |
    (1 << 17) |
    ((insn & 31) << 10) |
    (bits(insn, 16, 5) << 5) |
    bits(insn, 5, 5);
  raise(s, EC_MOPS, iss);
  return LEFT;
}

/** Whether something else wants the core: then the instruction is left and begins again later. */
function interrupted(s: usize): bool {
  if (atomic.load<u32>(s, POLL_OFF) == 0) return false;
  store<u64>(s, currentPc(s), PC_OFF);
  return true;
}

function copy(s: usize, insn: u32, forwardOnly: bool, stage: u32): u32 {
  const d = insn & 31;
  const n = bits(insn, 5, 5);
  const f = bits(insn, 16, 5);
  const options = bits(insn, 12, 4);
  if (stage == 0) {
    let size = x(s, n);
    if (size > MAX_COPY) size = MAX_COPY;
    const to = x(s, d) & 0x00ffffffffffffff;
    const from = x(s, f) & 0x00ffffffffffffff;
    setNzcv(s, 0);
    if (!forwardOnly && from < to && from + size > to) {
      setX(s, n, size);
      return DONE;
    }
    setX(s, d, x(s, d) + size);
    setX(s, f, x(s, f) + size);
    setX(s, n, 0 - size);
    return DONE;
  }
  if ((nzcv(s) & (1 << 29)) != 0) return wrongOption(s, insn, false, stage, options);
  const readKind = READ | (1 << ELEMENT_SHIFT) | ((options & 2) != 0 ? UNPRIVILEGED : 0);
  const writeKind = WRITE | (1 << ELEMENT_SHIFT) | ((options & 1) != 0 ? UNPRIVILEGED : 0);
  while (x(s, n) != 0) {
    const left = x(s, n);
    const forward = <i64>left < 0;
    let size = forward ? 0 - left : left;
    if (size > PIECE) size = PIECE;
    let to = x(s, d) + left;
    let from = x(s, f) + left;
    if (forward) {
      if (room(to) < size) size = room(to);
      if (room(from) < size) size = room(from);
    } else {
      const toRoom = ((to - 1) & 0xfff) + 1;
      const fromRoom = ((from - 1) & 0xfff) + 1;
      if (toRoom < size) size = toRoom;
      if (fromRoom < size) size = fromRoom;
      to -= size;
      from -= size;
    }
    const host = loadPlace(s, from, <u32>size, readKind);
    if (host == FAULT) return LEFT;
    if (host != s + BOUNCE_OFF) memory.copy(s + BOUNCE_OFF, host, <usize>size);
    if (!storePlace(s, to, <u32>size, writeKind)) return LEFT;
    setX(s, n, forward ? left + size : left - size);
    if (x(s, n) != 0 && interrupted(s)) return LEFT;
  }
  return DONE;
}

function setMemory(s: usize, insn: u32, tags: bool, stage: u32): u32 {
  const d = insn & 31;
  const n = bits(insn, 5, 5);
  const options = bits(insn, 12, 2);
  if (stage == 0) {
    let size = x(s, n);
    if (size > MAX_SET) size = tags ? MAX_SET & ~15 : MAX_SET;
    if (tags && size != 0 && ((x(s, d) | size) & 15) != 0) {
      alignmentFault(s, x(s, d), WRITE);
      return LEFT;
    }
    setNzcv(s, 0);
    setX(s, d, x(s, d) + size);
    setX(s, n, 0 - size);
    return DONE;
  }
  if ((nzcv(s) & (1 << 29)) != 0) return wrongOption(s, insn, true, stage, options);
  if (tags && x(s, n) != 0 && ((x(s, d) | x(s, n)) & 15) != 0) {
    alignmentFault(s, x(s, d) + x(s, n), WRITE);
    return LEFT;
  }
  const kind = WRITE | (1 << ELEMENT_SHIFT) | ((options & 1) != 0 ? UNPRIVILEGED : 0) | (tags ? UNCHECKED : 0);
  while (x(s, n) != 0) {
    const to = x(s, d) + x(s, n);
    let size: u64 = 0 - x(s, n);
    if (size > PIECE) size = PIECE;
    if (room(to) < size) size = room(to);
    // Without a tag check a store takes the slow way where tags differ, so tags come first
    if (tags) for (let at: u64 = 0; at < size; at += 16) if (!setTag(s, to + at, kind)) return LEFT;
    memory.fill(s + BOUNCE_OFF, <u8>x(s, bits(insn, 16, 5)), <usize>size);
    if (!storePlace(s, to, <u32>size, kind)) return LEFT;
    setX(s, n, x(s, n) + size);
    if (x(s, n) != 0 && interrupted(s)) return LEFT;
  }
  return DONE;
}

/** CPY* and SET*. */
export function execMops(s: usize, insn: u32): u32 {
  if (el(s) == 0 && (reg(s, SCTLR_EL1_OFF) & SCTLR_MSCEN) == 0) return UNDEFINED;
  const special = (insn & (1 << 26)) != 0;
  const op1 = bits(insn, 22, 2);
  return op1 == 3 ? setMemory(s, insn, special, bits(insn, 14, 2)) : copy(s, insn, !special, op1);
}
