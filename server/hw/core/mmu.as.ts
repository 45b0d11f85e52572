/** Translation of addresses: stage 1 by the guest's tables, stage 2 by the TLB that the hypervisor fills, and access to memory. */

import {
  BLOCK_HEADER, BLOCK_OFF, FLUSHES_OFF, TLB_USED_OFF, BOUNCE_OFF, CURRENT_OFF, DBGWCR_OFF, DBGWVR_OFF, FETCH_GUARDED_OFF, FETCH_HOST_OFF,
  FETCH_PAGE_OFF, HCR_EL2_OFF, ITLB_ENTRIES, ITLB_OFF, ITLB_TABLE_BYTES, MAIR_EL1_OFF, MDCR_EL2_OFF, PSTATE_OFF,
  RAM_BYTES_OFF, SCTLR_EL1_OFF, STAGE2_DEVICE, STAGE2_ENTRIES, STAGE2_GENERATION_OFF, STAGE2_OFF, STAGE2_WRITE,
  TAG_BASE_OFF, TCR_EL1_OFF, TFSR_EL1_OFF, TFSRE0_EL1_OFF, TLB_ALIGN, TLB_EL0_OFF_CURRENT, TLB_ENTRIES, TLB_EXEMPT,
  TLB_HOST, TLB_KEEP, TLB_OFF, TLB_READ, TLB_TABLE_BYTES, TLB_TABLES_OFF, TLB_TAG_MASK, TLB_TAGGED, TLB_WRITE,
  TTBR0_EL1_OFF, TTBR1_EL1_OFF, WALKS_OFF, WATCH_OFF, XLAT_FLAGS_OFF, XLAT_HOST_OFF, XLAT_IPA_OFF,
} from "../core_state";
import {
  EC_DABT_LOW, EC_IABT_LOW, EC_SP_ALIGN, EC_WATCHPOINT_LOW, fromLevel, HCR_ATA, HCR_DC, HCR_DCT, HCR_VM, leaveAbort, PSTATE_PAN, PSTATE_TCO, PSTATE_UAO, raise, raiseAt,
} from "./exception.as";
import { watchpoints } from "./debug.as";
import { bits, currentPc, el, reg, setReg } from "./state.as";

/** What translation gives instead of a place when it has raised an exception. */
export const FAULT: usize = 0xffffffff;

// Kinds of access, by bits
export const READ: u32 = 1;
export const WRITE: u32 = 2;
export const EXECUTE: u32 = 4;
/** LDTR and STTR. */
export const UNPRIVILEGED: u32 = 8;
/** Never tag checked. */
export const UNCHECKED: u32 = 16;
/** Exclusive, atomic, acquire or release: must not leave an aligned block of 16 bytes. */
export const ORDERED: u32 = 32;
/** Cache maintenance. */
export const MAINTENANCE: u32 = 64;
/** AT: no stage 2, nothing is cached. */
export const PROBE: u32 = 128;
/** AT S1E1RP and WP take notice of PAN. */
export const PROBE_PAN: u32 = 256;
/** Based on SP, whose alignment is checked first. */
export const SP_BASE: u32 = 512;
/** Must be aligned to its size: tags. */
export const ALIGNED: u32 = 1024;
/** A store of tags, or a load: never checked. */
export const TAGS: u32 = 2048;
/** The data of DC ZVA and the like: Device memory is an alignment fault. */
export const ZEROING: u32 = 4096;
/** Acquire or release and no more: SCTLR_EL1.nAA lets it leave a block of 16 bytes. */
export const ACQUIRE_RELEASE: u32 = 8192;
/** The bytes of an element, where an access has several: above this. */
export const ELEMENT_SHIFT: u32 = 16;

// What translation says of a page, in XLAT_FLAGS
export const PAGE_DEVICE: u32 = 1;
export const PAGE_TAGGED: u32 = 2;
export const PAGE_WRITABLE: u32 = 4;
export const PAGE_GUARDED: u32 = 8;
export const PAGE_TBI: u32 = 16;
/** The attribute's byte of MAIR in bits 15:8, shareability in 17:16. */
export const PAGE_ATTR_SHIFT: u32 = 8;
export const PAGE_SH_SHIFT: u32 = 16;

const SCTLR_M: u64 = 1;
const SCTLR_A: u64 = 2;
const SCTLR_SA: u64 = 1 << 3;
const SCTLR_SA0: u64 = 1 << 4;
const SCTLR_NAA: u64 = 1 << 6;
const SCTLR_WXN: u64 = 1 << 19;

/** A stage-1 fault status in PROBE mode, for PAR_EL1; 0 is none. Bit 31 says that it was on the walk's stage 2. */
export const NO_FAULT: u32 = 0;

/** Drops all stage-1 translations of this core. */
export function flushTlb(s: usize): void {
  if (load<u32>(s, TLB_USED_OFF) == 0) return;
  store<u32>(s, 0, TLB_USED_OFF);
  store<u32>(s, load<u32>(s, FLUSHES_OFF) + 1, FLUSHES_OFF);
  memory.fill(s + TLB_TABLES_OFF, 0xff, 3 * TLB_TABLE_BYTES);
  memory.fill(s + ITLB_OFF, 0, 2 * ITLB_TABLE_BYTES);
  store<u64>(s, 0, FETCH_PAGE_OFF);
}

