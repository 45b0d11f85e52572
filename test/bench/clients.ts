/** The generated stubs on a channel, and the first steps of a VMM with them. */

import { createChannel, createClient } from "nice-grpc";
import { MemoryServiceDefinition } from "../../clients/typescript/gen/kvm/v1/memory_service.ts";
import { SyscallServiceDefinition } from "../../clients/typescript/gen/kvm/v1/syscall_service.ts";
import { O_RDWR } from "../../server/abi/fcntl.ts";
import { KVM_CAP_ARM_MTE, kvm_enable_cap, kvm_userspace_memory_region } from "../../server/abi/kvm.ts";
import { requestOf } from "../../server/abi/kvm_ioctl.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../../server/abi/mman.ts";

/** Stubs of the two services that are measured. */
export function connect(address: string) {
  const channel = createChannel(address);
  return {
    syscalls: createClient(SyscallServiceDefinition, channel),
    memory: createClient(MemoryServiceDefinition, channel),
    [Symbol.dispose]: () => channel.close(),
  };
}
export type Stubs = ReturnType<typeof connect>;

const KVM_CREATE_VM = requestOf("KVM_CREATE_VM");
const KVM_ENABLE_CAP = requestOf("KVM_ENABLE_CAP");
const KVM_SET_USER_MEMORY_REGION = requestOf("KVM_SET_USER_MEMORY_REGION");

/** A process with /dev/kvm open. */
export async function openKvm({ syscalls }: Stubs): Promise<{ process: bigint; kvm: number }> {
  const { process } = await syscalls.spawn({});
  const { ret } = await syscalls.openat({ process, path: "/dev/kvm", flags: BigInt(O_RDWR) });
  return { process, kvm: Number(ret) };
}

/** A VM with MTE and one slot of `bytes` of anonymous memory at guest address 0. */
export async function mteVm(stubs: Stubs, bytes: number): Promise<{ process: bigint; vm: number }> {
  const { syscalls } = stubs;
  const { process, kvm } = await openKvm(stubs);
  const ioctl = async (fd: number, request: number, data: Uint8Array) =>
    check(await syscalls.ioctl({ process, fd, request, arg: { $case: "data", value: data } }));
  const vm = check(
    await syscalls.ioctl({ process, fd: kvm, request: KVM_CREATE_VM, arg: { $case: "value", value: 0n } }),
  );
  await ioctl(vm, KVM_ENABLE_CAP, kvm_enable_cap.encode({ cap: KVM_CAP_ARM_MTE }));
  const mapped = await syscalls.mmap({
    process,
    length: BigInt(bytes),
    prot: BigInt(PROT_READ | PROT_WRITE),
    flags: BigInt(MAP_PRIVATE | MAP_ANONYMOUS),
    fd: -1,
  });
  const region = { memory_size: BigInt(bytes), userspace_addr: mapped.ret };
  await ioctl(vm, KVM_SET_USER_MEMORY_REGION, kvm_userspace_memory_region.encode(region));
  return { process, vm };
}

function check({ ret, error }: { ret: bigint; error: number }): number {
  if (ret < 0n) throw new Error(`errno ${error}`);
  return Number(ret);
}
