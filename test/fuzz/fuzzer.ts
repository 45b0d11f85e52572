/** Makes random calls on machines of its own, and checks what no call may ever do. */

import { EIO, ERRNO } from "../../server/abi/errno.ts";
import { O_CLOEXEC, O_RDWR } from "../../server/abi/fcntl.ts";
import {
  KVM_DEV_TYPE_ARM_VGIC_ITS,
  KVM_DEV_TYPE_ARM_VGIC_V3,
  KVM_DEV_TYPE_VFIO,
  kvm_create_device,
  kvm_enable_cap,
} from "../../server/abi/kvm.ts";
import { IOCTLS, requestOf } from "../../server/abi/kvm_ioctl.ts";
import {
  MADV_DONTNEED,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_MTE,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from "../../server/abi/mman.ts";
import { KERNEL_NAMES, KERNELS, type KernelName } from "../../server/abi/versions.ts";
import { reserve, Scratch } from "../conformance/replayer/context.ts";
import type { Process, Target } from "../conformance/replayer/target.ts";
import { Random } from "../conformance/sequences/random.ts";
import { type IoctlCall, randomCall, type Surroundings } from "./ioctl_generator.ts";

/** How a process makes a list of calls: one after the other, answering number >= 0 or -errno each. */
export type Submit = (process: Process, calls: readonly IoctlCall[]) => Promise<readonly number[]>;

export interface FuzzOptions {
  readonly seed: number;
  readonly calls: number;
  /** Calls in a list. */
  readonly listLength: number;
  /** Runs between two lists, with the number of calls made so far. */
  readonly pause?: (calls: number) => void;
}

/** Calls that one process makes before another takes its place, and how many of them may find that a VM has died. */
const CALLS_A_PROCESS = 500;
const DEAD_CALLS_A_PROCESS = 25;
const PAGE = 4096;
const MEMORY_BYTES = 64 * PAGE;
/** Calls that sleep longer than this get a signal. */
const PATIENCE_MS = 20;
const KNOWN_ERRNOS: ReadonlySet<number> = new Set(Object.values(ERRNO));

const CREATE_VM = requestOf("KVM_CREATE_VM");
const CREATE_VCPU = requestOf("KVM_CREATE_VCPU");
const GET_STATS_FD = requestOf("KVM_GET_STATS_FD");

/** A process with a VM, vCPUs, devices and memory for calls to name. */
interface Machine extends Surroundings {
  readonly process: Process;
  readonly fds: Record<keyof Surroundings["fds"], number[]>;
}

async function newMachine(target: Target, kernel: KernelName, random: Random): Promise<Machine> {
  const process = await target.spawn(kernel, { nomte: false });
  if (!process) throw new Error(`${target.name} cannot spawn a process`);
  const start = await reserve(process, MEMORY_BYTES + 2 * PAGE, PAGE);
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  const memory = BigInt(start);
  const readOnly = memory + BigInt(MEMORY_BYTES + PAGE);
  await process.mmap(memory, MEMORY_BYTES, PROT_READ | PROT_WRITE | (random.chance(50) ? PROT_MTE : 0), flags, -1, 0);
  await process.mmap(readOnly, PAGE, PROT_READ, flags, -1, 0);
  for (let page = 0; page < 4; page++) await process.store(memory + BigInt(page * PAGE), random.bytes(PAGE));
  const fds: Machine["fds"] = { system: [], vm: [], vcpu: [], device: [], other: [] };
  const machine = { process, memory, memoryBytes: MEMORY_BYTES, readOnly, fds };
  await openDescriptors(machine, KERNELS[kernel].capArmMte, random);
  return machine;
}

async function openDescriptors({ process, fds }: Machine, capArmMte: number, random: Random): Promise<void> {
  const scratch = new Scratch(process);
  const onStruct = async (fd: number, request: number, arg: Uint8Array) => {
    const { after } = await process.ioctlOn(fd, request, [await scratch.piece(arg)]);
    return after[0] as Uint8Array;
  };
  const kvm = await process.openat("/dev/kvm", O_RDWR | O_CLOEXEC);
  fds.system.push(kvm);
  for (let i = 0; i < 2; i++) {
    const vm = await process.ioctl(kvm, CREATE_VM, 0n);
    fds.vm.push(vm);
    if (random.chance(70)) await onStruct(vm, requestOf("KVM_ENABLE_CAP"), kvm_enable_cap.encode({ cap: capArmMte }));
    for (let id = 0; id < 2; id++) {
      const vcpu = await process.ioctl(vm, CREATE_VCPU, BigInt(id));
      fds.vcpu.push(vcpu);
      const preferred = await onStruct(vm, requestOf("KVM_ARM_PREFERRED_TARGET"), new Uint8Array(32));
      if (random.chance(80)) await onStruct(vcpu, requestOf("KVM_ARM_VCPU_INIT"), preferred);
    }
    // A VM whose GIC was never placed dies at its first KVM_RUN: half of them have none.
    const types = i === 0 ? [KVM_DEV_TYPE_VFIO] : [KVM_DEV_TYPE_ARM_VGIC_V3, KVM_DEV_TYPE_ARM_VGIC_ITS];
    for (const type of types) {
      const created = await onStruct(
        vm,
        requestOf("KVM_CREATE_DEVICE"),
        kvm_create_device.encode({ type, fd: -1 >>> 0 }),
      );
      const { fd } = kvm_create_device.decode(created);
      if (fd !== -1 >>> 0) fds.device.push(fd);
    }
  }
  fds.other.push(await process.eventfd2(0, 0o4000), await process.memfdCreate("fuzz", 0));
}

/** Changes what calls stand on: memory under slots and arguments, descriptors behind objects, who shares the address space. */
async function disturb({ process, memory, fds }: Machine, random: Random): Promise<void> {
  const page = memory + BigInt(random.below(MEMORY_BYTES / PAGE) * PAGE);
  const changes: readonly (() => Promise<unknown>)[] = [
    () => process.munmap(page, PAGE),
    () => process.mmap(page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
    () => process.mprotect(page, PAGE, random.pick([PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE])),
    () => process.madvise(page, PAGE, MADV_DONTNEED),
    () => process.mmap(0n, PAGE, PROT_READ, MAP_SHARED, fds.vcpu[0] ?? -1, 0),
    async () => {
      const some = random.pick([fds.vm, fds.vcpu, fds.device, fds.other]);
      for (const fd of some.splice(random.below(some.length + 1), 1)) await process.close(fd);
    },
    async () => {
      const child = await process.enter("fork");
      await child.store(page, random.bytes(16));
      await child.exit();
    },
  ];
  await random.pick(changes)();
}

/** Lets go of what a call opened, or keeps it for calls to come. */
async function account({ process, fds }: Machine, { request }: IoctlCall, ret: number): Promise<void> {
  const kind = { [CREATE_VM]: "vm", [CREATE_VCPU]: "vcpu", [GET_STATS_FD]: "other" } as const;
  const made = kind[request];
  if (ret < 0 || made === undefined) return;
  if (fds[made].length < 8) fds[made].push(ret);
  else await process.close(ret);
}

/** One call as text, for the message of a failure. */
function show({ fd, request, arg }: IoctlCall): string {
  const name = IOCTLS.find((row) => row.request === request)?.name ?? `0x${request.toString(16)}`;
  const shown = typeof arg === "bigint" ? `0x${arg.toString(16)}` : `{${Buffer.from(arg).toString("hex")}}`;
  return `ioctl(${fd}, ${name}, ${shown})`;
}

/** Results that no call may give. */
const isSane = (ret: number) => Number.isSafeInteger(ret) && (ret >= 0 || KNOWN_ERRNOS.has(-ret));

/** Signals what sleeps in the process until the list is done. */
async function submitPatiently(
  process: Process,
  submit: Submit,
  calls: readonly IoctlCall[],
): Promise<readonly number[]> {
  const watch = setInterval(() => void process.kill(), PATIENCE_MS);
  try {
    return await submit(process, calls);
  } finally {
    clearInterval(watch);
  }
}

/** Makes `calls` random calls, in lists; throws at the first result that makes no sense. */
export async function fuzz(target: Target, submit: Submit, options: FuzzOptions): Promise<Map<number, number>> {
  const random = new Random(options.seed);
  const results = new Map<number, number>();
  for (let made = 0; made < options.calls; ) {
    const machine = await newMachine(target, random.pick(KERNEL_NAMES), random);
    let dead = 0;
    for (let own = 0; own < CALLS_A_PROCESS && dead < DEAD_CALLS_A_PROCESS && made < options.calls; ) {
      const length = Math.min(options.listLength, options.calls - made);
      const calls = Array.from({ length }, () => randomCall(random, machine));
      const answers = await submitPatiently(machine.process, submit, calls);
      for (const [i, call] of calls.entries()) {
        const ret = answers[i] ?? Number.NaN;
        if (!isSane(ret)) throw new Error(`call ${made + i} of seed ${options.seed}: ${show(call)} = ${ret}`);
        results.set(Math.min(ret, 0), (results.get(Math.min(ret, 0)) ?? 0) + 1);
        if (ret === -EIO) dead++;
        await account(machine, call, ret);
      }
      made += length;
      own += length;
      if (random.chance(30)) await disturb(machine, random);
      options.pause?.(made);
    }
    await machine.process.exit();
  }
  return results;
}