/** An IPA's entry in the stage-2 TLB: host frame << 12 | flags, and 0 where there is none. */
// @ts-ignore
@inline
function stage2(s: usize, ipa: u64): u32 {
  if ((reg(s, HCR_EL2_OFF) & HCR_VM) == 0)
    return ipa < <u64>load<u32>(s, RAM_BYTES_OFF) ? (<u32>ipa & 0xfffff000) | STAGE2_WRITE | 1 : 0;
  const gfn = ipa >> 12;
  const entry = s + STAGE2_OFF + ((<usize>gfn & (STAGE2_ENTRIES - 1)) << 4);
  if (load<u64>(entry) != gfn || load<u32>(entry, 12) != load<u32>(s, STAGE2_GENERATION_OFF)) return 0;
  return load<u32>(entry, 8);
}

/** The ISS bits of an abort that KVM needs to emulate the access: ISV, SAS, SSE, SRT, SF, AR; 0 where the architecture gives none. */
export function syndromeOf(insn: u32): u32 {
  let size = insn >>> 30;
  const rt = insn & 31;
  let sse: u32 = 0;
  let sf: u32 = 0;
  let ar: u32 = 0;
  if ((insn & 0x3f000000) == 0x08000000) {
    // LDAR, STLR, LDLAR, STLLR
    if ((insn & 0x00a00000) != 0x00800000) return 0;
    sf = size == 3 ? 1 : 0;
    ar = 1;
  } else if ((insn & 0x3f200c00) == 0x19000000) {
    // LDAPUR, STLUR
    const opc = (insn >>> 22) & 3;
    if (opc >= 2) {
      sse = 1;
      sf = opc == 2 ? 1 : 0;
    } else sf = size == 3 ? 1 : 0;
    ar = 1;
  } else if ((insn & 0x3f000000) == 0x18000000) {
    // literal
    if (size == 3) return 0;
    sse = size == 2 ? 1 : 0;
    sf = size == 0 ? 0 : 1;
    size = size == 1 ? 3 : 2;
  } else if ((insn & 0x3e000000) == 0x38000000) {
    const opc = (insn >>> 22) & 3;
    if ((insn & 0x01000000) == 0) {
      if ((insn & 0x00200000) != 0) {
        const kind = (insn >>> 10) & 3;
        if (kind == 0) {
          // LDAPR among the atomics
          if ((insn & 0x00c0fc00) != 0x0080c000) return 0;
          sf = size == 3 ? 1 : 0;
          return (1 << 24) | (size << 22) | (rt << 16) | (sf << 15) | (1 << 14);
        }
        // LDRAA and LDRAB without write-back
        if (kind == 1) return (1 << 24) | (3 << 22) | (rt << 16) | (1 << 15);
        if (kind != 2) return 0;
      } else {
        const kind = (insn >>> 10) & 3;
        if (kind == 1 || kind == 3) return 0;
      }
    }
    if (opc >= 2) {
      if (size == 3) return 0;
      sse = 1;
      sf = opc == 2 ? 1 : 0;
    } else sf = size == 3 ? 1 : 0;
  } else return 0;
  return (1 << 24) | (size << 22) | (sse << 21) | (rt << 16) | (sf << 15) | (ar << 14);
}

/** The word of the instruction whose record is CURRENT. */
export function currentInstruction(s: usize): u32 {
  const block = <usize>load<u32>(s, BLOCK_OFF);
  const index = (<usize>load<u32>(s, CURRENT_OFF) - block) >> 4;
  const count = <usize>load<u32>(block - BLOCK_HEADER, 8);
  return load<u32>(block + ((count + 1) << 4) + (index << 2));
}

/** WnR and CM as an abort of this access has them. */
// @ts-ignore
@inline
function direction(kind: u32): u32 {
  if ((kind & (MAINTENANCE | PROBE)) != 0) return (1 << 6) | (1 << 8);
  return (kind & (READ | WRITE)) == WRITE ? 1 << 6 : 0;
}

/** Raises a stage-1 abort, or notes it for AT. */
function stage1Fault(s: usize, va: u64, kind: u32, status: u32): bool {
  if ((kind & PROBE) != 0) {
    store<u32>(s, status, XLAT_FLAGS_OFF);
    return false;
  }
  if ((kind & EXECUTE) != 0) raiseAt(s, fromLevel(s, EC_IABT_LOW), status, va);
  else raiseAt(s, fromLevel(s, EC_DABT_LOW), status | direction(kind), va);
  return false;
}

/** Leaves with a stage-2 abort. */
function stage2Fault(s: usize, va: u64, ipa: u64, kind: u32, status: u32, walk: bool): bool {
  const pc = currentPc(s);
  let iss = status;
  if (walk) iss |= 1 << 7;
  if ((kind & EXECUTE) != 0) {
    leaveAbort(s, EC_IABT_LOW, iss, va, ipa, pc);
    return false;
  }
  iss |= direction(kind);
  if (!walk && (kind & (MAINTENANCE | TAGS | ZEROING)) == 0) iss |= syndromeOf(currentInstruction(s));
  leaveAbort(s, EC_DABT_LOW, iss, va, ipa, pc);
  return false;
}

