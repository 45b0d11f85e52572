/** Translation of addresses, Arm ARM D8: stage 1 by the guest's tables, stage 2 by the TLB that the hypervisor fills. */

import {
  HCR_EL2_OFF, MAIR_EL1_OFF, PSTATE_OFF, RAM_BYTES_OFF, SCTLR_EL1_OFF, STAGE2_DEVICE, STAGE2_ENTRIES,
  STAGE2_EVICTED_ENTRIES, STAGE2_EVICTED_OFF, STAGE2_GENERATION_OFF, STAGE2_OFF, STAGE2_WRITE, TCR_EL1_OFF, TTBR0_EL1_OFF,
  TTBR1_EL1_OFF, WALKS_OFF, XLAT_FLAGS_OFF, XLAT_HOST_OFF, XLAT_IPA_OFF,
} from "../core_state";
import {
  FSC_ACCESS_FLAG, FSC_ADDRESS_SIZE, FSC_PERMISSION, FSC_TRANSLATION, stage1Fault, stage2Fault,
} from "./abort.as";
import { EXECUTE, isUnprivileged, MAINTENANCE, PROBE, PROBE_PAN, READ, WRITE } from "./access.as";
import {
  HCR_DC, HCR_DCT, HCR_VM, PSTATE_PAN, SCTLR_EE, SCTLR_EPAN, SCTLR_I, SCTLR_M, SCTLR_WXN, TCR_DS, TCR_E0PD0, TCR_E0PD1,
  TCR_EPD0, TCR_EPD1, TCR_HA, TCR_HD, TCR_HPD0, TCR_HPD1, TCR_TBI0, TCR_TBI1, TCR_TBID0, TCR_TBID1,
} from "./fields.as";
import { reg } from "./state.as";
import { tagsEnabled } from "./tag_check.as";

// What translation says of a page, in XLAT_FLAGS
export const PAGE_DEVICE: u32 = 1;
export const PAGE_TAGGED: u32 = 2;
export const PAGE_WRITABLE: u32 = 4;
export const PAGE_GUARDED: u32 = 8;
export const PAGE_TBI: u32 = 16;
/** The attribute's byte of MAIR in bits 15:8, shareability in 17:16. */
export const PAGE_ATTR_SHIFT: u32 = 8;
export const PAGE_SH_SHIFT: u32 = 16;

// Bytes of MAIR_EL1 and what stands for them
const ATTR_TAGGED: u32 = 0xf0;
const ATTR_WRITE_BACK: u32 = 0xff;
const ATTR_WRITE_THROUGH: u32 = 0xaa;
const ATTR_NON_CACHEABLE: u32 = 0x44;
const ATTR_DEVICE: u32 = 0x00;

// Bits of descriptors
const DESCRIPTOR_VALID: u64 = 1;
/** A table or, at level 3, a page. */
const DESCRIPTOR_TABLE: u64 = 1 << 1;
/** AP[1]: EL0 may access. */
const DESCRIPTOR_EL0: u64 = 1 << 6;
/** AP[2] */
const DESCRIPTOR_READ_ONLY: u64 = 1 << 7;
const DESCRIPTOR_AF: u64 = 1 << 10;
const DESCRIPTOR_GP: u64 = 1 << 50;
const DESCRIPTOR_DBM: u64 = 1 << 51;
const DESCRIPTOR_PXN: u64 = 1 << 53;
const DESCRIPTOR_UXN: u64 = 1 << 54;
const TABLE_PXN: u64 = 1 << 59;
const TABLE_UXN: u64 = 1 << 60;
/** APTable[0]: not from EL0. */
const TABLE_NO_EL0: u64 = 1 << 61;
/** APTable[1] */
const TABLE_READ_ONLY: u64 = 1 << 62;
/** What a table takes away of all that is below it. */
const HIERARCHICAL: u64 = TABLE_PXN | TABLE_UXN | TABLE_NO_EL0 | TABLE_READ_ONLY;

/** log2 of 4 KiB, 16 KiB and 64 KiB. */
const GRANULE_4K: u32 = 12;
const GRANULE_16K: u32 = 14;
const GRANULE_64K: u32 = 16;

