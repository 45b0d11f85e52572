/** Register ids and their names, against the lists that KVM_GET_REG_LIST gave on real kernels (data/reg_lists.json). */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  CORE_REGS,
  KVM_REG_ARM_COPROC_MASK,
  KVM_REG_ARM64_SVE_FFR,
  KVM_REG_ARM64_SVE_PREG,
  KVM_REG_ARM64_SVE_VLS,
  KVM_REG_ARM64_SVE_ZREG,
  KVM_REG_ARM64_SYSREG,
  KVM_REG_SIZE,
  regName,
  sysRegId,
} from "../../server/abi/kvm_reg.ts";
import { SYSREG, sysRegName, sysRegOf } from "../../server/abi/sysreg.ts";

type Lists = Record<"6.1" | "6.12", Record<"plain" | "mte_psci_pmu_ptrauth_sve", string[]>>;
const lists = JSON.parse(readFileSync(new URL("data/reg_lists.json", import.meta.url), "utf8")) as Lists;
const ids = (kernel: keyof Lists, features: keyof Lists["6.1"]) => lists[kernel][features].map(BigInt);
const all = Object.values(lists).flatMap((list) => Object.values(list).flat().map(BigInt));

describe("core registers", () => {
  test("come first in the list, in this order", () => {
    expect(ids("6.1", "plain").slice(0, 75)).toEqual(Object.values(CORE_REGS));
  });

  test.each([
    ["x30", 0x603000000010003cn, 8],
    ["sp", 0x603000000010003en, 8],
    ["pstate", 0x6030000000100042n, 8],
    ["spsr_fiq", 0x6030000000100050n, 8],
    ["v31", 0x60400000001000d0n, 16],
    ["fpcr", 0x60200000001000d5n, 4],
  ] as const)("%s", (name, id, size) => {
    expect(CORE_REGS[name]).toBe(id);
    expect(KVM_REG_SIZE(id)).toBe(size);
    expect(regName(id)).toBe(name);
  });
});

test("SVE registers follow where a vCPU has SVE: the vector lengths, Z, P, FFR", () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);
  const sve = [
    KVM_REG_ARM64_SVE_VLS,
    ...numbers(32).map((n) => KVM_REG_ARM64_SVE_ZREG(n, 0)),
    ...numbers(16).map((n) => KVM_REG_ARM64_SVE_PREG(n, 0)),
    KVM_REG_ARM64_SVE_FFR(0),
  ];
  expect(ids("6.12", "mte_psci_pmu_ptrauth_sve").slice(43, 43 + 50)).toEqual(sve);
});

describe("system registers", () => {
  const encodings = all
    .filter((id) => (id & KVM_REG_ARM_COPROC_MASK) === KVM_REG_ARM64_SYSREG)
    .map((id) => Number(id & 0xffffn));

  test("every listed one has a name but those that are reserved in the space of ID registers", () => {
    const nameless = new Set(encodings.map(sysRegName).filter((name) => name.startsWith("S3")));
    expect([...nameless].sort()).toEqual(
      ["3_3", "3_7", "4_3", "4_6", "5_3", "5_6", "5_7", "6_4", "6_5", "6_6", "6_7", "7_5", "7_6", "7_7"].map(
        (reserved) => `S3_0_C0_C${reserved}`,
      ),
    );
  });

  test("each name is one encoding's, and leads back to it", () => {
    const named = new Set(Object.values(SYSREG));
    expect(named.size).toBe(Object.keys(SYSREG).length);
    for (const [name, encoding] of Object.entries(SYSREG)) expect(sysRegName(encoding)).toBe(name);
  });

  test.each([
    ["RGSR_EL1", 0x603000000013c085n],
    ["GCR_EL1", 0x603000000013c086n],
    ["TFSR_EL1", 0x603000000013c2b0n],
    ["TFSRE0_EL1", 0x603000000013c2b1n],
    ["GMID_EL1", 0x603000000013c804n],
    ["ID_AA64PFR1_EL1", 0x603000000013c021n],
    ["FPEXC32_EL2", 0x603000000013e298n],
  ] as const)("%s", (name, id) => {
    expect(sysRegId(SYSREG[name])).toBe(id);
    expect(regName(id)).toBe(name);
  });

  test("families", () => {
    expect([sysRegOf("DBGBVR", 0), sysRegOf("DBGWCR", 15)]).toEqual([0x8004, 0x807f]);
    expect(sysRegName(sysRegOf("PMEVCNTR", 30))).toBe("PMEVCNTR30_EL0");
    expect(sysRegName(sysRegOf("PMEVTYPER", 8))).toBe("PMEVTYPER8_EL0");
    expect(sysRegName(0xdf7f)).toBe("PMCCFILTR_EL0");
  });
});

describe("names", () => {
  test("every listed register has one, and no two share it", () => {
    const unique = [...new Set(all)];
    expect(unique.filter((id) => !regName(id))).toEqual([]);
    expect(new Set(unique.map(regName)).size).toBe(unique.length);
  });

  test.each([
    [0x603000000013df1an, "KVM_REG_ARM_TIMER_CNT"],
    [0x603000000013df02n, "KVM_REG_ARM_TIMER_CVAL"],
    [0x6030000000140000n, "KVM_REG_ARM_PSCI_VERSION"],
    [0x6030000000160002n, "KVM_REG_ARM_VENDOR_HYP_BMAP"],
    [0x6020000000110003n, "CCSIDR_EL1[3]"],
    [0x606000000015ffffn, "KVM_REG_ARM64_SVE_VLS"],
    [0x60800000001503e1n, "z31[1]"],
    [0x6050000000150600n, "ffr"],
  ])("%#x", (id, name) => {
    expect(regName(id)).toBe(name);
  });

  test.each([
    ["another size", 0x602000000013c085n],
    ["another architecture", 0x403000000013c085n],
    ["a core register's second half", 0x6030000000100001n],
    ["an unknown class", 0x6030000000170000n],
    ["nothing", 0n],
  ])("%s has none", (_, id) => {
    expect(regName(id)).toBeUndefined();
  });
});