/** Translates a virtual address. The result is in XLAT_*; false where an exception has been raised. */
export function translate(s: usize, va: u64, kind: u32): bool {
  store<u32>(s, load<u32>(s, WALKS_OFF) + 1, WALKS_OFF);
  const sctlr = reg(s, SCTLR_EL1_OFF);
  const tcr = reg(s, TCR_EL1_OFF);
  const hcr = reg(s, HCR_EL2_OFF);
  const pstate = load<u32>(s, PSTATE_OFF);
  const privileged = el(s) == 1 && ((kind & UNPRIVILEGED) == 0 || ((kind & PROBE) == 0 && (pstate & PSTATE_UAO) != 0));
  const upper = ((va >> 55) & 1) != 0;
  const tbi = tbiOf(tcr, upper, kind);
  let flags: u32 = tbi ? PAGE_TBI : 0;

  if ((sctlr & SCTLR_M) == 0 || (hcr & HCR_DC) != 0) {
    // Stage 1 is off: the address is the IPA
    let ipa = va;
    if (tbi) ipa &= 0x00ffffffffffffff;
    if (ipa >> 52 != 0) return stage1Fault(s, va, kind, 0x00);
    let attr: u32 = 0;
    if ((hcr & HCR_DC) != 0) attr = (hcr & HCR_DCT) != 0 ? 0xf0 : 0xff;
    else if ((kind & EXECUTE) != 0) attr = (sctlr & (1 << 12)) != 0 ? 0xaa : 0x44;
    return output(s, va, ipa, kind, flags | PAGE_WRITABLE | (attr << PAGE_ATTR_SHIFT), 3, privileged, false);
  }

  const tsz = <u32>(upper ? tcr >> 16 : tcr) & 63;
  let granule: u32;
  if (upper) {
    const tg1 = <u32>(tcr >> 30) & 3;
    granule = tg1 == 1 ? 14 : tg1 == 3 ? 16 : 12;
  } else {
    const tg0 = <u32>(tcr >> 14) & 3;
    granule = tg0 == 1 ? 16 : tg0 == 2 ? 14 : 12;
  }
  const ds = granule != 16 && (tcr & (<u64>1 << 59)) != 0;
  const large = ds || granule == 16;
  const least: u32 = large ? 12 : 16;
  const most: u32 = granule == 16 ? 47 : 48;
  if (tsz < least || tsz > most) return stage1Fault(s, va, kind, 0x04);
  const inputSize = 64 - tsz;
  // All bits above must equal bit 55; the top byte only without TBI
  const top = tbi ? (va << 8) >> 8 : va;
  const extension: u64 = upper ? (tbi ? 0x00ffffffffffffff : <u64>-1) : 0;
  if ((top >> inputSize) != (extension >> inputSize)) return stage1Fault(s, va, kind, 0x04);
  if ((tcr & (<u64>1 << (upper ? 23 : 7))) != 0) return stage1Fault(s, va, kind, 0x04);
  if (!privileged && (tcr & (<u64>1 << (upper ? 56 : 55))) != 0) return stage1Fault(s, va, kind, 0x04);

  const ps = <u32>(tcr >> 32) & 7;
  let outputSize: u32 = 52;
  if (ps < 6) outputSize = ps == 0 ? 32 : ps == 1 ? 36 : ps == 2 ? 40 : ps == 3 ? 42 : ps == 4 ? 44 : 48;
  if (!large && outputSize > 48) outputSize = 48;

  const stride = granule - 3;
  let level: i32 = 4 - <i32>((inputSize - granule + stride - 1) / stride);
  const ttbr = upper ? reg(s, TTBR1_EL1_OFF) : reg(s, TTBR0_EL1_OFF);
  let base = ttbr & 0x0000fffffffffffe;
  if (large && outputSize == 52) base = (base & ~0x3f) | (((ttbr >> 2) & 0xf) << 48);
  const startBits = inputSize - granule - stride * <u32>(3 - level);
  const align: u32 = startBits + 3 < 4 ? 4 : startBits + 3;
  base = (base >> align) << align;
  if (outputSize < 52 && (base >> outputSize) != 0) return stage1Fault(s, va, kind, 0x00);

  const hpd = (tcr & (<u64>1 << (upper ? 42 : 41))) != 0;
  let tableReadOnly = false;
  let tableNoEl0 = false;
  let tableUxn = false;
  let tablePxn = false;
  let indexBits = startBits;
  while (true) {
    const shift = granule + stride * <u32>(3 - level);
    const index = (va >> shift) & ((<u64>1 << indexBits) - 1);
    const descriptorIpa = base + (index << 3);
    const entry = stage2(s, descriptorIpa);
    if (entry == 0) return stage2Fault(s, va, descriptorIpa, kind, 0x07, true);
    const at = <usize>(entry & 0xfffff000) + (<usize>descriptorIpa & 0xfff);
    let descriptor = atomic.load<u64>(at);
    if ((sctlr & (1 << 25)) != 0) descriptor = bswap<u64>(descriptor);
    if ((descriptor & 1) == 0 || (level == 3 && (descriptor & 2) == 0))
      return stage1Fault(s, va, kind, 0x04 | <u32>level);
    let address = descriptor & 0x0000fffffffff000;
    if (granule == 16) {
      address &= 0x0000ffffffff0000;
      if (outputSize == 52) address |= ((descriptor >> 12) & 0xf) << 48;
    } else if (ds) {
      address = (descriptor & 0x0003fffffffff000) | (((descriptor >> 8) & 3) << 50);
    }
    if (level < 3 && (descriptor & 2) != 0) {
      address = (address >> granule) << granule;
      if (outputSize < 52 && (address >> outputSize) != 0) return stage1Fault(s, va, kind, <u32>level);
      if (!hpd) {
        if ((descriptor & (<u64>1 << 62)) != 0) tableReadOnly = true;
        if ((descriptor & (<u64>1 << 61)) != 0) tableNoEl0 = true;
        if ((descriptor & (<u64>1 << 60)) != 0) tableUxn = true;
        if ((descriptor & (<u64>1 << 59)) != 0) tablePxn = true;
      }
      base = address;
      level++;
      indexBits = stride;
      continue;
    }
    if (level < 3) {
      const allowed = granule == 12 ? level >= (ds ? 0 : 1) : granule == 14 ? level == 2 || (ds && level == 1) : level == 2 || (level == 1 && outputSize == 52);
      if (!allowed) return stage1Fault(s, va, kind, 0x04 | <u32>level);
    }
    address = (address >> shift) << shift;
    if (outputSize < 52 && (address >> outputSize) != 0) return stage1Fault(s, va, kind, <u32>level);

    // Access flag
    let update = descriptor;
    if ((descriptor & (1 << 10)) == 0) {
      if ((tcr & (<u64>1 << 39)) == 0) return stage1Fault(s, va, kind, 0x08 | <u32>level);
      update |= 1 << 10;
    }
    // Permissions
    let readOnly = (descriptor & (1 << 7)) != 0;
    // What DBM says is writable counts as that before it is dirty: S1ApplyOutputPerms()
    const dirtyManaged = (tcr >> 39 & 3) == 3 && (descriptor & (<u64>1 << 51)) != 0;
    const willWrite = (kind & WRITE) != 0 && (kind & (MAINTENANCE | PROBE)) == 0;
    let lateDirty = false;
    if (readOnly && dirtyManaged) {
      readOnly = false;
      if (willWrite) update &= ~(<u64>1 << 7);
      else lateDirty = true;
    }
    const el0 = (descriptor & (1 << 6)) != 0 && !tableNoEl0;
    const readOnlyNow = readOnly || tableReadOnly;
    const writable = !readOnlyNow;
    const uxn = (descriptor & (<u64>1 << 54)) != 0 || tableUxn;
    const pxn = (descriptor & (<u64>1 << 53)) != 0 || tablePxn;
    let allowed: bool;
    if ((kind & EXECUTE) != 0) {
      if (privileged) allowed = !pxn && !(el0 && writable) && !((sctlr & SCTLR_WXN) != 0 && writable);
      else allowed = !uxn && !((sctlr & SCTLR_WXN) != 0 && writable && el0);
    } else {
      allowed = privileged || el0;
      if ((kind & WRITE) != 0 && !writable) allowed = false;
      if (
        privileged &&
        (pstate & PSTATE_PAN) != 0 &&
        (kind & (PROBE | MAINTENANCE) ? (kind & PROBE_PAN) != 0 : true) &&
        (el0 || ((sctlr & (<u64>1 << 57)) != 0 && !uxn))
      )
        allowed = false;
    }
    if (!allowed) {
      let faultKind = kind;
      // An atomic whose read would fault reports a read
      if ((kind & (READ | WRITE)) == (READ | WRITE)) {
        const readable = privileged ? !((pstate & PSTATE_PAN) != 0 && el0) : el0;
        if (readable) faultKind = kind & ~READ;
      }
      return stage1Fault(s, va, faultKind, 0x0c | <u32>level);
    }
    if (update != descriptor && (kind & PROBE) == 0) {
      if ((entry & STAGE2_WRITE) == 0) return stage2Fault(s, va, descriptorIpa, kind, 0x0f, true);
      const big = (sctlr & (1 << 25)) != 0;
      const from = big ? bswap<u64>(descriptor) : descriptor;
      if (atomic.cmpxchg<u64>(at, from, big ? bswap<u64>(update) : update) != from) return translate(s, va, kind);
    }
    const attr = <u32>(reg(s, MAIR_EL1_OFF) >> (((descriptor >> 2) & 7) << 3)) & 0xff;
    const sh = ds ? <u32>(tcr >> (upper ? 28 : 12)) & 3 : <u32>(descriptor >> 8) & 3;
    if (writable && !lateDirty) flags |= PAGE_WRITABLE;
    if ((descriptor & (<u64>1 << 50)) != 0) flags |= PAGE_GUARDED;
    const ipa = address | (va & ((<u64>1 << shift) - 1));
    return output(s, va, ipa, kind, flags | (attr << PAGE_ATTR_SHIFT) | (sh << PAGE_SH_SHIFT), <u32>level, privileged, true);
  }
}

