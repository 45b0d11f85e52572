/** The Memory Tagging Extension's instructions. */

import {
  DCZID_EL0_OFF, GCR_EL1_OFF, GMID_EL1_OFF, RGSR_EL1_OFF, TLB_ALIGN, TLB_HOST, TLB_READ, TLB_TAGGED, TLB_WRITE,
  WATCH_OFF, XLAT_FLAGS_OFF, XLAT_HOST_OFF,
} from "../core_state";
import { alignmentFault } from "./abort.as";
import { FAULT, isBigEndian, READ, TAGS, WRITE, ZEROING } from "./access.as";
import { watchpoints } from "./debug.as";
import { addWithCarry64 } from "./integer.as";
import { placeAt, spAligned } from "./mem.as";
import * as Op from "./ops.as";
import { DONE, LEFT, UNDEFINED } from "./outcome.as";
import { bits, el, reg, setReg, setX, setXsp, signed, x, xsp } from "./state.as";
import { checkTags, tagAt, tagsEnabled } from "./tag_check.as";
import { probe, probeTags } from "./tlb.as";
import { PAGE_DEVICE, PAGE_TAGGED, translate } from "./translation.as";

const GCR_RRND: u64 = 1 << 16;
const RGSR_SEED: u64 = 0xffff << 8;

/** AArch64.AllocationTagAccessIsEnabled() at the current level. */
// @ts-ignore
@inline
function tagsAccessible(s: usize): bool {
  return tagsEnabled(s, el(s) == 1);
}

/** AArch64.ChooseNonExcludedTag() */
function chooseNonExcludedTag(tag: u32, offset: u32, exclude: u32): u32 {
  if ((exclude & 0xffff) == 0xffff) return 0;
  if (offset == 0) {
    while (((exclude >>> tag) & 1) != 0) tag = (tag + 1) & 15;
    return tag;
  }
  while (offset != 0) {
    offset--;
    tag = (tag + 1) & 15;
    while (((exclude >>> tag) & 1) != 0) tag = (tag + 1) & 15;
  }
  return tag;
}

/** AArch64.RandomTag(): four bits of the shift register, the first of them the lowest. */
function randomTag(s: usize): u32 {
  let seed = <u32>(reg(s, RGSR_EL1_OFF) >> 8) & 0xffff;
  let tag: u32 = 0;
  for (let n: u32 = 0; n < 4; n++) {
    const top = ((seed >>> 5) ^ (seed >>> 3) ^ (seed >>> 2) ^ seed) & 1;
    seed = (top << 15) | (seed >>> 1);
    tag |= top << n;
  }
  setReg(s, RGSR_EL1_OFF, (reg(s, RGSR_EL1_OFF) & ~RGSR_SEED) | (<u64>seed << 8));
  return tag;
}

/** AArch64.AddressWithAllocationTag() */
// @ts-ignore
@inline
function addressWithAllocationTag(address: u64, tag: u32): u64 {
  return (address & ~(<u64>15 << 56)) | (<u64>tag << 56);
}

function irg(s: usize, insn: u32): void {
  const n = xsp(s, bits(insn, 5, 5));
  let tag: u32 = 0;
  if (tagsAccessible(s)) {
    const gcr = reg(s, GCR_EL1_OFF);
    const exclude = <u32>(x(s, bits(insn, 16, 5)) | gcr) & 0xffff;
    const rgsr = reg(s, RGSR_EL1_OFF);
    // An implementation's own way with RRND = 1: as without, and never with a seed of 0
    if ((gcr & GCR_RRND) != 0 && (rgsr & RGSR_SEED) == 0) setReg(s, RGSR_EL1_OFF, rgsr | 0xace100);
    const start = <u32>rgsr & 15;
    const offset = randomTag(s);
    tag = chooseNonExcludedTag(start, offset, exclude);
    setReg(s, RGSR_EL1_OFF, (reg(s, RGSR_EL1_OFF) & RGSR_SEED) | <u64>tag);
  }
  setXsp(s, insn & 31, addressWithAllocationTag(n, tag));
}

function addTag(s: usize, insn: u32, subtract: bool): void {
  const n = xsp(s, bits(insn, 5, 5));
  const offset = <u64>bits(insn, 16, 6) << 4;
  const tag = tagsAccessible(s)
    ? chooseNonExcludedTag(<u32>(n >> 56) & 15, bits(insn, 10, 4), <u32>reg(s, GCR_EL1_OFF) & 0xffff)
    : 0;
  setXsp(s, insn & 31, addressWithAllocationTag(subtract ? n - offset : n + offset, tag));
}

