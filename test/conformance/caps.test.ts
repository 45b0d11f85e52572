/** KVM_CHECK_EXTENSION and KVM_ENABLE_CAP answer as real kernels do for every number from 0 to 300. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errnoName } from "../../server/abi/errno.ts";
import { O_CLOEXEC, O_RDWR } from "../../server/abi/fcntl.ts";
import { KVM_CAP_ARM_MTE, kvm_enable_cap } from "../../server/abi/kvm.ts";
import { requestOf } from "../../server/abi/kvm_ioctl.ts";
import { KERNEL_NAMES, type KernelName } from "../../server/abi/versions.ts";
import { Scratch } from "./replayer/context.ts";
import type { Process, Target } from "./replayer/target.ts";
import { CAPS_FILE, TARGETS } from "./targets.ts";

type Answers = Readonly<Record<string, number | string>>;
interface Caps {
  readonly check_extension: { readonly dev: Answers; readonly vm: Answers; readonly vm_with_mte: Answers };
  readonly enable_cap_vm_flags0_args0: Answers;
}
const caps = JSON.parse(readFileSync(CAPS_FILE, "utf8")) as Record<KernelName, Caps>;
const kernels = KERNEL_NAMES.filter((kernel) => kernel in caps);

/** A result as the recording has it. */
const recorded = (ret: number) => (ret < 0 ? errnoName(-ret) : ret);

/** Asks for each number of `expected`. */
async function answersTo(expected: Answers, ask: (number: number) => Promise<number>): Promise<Answers> {
  const answers: Record<string, number | string> = {};
  for (const number of Object.keys(expected)) answers[number] = recorded(await ask(Number(number)));
  return answers;
}

async function enableCap(process: Process, scratch: Scratch, vm: number, cap: number): Promise<number> {
  const arg = await scratch.piece(kvm_enable_cap.encode({ cap }));
  return (await process.ioctlOn(vm, requestOf("KVM_ENABLE_CAP"), [arg])).ret;
}

describe.each(Object.entries(TARGETS))("%s", (_name, connect) => {
  let target: Target;
  beforeAll(async () => {
    target = await connect();
  });
  afterAll(() => target.close());

  describe.each(kernels)("%s", (kernel) => {
    let process: Process;
    let scratch: Scratch;
    let dev: number;
    beforeAll(async () => {
      process = (await target.spawn(kernel, { nomte: false })) as Process;
      scratch = new Scratch(process);
      dev = await process.openat("/dev/kvm", O_RDWR | O_CLOEXEC);
    });
    afterAll(() => process.exit());

    const createVm = () => process.ioctl(dev, requestOf("KVM_CREATE_VM"), 0n);
    const check = (fd: number) => (cap: number) => process.ioctl(fd, requestOf("KVM_CHECK_EXTENSION"), BigInt(cap));
    const { check_extension: extensions, enable_cap_vm_flags0_args0: enable } = caps[kernel];

    test("KVM_CHECK_EXTENSION on /dev/kvm", async () => {
      expect(await answersTo(extensions.dev, check(dev))).toEqual(extensions.dev);
    });

    test("KVM_CHECK_EXTENSION on a VM", async () => {
      expect(await answersTo(extensions.vm, check(await createVm()))).toEqual(extensions.vm);
    });

    test("KVM_CHECK_EXTENSION on a VM with MTE", async () => {
      const vm = await createVm();
      expect(await enableCap(process, scratch, vm, KVM_CAP_ARM_MTE)).toBe(0);
      expect(await answersTo(extensions.vm_with_mte, check(vm))).toEqual(extensions.vm_with_mte);
    });

    test("KVM_ENABLE_CAP on fresh VMs", async () => {
      const answers = await answersTo(enable, async (cap) => {
        const vm = await createVm();
        const ret = await enableCap(process, scratch, vm, cap);
        await process.close(vm);
        return ret;
      });
      expect(answers).toEqual(enable);
    });
  });
});
