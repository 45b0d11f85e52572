/** KVM_ARM_VCPU_INIT and KVM_ARM_VCPU_FINALIZE: what each kernel takes, refuses and remembers. */

import { describe, expect, test } from "vitest";
import { CORE_REGS, KVM_REG_ARM64_SVE_VLS, KVM_REG_ARM64_SVE_ZREG, sysRegId } from "../../../server/abi/kvm_reg.ts";
import { SYSREG } from "../../../server/abi/sysreg.ts";
import { FEATURE, KERNELS, VcpuVmm } from "./vcpu_vmm.ts";
import { NOWHERE, said } from "./vmm.ts";

const { x0, pc, pstate, v0 } = CORE_REGS as Record<"x0" | "pc" | "pstate" | "v0", bigint>;
const { psci, powerOff, el1Aarch32, sve } = FEATURE;

describe.each(KERNELS)("%s", (kernel) => {
  const old = kernel !== "6.12" && kernel !== "7.1";
  const vmm = (options = {}) => new VcpuVmm(kernel, options);

  test("the argument is read first, then the target is looked at, then the features", () => {
    const v = vmm();
    expect(said(v.ioctl(v.vcpu, "KVM_ARM_VCPU_INIT", NOWHERE))).toBe("EFAULT");
    expect(v.init(1 << 31, v.vcpu, [], 3)).toBe("EINVAL");
    expect(v.init(1 << 31)).toBe("ENOENT");
    expect(v.init(0)).toBe(0);
  });

  test.each([
    ["bit 9", 1 << 9, "ENOENT"],
    ["bit 7", 1 << 7, kernel === "7.1" ? "EINVAL" : "ENOENT"],
    ["half of pointer authentication", 0x20, "EINVAL"],
    ["all of it", FEATURE.ptrauth, 0],
    ["everything the board has, in AArch64", 0x7d, 0],
    ["AArch32", el1Aarch32, 0],
  ])("%s", (_, features, answer) => {
    expect(vmm().init(features)).toBe(answer);
  });

  test("a bit in another word", () => {
    const v = vmm();
    expect(v.init(0, v.vcpu, [0, 1])).toBe("ENOENT");
  });

  test("MTE and AArch32", () => {
    expect(vmm({ mte: true }).init(el1Aarch32)).toBe(kernel === "seed-v10" ? 0 : "EINVAL");
  });

  test("again with the same features is a reset; POWER_OFF was a feature once", () => {
    const v = vmm();
    v.init(psci);
    v.set(pc, 0x1000n);
    expect(v.init(psci)).toBe(0);
    expect(v.get(pc)).toBe(0n);
    expect(v.init(0)).toBe("EINVAL");
    expect(v.init(psci | powerOff)).toBe(old ? "EINVAL" : 0);
    expect(v.mpState()).toBe(old ? 0 : 5);
  });

  test("other vCPUs of the VM", () => {
    const v = vmm();
    const second = v.ioctl(v.vm, "KVM_CREATE_VCPU", 1n);
    v.init(psci);
    expect(v.init(0, second)).toBe(old ? 0 : "EINVAL");
    expect(v.init(psci, second)).toBe(old ? "EINVAL" : 0);
  });

  test("AArch32 beside AArch64", () => {
    const v = vmm();
    const second = v.ioctl(v.vm, "KVM_CREATE_VCPU", 1n);
    // Up to 5.14 a vCPU that was never initialized counts as AArch64.
    const waits = kernel === "seed-v10" || kernel === "5.14";
    expect(v.init(el1Aarch32)).toBe(waits ? "EINVAL" : 0);
    expect(v.init(0, second)).toBe(waits ? 0 : "EINVAL");
  });

  test("of a refused INIT the features below the unknown one stay, in older kernels", () => {
    const v = vmm();
    expect(v.init(psci | (1 << 9))).toBe("ENOENT");
    expect(v.get(pstate)).toBe("ENOEXEC");
    expect(v.init(0)).toBe(0);
    expect(v.init(psci)).toBe(old ? 0 : "EINVAL");
  });

  test("SVE: lengths, then FINALIZE, then the registers", () => {
    const v = vmm();
    expect(v.finalize()).toBe("ENOEXEC");
    v.init(sve);
    const z0 = KVM_REG_ARM64_SVE_ZREG(0, 0);
    expect(v.regList()).toEqual([]);
    expect(said(v.ioctl(v.vcpu, "KVM_RUN"))).toBe("EPERM");
    expect(v.get(z0)).toBe("EPERM");
    expect(v.get(v0)).toBe("EINVAL");
    expect(v.set(KVM_REG_ARM64_SVE_VLS, 0n)).toBe("EINVAL");
    expect(v.set(KVM_REG_ARM64_SVE_VLS, 0b1011n)).toBe("EINVAL");
    expect(v.set(KVM_REG_ARM64_SVE_VLS, 0x1ffffn)).toBe("EINVAL");
    expect(v.set(KVM_REG_ARM64_SVE_VLS, 0b11n)).toBe(0);
    expect(v.get(KVM_REG_ARM64_SVE_VLS)).toBe(0b11n);
    expect([v.finalize(3), v.finalize(-1), v.finalize(), v.finalize()]).toEqual(["EINVAL", "EINVAL", 0, "EPERM"]);
    expect(v.set(KVM_REG_ARM64_SVE_VLS, 0b1n)).toBe("EPERM");
    // Two quadwords are 32 bytes of the 256 that the id has room for.
    expect(v.set(z0, (1n << 2048n) - 1n)).toBe(0);
    expect(v.get(z0)).toBe((1n << 256n) - 1n);
    expect(v.get(KVM_REG_ARM64_SVE_ZREG(0, 1))).toBe("ENOENT");
    expect(v.init(sve)).toBe(0);
    expect([v.get(z0), v.get(KVM_REG_ARM64_SVE_VLS)]).toEqual([0n, 0b11n]);
  });

  test("what a reset does not touch", () => {
    const v = vmm();
    v.init(0);
    v.set(sysRegId(SYSREG.MPIDR_EL1), 0x80000102n);
    v.init(0);
    expect(v.get(sysRegId(SYSREG.MPIDR_EL1))).toBe(old ? 0x80000000n : 0x80000102n);
  });

  test("MPIDR_EL1 comes of the vCPU's id", () => {
    const v = vmm();
    const second = v.ioctl(v.vm, "KVM_CREATE_VCPU", 0x123n);
    v.init(0, second);
    expect(v.get(sysRegId(SYSREG.MPIDR_EL1), second)).toBe(0x80001203n);
  });

  test("a CPU_ON that waits is a reset before user space sees a register", () => {
    const v = vmm();
    v.init(psci | powerOff);
    v.state().arch.resetState = { pc: 0x4000n, r0: 7n, bigEndian: true };
    const later = kernel === "seed-v10" || kernel === "5.14";
    expect([v.get(pc), v.get(x0)]).toEqual(later ? [0n, 0n] : [0x4000n, 7n]);
    expect(v.get(sysRegId(SYSREG.SCTLR_EL1))).toBe(later ? 0xc50078n : 0x2c50078n);
  });
});

test("the preferred target is the generic one, without features", () => {
  const v = new VcpuVmm("6.12");
  const area = v.map(1);
  v.write(area, new Uint8Array(32).fill(0xff));
  expect(v.ioctl(v.vm, "KVM_ARM_PREFERRED_TARGET", area)).toBe(0);
  expect([...v.read(area, 32)]).toEqual([5, ...new Array(31).fill(0)]);
  expect(said(v.ioctl(v.vm, "KVM_ARM_PREFERRED_TARGET", NOWHERE))).toBe("EFAULT");
});
