/** The frames of a GICv3 in guest physical memory and the reset of its CPU interface: arch/arm64/kvm/vgic/vgic-v3.c. */

import { E2BIG, EBUSY, EEXIST, EINVAL, ENXIO } from "../../../abi/errno.ts";
import { KVM_VGIC_V3_DIST_SIZE, KVM_VGIC_V3_REDIST_SIZE } from "../../../abi/kvm_arm64.ts";
import { refuse } from "../../refuse.ts";
import type { VgicRedistRegion } from "../arm_vgic.ts";
import type { Kvm, KvmVcpu } from "../kvm_host.ts";

export const SZ_64K = 0x10000;

/** ICH_VTR_EL2 of the host's GIC: 5 bits of priority, interrupt ids of 24 bits, affinity 3 valid, no SEIs. */
export const HOST_PRI_BITS = 5;
export const HOST_ID_BITS = 1;
export const HOST_SEIS = 0;
export const HOST_A3V = 1;

/** Inner shareable, cacheable: what the guest's tables have where it says nothing else. */
export const INITIAL_PENDBASER_VALUE = 0x580n;
export const INITIAL_PROPBASER_VALUE = 0x580n;

/** ICC_SRE_EL1 with SRE, DFB and DIB. */
const ICC_SRE_EL1_VALUE = 0x7;

/** vgic-kvm-device.c: vgic_check_iorange(), before 6.1 vgic_check_ioaddr(): whether frames can be placed at an address. */
export function vgicCheckIorange(kvm: Kvm, placed: boolean, addr: bigint, size: bigint): number {
  const end = 1n << BigInt(kvm.arch.ipaBits);
  const exists = () => refuse(EEXIST, "vgic_check_iorange: the address is already set");
  const misaligned = () => refuse(EINVAL, "vgic_check_iorange: the address must be a multiple of 64 KiB");
  const beyond = () => refuse(E2BIG, "vgic_check_iorange: the frames end beyond the guest physical address space");
  const aligned = addr % BigInt(SZ_64K) === 0n;
  if (!kvm.abi.vgicChecksWholeRange) {
    if (addr >= end) return beyond();
    if (!aligned) return misaligned();
    return placed ? exists() : 0;
  }
  if (placed) return exists();
  if (!aligned) return misaligned();
  if (BigInt.asUintN(64, addr + size) < addr) return refuse(EINVAL, "vgic_check_iorange: address and size wrap around");
  return addr >= end || addr + size > end ? beyond() : 0;
}

/** vgic_v3_rd_region_size(): the old single region grows with the number of vCPUs. */
function rdRegionSize(kvm: Kvm, region: VgicRedistRegion): number {
  return (region.count || kvm.vcpus.length) * KVM_VGIC_V3_REDIST_SIZE;
}

/** vgic_v3_rdist_overlap(): whether a range lies over a redistributor region. */
export function vgicV3RdistOverlap(kvm: Kvm, base: number, size: number): boolean {
  return kvm.vgic.rdRegions.some(
    (region) => base + size > region.base && base < region.base + rdRegionSize(kvm, region),
  );
}

/** vgic_v3_check_base(): whether what is placed so far fits, and the distributor lies apart. */
export function vgicV3CheckBase(kvm: Kvm): boolean {
  const { distBase, rdRegions } = kvm.vgic;
  const fits = (region: VgicRedistRegion) =>
    vgicCheckIorange(kvm, false, BigInt(region.base), BigInt(rdRegionSize(kvm, region))) === 0;
  if (!rdRegions.every(fits)) return false;
  return distBase === undefined || !vgicV3RdistOverlap(kvm, distBase, KVM_VGIC_V3_DIST_SIZE);
}

/** vgic_v3_rdist_free_slot(): the first region with room for one more redistributor. */
export function vgicV3RdistFreeSlot(kvm: Kvm): VgicRedistRegion | undefined {
  return kvm.vgic.rdRegions.find((region) => region.count === 0 || region.freeIndex < region.count);
}

/** vgic_v3_rdist_region_from_index() */
export function vgicV3RdistRegionFromIndex(kvm: Kvm, index: number): VgicRedistRegion | undefined {
  return kvm.vgic.rdRegions.find((region) => region.index === index);
}

/** vgic_v3_map_resources(): what the first KVM_RUN asks of the VGIC, in this order. */
export function vgicV3MapResources(kvm: Kvm): number {
  const { distBase, initialized } = kvm.vgic;
  if (kvm.vcpus.some((vcpu) => vcpu.vgicCpu.rdBase === undefined))
    return refuse(ENXIO, "vgic_v3_map_resources: a vCPU has no redistributor");
  if (distBase === undefined) return refuse(ENXIO, "vgic_v3_map_resources: the distributor has no address");
  if (!vgicV3CheckBase(kvm)) return refuse(EINVAL, "vgic_v3_map_resources: distributor and redistributors overlap");
  if (!initialized) return refuse(EBUSY, "vgic_v3_map_resources: user space has not initialized the VGIC");
  return 0;
}

/** The lowest binary points that a CPU interface with that many priority bits has. */
const minBpr = (priBits: number) => 7 - priBits;

/** vgic_v3_load(), vgic_v3_put(): the registers go through the CPU interface, which has no binary point below its own. */
export function vgicV3Load({ vgicCpu: { vmcr, numPriBits } }: KvmVcpu): void {
  vmcr.bpr = Math.max(vmcr.bpr, minBpr(numPriBits));
  vmcr.abpr = Math.max(vmcr.abpr, minBpr(numPriBits) + 1);
}

/** vgic_v3_enable(): a vCPU's CPU interface as it is after reset. */
export function vgicV3Enable(vcpu: KvmVcpu): void {
  const cpu = vcpu.vgicCpu;
  Object.assign(cpu.vmcr, { cbpr: 0, eoim: 0, abpr: 0, bpr: 0, pmr: 0, grpen0: 0, grpen1: 0 });
  cpu.sre = ICC_SRE_EL1_VALUE;
  cpu.pendbaser = INITIAL_PENDBASER_VALUE;
  cpu.numIdBits = HOST_ID_BITS;
  cpu.numPriBits = HOST_PRI_BITS;
}