/** IRG, GMI, ADDG, SUBG, SUBP, SUBPS. */
export function execTagArithmetic(s: usize, op: u32, insn: u32): bool {
  const n = bits(insn, 5, 5);
  const m = bits(insn, 16, 5);
  switch (op) {
    case Op.ADDG_64_addsub_immtags:
      addTag(s, insn, false);
      return true;
    case Op.SUBG_64_addsub_immtags:
      addTag(s, insn, true);
      return true;
    case Op.SUBP_64S_dp_2src:
    case Op.SUBPS_64S_dp_2src: {
      const a = <u64>((<i64>(xsp(s, n) << 8)) >> 8);
      const b = <u64>((<i64>(xsp(s, m) << 8)) >> 8);
      setX(s, insn & 31, op == Op.SUBPS_64S_dp_2src ? addWithCarry64(s, a, ~b, 1) : a - b);
      return true;
    }
    case Op.IRG_64I_dp_2src:
      irg(s, insn);
      return true;
    case Op.GMI_64G_dp_2src:
      setX(s, insn & 31, x(s, m) | (<u64>1 << ((xsp(s, n) >> 56) & 15)));
      return true;
  }
  return false;
}

/** The place of a granule for an access to its tag, or FAULT; XLAT_FLAGS tells whether its memory is Tagged. */
function granule(s: usize, va: u64, kind: u32): usize {
  const entry = probeTags(s, va, (kind & WRITE) != 0 ? TLB_WRITE : TLB_READ);
  if (entry != 0) {
    store<u32>(s, load<u8>(entry, TLB_TAGGED) != 0 ? PAGE_TAGGED : 0, XLAT_FLAGS_OFF);
    return <usize>(load<u32>(entry, TLB_HOST) + (<u32>va & 0xfff));
  }
  return placeAt(s, va, 1, kind | TAGS);
}

// @ts-ignore
@inline
function isTagged(s: usize): bool {
  return (load<u32>(s, XLAT_FLAGS_OFF) & PAGE_TAGGED) != 0;
}

/** Stores the tag of the granule at a place, where its memory is tagged. */
// @ts-ignore
@inline
function putTag(s: usize, host: usize, tagged: bool, tag: u32): void {
  if (tagged) store<u8>(tagAt(s, host), <u8>tag);
}

/** Stores the tag that an address has to its granule; false after an exception. */
export function setTag(s: usize, va: u64, kind: u32): bool {
  const host = placeAt(s, va, 1, kind | TAGS);
  if (host == FAULT) return false;
  putTag(s, host, isTagged(s), <u32>(va >> 56) & 15);
  return true;
}

/** STG, ST2G, STZG, STZ2G. */
function storeTag(s: usize, insn: u32, twice: bool, zero: bool): u32 {
  const n = bits(insn, 5, 5);
  const mode = bits(insn, 10, 2);
  const offset = signed(insn, 12, 9) << 4;
  const base = xsp(s, n);
  if (n == 31 && !spAligned(s)) return LEFT;
  const tag = <u32>(xsp(s, insn & 31) >> 56) & 15;
  const va = mode == 1 ? base : base + offset;
  if ((va & 15) != 0) {
    alignmentFault(s, va, WRITE);
    return LEFT;
  }
  const host = granule(s, va, WRITE);
  if (host == FAULT) return LEFT;
  const tagged = isTagged(s);
  if (twice) {
    const second = granule(s, va + 16, WRITE);
    if (second == FAULT) return LEFT;
    putTag(s, second, isTagged(s), tag);
    if (zero) clear(second);
  }
  putTag(s, host, tagged, tag);
  if (zero) clear(host);
  if (mode != 2) setXsp(s, n, base + offset);
  return DONE;
}

// @ts-ignore
@inline
function clear(host: usize): void {
  store<u64>(host, 0);
  store<u64>(host, 0, 8);
}