/** An IPA's entry in the stage-2 TLB: host frame << 12 | flags, and 0 where there is none. */
// @ts-ignore
@inline
function stage2(s: usize, ipa: u64): u32 {
  if ((reg(s, HCR_EL2_OFF) & HCR_VM) == 0)
    return ipa < <u64>load<u32>(s, RAM_BYTES_OFF) ? (<u32>ipa & 0xfffff000) | STAGE2_WRITE | 1 : 0;
  const gfn = ipa >> 12;
  const entry = s + STAGE2_OFF + ((<usize>gfn & (STAGE2_ENTRIES - 1)) << 4);
  if (load<u64>(entry) == gfn && load<u32>(entry, 12) == load<u32>(s, STAGE2_GENERATION_OFF)) return load<u32>(entry, 8);
  return evicted(s, gfn);
}

/** The same among the entries whose places others took. */
function evicted(s: usize, gfn: u64): u32 {
  const generation = load<u32>(s, STAGE2_GENERATION_OFF);
  for (let n: i32 = 0; n < STAGE2_EVICTED_ENTRIES; n++) {
    const entry = s + STAGE2_EVICTED_OFF + (<usize>n << 4);
    if (load<u64>(entry) == gfn && load<u32>(entry, 12) == generation) return load<u32>(entry, 8);
  }
  return 0;
}

/** EffectiveTBI(): whether the top byte of addresses of a half is ignored. */
// @ts-ignore
@inline
export function effectiveTbi(tcr: u64, upper: bool, instruction: bool): bool {
  if ((tcr & (upper ? TCR_TBI1 : TCR_TBI0)) == 0) return false;
  return !instruction || (tcr & (upper ? TCR_TBID1 : TCR_TBID0)) == 0;
}

/** AArch64.FullTranslate(). The result is in XLAT_*; false where an exception has been raised. */
export function translate(s: usize, va: u64, kind: u32): bool {
  store<u32>(s, load<u32>(s, WALKS_OFF) + 1, WALKS_OFF);
  const tbi = effectiveTbi(reg(s, TCR_EL1_OFF), ((va >> 55) & 1) != 0, (kind & EXECUTE) != 0);
  if ((reg(s, SCTLR_EL1_OFF) & SCTLR_M) != 0 && (reg(s, HCR_EL2_OFF) & HCR_DC) == 0) return walk(s, va, kind, tbi);
  return stage1Disabled(s, va, kind, tbi);
}

/** AArch64.S1DisabledOutput(): the address is the IPA. */
function stage1Disabled(s: usize, va: u64, kind: u32, tbi: bool): bool {
  const ipa = tbi ? va & 0x00ffffffffffffff : va;
  if (ipa >> 52 != 0) return stage1Fault(s, va, kind, FSC_ADDRESS_SIZE);
  const hcr = reg(s, HCR_EL2_OFF);
  let attr = ATTR_DEVICE;
  if ((hcr & HCR_DC) != 0) attr = (hcr & HCR_DCT) != 0 ? ATTR_TAGGED : ATTR_WRITE_BACK;
  else if ((kind & EXECUTE) != 0) attr = (reg(s, SCTLR_EL1_OFF) & SCTLR_I) != 0 ? ATTR_WRITE_THROUGH : ATTR_NON_CACHEABLE;
  return output(s, va, ipa, kind, (tbi ? PAGE_TBI : 0) | PAGE_WRITABLE | (attr << PAGE_ATTR_SHIFT), false);
}

/** TCR_EL1.TG0 or TG1, which have different encodings. */
// @ts-ignore
@inline
function granuleOf(tcr: u64, upper: bool): u32 {
  if (upper) {
    const tg1 = <u32>(tcr >> 30) & 3;
    return tg1 == 1 ? GRANULE_16K : tg1 == 3 ? GRANULE_64K : GRANULE_4K;
  }
  const tg0 = <u32>(tcr >> 14) & 3;
  return tg0 == 1 ? GRANULE_64K : tg0 == 2 ? GRANULE_16K : GRANULE_4K;
}

/** The least and the greatest TCR_EL1.TnSZ of a half: 52 bits of address take 64 KiB, or TCR_EL1.DS. */
export function leastTsz(tcr: u64, upper: bool): u32 {
  return (tcr & TCR_DS) != 0 || granuleOf(tcr, upper) == GRANULE_64K ? 12 : 16;
}

export function greatestTsz(tcr: u64, upper: bool): u32 {
  return granuleOf(tcr, upper) == GRANULE_64K ? 47 : 48;
}

