/** KVM_GET_REG_LIST and every register's value after KVM_ARM_VCPU_INIT, against what real kernels gave. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  KVM_REG_ARM_COPROC_MASK,
  KVM_REG_ARM_DEMUX,
  KVM_REG_ARM_PTIMER_CNT,
  KVM_REG_ARM_PTIMER_CTL,
  KVM_REG_ARM_PTIMER_CVAL,
  KVM_REG_ARM_TIMER_CNT,
  KVM_REG_ARM_TIMER_CTL,
  KVM_REG_ARM_TIMER_CVAL,
  KVM_REG_SIZE,
  sysRegId,
} from "../../../server/abi/kvm_reg.ts";
import { SYSREG } from "../../../server/abi/sysreg.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import { FEATURE, VcpuVmm } from "./vcpu_vmm.ts";

interface Variant {
  readonly mte: number;
  readonly features: string;
  readonly finalized: number;
  /** A value is hex, `hex:` and bytes in memory order, or `varies`. */
  readonly regs?: readonly (readonly [id: string, value: string])[];
}

function variants(kernel: KernelName): [string, Variant][] {
  const file = new URL(`../../conformance/data/arm64-regs-${kernel}.json`, import.meta.url);
  return Object.entries((JSON.parse(readFileSync(file, "utf8")) as { variants: Record<string, Variant> }).variants);
}

function started(kernel: KernelName, { mte, features, finalized }: Omit<Variant, "regs">): VcpuVmm {
  const vmm = new VcpuVmm(kernel, { mte: mte === 1 });
  expect(vmm.init(Number(features))).toBe(0);
  if (finalized) expect(vmm.finalize()).toBe(0);
  return vmm;
}

const littleEndian = (hex: string) => BigInt(`0x${Buffer.from(hex, "hex").reverse().toString("hex")}`);
const recorded = (value: string) => (value.startsWith("hex:") ? littleEndian(value.slice(4)) : BigInt(value));
const spelled = (id: bigint) => `0x${id.toString(16)}`;

describe.each(["6.1", "6.12"] as const)("%s", (kernel) => {
  test.each(variants(kernel))("%s", (_name, { regs = [], ...variant }) => {
    const vmm = started(kernel, variant);
    expect(vmm.regList().map(spelled)).toEqual(regs.map(([id]) => id));
    for (const [id, value] of regs) {
      if (value === "varies") continue;
      // A U2048 register is read back as one number as well.
      expect([id, vmm.get(BigInt(id))]).toEqual([id, recorded(value)]);
    }
  });
});

describe("kernels without a recording", () => {
  const caches = 3;
  test.each([
    ["seed-v10", 234 + caches],
    ["5.14", 234 + caches],
    ["7.1", 243 + 14],
  ] as const)("%s lists %i registers, and with MTE four more", (kernel, count) => {
    const plain = started(kernel, { mte: 0, features: "0x0", finalized: 0 }).regList();
    const mte = started(kernel, { mte: 1, features: "0x0", finalized: 0 }).regList();
    expect(plain.length).toBe(count);
    expect(mte.filter((id) => !plain.includes(id))).toEqual(
      [SYSREG.RGSR_EL1, SYSREG.GCR_EL1, SYSREG.TFSR_EL1, SYSREG.TFSRE0_EL1].map(sysRegId),
    );
  });

  test("7.1 has the timers among the system registers, the virtual counter where its encoding stands", () => {
    const list = started("7.1", { mte: 0, features: "0x0", finalized: 0 }).regList();
    const timers = [
      KVM_REG_ARM_PTIMER_CNT,
      KVM_REG_ARM_TIMER_CNT,
      KVM_REG_ARM_PTIMER_CTL,
      KVM_REG_ARM_PTIMER_CVAL,
      KVM_REG_ARM_TIMER_CTL,
      KVM_REG_ARM_TIMER_CVAL,
    ];
    const first = list.indexOf(KVM_REG_ARM_PTIMER_CNT);
    expect(list.slice(first, first + 6)).toEqual(timers);
    expect(list.indexOf(sysRegId(SYSREG.MIDR_EL1))).toBeLessThan(list.indexOf(sysRegId(SYSREG.MPIDR_EL1)));
  });

  test("no register is listed twice, and every listed one can be read", () => {
    for (const kernel of ["seed-v10", "5.14", "6.1", "6.12", "7.1"] as const) {
      const all = { mte: 1, features: `${FEATURE.psci | FEATURE.pmu | FEATURE.sve | FEATURE.ptrauth}`, finalized: 1 };
      const vmm = started(kernel, all);
      const list = vmm.regList();
      expect(new Set(list).size).toBe(list.length);
      for (const id of list) expect([spelled(id), typeof vmm.get(id)]).toEqual([spelled(id), "bigint"]);
    }
  });

  test("what is listed can be written back, as migration does", () => {
    for (const kernel of ["seed-v10", "5.14", "6.1", "6.12", "7.1"] as const) {
      const vmm = started(kernel, {
        mte: 1,
        features: `${FEATURE.psci | FEATURE.pmu | FEATURE.ptrauth}`,
        finalized: 0,
      });
      for (const id of vmm.regList()) {
        const value = vmm.get(id) as bigint;
        expect([kernel, spelled(id), vmm.set(id, value)]).toEqual([kernel, spelled(id), 0]);
      }
    }
  });

  test("cache registers have 32 bits and close the list", () => {
    const list = started("6.12", { mte: 0, features: "0x0", finalized: 0 }).regList();
    const demux = list.filter((id) => (id & KVM_REG_ARM_COPROC_MASK) === KVM_REG_ARM_DEMUX);
    expect(demux).toEqual(list.slice(-14));
    expect(demux.every((id) => KVM_REG_SIZE(id) === 4)).toBe(true);
  });
});