/** Loads and stores of tags: bits 31:24 are 0xd9. */
export function execMemoryTags(s: usize, insn: u32): u32 {
  const kind = bits(insn, 22, 2);
  const mode = bits(insn, 10, 2);
  if (mode != 0) return storeTag(s, insn, kind >= 2, (kind & 1) != 0);
  const n = bits(insn, 5, 5);
  const t = insn & 31;
  const base = xsp(s, n);
  if (n == 31 && !spAligned(s)) return LEFT;
  if (kind == 1) {
    // LDG
    const va = (base + (signed(insn, 12, 9) << 4)) & ~15;
    const host = granule(s, va, READ);
    if (host == FAULT) return LEFT;
    setX(s, t, addressWithAllocationTag(x(s, t), isTagged(s) ? <u32>load<u8>(tagAt(s, host)) & 15 : 0));
    return DONE;
  }
  if (el(s) == 0) return UNDEFINED;
  if (kind == 0) {
    // STZGM
    const block: u64 = 4 << (reg(s, DCZID_EL0_OFF) & 15);
    const va = base & ~(block - 1);
    const host = granule(s, va, WRITE);
    if (host == FAULT) return LEFT;
    const tagged = isTagged(s);
    for (let at: usize = 0; at < <usize>block; at += 16) putTag(s, host + at, tagged, <u32>x(s, t) & 15);
    memory.fill(host, 0, <usize>block);
    return DONE;
  }
  const block: u64 = 4 << (reg(s, GMID_EL1_OFF) & 15);
  const va = base & ~(block - 1);
  const host = granule(s, va, kind == 3 ? READ : WRITE);
  if (host == FAULT) return LEFT;
  const tagged = isTagged(s);
  const from = <u32>(va >> 4) & 15;
  const count = <u32>(block >> 4);
  if (kind == 3) {
    let value: u64 = 0;
    if (tagged)
      for (let g: u32 = 0; g < count; g++)
        value |= <u64>(load<u8>(tagAt(s, host) + g) & 15) << (((from + g) & 15) << 2);
    setX(s, t, value);
  } else {
    const value = x(s, t);
    for (let g: u32 = 0; g < count; g++)
      putTag(s, host + (g << 4), tagged, <u32>(value >> (((from + g) & 15) << 2)) & 15);
  }
  return DONE;
}

/** STGP */
export function storeTagPair(s: usize, insn: u32): u32 {
  const n = bits(insn, 5, 5);
  const mode = bits(insn, 23, 2);
  const offset = signed(insn, 15, 7) << 4;
  const base = xsp(s, n);
  if (n == 31 && !spAligned(s)) return LEFT;
  const va = mode == 1 ? base : base + offset;
  if ((va & 15) != 0) {
    alignmentFault(s, va, WRITE);
    return LEFT;
  }
  const host = granule(s, va, WRITE);
  if (host == FAULT) return LEFT;
  let first = x(s, insn & 31);
  let second = x(s, bits(insn, 10, 5));
  if (isBigEndian(s, 0)) {
    first = bswap<u64>(first);
    second = bswap<u64>(second);
  }
  store<u64>(host, first);
  store<u64>(host, second, 8);
  putTag(s, host, isTagged(s), <u32>(va >> 56) & 15);
  if (mode != 2) setXsp(s, n, base + offset);
  return DONE;
}

/** DC ZVA, GVA and GZVA. */
export function zeroBlock(s: usize, va: u64, data: bool, tags: bool): u32 {
  const block: u64 = 4 << (reg(s, DCZID_EL0_OFF) & 15);
  const start = va & ~(block - 1);
  let host: usize = FAULT;
  let tagged = false;
  // Of a page that is strict about alignment translation has to say whether it is Device memory
  const entry = probeTags(s, va, TLB_WRITE);
  if (entry != 0 && load<u8>(entry, TLB_ALIGN) == 0) {
    if (tags) {
      host = <usize>(load<u32>(entry, TLB_HOST) + (<u32>start & 0xfff));
      tagged = load<u8>(entry, TLB_TAGGED) != 0;
    } else if (block == 64) host = probe(s, start, 64, WRITE);
  }
  if (host == FAULT) {
    const kind = WRITE | ZEROING;
    if (!translate(s, va, kind)) return LEFT;
    const flags = load<u32>(s, XLAT_FLAGS_OFF);
    if (data && (flags & PAGE_DEVICE) != 0) {
      alignmentFault(s, va, WRITE);
      return LEFT;
    }
    if (data && load<u32>(s, WATCH_OFF) != 0 && !watchpoints(s, start, <u32>block, kind)) return LEFT;
    host = <usize>load<u32>(s, XLAT_HOST_OFF) + (<usize>start & 0xfff);
    tagged = (flags & PAGE_TAGGED) != 0;
    if (!tags && tagged && !checkTags(s, start, host, <u32>block, kind)) return LEFT;
  }
  if (data) memory.fill(host, 0, <usize>block);
  if (tags && tagged) memory.fill(tagAt(s, host), <u8>(va >> 56) & 15, <usize>(block >> 4));
  return DONE;
}