/** Bits of an output address, by TCR_EL1.IPS; `large` are regimes that have 52. */
// @ts-ignore
@inline
function outputSizeOf(tcr: u64, large: bool): u32 {
  switch (<u32>(tcr >> 32) & 7) {
    case 0:
      return 32;
    case 1:
      return 36;
    case 2:
      return 40;
    case 3:
      return 42;
    case 4:
      return 44;
    case 5:
      return 48;
  }
  return large ? 52 : 48;
}

/** Whether an address may be translated at all: it is in a half's range, and the half is not switched off. */
// @ts-ignore
@inline
function isInRange(tcr: u64, va: u64, upper: bool, tbi: bool, inputSize: u32, privileged: bool): bool {
  // All bits above must equal bit 55; the top byte only without TBI
  const top = tbi ? (va << 8) >> 8 : va;
  const extension: u64 = upper ? (tbi ? 0x00ffffffffffffff : <u64>-1) : 0;
  if (top >> inputSize != extension >> inputSize) return false;
  if ((tcr & (upper ? TCR_EPD1 : TCR_EPD0)) != 0) return false;
  return privileged || (tcr & (upper ? TCR_E0PD1 : TCR_E0PD0)) == 0;
}

/** Whether an address is beyond the output size. */
// @ts-ignore
@inline
function exceeds(address: u64, outputSize: u32): bool {
  return outputSize < 52 && address >> outputSize != 0;
}

/** The output address of a descriptor, whose bits above 47 are elsewhere in it. */
// @ts-ignore
@inline
function addressOf(descriptor: u64, granule: u32, ds: bool, outputSize: u32): u64 {
  if (granule == GRANULE_64K) {
    const address = descriptor & 0x0000ffffffff0000;
    return outputSize == 52 ? address | (((descriptor >> 12) & 0xf) << 48) : address;
  }
  return ds ? (descriptor & 0x0003fffffffff000) | (((descriptor >> 8) & 3) << 50) : descriptor & 0x0000fffffffff000;
}

/** Whether a block may be at a level above 3. */
// @ts-ignore
@inline
function hasBlocks(level: i32, granule: u32, ds: bool, outputSize: u32): bool {
  if (granule == GRANULE_4K) return level >= (ds ? 0 : 1);
  if (level == 2) return true;
  return level == 1 && (granule == GRANULE_16K ? ds : outputSize == 52);
}

/** AArch64.S1Walk() */
function walk(s: usize, va: u64, kind: u32, tbi: bool): bool {
  const tcr = reg(s, TCR_EL1_OFF);
  const upper = ((va >> 55) & 1) != 0;
  const granule = granuleOf(tcr, upper);
  const ds = granule != GRANULE_64K && (tcr & TCR_DS) != 0;
  const large = ds || granule == GRANULE_64K;
  const tsz = <u32>(upper ? tcr >> 16 : tcr) & 63;
  const inputSize = 64 - tsz;
  if (tsz < leastTsz(tcr, upper) || tsz > greatestTsz(tcr, upper)) return stage1Fault(s, va, kind, FSC_TRANSLATION);
  if (!isInRange(tcr, va, upper, tbi, inputSize, !isUnprivileged(s, kind))) return stage1Fault(s, va, kind, FSC_TRANSLATION);

  const outputSize = outputSizeOf(tcr, large);
  const stride = granule - 3;
  let level: i32 = 4 - <i32>((inputSize - granule + stride - 1) / stride);
  let indexBits = inputSize - granule - stride * <u32>(3 - level);
  const ttbr = reg(s, upper ? TTBR1_EL1_OFF : TTBR0_EL1_OFF);
  let base = ttbr & 0x0000fffffffffffe;
  if (large && outputSize == 52) base = (base & ~0x3f) | (((ttbr >> 2) & 0xf) << 48);
  const align: u32 = indexBits < 1 ? 4 : indexBits + 3;
  base = (base >> align) << align;
  if (exceeds(base, outputSize)) return stage1Fault(s, va, kind, FSC_ADDRESS_SIZE);

  const hierarchical: u64 = (tcr & (upper ? TCR_HPD1 : TCR_HPD0)) != 0 ? 0 : HIERARCHICAL;
  let tables: u64 = 0;
  while (true) {
    const shift = granule + stride * <u32>(3 - level);
    const descriptorIpa = base + (((va >> shift) & ((<u64>1 << indexBits) - 1)) << 3);
    const entry = stage2(s, descriptorIpa);
    if (entry == 0) return stage2Fault(s, va, descriptorIpa, kind, FSC_TRANSLATION | 3, true);
    const at = <usize>(entry & 0xfffff000) + (<usize>descriptorIpa & 0xfff);
    const descriptor = asMemory(s, atomic.load<u64>(at));
    if ((descriptor & DESCRIPTOR_VALID) == 0 || (level == 3 && (descriptor & DESCRIPTOR_TABLE) == 0))
      return stage1Fault(s, va, kind, FSC_TRANSLATION | <u32>level);
    const isTable = level < 3 && (descriptor & DESCRIPTOR_TABLE) != 0;
    if (level < 3 && !isTable && !hasBlocks(level, granule, ds, outputSize))
      return stage1Fault(s, va, kind, FSC_TRANSLATION | <u32>level);
    const size = isTable ? granule : shift;
    const address = (addressOf(descriptor, granule, ds, outputSize) >> size) << size;
    if (exceeds(address, outputSize)) return stage1Fault(s, va, kind, FSC_ADDRESS_SIZE | <u32>level);
    if (isTable) {
      tables |= descriptor & hierarchical;
      base = address;
      level++;
      indexBits = stride;
      continue;
    }
    const ipa = address | (va & ((<u64>1 << shift) - 1));
    const sh = ds ? <u32>(tcr >> (upper ? 28 : 12)) & 3 : <u32>(descriptor >> 8) & 3;
    const flags = (tbi ? PAGE_TBI : 0) | (sh << PAGE_SH_SHIFT);
    return leaf(s, va, ipa, kind, flags, descriptor, tables, <u32>level, descriptorIpa, entry);
  }
}

