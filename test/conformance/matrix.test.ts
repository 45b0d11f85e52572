/** Every ioctl of the table on a closed descriptor, on every other kind of descriptor, and with a pointer to nowhere. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errnoName } from "../../server/abi/errno.ts";
import { O_CLOEXEC, O_RDWR } from "../../server/abi/fcntl.ts";
import { type FdKind, ioctlExists } from "../../server/abi/ioctl.ts";
import { KVM_DEV_TYPE_ARM_VGIC_V3, kvm_create_device, kvm_enable_cap } from "../../server/abi/kvm.ts";
import { IOCTLS, ioctlByRequest, requestOf } from "../../server/abi/kvm_ioctl.ts";
import { KERNEL_NAMES, KERNELS } from "../../server/abi/versions.ts";
import { Scratch } from "./replayer/context.ts";
import type { Process, Target } from "./replayer/target.ts";
import { TARGETS } from "./targets.ts";

const KINDS = ["system", "vm", "vcpu", "device"] as const satisfies readonly FdKind[];

/** What an unknown request is answered with: KVM's own switch statements end in EINVAL, those of files and devices in ENOTTY. */
const UNKNOWN = {
  system: "EINVAL",
  vm: "EINVAL",
  vcpu: "EINVAL",
  device: "ENOTTY",
  eventfd: "ENOTTY",
  memfd: "ENOTTY",
};
type Kind = keyof typeof UNKNOWN;

/** No page of a process is there. */
const NOWHERE = 8n;

/** Requests that refuse before they look at the argument, or have nothing to look at: their structs are empty on arm64. */
const REFUSED_FIRST: ReadonlySet<string> = new Set([
  "KVM_GET_REGS",
  "KVM_GET_SREGS",
  "KVM_SET_SREGS",
  "KVM_GET_FPU",
  "KVM_SET_FPU",
]);

/** A process with one descriptor of each kind: a VM with MTE, a vCPU that is initialized, a VGIC. */
async function openAll(process: Process, capArmMte: number): Promise<Record<Kind, number>> {
  const scratch = new Scratch(process);
  const onStruct = async (fd: number, name: Parameters<typeof requestOf>[0], arg: Uint8Array) => {
    const { ret, after } = await process.ioctlOn(fd, requestOf(name), [await scratch.piece(arg)]);
    expect(ret, name).toBe(0);
    return after[0] as Uint8Array;
  };
  const system = await process.openat("/dev/kvm", O_RDWR | O_CLOEXEC);
  const vm = await process.ioctl(system, requestOf("KVM_CREATE_VM"), 0n);
  await onStruct(vm, "KVM_ENABLE_CAP", kvm_enable_cap.encode({ cap: capArmMte }));
  const vcpu = await process.ioctl(vm, requestOf("KVM_CREATE_VCPU"), 0n);
  const target = await onStruct(vm, "KVM_ARM_PREFERRED_TARGET", new Uint8Array(32));
  await onStruct(vcpu, "KVM_ARM_VCPU_INIT", target);
  const vgic = kvm_create_device.encode({ type: KVM_DEV_TYPE_ARM_VGIC_V3 });
  const device = kvm_create_device.decode(await onStruct(vm, "KVM_CREATE_DEVICE", vgic)).fd;
  const [eventfd, memfd] = [await process.eventfd2(0, 0), await process.memfdCreate("memfd", 0)];
  return { system, vm, vcpu, device, eventfd, memfd };
}

describe.each(Object.entries(TARGETS))("%s", (_name, connect) => {
  let target: Target;
  beforeAll(async () => {
    target = await connect();
  });
  afterAll(() => target.close());

  describe.each(KERNEL_NAMES)("%s", (kernel) => {
    const abi = KERNELS[kernel];
    let process: Process;
    let fds: Record<Kind, number>;
    beforeAll(async () => {
      process = (await target.spawn(kernel, { nomte: false })) as Process;
      fds = await openAll(process, abi.capArmMte);
    });
    afterAll(() => process.exit());

    const answer = async (fd: number, request: number, arg = 0n) => errnoName(-(await process.ioctl(fd, request, arg)));

    test.each(IOCTLS.map(({ name, request }) => [name, request] as const))(
      "%s on what is not open",
      async (_, request) => {
        for (const fd of [-1, 500, 0x7fffffff]) expect(await answer(fd, request), String(fd)).toBe("EBADF");
      },
    );

    test.each(IOCTLS.map(({ name, request }) => [name, request] as const))("%s on another kind", async (_, request) => {
      for (const kind of Object.keys(UNKNOWN) as Kind[]) {
        const row = ioctlByRequest(kind as FdKind, request);
        if (row && ioctlExists(row, kind as FdKind, abi)) continue;
        expect(await answer(fds[kind], request), kind).toBe(UNKNOWN[kind]);
      }
    });

    const pointers = IOCTLS.filter(({ arg }) => arg.kind === "pointer");
    test.each(pointers.map((row) => [row.name, row] as const))("%s with a bad pointer", async (name, row) => {
      for (const kind of KINDS) {
        if (!ioctlExists(row, kind, abi)) continue;
        const expected = REFUSED_FIRST.has(name) ? "EINVAL" : "EFAULT";
        expect(await answer(fds[kind], row.request, NOWHERE), kind).toBe(expected);
      }
    });
  });
});
