/** A small VMM for the tests: a process with /dev/kvm and one VM, which lays out its structs in its own memory. */

import type { StructType } from "../../../server/abi/ctypes.ts";
import { errnoName } from "../../../server/abi/errno.ts";
import { O_RDWR } from "../../../server/abi/fcntl.ts";
import { kvm_enable_cap, kvm_userspace_memory_region } from "../../../server/abi/kvm.ts";
import { kvm_arm_copy_mte_tags } from "../../../server/abi/kvm_arm64.ts";
import { type IoctlName, requestOf } from "../../../server/abi/kvm_ioctl.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../../../server/abi/mman.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import { PAGE_SIZE, PhysicalMemory } from "../../../server/hw/memory.ts";
import { Host, type HostOptions } from "../../../server/kernel/host.ts";
import type { Kvm } from "../../../server/kernel/kvm/kvm_host.ts";
import { kvmInit } from "../../../server/kernel/kvm/kvm_main.ts";
import type { KvmVmFile } from "../../../server/kernel/kvm/vm.ts";
import { copyFromUser, copyToUser } from "../../../server/kernel/mm/uaccess.ts";
import type { Task } from "../../../server/kernel/process.ts";
import { sysIoctl, sysMmap, sysMunmap, sysOpenat } from "../../../server/kernel/syscalls.ts";

/** A machine with /dev/kvm. */
export function bootHost(options: Partial<HostOptions> & { readonly bytes?: number } = {}): Host {
  const { bytes = 64 << 20, ...rest } = options;
  const host = new Host(new PhysicalMemory({ bytes }), rest);
  kvmInit(host);
  return host;
}

/** What a call answered, as a person would say it. */
export const said = (ret: number) => (ret < 0 && ret > -4096 ? errnoName(-ret) : ret);

/** An address that is never mapped. */
export const NOWHERE = 0x8n;

export class Vmm {
  readonly host: Host;
  readonly task: Task;
  readonly dev: number;
  readonly vm: number;
  private readonly scratch: bigint;

  constructor(kernel: KernelName = "6.12", host = bootHost(), type = 0n) {
    this.host = host;
    this.task = host.spawn(kernel);
    this.scratch = this.map(1);
    this.dev = sysOpenat(this.task, "/dev/kvm", O_RDWR);
    this.vm = this.ioctl(this.dev, "KVM_CREATE_VM", type);
  }

  /** An ioctl that does not sleep. */
  ioctl(fd: number, name: IoctlName | number, arg: bigint = 0n, task = this.task): number {
    const ret = sysIoctl(task, fd, typeof name === "number" ? name : requestOf(name), arg);
    if (typeof ret !== "number") throw new Error(`${name} sleeps`);
    return ret;
  }

  /** An ioctl whose argument is a struct. */
  call<T>(fd: number, name: IoctlName, type: StructType<T>, value: Partial<T>): number {
    this.write(this.scratch, type.encode(value));
    return this.ioctl(fd, name, this.scratch);
  }

  /** The struct of the last `call`, as the kernel left it. */
  result<T>(type: StructType<T>): T {
    return type.decode(this.read(this.scratch, type.size));
  }

  /** Anonymous private memory of so many pages, with nothing mapped behind it. */
  map(pages: number, prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS): bigint {
    const address = BigInt(sysMmap(this.task, 0n, BigInt((pages + 1) * PAGE_SIZE), prot, flags, -1, 0n));
    sysMunmap(this.task, address + BigInt(pages * PAGE_SIZE), BigInt(PAGE_SIZE));
    return address;
  }

  write(address: bigint, data: Uint8Array): void {
    if (copyToUser(this.task, address, data)) throw new Error("the test writes where nothing is mapped");
  }

  read(address: bigint, length: number): Uint8Array {
    const data = new Uint8Array(length);
    if (copyFromUser(this.task, data, address)) throw new Error("the test reads where nothing is mapped");
    return data;
  }

  /** The VM behind the descriptor. */
  get kvm(): Kvm {
    return (this.task.files.lookup(this.vm) as KvmVmFile).kvm;
  }

  /** The rule that refused the last call. */
  get lastRule(): string | undefined {
    return [...this.task.trace.since(0)].at(-1)?.rule;
  }

  enableCap(cap: number, arg = 0n, flags = 0): number {
    return this.call(this.vm, "KVM_ENABLE_CAP", kvm_enable_cap, { cap, flags, args: [arg, 0n, 0n, 0n] });
  }

  /** KVM_CAP_ARM_MTE under the number that this kernel gives it. */
  enableMte(): number {
    return this.enableCap(this.task.abi.capArmMte);
  }

  setSlot(slot: number, gpa: number, pages: number, address: bigint, flags = 0): number {
    return this.call(this.vm, "KVM_SET_USER_MEMORY_REGION", kvm_userspace_memory_region, {
      slot,
      flags,
      guest_phys_addr: BigInt(gpa),
      memory_size: BigInt(pages * PAGE_SIZE),
      userspace_addr: address,
    });
  }

  /** KVM_ARM_MTE_COPY_TAGS; flags 1 is from the guest. */
  copyTags(ipa: number | bigint, length: number | bigint, addr: bigint, flags: number, reserved = 0n): number {
    return this.call(this.vm, "KVM_ARM_MTE_COPY_TAGS", kvm_arm_copy_mte_tags, {
      guest_ipa: BigInt(ipa),
      length: BigInt(length),
      addr,
      flags: BigInt(flags),
      reserved: [0n, reserved],
    });
  }
}
