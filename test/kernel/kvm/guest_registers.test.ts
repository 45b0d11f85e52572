/** Registers of a guest that trap to KVM, or that the CPU has, by kernel. */

import { describe, expect, test } from "vitest";
import { KVM_GUESTDBG_ENABLE, kvm_guest_debug } from "../../../server/abi/kvm.ts";
import { KVM_GUESTDBG_USE_HW } from "../../../server/abi/kvm_arm64.ts";
import { sysRegId } from "../../../server/abi/kvm_reg.ts";
import { SYSREG } from "../../../server/abi/sysreg.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import { EXIT, GuestVmm, RAM, VECTORS } from "./guest_vmm.ts";

const UNDEFINED = "undefined";

/** What an instruction leaves in x0, or that it is undefined; x1 is all ones before. */
async function outcome(v: GuestVmm, text: string): Promise<bigint | typeof UNDEFINED> {
  v.load(`mov x0, #0; mov x1, #-1; ${text}; str x0, [x21]; b .`);
  v.code("mrs x0, esr_el1; str x0, [x21, #8]; b .", VECTORS + 0x200);
  v.vcpuOf(v.vcpu).arch.mmioNeeded = false;
  const { port, value } = await v.run();
  if (port === 0) return value as bigint;
  expect([port, value]).toEqual([8, 0x2000000n]);
  return UNDEFINED;
}

describe("without a VGIC", () => {
  test.each([
    ["6.1", "mrs x0, icc_pmr_el1", 0n],
    ["6.12", "mrs x0, icc_pmr_el1", UNDEFINED],
    ["6.1", "mrs x0, s3_0_c12_c9_5", 0x3ffn],
    ["6.1", "msr icc_sgi1r_el1, xzr", UNDEFINED],
    ["6.1", "mrs x0, icc_sre_el1", 7n],
    ["6.12", "mrs x0, icc_sre_el1", 7n],
  ] as const)("%s: %s", async (kernel, text, result) => {
    expect(await outcome(new GuestVmm(kernel), text)).toBe(result);
  });
});

describe("what each kernel lets through", () => {
  test.each([
    ["6.1", "msr tpidr2_el0, x1; mrs x0, tpidr2_el0", 0xffffffffffffffffn],
    ["6.12", "msr tpidr2_el0, x1; mrs x0, tpidr2_el0", UNDEFINED],
    ["6.1", "mrs x0, s3_0_c1_c2_4", 0n],
    ["6.12", "mrs x0, s3_0_c1_c2_4", UNDEFINED],
    ["6.1", "msr csselr_el1, x1; mrs x0, csselr_el1", 0xfn],
    ["6.12", "msr csselr_el1, x1; mrs x0, csselr_el1", 0xffffffffffffffffn],
    ["6.12", "mrs x0, scxtnum_el0", UNDEFINED],
    ["6.12", "mrs x0, s2_0_c0_c6_2", UNDEFINED],
    ["6.12", "mrs x0, s3_1_c0_c0_6", 0n],
    ["6.12", "msr afsr0_el1, x1; mrs x0, afsr0_el1", 0n],
    ["6.12", "msr s2_0_c0_c0_6, x1; mrs x0, s2_0_c0_c0_6", 0xfffffffffffffffcn],
    ["6.12", "mov x1, #0x0e0; msr s2_0_c0_c0_5, x1; mrs x0, s2_0_c0_c0_5", 0x1e0n],
    ["6.12", "mov x1, #0x140; msr s2_0_c0_c0_5, x1; mrs x0, s2_0_c0_c0_5", 0n],
  ] as const)("%s: %s", async (kernel, text, result) => {
    expect(await outcome(new GuestVmm(kernel), text)).toBe(result);
  });

  test.each([
    ["6.1", true, UNDEFINED],
    ["6.12", true, 0n],
    ["6.12", false, UNDEFINED],
  ] as const)("%s: DC CIGDSW, with MTE %s", async (kernel, mte, result) => {
    expect(await outcome(new GuestVmm(kernel, { mte }), "sys #0, C7, C14, #6, x1")).toBe(result);
  });
});

test.each(["6.1", "6.12"] as const)("%s: registers that the CPU has not lose what user space wrote", async (kernel) => {
  const v = new GuestVmm(kernel);
  v.set(sysRegId(SYSREG.AMAIR_EL1), 0x1234n);
  expect(v.get(sysRegId(SYSREG.AMAIR_EL1))).toBe(0x1234n);
  await outcome(v, "nop");
  expect(v.get(sysRegId(SYSREG.AMAIR_EL1))).toBe(0n);
});

test.each([
  ["nothing", 0, 0xfffffffffffffffcn],
  ["no hardware", KVM_GUESTDBG_ENABLE, 0xfffffffffffffffcn],
  ["hardware", KVM_GUESTDBG_ENABLE | KVM_GUESTDBG_USE_HW, 0xffffffffffffffffn],
])("the CPU has a guest's watchpoints where user space debugs by %s", async (_, control, result) => {
  const v = new GuestVmm();
  v.call(v.vcpu, "KVM_SET_GUEST_DEBUG", kvm_guest_debug, { ...kvm_guest_debug.zero(), control });
  expect(await outcome(v, "msr s2_0_c0_c0_6, x1; mrs x0, s2_0_c0_c0_6")).toBe(result);
});

describe("a step", () => {
  /** Where each step of some ends. */
  async function steps(kernel: KernelName, text: string, count: number): Promise<bigint[]> {
    const v = new GuestVmm(kernel);
    v.load(text);
    // ENABLE and SINGLESTEP
    v.call(v.vcpu, "KVM_SET_GUEST_DEBUG", kvm_guest_debug, { ...kvm_guest_debug.zero(), control: 3 });
    const ends: bigint[] = [];
    for (let n = 0; n < count; n++) {
      expect((await v.run()).reason).toBe(EXIT.debug);
      ends.push(v.reg("pc"));
    }
    return ends;
  }

  test.each(["6.1", "6.12"] as const)(
    "%s: ends behind an instruction that KVM did, and at the vector of one that it refused",
    async (kernel) => {
      const ends = await steps(kernel, "nop; mrs x0, id_aa64pfr0_el1; nop; mrs x0, scxtnum_el0", 4);
      expect(ends).toEqual([RAM + 4, RAM + 8, RAM + 12, VECTORS + 0x200].map(BigInt));
    },
  );
});