/** A descriptor as the walk reads and writes it, in the order of bytes of SCTLR_EL1.EE. */
// @ts-ignore
@inline
function asMemory(s: usize, descriptor: u64): u64 {
  return (reg(s, SCTLR_EL1_OFF) & SCTLR_EE) != 0 ? bswap<u64>(descriptor) : descriptor;
}

/** What a leaf allows once hardware manages its dirty state or not, and after what the tables above it take away. */
// @ts-ignore
@inline
function effective(descriptor: u64, tables: u64, managed: bool): u64 {
  // S1ApplyOutputPerms(): what DBM says is writable counts as that before it is dirty
  let result = managed ? descriptor & ~DESCRIPTOR_READ_ONLY : descriptor;
  // S1ApplyTablePerms()
  if (tables == 0) return result;
  if ((tables & TABLE_READ_ONLY) != 0) result |= DESCRIPTOR_READ_ONLY;
  if ((tables & TABLE_NO_EL0) != 0) result &= ~DESCRIPTOR_EL0;
  if ((tables & TABLE_UXN) != 0) result |= DESCRIPTOR_UXN;
  if ((tables & TABLE_PXN) != 0) result |= DESCRIPTOR_PXN;
  return result;
}

/** AArch64.S1CheckPermissions() of an effective descriptor. */
function permits(s: usize, kind: u32, descriptor: u64): bool {
  const sctlr = reg(s, SCTLR_EL1_OFF);
  const privileged = !isUnprivileged(s, kind);
  const el0 = (descriptor & DESCRIPTOR_EL0) != 0;
  const writable = (descriptor & DESCRIPTOR_READ_ONLY) == 0;
  if ((kind & EXECUTE) != 0) {
    const wxn = (sctlr & SCTLR_WXN) != 0 && writable;
    if (privileged) return (descriptor & DESCRIPTOR_PXN) == 0 && !(el0 && writable) && !wxn;
    return (descriptor & DESCRIPTOR_UXN) == 0 && !(wxn && el0);
  }
  if ((kind & WRITE) != 0 && !writable) return false;
  if (!privileged) return el0;
  if ((load<u32>(s, PSTATE_OFF) & PSTATE_PAN) == 0) return true;
  if ((kind & (PROBE | MAINTENANCE)) != 0 && (kind & PROBE_PAN) == 0) return true;
  return !el0 && ((sctlr & SCTLR_EPAN) == 0 || (descriptor & DESCRIPTOR_UXN) != 0);
}