/** Whether the top byte is ignored. */
function tbiOf(tcr: u64, upper: bool, kind: u32): bool {
  if ((tcr & (<u64>1 << (upper ? 38 : 37))) == 0) return false;
  return (kind & EXECUTE) == 0 || (tcr & (<u64>1 << (upper ? 52 : 51))) == 0;
}

/** Stage 2 of the result, and whether its memory is tagged. */
function output(s: usize, va: u64, ipa: u64, kind: u32, flags: u32, level: u32, privileged: bool, stage1: bool): bool {
  store<u64>(s, ipa, XLAT_IPA_OFF);
  if ((kind & PROBE) != 0) {
    store<u32>(s, flags, XLAT_FLAGS_OFF);
    return true;
  }
  const entry = stage2(s, ipa);
  if (entry == 0) return stage2Fault(s, va, ipa, kind, 0x07, false);
  if ((kind & WRITE) != 0 && (kind & MAINTENANCE) == 0 && (entry & STAGE2_WRITE) == 0)
    return stage2Fault(s, va, ipa, (kind & (READ | WRITE)) == (READ | WRITE) ? kind & ~READ : kind, 0x0f, false);
  if ((kind & EXECUTE) != 0 && (entry & STAGE2_DEVICE) != 0) return stage2Fault(s, va, ipa, kind, 0x0f, false);
  const attr = (flags >>> PAGE_ATTR_SHIFT) & 0xff;
  if ((entry & STAGE2_WRITE) == 0) flags &= ~PAGE_WRITABLE;
  // With the MMU off, QEMU and so KVM's guests are let access memory unaligned that stage 2 makes Normal
  if ((stage1 && (attr & 0xf0) == 0) || (entry & STAGE2_DEVICE) != 0) flags |= PAGE_DEVICE;
  else if (attr == 0xf0 && tagsEnabled(s, privileged)) flags |= PAGE_TAGGED;
  store<u32>(s, entry & 0xfffff000, XLAT_HOST_OFF);
  store<u32>(s, flags, XLAT_FLAGS_OFF);
  return true;
}

