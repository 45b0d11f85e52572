/** LPIs: their configuration and pending tables in guest memory, as vgic-its.c and vgic-v3.c keep them. */

import { ENXIO } from "../../../abi/errno.ts";
import { refuse } from "../../refuse.ts";
import { VGIC_MIN_LPI, VgicIrq } from "../arm_vgic.ts";
import type { Kvm, KvmVcpu } from "../kvm_host.ts";
import { kvmReadGuest, kvmWriteGuest } from "../memslots.ts";
import { vgicInitialized, vgicPutIrq } from "./vgic.ts";

const LPI_PROP_ENABLED = 1;
const LPI_PROP_PRIORITY = 0xfc;
const GICR_PROPBASER_ADDRESS = 0xf_ffff_ffff_f000n;
const GICR_PENDBASER_ADDRESS = 0xf_ffff_ffff_0000n;

/** The byte of a vCPU's pending table that holds an LPI's bit. */
function pendingByte(vcpu: KvmVcpu, intid: number): number {
  return Number(vcpu.vgicCpu.pendbaser & GICR_PENDBASER_ADDRESS) + (intid >> 3);
}

function lpisOf(vcpu: KvmVcpu): VgicIrq[] {
  return [...vcpu.kvm.vgic.lpis.values()].filter((irq) => irq.targetVcpu === vcpu);
}

/** update_lpi_config(): priority and enable bit from the table of GICR_PROPBASER. */
export function updateLpiConfig(kvm: Kvm, irq: VgicIrq): number {
  const table = Number(kvm.vgic.propbaser & GICR_PROPBASER_ADDRESS);
  const property = new Uint8Array(1);
  const error = kvmReadGuest(kvm, table + irq.intid - VGIC_MIN_LPI, property);
  if (error < 0) return error;
  const [value = 0] = property;
  irq.priority = value & LPI_PROP_PRIORITY;
  irq.enabled = (value & LPI_PROP_ENABLED) !== 0;
  return 0;
}

/** vgic_v3_lpi_sync_pending_status(): takes an LPI's bit out of the pending table. */
function syncPendingStatus(kvm: Kvm, irq: VgicIrq): number {
  if (!irq.targetVcpu) return 0;
  const at = pendingByte(irq.targetVcpu, irq.intid);
  const byte = new Uint8Array(1);
  const error = kvmReadGuest(kvm, at, byte);
  if (error < 0) return error;
  const bit = 1 << (irq.intid & 7);
  irq.pendingLatch = ((byte[0] as number) & bit) !== 0;
  if (!irq.pendingLatch) return 0;
  (byte[0] as number) &= ~bit;
  return kvmWriteGuest(kvm, at, byte);
}

/** vgic_add_lpi(): one more translation to an LPI, which the first one makes and reads in. */
export function vgicAddLpi(kvm: Kvm, intid: number, vcpu: KvmVcpu | undefined): VgicIrq | number {
  const known = kvm.vgic.lpis.get(intid);
  const irq = known ?? new VgicIrq(intid, "edge", vcpu);
  irq.references++;
  if (known) return known;
  irq.group = 1;
  kvm.vgic.lpis.set(intid, irq);
  const error = updateLpiConfig(kvm, irq) || syncPendingStatus(kvm, irq);
  if (error === 0) return irq;
  vgicPutIrq(kvm, irq);
  return error;
}

/** vgic_enable_lpis(): the redistributor reads its pending table; a page that is not there ends that. */
export function vgicEnableLpis(vcpu: KvmVcpu): void {
  const byte = new Uint8Array(1);
  for (const irq of lpisOf(vcpu)) {
    if (kvmReadGuest(vcpu.kvm, pendingByte(vcpu, irq.intid), byte) < 0) return;
    irq.pendingLatch = ((byte[0] as number) & (1 << (irq.intid & 7))) !== 0;
  }
}

/** vgic_v3_save_pending_tables(): writes the bits of the pending tables that are not what the LPIs are. */
export function vgicV3SavePendingTables(kvm: Kvm): number {
  if (!vgicInitialized(kvm)) return refuse(ENXIO, "vgic_v3_save_pending_tables: the VGIC is not initialized");
  for (const irq of kvm.vgic.lpis.values()) {
    const error = irq.targetVcpu ? savePendingBit(kvm, irq.targetVcpu, irq) : 0;
    if (error < 0) return error;
  }
  return 0;
}

function savePendingBit(kvm: Kvm, vcpu: KvmVcpu, irq: VgicIrq): number {
  const at = pendingByte(vcpu, irq.intid);
  const byte = new Uint8Array(1);
  const error = kvmReadGuest(kvm, at, byte);
  if (error < 0) return error;
  const bit = 1 << (irq.intid & 7);
  if ((((byte[0] as number) & bit) !== 0) === irq.pendingLatch) return 0;
  (byte[0] as number) ^= bit;
  return kvmWriteGuest(kvm, at, byte);
}

/** vgic_its_invalidate_cache() */
export function vgicItsInvalidateCache(kvm: Kvm): void {
  kvm.vgic.lpiTranslationCache.clear();
}

/** vgic_its_inv_lpi(): GICR_INVLPIR */
export function vgicItsInvLpi(kvm: Kvm, intid: number): void {
  const irq = kvm.vgic.lpis.get(intid);
  if (irq) updateLpiConfig(kvm, irq);
}

/** vgic_its_invall(): reads in the configuration of every LPI of a vCPU. */
export function vgicItsInvall(vcpu: KvmVcpu): void {
  for (const irq of lpisOf(vcpu)) updateLpiConfig(vcpu.kvm, irq);
}
