/** Checks of allocation tags: Arm ARM D10 and AArch64.CheckTag(). */

import {
  HCR_EL2_OFF, PSTATE_OFF, SCTLR_EL1_OFF, TAG_BASE_OFF, TCR_EL1_OFF, TFSR_EL1_OFF, TFSRE0_EL1_OFF,
} from "../core_state";
import { FSC_TAG_CHECK, ISS_WNR } from "./abort.as";
import { isUnprivileged, MAINTENANCE, READ, TAGS, UNCHECKED } from "./access.as";
import { EC_DABT_LOW, fromLevel, raiseAt } from "./exception.as";
import {
  HCR_ATA, PSTATE_TCO, SCTLR_ATA, SCTLR_ATA0, SCTLR_TCF0_SHIFT, SCTLR_TCF_SHIFT, TCR_TCMA0, TCR_TCMA1,
} from "./fields.as";
import { reg, setReg } from "./state.as";
import { effectiveTbi } from "./translation.as";

// SCTLR_EL1.TCF and TCF0
const TCF_NONE: u32 = 0;
const TCF_SYNC: u32 = 1;
const TCF_ASYNC: u32 = 2;
const TCF_ASYMMETRIC: u32 = 3;

/** What exemptTag() gives where TCMA exempts none. */
const NO_TAG: u32 = 255;

/** AllocationTagAccessIsEnabled() */
export function tagsEnabled(s: usize, privileged: bool): bool {
  if ((reg(s, HCR_EL2_OFF) & HCR_ATA) == 0) return false;
  return (reg(s, SCTLR_EL1_OFF) & (privileged ? SCTLR_ATA : SCTLR_ATA0)) != 0;
}

/** Where a frame's tag for a place in RAM lies. */
// @ts-ignore
@inline
export function tagAt(s: usize, host: usize): usize {
  return <usize>load<u32>(s, TAG_BASE_OFF) + (host >> 4);
}

/** The tag of a half of the addresses that TCMA exempts. */
export function exemptTag(tcr: u64, upper: bool): u32 {
  if (upper) return (tcr & TCR_TCMA1) != 0 ? 15 : NO_TAG;
  return (tcr & TCR_TCMA0) != 0 ? 0 : NO_TAG;
}

/** SCTLR_EL1's TCF or TCF0. */
export function tagMode(s: usize, kind: u32): u32 {
  return <u32>(reg(s, SCTLR_EL1_OFF) >> (isUnprivileged(s, kind) ? SCTLR_TCF0_SHIFT : SCTLR_TCF_SHIFT)) & 3;
}

/** Checks the tag of each granule of an access against the address's; false where a fault was raised. */
export function checkTags(s: usize, va: u64, host: usize, size: u32, kind: u32): bool {
  if ((kind & (UNCHECKED | MAINTENANCE | TAGS)) != 0) return true;
  if ((load<u32>(s, PSTATE_OFF) & PSTATE_TCO) != 0) return true;
  const tcr = reg(s, TCR_EL1_OFF);
  const upper = ((va >> 55) & 1) != 0;
  if (!effectiveTbi(tcr, upper, false)) return true;
  const tag = <u32>(va >> 56) & 15;
  if (tag == exemptTag(tcr, upper)) return true;
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

/** AArch64.TagCheckFault(): what TCF says of it; true where the access goes on. */
function tagFault(s: usize, va: u64, kind: u32): bool {
  const asEl0 = isUnprivileged(s, kind);
  let mode = tagMode(s, kind);
  if (mode == TCF_ASYMMETRIC) mode = (kind & READ) != 0 ? TCF_SYNC : TCF_ASYNC;
  if (mode == TCF_NONE) return true;
  if (mode == TCF_ASYNC) {
    const offset: usize = asEl0 ? TFSRE0_EL1_OFF : TFSR_EL1_OFF;
    setReg(s, offset, reg(s, offset) | (((va >> 55) & 1) != 0 ? 2 : 1));
    return true;
  }
  raiseAt(s, fromLevel(s, EC_DABT_LOW), FSC_TAG_CHECK | ((kind & READ) != 0 ? 0 : ISS_WNR), va);
  return false;
}