/** AllocationTagAccessIsEnabled() */
export function tagsEnabled(s: usize, privileged: bool): bool {
  if ((reg(s, HCR_EL2_OFF) & HCR_ATA) == 0) return false;
  return (reg(s, SCTLR_EL1_OFF) & (privileged ? <u64>1 << 43 : <u64>1 << 42)) != 0;
}

/** Where a frame's tag for a place in RAM lies. */
// @ts-ignore
@inline
export function tagAt(s: usize, host: usize): usize {
  return <usize>load<u32>(s, TAG_BASE_OFF) + (host >> 4);
}

/** Where a page's entry is; areas that begin at large powers of two do not all meet in the same one. */
// @ts-ignore
@inline
function tlbEntry(table: usize, va: u64): usize {
  return table + ((<usize>((va >> 12) ^ (va >> 20)) & (TLB_ENTRIES - 1)) << 5);
}

/** Puts a translated page into the TLB of data. */
function fill(s: usize, va: u64, kind: u32): void {
  if (isBigEndian(s, kind)) return;
  const flags = load<u32>(s, XLAT_FLAGS_OFF);
  const table = <usize>((kind & UNPRIVILEGED) != 0 ? load<u32>(s, TLB_EL0_OFF_CURRENT) : load<u32>(s, TLB_OFF));
  const entry = tlbEntry(table, va);
  const keep: u64 = (flags & PAGE_TBI) != 0 ? 0x00fffffffffff000 : 0xfffffffffffff000;
  const page = va & keep;
  const watched = load<u32>(s, WATCH_OFF) != 0;
  store<u32>(s, 1, TLB_USED_OFF);
  const readable = (kind & READ) != 0 && !watched;
  const writable = (kind & WRITE) != 0 && (flags & PAGE_WRITABLE) != 0 && !watched;
  const same = load<u64>(entry, TLB_KEEP) == keep;
  const keepRead = same && load<u64>(entry, TLB_READ) == page;
  const keepWrite = same && load<u64>(entry, TLB_WRITE) == page;
  store<u64>(entry, readable || keepRead ? page : <u64>-1, TLB_READ);
  store<u64>(entry, writable || (keepWrite && readable) ? page : <u64>-1, TLB_WRITE);
  store<u64>(entry, keep, TLB_KEEP);
  store<u32>(entry, load<u32>(s, XLAT_HOST_OFF), TLB_HOST);
  store<u8>(entry, (flags & (PAGE_TAGGED | PAGE_TBI)) == (PAGE_TAGGED | PAGE_TBI) && tagMode(s, kind) != 0 ? 1 : 0, TLB_TAG_MASK);
  store<u8>(entry, (flags & PAGE_TAGGED) != 0 ? 1 : 0, TLB_TAGGED);
  const tcr = reg(s, TCR_EL1_OFF);
  const exempt = ((va >> 55) & 1) != 0 ? ((tcr & (<u64>1 << 58)) != 0 ? 15 : 255) : (tcr & (<u64>1 << 57)) != 0 ? 0 : 255;
  store<u8>(entry, <u8>exempt, TLB_EXEMPT);
  const strict = (flags & PAGE_DEVICE) != 0 || (reg(s, SCTLR_EL1_OFF) & SCTLR_A) != 0;
  store<u8>(entry, strict ? 0x0f : 0, TLB_ALIGN);
}

