/** Which vCPU an MPIDR names, as a VGIC's attributes show it: each vCPU's ICC_PMR_EL1 says which one it is. */

import { expect, test } from "vitest";
import { kvm_vcpu_init, KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS as SYSREGS } from "../../../server/abi/kvm_arm64.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import type { KvmVcpu } from "../../../server/kernel/kvm/kvm_host.ts";
import { KERNELS } from "./vcpu_vmm.ts";
import { ofVcpu, VgicVmm } from "./vgic/vgic_vmm.ts";
import { said } from "./vmm.ts";

const ICC_PMR_EL1 = 0xc230;
const FIRST = 0x10;
const SECOND = 0x20;

/** A VM whose second vCPU, of id 1, was not initialized: its MPIDR is 0, as the first one's is. */
function boot(kernel: KernelName) {
  const vmm = new VgicVmm(kernel);
  vmm.addVcpus(0);
  const second = vmm.ioctl(vmm.vm, "KVM_CREATE_VCPU", 1n);
  const dev = vmm.readyVgic();
  for (const [i, pmr] of [FIRST, SECOND].entries()) (vmm.kvm.vcpus[i] as KvmVcpu).vgicCpu.vmcr.pmr = pmr;
  return {
    init: () => said(vmm.call(second, "KVM_ARM_VCPU_INIT", kvm_vcpu_init, { target: 5 })),
    pmr: (id: number) => Number(vmm.get(dev, SYSREGS, ofVcpu(id, ICC_PMR_EL1), true)),
    run: () => said(vmm.enter()),
  };
}

test.each(KERNELS)("%s: the first of two with the same MPIDR, or the last once one has run", (kernel) => {
  const v = boot(kernel);
  expect(v.pmr(0)).toBe(FIRST);
  expect(v.run()).toBe("EINTR");
  const noted = kernel === "6.12" || kernel === "7.1";
  expect(v.pmr(0)).toBe(noted ? SECOND : FIRST);
  expect(v.init()).toBe(0);
  expect([v.pmr(0), v.pmr(1)]).toEqual([FIRST, SECOND]);
});

test("affinities as they were at the first run", () => {
  const v = boot("6.12");
  v.init();
  v.run();
  expect([v.pmr(0), v.pmr(1)]).toEqual([FIRST, SECOND]);
});