/** A page or a block: the access flag, permissions, and what hardware writes back to the descriptor. */
// @ts-ignore
@inline
function leaf(
  s: usize, va: u64, ipa: u64, kind: u32, flags: u32, descriptor: u64, tables: u64, level: u32, descriptorIpa: u64, entry: u32,
): bool {
  const tcr = reg(s, TCR_EL1_OFF);
  let update = descriptor;
  if ((descriptor & DESCRIPTOR_AF) == 0) {
    if ((tcr & TCR_HA) == 0) return stage1Fault(s, va, kind, FSC_ACCESS_FLAG | level);
    update |= DESCRIPTOR_AF;
  }
  const managed = (tcr & (TCR_HA | TCR_HD)) == (TCR_HA | TCR_HD) && (descriptor & DESCRIPTOR_DBM) != 0;
  const allowed = effective(descriptor, tables, managed);
  if (!permits(s, kind, allowed)) {
    // What reads and writes reports a write only where it could have read
    const both = (kind & (READ | WRITE)) == (READ | WRITE);
    return stage1Fault(s, va, both && permits(s, kind & ~WRITE, allowed) ? kind & ~READ : kind, FSC_PERMISSION | level);
  }
  if (managed && (kind & WRITE) != 0 && (kind & (MAINTENANCE | PROBE)) == 0) update &= ~DESCRIPTOR_READ_ONLY;
  if (update != descriptor && (kind & PROBE) == 0) {
    if ((entry & STAGE2_WRITE) == 0) return stage2Fault(s, va, descriptorIpa, kind, FSC_PERMISSION | 3, true);
    const at = <usize>(entry & 0xfffff000) + (<usize>descriptorIpa & 0xfff);
    const from = asMemory(s, descriptor);
    // Somebody was faster: from the start
    if (atomic.cmpxchg<u64>(at, from, asMemory(s, update)) != from) return translate(s, va, kind);
  }
  // A clean page takes the next write through here again, which makes it dirty
  const clean = managed && (update & DESCRIPTOR_READ_ONLY) != 0;
  if ((allowed & DESCRIPTOR_READ_ONLY) == 0 && !clean) flags |= PAGE_WRITABLE;
  if ((descriptor & DESCRIPTOR_GP) != 0) flags |= PAGE_GUARDED;
  const attr = <u32>(reg(s, MAIR_EL1_OFF) >> (((descriptor >> 2) & 7) << 3)) & 0xff;
  return output(s, va, ipa, kind, flags | (attr << PAGE_ATTR_SHIFT), true);
}

/** Stage 2 of the result, and whether its memory is tagged. */
function output(s: usize, va: u64, ipa: u64, kind: u32, flags: u32, stage1: bool): bool {
  store<u64>(s, ipa, XLAT_IPA_OFF);
  if ((kind & PROBE) != 0) {
    store<u32>(s, flags, XLAT_FLAGS_OFF);
    return true;
  }
  const entry = stage2(s, ipa);
  if (entry == 0) return stage2Fault(s, va, ipa, kind, FSC_TRANSLATION | 3, false);
  if ((kind & WRITE) != 0 && (kind & MAINTENANCE) == 0 && (entry & STAGE2_WRITE) == 0)
    return stage2Fault(s, va, ipa, (kind & (READ | WRITE)) == (READ | WRITE) ? kind & ~READ : kind, FSC_PERMISSION | 3, false);
  if ((kind & EXECUTE) != 0 && (entry & STAGE2_DEVICE) != 0) return stage2Fault(s, va, ipa, kind, FSC_PERMISSION | 3, false);
  const attr = (flags >>> PAGE_ATTR_SHIFT) & 0xff;
  if ((entry & STAGE2_WRITE) == 0) flags &= ~PAGE_WRITABLE;
  // With the MMU off, QEMU and so KVM's guests are let access memory unaligned that stage 2 makes Normal
  if ((stage1 && (attr & 0xf0) == 0) || (entry & STAGE2_DEVICE) != 0) flags |= PAGE_DEVICE;
  else if (attr == ATTR_TAGGED && tagsEnabled(s, !isUnprivileged(s, kind))) flags |= PAGE_TAGGED;
  store<u32>(s, entry & 0xfffff000, XLAT_HOST_OFF);
  store<u32>(s, flags, XLAT_FLAGS_OFF);
  return true;
}