/** The place of an access that needs no look at anything: the page is in the TLB, in it lies the whole, and its tag is right. */
// @ts-ignore
@inline
function probeTable(s: usize, table: usize, va: u64, size: u32, which: usize): usize {
  const entry = tlbEntry(table, va);
  const offset = <u32>va & 0xfff;
  if (((va & load<u64>(entry, TLB_KEEP)) ^ load<u64>(entry + which)) != 0) return FAULT;
  if (offset + size > 4096) return FAULT;
  const host = <usize>(load<u32>(entry, TLB_HOST) + offset);
  if (load<u8>(entry, TLB_TAG_MASK) != 0) {
    const tag = <u32>(va >> 56) & 0x0f;
    const tags = <usize>load<u32>(s, TAG_BASE_OFF);
    let differs = <u32>load<u8>(tags + (host >> 4)) != tag || <u32>load<u8>(tags + ((host + size - 1) >> 4)) != tag;
    if (size > 16)
      for (let at = (host >> 4) + 1; at < (host + size - 1) >> 4; at++) if (<u32>load<u8>(tags + at) != tag) differs = true;
    if (differs) {
      if (tag != <u32>load<u8>(entry, TLB_EXEMPT) && (load<u32>(s, PSTATE_OFF) & PSTATE_TCO) == 0) return FAULT;
    }
  }
  if ((offset & (size - 1) & 15 & <u32>load<u8>(entry, TLB_ALIGN)) != 0) return FAULT;
  return host;
}

/** The place of a load, or FAULT: then the slow way has to say. */
// @ts-ignore
@inline
export function fastRead(s: usize, va: u64, size: u32): usize {
  return probeTable(s, <usize>load<u32>(s, TLB_OFF), va, size, TLB_READ);
}

/** The place of a store. */
// @ts-ignore
@inline
export function fastWrite(s: usize, va: u64, size: u32): usize {
  return probeTable(s, <usize>load<u32>(s, TLB_OFF), va, size, TLB_WRITE);
}

/** The entry of a page's TLB for an access to tags, and 0 where the page is not in it. */
export function probeTags(s: usize, va: u64, which: usize): usize {
  const entry = tlbEntry(<usize>load<u32>(s, TLB_OFF), va);
  return ((va & load<u64>(entry, TLB_KEEP)) ^ load<u64>(entry + which)) == 0 ? entry : 0;
}

/** The same by the TLB that a kind of access has. */
export function probe(s: usize, va: u64, size: u32, kind: u32): usize {
  const table = <usize>((kind & UNPRIVILEGED) != 0 ? load<u32>(s, TLB_EL0_OFF_CURRENT) : load<u32>(s, TLB_OFF));
  return probeTable(s, table, va, size, (kind & WRITE) != 0 ? TLB_WRITE : TLB_READ);
}

/**
 * The place of a load of up to 64 bytes, by all the rules; the bytes of an access across pages are gathered in BOUNCE.
 * FAULT where an exception has been raised. CURRENT must be the instruction's record.
 */
export function readAt(s: usize, va: u64, size: u32, kind: u32): usize {
  if (!beforeTranslation(s, va, size, kind)) return FAULT;
  const offset = <u32>va & 0xfff;
  if (!translate(s, va, kind)) return FAULT;
  const host = <usize>load<u32>(s, XLAT_HOST_OFF) + offset;
  const flags = load<u32>(s, XLAT_FLAGS_OFF);
  if ((flags & PAGE_DEVICE) != 0 && !aligned(s, va, size, kind)) return FAULT;
  if (offset + size <= 4096) {
    if ((kind & MAINTENANCE) == 0) fill(s, va, kind);
    if ((flags & PAGE_TAGGED) != 0 && !checkTags(s, va, host, size, kind)) return FAULT;
    if (!isBigEndian(s, kind)) return host;
    memory.copy(s + BOUNCE_OFF, host, size);
    reverse(s, size, kind);
    return s + BOUNCE_OFF;
  }
  const first = 4096 - offset;
  const next = va + <u64>first;
  if (!translate(s, next, kind)) return FAULT;
  const second = <usize>load<u32>(s, XLAT_HOST_OFF);
  const secondFlags = load<u32>(s, XLAT_FLAGS_OFF);
  if ((secondFlags & PAGE_DEVICE) != 0 && !aligned(s, va, size, kind)) return FAULT;
  if ((flags & PAGE_TAGGED) != 0 && !checkTags(s, va, host, first, kind)) return FAULT;
  if ((secondFlags & PAGE_TAGGED) != 0 && !checkTags(s, next, second, size - first, kind)) return FAULT;
  memory.copy(s + BOUNCE_OFF, host, first);
  memory.copy(s + BOUNCE_OFF + first, second, size - first);
  if (isBigEndian(s, kind)) reverse(s, size, kind);
  return s + BOUNCE_OFF;
}

