/** A host with protected KVM, as "7.1,pkvm" names it. */

import { describe, expect, it } from "vitest";
import {
  KVM_CAP_ARM_MTE,
  KVM_CAP_ARM_PMU_V3,
  KVM_CAP_ARM_PSCI,
  KVM_MEM_LOG_DIRTY_PAGES,
} from "../../../server/abi/kvm.ts";
import { type KernelName, kernelOf, nameOf } from "../../../server/abi/versions.ts";
import type { KvmVcpu } from "../../../server/kernel/kvm/kvm_host.ts";
import { userMemAbort } from "../../../server/kernel/kvm/mmu.ts";
import { userAccess } from "../../../server/kernel/mm/uaccess.ts";
import { bootHost, said, Vmm } from "./vmm.ts";

const PROTECTED = 1n << 31n;
const IPA = 0x10_0000;

const vmm = (kernel: string, type = 0n) => new Vmm(kernelOf(kernel) as unknown as KernelName, bootHost(), type);
const has = (v: Vmm, cap: number) => v.ioctl(v.vm, "KVM_CHECK_EXTENSION", BigInt(cap));

describe("a protected host", () => {
  it("is an option of a kernel's name", () => {
    expect(
      ["7.1,pkvm", "6.1,pkvm"].map((name) => nameOf(kernelOf(name) as NonNullable<ReturnType<typeof kernelOf>>)),
    ).toEqual(["7.1,pkvm", "6.1,pkvm"]);
    expect([kernelOf("7.1,other"), kernelOf(",pkvm"), kernelOf("7.1,pkvm,pkvm")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("of 7.1 gives no VM MTE, of 6.1 it does", () => {
    const [old, now] = [vmm("6.1,pkvm"), vmm("7.1,pkvm")];
    expect([has(old, KVM_CAP_ARM_MTE), has(now, KVM_CAP_ARM_MTE), has(now, KVM_CAP_ARM_PMU_V3)]).toEqual([1, 0, 1]);
    expect([said(old.enableMte()), said(now.enableMte())]).toEqual([0, "EINVAL"]);
    expect(said(now.copyTags(0, 0, 0n, 1))).toBe("EINVAL");
  });

  it("has protected VMs, which no other host has", () => {
    const open = (kernel: string) => vmm(kernel, PROTECTED).vm;
    expect([said(open("7.1")), said(open("6.1,pkvm")), open("7.1,pkvm") >= 0]).toEqual(["EINVAL", "EINVAL", true]);
    const v = vmm("7.1,pkvm", PROTECTED);
    expect([has(v, KVM_CAP_ARM_PSCI), has(v, KVM_CAP_ARM_PMU_V3)]).toEqual([1, 0]);
    expect(said(v.setSlot(0, IPA, 4, v.map(4), KVM_MEM_LOG_DIRTY_PAGES))).toBe("EPERM");
  });
});

describe("a page of a protected guest", () => {
  it("is out of the host's reach until the VM is gone, and then it is empty", () => {
    const v = vmm("7.1,pkvm", PROTECTED);
    const memory = v.map(2);
    v.write(memory, Uint8Array.of(1, 2, 3));
    v.setSlot(0, IPA, 2, memory);
    v.ioctl(v.vm, "KVM_CREATE_VCPU");
    const free = v.host.pages.free;
    expect(userMemAbort(v.kvm, v.kvm.vcpus[0] as KvmVcpu, IPA, true)).toBe(0);
    expect([userAccess(v.task, memory, false), userAccess(v.task, memory + 4096n, true)]).toEqual(["SIGSEGV", 0]);
    expect(() => v.read(memory, 3)).toThrow();
    v.task.files.close(v.task, v.vm);
    v.task.files.close(v.task, v.vm + 1);
    expect(v.read(memory, 3)).toEqual(new Uint8Array(3));
    expect(v.host.pages.donated.size).toBe(0);
    expect(v.host.pages.free).toBeGreaterThanOrEqual(free - 1);
  });
});
