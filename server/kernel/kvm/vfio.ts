/** The device by which a VMM tells KVM of its VFIO groups, of which this host has none: virt/kvm/vfio.c. */

import { u32 } from "../../abi/ctypes.ts";
import { EBADF, EBUSY, EINVAL, ENOENT, ENXIO } from "../../abi/errno.ts";
import { getUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import type { Kvm, KvmDevice, KvmDeviceAttr, KvmDeviceOps } from "./kvm_host.ts";

/** The attribute group and its attributes; later headers call them KVM_DEV_VFIO_FILE*. */
const KVM_DEV_VFIO_GROUP = 1;
const KVM_DEV_VFIO_GROUP_ADD = 1n;
const KVM_DEV_VFIO_GROUP_DEL = 2n;

const NAME = "kvm-vfio";

/** kvm_vfio_create(): a VM has one. */
function kvmVfioCreate(kvm: Kvm): number {
  const taken = [...kvm.devices].some((dev) => dev.ops.name === NAME);
  return taken ? refuse(EBUSY, "kvm_vfio_create: the VM already has a VFIO device") : 0;
}

/** kvm_vfio_has_attr() */
function kvmVfioHasAttr({ group, attr }: KvmDeviceAttr): number {
  const known = group === KVM_DEV_VFIO_GROUP && (attr === KVM_DEV_VFIO_GROUP_ADD || attr === KVM_DEV_VFIO_GROUP_DEL);
  return known ? 0 : refuse(ENXIO, "kvm_vfio_has_attr: no such attribute");
}

/** kvm_vfio_set_file(): no open file is a VFIO group, so there is none to add and none to delete. */
function kvmVfioSetAttr(task: Task, attr: KvmDeviceAttr): number {
  const unknown = kvmVfioHasAttr(attr);
  if (unknown < 0) return unknown;
  const fd = getUserStruct(task, u32, attr.addr);
  if (fd < 0) return fd;
  if (!task.files.lookup(fd)) return refuse(EBADF, "kvm_vfio_file_add: the descriptor is not open");
  if (attr.attr === KVM_DEV_VFIO_GROUP_ADD)
    return refuse(EINVAL, "kvm_vfio_file_add: the descriptor is not a VFIO group");
  return refuse(ENOENT, "kvm_vfio_file_del: the group was not added");
}

/** kvm_vfio_ops. Attributes can't be read. */
export const KVM_VFIO_OPS: KvmDeviceOps = {
  name: NAME,
  create: (_task: Task, dev: KvmDevice) => kvmVfioCreate(dev.kvm),
  endsWithFd: (kvm) => kvm.abi.vfioEndsWithFd,
  setAttr: (task, _dev, attr) => kvmVfioSetAttr(task, attr),
  hasAttr: (_task, _dev, attr) => kvmVfioHasAttr(attr),
};