/** The same of a store: what is stored is in BOUNCE, and goes out. */
export function writeAt(s: usize, va: u64, size: u32, kind: u32): bool {
  if (!beforeTranslation(s, va, size, kind)) return false;
  const offset = <u32>va & 0xfff;
  if (!translate(s, va, kind)) return false;
  const host = <usize>load<u32>(s, XLAT_HOST_OFF) + offset;
  const flags = load<u32>(s, XLAT_FLAGS_OFF);
  if ((flags & PAGE_DEVICE) != 0 && !aligned(s, va, size, kind)) return false;
  if (offset + size <= 4096) {
    if ((kind & MAINTENANCE) == 0) fill(s, va, kind);
    if ((flags & PAGE_TAGGED) != 0 && !checkTags(s, va, host, size, kind)) return false;
    if (isBigEndian(s, kind)) reverse(s, size, kind);
    copyOut(s, host, size);
    return true;
  }
  const first = 4096 - offset;
  const next = va + <u64>first;
  if (!translate(s, next, kind)) return false;
  const second = <usize>load<u32>(s, XLAT_HOST_OFF);
  const secondFlags = load<u32>(s, XLAT_FLAGS_OFF);
  if ((secondFlags & PAGE_DEVICE) != 0 && !aligned(s, va, size, kind)) return false;
  if ((flags & PAGE_TAGGED) != 0 && !checkTags(s, va, host, first, kind)) return false;
  if ((secondFlags & PAGE_TAGGED) != 0 && !checkTags(s, next, second, size - first, kind)) return false;
  if (isBigEndian(s, kind)) reverse(s, size, kind);
  memory.copy(host, s + BOUNCE_OFF, first);
  memory.copy(second, s + BOUNCE_OFF + first, size - first);
  return true;
}

/** Bytes go out in the largest pieces that are single-copy atomic. */
// @ts-ignore
@inline
function copyOut(s: usize, host: usize, size: u32): void {
  switch (size) {
    case 1:
      store<u8>(host, load<u8>(s, BOUNCE_OFF));
      break;
    case 2:
      store<u16>(host, load<u16>(s, BOUNCE_OFF));
      break;
    case 4:
      store<u32>(host, load<u32>(s, BOUNCE_OFF));
      break;
    case 8:
      store<u64>(host, load<u64>(s, BOUNCE_OFF));
      break;
    case 16:
      store<u64>(host, load<u64>(s, BOUNCE_OFF));
      store<u64>(host, load<u64>(s, BOUNCE_OFF + 8), 8);
      break;
    default:
      memory.copy(host, s + BOUNCE_OFF, size);
  }
}

/** The place for an access that both reads and writes, which never crosses pages. */
export function modifyAt(s: usize, va: u64, size: u32, kind: u32): usize {
  if (!beforeTranslation(s, va, size, kind)) return FAULT;
  const offset = <u32>va & 0xfff;
  if (!translate(s, va, kind)) return FAULT;
  const host = <usize>load<u32>(s, XLAT_HOST_OFF) + offset;
  const flags = load<u32>(s, XLAT_FLAGS_OFF);
  if ((flags & PAGE_DEVICE) != 0 && !aligned(s, va, size, kind)) return FAULT;
  if ((kind & MAINTENANCE) == 0) fill(s, va, kind);
  if ((flags & PAGE_TAGGED) != 0 && !checkTags(s, va, host, size, kind)) return FAULT;
  return host;
}

/** Faults that come before any translation: of SP, of alignment, watchpoints. */
function beforeTranslation(s: usize, va: u64, size: u32, kind: u32): bool {
  if ((kind & SP_BASE) != 0 && !spAligned(s)) return false;
  if ((kind & (MAINTENANCE | TAGS | ZEROING)) == 0) {
    const sctlr = reg(s, SCTLR_EL1_OFF);
    if ((kind & ORDERED) != 0) {
      // FEAT_LSE2: within 16 bytes anything goes
      const unit: u32 = size > 16 ? size : 16;
      const crosses = (<u32>va & (unit - 1)) + size > unit;
      const misaligned = (<u32>va & (alignmentOf(size, kind) - 1)) != 0;
      const free = (kind & ACQUIRE_RELEASE) != 0 && (sctlr & SCTLR_NAA) != 0;
      if (misaligned && ((crosses && !free) || (sctlr & SCTLR_A) != 0)) return alignmentFault(s, va, kind);
    } else if ((sctlr & SCTLR_A) != 0 && (<u32>va & (alignmentOf(size, kind) - 1)) != 0) return alignmentFault(s, va, kind);
  }
  if ((kind & ALIGNED) != 0 && (<u32>va & 15) != 0) return alignmentFault(s, va, kind);
  if (load<u32>(s, WATCH_OFF) != 0 && !watchpoints(s, va, size, kind)) return false;
  return true;
}

/** What an access is to be aligned to: its size, or what its kind says. */
// @ts-ignore
@inline
function alignmentOf(size: u32, kind: u32): u32 {
  return kind >>> ELEMENT_SHIFT != 0 ? kind >>> ELEMENT_SHIFT : size;
}

/** CheckSPAlignment() of the current SP. */
export function spAligned(s: usize): bool {
  if ((load<u64>(s, 31 * 8) & 15) == 0) return true;
  const enabled = (reg(s, SCTLR_EL1_OFF) & (el(s) == 0 ? SCTLR_SA0 : SCTLR_SA)) != 0;
  if (!enabled) return true;
  raise(s, EC_SP_ALIGN, 0);
  return false;
}

function alignmentFault(s: usize, va: u64, kind: u32): bool {
  raiseAt(s, fromLevel(s, EC_DABT_LOW), 0x21 | direction(kind), va);
  return false;
}

