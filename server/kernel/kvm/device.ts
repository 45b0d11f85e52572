/** KVM_CREATE_DEVICE and the descriptors it makes: the device half of virt/kvm/kvm_main.c. */

import { ENODEV, ENOTTY, EPERM } from "../../abi/errno.ts";
import { O_RDWR } from "../../abi/fcntl.ts";
import type { FdKind } from "../../abi/ioctl.ts";
import { KVM_CREATE_DEVICE_TEST, kvm_create_device, kvm_device_attr } from "../../abi/kvm.ts";
import { requestOf } from "../../abi/kvm_ioctl.ts";
import { anonInodeGetfd } from "../fs/anon_inodes.ts";
import { File } from "../fs/file.ts";
import { getUserStruct, putUserStruct } from "../mm/uaccess.ts";
import type { Task } from "../process.ts";
import { refuse, type SyscallResult } from "../refuse.ts";
import { KVM_DEVICE_OPS } from "./device_ops.ts";
import { checkCaller } from "./dispatch.ts";
import { type Kvm, KvmDevice, type KvmDeviceOps, kvmKfree, kvmKmalloc } from "./kvm_host.ts";

type Accessor = "setAttr" | "getAttr" | "hasAttr";

/** The accessor behind each request that a device descriptor knows. */
const ACCESSORS: ReadonlyMap<number, Accessor> = new Map([
  [requestOf("KVM_SET_DEVICE_ATTR"), "setAttr"],
  [requestOf("KVM_GET_DEVICE_ATTR"), "getAttr"],
  [requestOf("KVM_HAS_DEVICE_ATTR"), "hasAttr"],
]);

/** A descriptor of a device; it holds a reference to the VM. */
export class KvmDeviceFile extends File {
  readonly name: string;
  override readonly seekable = false;
  readonly device: KvmDevice;

  constructor(device: KvmDevice) {
    super(O_RDWR);
    this.device = device;
    this.name = `anon_inode:${device.ops.name}`;
    device.kvm.get();
  }

  override get kind(): FdKind {
    return "device";
  }

  /** kvm_device_release() */
  protected override release(): void {
    const { kvm, ops } = this.device;
    if (ops.endsWithFd?.(kvm)) endDevice(this.device);
    kvm.put();
  }

  /** kvm_device_mmap() */
  override mmap(): number {
    return refuse(ENODEV, "kvm_device_mmap: no device is mapped");
  }

  /** kvm_device_ioctl() */
  override ioctl(task: Task, request: number, arg: bigint): SyscallResult {
    const { kvm, ops } = this.device;
    const error = checkCaller(task, kvm, "kvm_device_ioctl");
    if (error < 0) return error;
    const accessor = ACCESSORS.get(request);
    if (!accessor) return refuse(ENOTTY, "kvm_device_ioctl: unknown request");
    const access = ops[accessor];
    if (!access) return refuse(EPERM, `kvm_device_ioctl_attr: ${ops.name} has no ${accessor}`);
    const attr = getUserStruct(task, kvm_device_attr, arg);
    return typeof attr === "number" ? attr : access.call(ops, task, this.device, attr);
  }
}

/** KVM_CREATE_DEVICE on a VM descriptor. */
export function kvmIoctlCreateDevice(task: Task, kvm: Kvm, arg: bigint): SyscallResult {
  const cd = getUserStruct(task, kvm_create_device, arg);
  if (typeof cd === "number") return cd;
  const ops = KVM_DEVICE_OPS.get(cd.type);
  if (!ops) return refuse(ENODEV, "kvm_ioctl_create_device: no such device type");
  if (cd.flags & KVM_CREATE_DEVICE_TEST) return putUserStruct(task, arg, kvm_create_device, cd);
  const fd = createDevice(task, kvm, ops, cd.type);
  return fd < 0 ? fd : putUserStruct(task, arg, kvm_create_device, { ...cd, fd });
}

/** What one is charged to the process: about what an ITS takes here. A device lives as long as its VM, so there can be many. */
const DEVICE_BYTES = 2048;

/** The device comes before its descriptor: where there is none to be had, it is destroyed again. */
function createDevice(task: Task, kvm: Kvm, ops: KvmDeviceOps, type: number): number {
  const noMemory = kvmKmalloc(kvm, DEVICE_BYTES);
  if (noMemory < 0) return noMemory;
  const device = new KvmDevice(kvm, ops);
  const error = ops.create(task, device, type);
  if (error < 0) {
    kvmKfree(kvm, DEVICE_BYTES);
    return error;
  }
  kvm.devices.add(device);
  const fd = anonInodeGetfd(task, true, () => new KvmDeviceFile(device));
  if (fd >= 0) return fd;
  endDevice(device);
  return fd;
}

function endDevice(device: KvmDevice): void {
  device.kvm.devices.delete(device);
  device.ops.destroy?.(device);
  kvmKfree(device.kvm, DEVICE_BYTES);
}

/** kvm_destroy_devices(): what kvm_destroy_vm() does about the devices that are left. */
export function kvmDestroyDevices(kvm: Kvm): void {
  for (const device of kvm.devices) endDevice(device);
}
