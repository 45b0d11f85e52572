/** Accesses to memory: their kinds, and what follows from the kind and the state of the core. */

import { PSTATE_OFF, SCTLR_EL1_OFF } from "../core_state";
import { PSTATE_UAO, SCTLR_E0E, SCTLR_EE } from "./fields.as";
import { el, reg } from "./state.as";

/** What translation gives instead of a place when it has raised an exception. */
export const FAULT: usize = 0xffffffff;


// Kinds of access, by bits: what of an AccessDescriptor makes a difference
export const READ: u32 = 1;
export const WRITE: u32 = 1 << 1;
export const EXECUTE: u32 = 1 << 2;
/** LDTR and STTR. */
export const UNPRIVILEGED: u32 = 1 << 3;
/** Never tag checked. */
export const UNCHECKED: u32 = 1 << 4;
/** Exclusive, atomic, acquire or release: must not leave an aligned block of 16 bytes. */
export const ORDERED: u32 = 1 << 5;
/** Cache maintenance. */
export const MAINTENANCE: u32 = 1 << 6;
/** AT: no stage 2, nothing is cached. */
export const PROBE: u32 = 1 << 7;
/** AT S1E1RP and WP take notice of PAN. */
export const PROBE_PAN: u32 = 1 << 8;
/** Based on SP, whose alignment is checked first. */
export const SP_BASE: u32 = 1 << 9;
/** A store of tags, or a load: never checked. */
export const TAGS: u32 = 1 << 10;
/** The data of DC ZVA and the like: Device memory is an alignment fault. */
export const ZEROING: u32 = 1 << 11;
/** Acquire or release and no more: SCTLR_EL1.nAA lets it leave a block of 16 bytes. */
export const ACQUIRE_RELEASE: u32 = 1 << 12;
/** The bytes of an element, where an access has several: above this. */
export const ELEMENT_SHIFT: u32 = 16;

/** What an access is to be aligned to: its size, or what its kind says. */
// @ts-ignore
@inline
export function alignmentOf(size: u32, kind: u32): u32 {
  return kind >>> ELEMENT_SHIFT != 0 ? kind >>> ELEMENT_SHIFT : size;
}

/** Whether an access is as if from EL0: by its level, or as LDTR and AT S1E0 are; UAO makes LDTR an LDR. */
// @ts-ignore
@inline
export function isUnprivileged(s: usize, kind: u32): bool {
  if (el(s) == 0) return true;
  return (kind & UNPRIVILEGED) != 0 && ((kind & PROBE) != 0 || (load<u32>(s, PSTATE_OFF) & PSTATE_UAO) == 0);
}

/** BigEndian(): such accesses always go the slow way, and their loads by BOUNCE. */
export function isBigEndian(s: usize, kind: u32): bool {
  const sctlr = reg(s, SCTLR_EL1_OFF);
  if ((sctlr & (SCTLR_EE | SCTLR_E0E)) == 0) return false;
  return (sctlr & (isUnprivileged(s, kind) ? SCTLR_E0E : SCTLR_EE)) != 0;
}

/** What a base register adds to the kind of an access. */
// @ts-ignore
@inline
export function spKind(n: u32): u32 {
  return n == 31 ? SP_BASE : 0;
}