/** Device memory has to be accessed aligned. */
function aligned(s: usize, va: u64, size: u32, kind: u32): bool {
  if ((kind & (MAINTENANCE | TAGS)) != 0) return true;
  if ((kind & ZEROING) != 0) return alignmentFault(s, va, kind);
  if ((<u32>va & (alignmentOf(size, kind) - 1)) == 0) return true;
  return alignmentFault(s, va, kind);
}

/** Checks the tag of each granule of an access against the address's; false where a fault was raised. */
export function checkTags(s: usize, va: u64, host: usize, size: u32, kind: u32): bool {
  if ((kind & (UNCHECKED | MAINTENANCE | TAGS)) != 0) return true;
  if ((load<u32>(s, PSTATE_OFF) & PSTATE_TCO) != 0) return true;
  const tcr = reg(s, TCR_EL1_OFF);
  const upper = ((va >> 55) & 1) != 0;
  if ((load<u32>(s, XLAT_FLAGS_OFF) & PAGE_TBI) == 0 && !tbiOf(tcr, upper, kind)) return true;
  const tag = <u32>(va >> 56) & 15;
  if (upper ? tag == 15 && (tcr & (<u64>1 << 58)) != 0 : tag == 0 && (tcr & (<u64>1 << 57)) != 0) return true;
  const from = host >> 4;
  const to = (host + size - 1) >> 4;
  const tags = <usize>load<u32>(s, TAG_BASE_OFF);
  for (let at = from; at <= to; at++) {
    if (<u32>load<u8>(tags + at) == tag) continue;
    const address = at == from ? va : (va & ~0xf) + (<u64>(at - from) << 4);
    return tagFault(s, address, kind);
  }
  return true;
}

/** Whether an access is as if from EL0. */
export function isUnprivileged(s: usize, kind: u32): bool {
  return el(s) == 0 || ((kind & UNPRIVILEGED) != 0 && (load<u32>(s, PSTATE_OFF) & PSTATE_UAO) == 0);
}

/** Whether data is big-endian: SCTLR_EL1.EE or E0E. Such accesses always go the slow way, and their loads by BOUNCE. */
export function isBigEndian(s: usize, kind: u32): bool {
  const sctlr = reg(s, SCTLR_EL1_OFF);
  return (sctlr & ((1 << 24) | (1 << 25))) != 0 && (sctlr & (isUnprivileged(s, kind) ? 1 << 24 : 1 << 25)) != 0;
}

/** Turns the elements in BOUNCE round. */
function reverse(s: usize, size: u32, kind: u32): void {
  const element = alignmentOf(size, kind);
  for (let from: u32 = 0; from < size; from += element)
    for (let n: u32 = 0; n < element >> 1; n++) {
      const a = s + BOUNCE_OFF + from + n;
      const b = s + BOUNCE_OFF + from + element - 1 - n;
      const low = load<u8>(a);
      store<u8>(a, load<u8>(b));
      store<u8>(b, low);
    }
}

/** SCTLR_EL1's TCF or TCF0. */
function tagMode(s: usize, kind: u32): u32 {
  return <u32>(reg(s, SCTLR_EL1_OFF) >> (isUnprivileged(s, kind) ? 38 : 40)) & 3;
}

/** CheckTag()'s failure: what TCF says of it; true where the access goes on. */
function tagFault(s: usize, va: u64, kind: u32): bool {
  const asEl0 = isUnprivileged(s, kind);
  let mode = tagMode(s, kind);
  if (mode == 3) mode = (kind & READ) != 0 ? 1 : 2;
  if (mode == 0) return true;
  if (mode == 2) {
    const offset: usize = asEl0 ? TFSRE0_EL1_OFF : TFSR_EL1_OFF;
    setReg(s, offset, reg(s, offset) | (((va >> 55) & 1) != 0 ? 2 : 1));
    return true;
  }
  raiseAt(s, fromLevel(s, EC_DABT_LOW), 0x11 | ((kind & READ) != 0 ? 0 : 1 << 6), va);
  return false;
}

/** The place in RAM of the instruction at PC, or FAULT; remembers its page. */
export function fetchAt(s: usize, pc: u64): usize {
  const level = el(s);
  const entry = s + ITLB_OFF + level * ITLB_TABLE_BYTES + ((<usize>(pc >> 12) & (ITLB_ENTRIES - 1)) << 4);
  const page = (pc & ~0xfff) | 1;
  if (load<u64>(entry) != page) {
    // The exception's address is PC itself
    store<u32>(s, load<u32>(s, BLOCK_OFF), CURRENT_OFF);
    if (!translate(s, pc, EXECUTE)) return FAULT;
    store<u32>(s, 1, TLB_USED_OFF);
    store<u64>(entry, page);
    store<u32>(entry, load<u32>(s, XLAT_HOST_OFF), 8);
    store<u32>(entry, (load<u32>(s, XLAT_FLAGS_OFF) & PAGE_GUARDED) != 0 ? 1 : 0, 12);
  }
  store<u64>(s, page, FETCH_PAGE_OFF);
  store<u32>(s, load<u32>(entry, 8), FETCH_HOST_OFF);
  store<u32>(s, load<u32>(entry, 12), FETCH_GUARDED_OFF);
  return <usize>load<u32>(entry, 8) + (<usize>pc & 0xfff);
}
