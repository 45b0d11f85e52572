/** The device types that KVM_CREATE_DEVICE knows: kvm_main.c: kvm_device_ops_table. */

import { KVM_DEV_TYPE_ARM_VGIC_ITS, KVM_DEV_TYPE_ARM_VGIC_V3, KVM_DEV_TYPE_VFIO } from "../../abi/kvm.ts";
import type { KvmDeviceOps } from "./kvm_host.ts";
import { KVM_VFIO_OPS } from "./vfio.ts";
import { KVM_ARM_VGIC_ITS_OPS } from "./vgic/vgic_its_device.ts";
import { KVM_ARM_VGIC_V3_OPS } from "./vgic/vgic_kvm_device.ts";

/** Device operations by KVM_DEV_TYPE_*. A host with a GICv3 has no VGICv2. */
export const KVM_DEVICE_OPS: ReadonlyMap<number, KvmDeviceOps> = new Map<number, KvmDeviceOps>([
  [KVM_DEV_TYPE_VFIO, KVM_VFIO_OPS],
  [KVM_DEV_TYPE_ARM_VGIC_V3, KVM_ARM_VGIC_V3_OPS],
  [KVM_DEV_TYPE_ARM_VGIC_ITS, KVM_ARM_VGIC_ITS_OPS],
]);
