/** KVM_GET_ONE_REG and KVM_SET_ONE_REG: what each class of registers takes, kernel by kernel. */

import { describe, expect, test } from "vitest";
import { kvm_one_reg } from "../../../server/abi/kvm.ts";
import { reg_mask_range } from "../../../server/abi/kvm_arm64.ts";
import { CORE_REGS, KVM_REG_ARM_FW_FEAT_BMAP_REG, KVM_REG_ARM_FW_REG, sysRegId } from "../../../server/abi/kvm_reg.ts";
import { SYSREG, type SysRegName, sysRegOf } from "../../../server/abi/sysreg.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import { CPU_MAX } from "../../../server/hw/cpu.ts";
import { FEATURE, KERNELS, VcpuVmm } from "./vcpu_vmm.ts";
import { bootHost, NOWHERE, said } from "./vmm.ts";

function started(kernel: KernelName, features = 0, options: ConstructorParameters<typeof VcpuVmm>[1] = {}): VcpuVmm {
  const v = new VcpuVmm(kernel, options);
  expect(v.init(features)).toBe(0);
  return v;
}

const id = (name: SysRegName) => sysRegId(SYSREG[name]);
const UNKNOWN = 0x1de7ec7edbadc0den;
/** Replaces a field of four bits. */
const field = (value: bigint, shift: number, to: bigint) => (value & ~(0xfn << BigInt(shift))) | (to << BigInt(shift));

describe("the order of checks", () => {
  const access = (v: VcpuVmm, name: "KVM_GET_ONE_REG" | "KVM_SET_ONE_REG", reg: bigint) =>
    said(v.call(v.vcpu, name, kvm_one_reg, { id: reg, addr: NOWHERE }));

  test.each(KERNELS)("%s", (kernel) => {
    const v = new VcpuVmm(kernel);
    const missing = id("GCR_EL1");
    expect(said(v.ioctl(v.vcpu, "KVM_GET_ONE_REG", NOWHERE))).toBe("ENOEXEC");
    v.init(0);
    expect(said(v.ioctl(v.vcpu, "KVM_GET_ONE_REG", NOWHERE))).toBe("EFAULT");
    expect(access(v, "KVM_SET_ONE_REG", 0xdeadn)).toBe("EINVAL");
    expect(access(v, "KVM_GET_ONE_REG", missing)).toBe("ENOENT");
    // Up to 5.14 a register that is not there is found before the value is read.
    const reads = kernel !== "seed-v10" && kernel !== "5.14";
    expect(access(v, "KVM_SET_ONE_REG", missing)).toBe(reads ? "EFAULT" : "ENOENT");
    expect(access(v, "KVM_SET_ONE_REG", id("MIDR_EL1"))).toBe("EFAULT");
  });
});

describe("core registers", () => {
  const { pstate, pc, x0, spsr_fiq } = CORE_REGS as Record<"pstate" | "pc" | "x0" | "spsr_fiq", bigint>;
  const width = (reg: bigint, size: bigint) => (reg & ~(0xfn << 52n)) | (size << 52n);

  test.each([
    ["the last one", spsr_fiq, 0n],
    ["half a register", width(x0, 2n), "EINVAL"],
    ["twice a register", width(x0, 4n), "EINVAL"],
    ["between two", x0 + 1n, "EINVAL"],
    ["padding before the vectors", 0x6030000000100052n, "EINVAL"],
    ["behind the last one", 0x60200000001000d6n, "EINVAL"],
    ["the end of struct kvm_regs", 0x60200000001000d8n, "ENOENT"],
    ["reaching beyond it", 0x60300000001000d7n, "ENOENT"],
  ])("%s", (_, reg, answer) => {
    expect(started("6.12").get(reg)).toBe(answer);
  });

  test.each([
    [0x3c5n, 0, "EINVAL"],
    [0x3c4n, 0, "EINVAL"],
    [0x2000000n, 0, "EINVAL"],
    [0x3c9n, "EINVAL", "EINVAL"],
    [0x10n, 0, 0],
    [0x1d3n, "EINVAL", 0],
    [0x1bn, "EINVAL", 0],
    [0x16n, "EINVAL", "EINVAL"],
    [0x1fn, "EINVAL", "EINVAL"],
    [0x1000003c5n, 0, "EINVAL"],
  ])("PSTATE %#x", (value, aarch64, aarch32) => {
    expect(started("6.12").set(pstate, value)).toBe(aarch64);
    expect(started("6.12", FEATURE.el1Aarch32).set(pstate, value)).toBe(aarch32);
  });

  test("7.1 knows AArch32's system mode", () => {
    expect(started("7.1", FEATURE.el1Aarch32).set(pstate, 0x1fn)).toBe(0);
  });

  test("an AArch32 mode cuts the registers it has to 32 bits", () => {
    const v = started("6.12");
    const { x14, x15 } = CORE_REGS as Record<"x14" | "x15", bigint>;
    for (const reg of [x14, x15, pc]) v.set(reg, 0x1_0000_0002n);
    v.set(pstate, 0x10n);
    expect([v.get(x14), v.get(x15), v.get(pc)]).toEqual([2n, 0x1_0000_0002n, 2n]);
  });

  test("a CPU without AArch32 at EL0", () => {
    const cpu = { ...CPU_MAX, registers: { ...CPU_MAX.registers, ID_AA64PFR0_EL1: 0x1101001120110111n } };
    const host = bootHost({ cpu });
    expect(started("6.12", 0, { host }).set(pstate, 0x10n)).toBe("EINVAL");
    expect(started("6.12", 0, { host }).get(id("ID_PFR0_EL1"))).toBe(0n);
    expect(started("6.12", 0, { host }).set(id("ID_PFR0_EL1"), 0x1234n)).toBe(0);
    expect(new VcpuVmm("6.12", { host }).init(FEATURE.el1Aarch32)).toBe("EINVAL");
  });
});

describe("MTE registers", () => {
  test.each(KERNELS)("%s: plain storage, and there only on a VM with MTE", (kernel) => {
    for (const name of ["RGSR_EL1", "GCR_EL1", "TFSR_EL1", "TFSRE0_EL1"] as const) {
      const v = started(kernel, 0, { mte: true });
      expect(v.get(id(name))).toBe(UNKNOWN);
      expect(v.set(id(name), 0xffffffffffffffffn)).toBe(0);
      expect(v.get(id(name))).toBe(0xffffffffffffffffn);
      expect([started(kernel).get(id(name)), started(kernel).set(id(name), 0n)]).toEqual(["ENOENT", "ENOENT"]);
    }
    expect(started(kernel, 0, { mte: true }).get(id("GMID_EL1"))).toBe("ENOENT");
  });

  test.each([
    ["seed-v10", 0x221n],
    ["5.14", 0x321n],
    ["6.1", 0x321n],
    ["6.12", 0x321n],
    ["7.1", 0x321n],
  ] as const)("%s: ID_AA64PFR1_EL1 is %#x", (kernel, value) => {
    expect(started(kernel, 0, { mte: true }).get(id("ID_AA64PFR1_EL1"))).toBe(value);
    expect(started(kernel).get(id("ID_AA64PFR1_EL1"))).toBe(0x21n);
  });
});

describe("ID registers", () => {
  /** Register, the value's change, and what kernels up to 6.1, 6.12 and 7.1 answer. */
  test.each<[string, SysRegName, (value: bigint) => bigint, [string | number, string | number, string | number]]>([
    ["the same value", "ID_AA64ISAR0_EL1", (v) => v, [0, 0, 0]],
    ["a feature given away", "ID_AA64ISAR0_EL1", (v) => field(v, 20, 0n), ["EINVAL", 0, 0]],
    ["a feature that is not there", "ID_AA64ISAR0_EL1", (v) => field(v, 24, 1n), ["EINVAL", "EINVAL", "EINVAL"]],
    ["more of a feature", "ID_AA64ISAR0_EL1", (v) => field(v, 4, 3n), ["EINVAL", "EINVAL", "EINVAL"]],
    ["a fixed field", "ID_AA64MMFR0_EL1", (v) => field(v, 4, 0n), ["EINVAL", "EINVAL", "EINVAL"]],
    ["a stage 2 granule", "ID_AA64MMFR0_EL1", (v) => field(v, 40, 1n), ["EINVAL", "EINVAL", 0]],
    ["SpecSEI, of which more is safe", "ID_AA64MMFR1_EL1", (v) => field(v, 24, 1n), ["EINVAL", 0, 0]],
    ["AdvSIMD, signed", "ID_AA64PFR0_EL1", (v) => field(v, 20, 0xfn), ["EINVAL", "EINVAL", "EINVAL"]],
    ["TGRAN4, signed", "ID_AA64MMFR0_EL1", (v) => field(v, 28, 0xfn), ["EINVAL", 0, 0]],
    ["CSV2 given away", "ID_AA64PFR0_EL1", (v) => field(v, 56, 0n), [0, 0, 0]],
    ["more of CSV3", "ID_AA64PFR0_EL1", (v) => field(v, 60, 2n), ["EINVAL", "EINVAL", "EINVAL"]],
    ["RAS", "ID_AA64PFR0_EL1", (v) => field(v, 28, 0n), ["EINVAL", "EINVAL", 0]],
    ["AArch64 at EL0", "ID_AA64PFR0_EL1", (v) => field(v, 0, 0n), ["EINVAL", 0, "EINVAL"]],
    ["MTE", "ID_AA64PFR1_EL1", (v) => field(v, 8, 2n), ["EINVAL", "EINVAL", "EINVAL"]],
    ["SSBS", "ID_AA64PFR1_EL1", (v) => field(v, 4, 1n), ["EINVAL", 0, 0]],
    ["DebugVer down to Armv8, where older kernels are", "ID_AA64DFR0_EL1", (v) => field(v, 0, 6n), [0, 0, 0]],
    ["DebugVer below", "ID_AA64DFR0_EL1", (v) => field(v, 0, 5n), ["EINVAL", "EINVAL", "EINVAL"]],
    ["an IMP DEF PMU, which counts as none", "ID_AA64DFR0_EL1", (v) => field(v, 8, 0xfn), ["EINVAL", 0, 0]],
    ["BRPs", "ID_AA64DFR0_EL1", (v) => field(v, 12, 1n), ["EINVAL", "EINVAL", "EINVAL"]],
    ["AArch32: PerfMon that is no PMUv3", "ID_DFR0_EL1", (v) => field(v, 24, 1n), ["EINVAL", "EINVAL", "EINVAL"]],
    ["AArch32", "ID_ISAR5_EL1", (v) => field(v, 4, 0n), ["EINVAL", 0, 0]],
    ["a hidden one", "ID_AFR0_EL1", () => 1n, ["EINVAL", "EINVAL", "EINVAL"]],
    ["SVE's without SVE", "ID_AA64ZFR0_EL1", () => 1n, ["EINVAL", "EINVAL", "EINVAL"]],
    ["NV of the host", "ID_AA64MMFR2_EL1", (v) => field(v, 24, 2n), [0, 0, 0]],
    ["the smallest data line", "CTR_EL0", (v) => field(v, 16, 3n), ["EINVAL", 0, 0]],
    ["L1Ip from PIPT to VIPT", "CTR_EL0", (v) => v & ~0x4000n, ["EINVAL", "EINVAL", 0]],
    ["L1Ip reserved", "CTR_EL0", (v) => v & ~0x8000n, ["EINVAL", "EINVAL", "EINVAL"]],
    ["CWG", "CTR_EL0", (v) => field(v, 24, 0n), ["EINVAL", "EINVAL", "EINVAL"]],
    ["a cache more", "CLIDR_EL1", (v) => v | 0x800n, ["EINVAL", 0, 0]],
    ["a reserved bit of CLIDR_EL1", "CLIDR_EL1", (v) => v | (1n << 50n), ["EINVAL", "EINVAL", "EINVAL"]],
    ["MIDR_EL1", "MIDR_EL1", (v) => v ^ 1n, ["EINVAL", "EINVAL", "EINVAL"]],
  ])("%s: %s", (_, name, change, [older, v612, v71]) => {
    for (const [kernel, answer] of [
      ["5.14", older],
      ["6.1", older],
      ["6.12", v612],
      ["7.1", v71],
    ] as const) {
      const v = started(kernel, 0, { mte: true });
      const value = change(v.get(id(name)) as bigint);
      expect([kernel, v.set(id(name), value)]).toEqual([kernel, answer]);
    }
  });

  test.each(["6.12", "7.1"] as const)("%s: they are the VM's, and fixed by the first run", (kernel) => {
    const v = started(kernel);
    const second = v.ioctl(v.vm, "KVM_CREATE_VCPU", 1n);
    v.init(0, second);
    const reg = id("ID_AA64ISAR0_EL1");
    const less = field(v.get(reg) as bigint, 4, 0n);
    v.set(reg, less);
    expect(v.get(reg, second)).toBe(less);
    v.init(0);
    expect(v.get(reg)).toBe(less);
    v.enter();
    expect([v.set(reg, less), v.set(reg, field(less, 8, 0n))]).toEqual([0, "EBUSY"]);
    expect(v.set(id("CTR_EL0"), field(v.get(id("CTR_EL0")) as bigint, 16, 3n))).toBe("EBUSY");
  });

  test("7.1 lets a VM that asked for it choose its MIDR_EL1", () => {
    const v = new VcpuVmm("7.1");
    v.kvm.arch.writableImpIdRegs = true;
    v.init(0);
    expect([v.set(id("MIDR_EL1"), 0x410fd0c0n), v.get(id("MIDR_EL1"))]).toEqual([0, 0x410fd0c0n]);
    expect(v.set(id("MIDR_EL1"), 1n << 32n)).toBe("EINVAL");
    v.enter();
    expect(v.set(id("MIDR_EL1"), 0n)).toBe("EBUSY");
  });

  test.each([
    ["6.1", ["5.14", "6.1"], 0x10305006n],
    ["6.12", ["6.12", "7.1"], 0x1030500an],
  ] as const)("DebugVer as %s shows it", (_, kernels, value) => {
    for (const kernel of kernels) expect(started(kernel).get(id("ID_AA64DFR0_EL1"))).toBe(value);
  });

  test("fields that a kernel does not know read zero", () => {
    const isar2 = (["5.14", "6.1", "6.12"] as const).map((kernel) => started(kernel).get(id("ID_AA64ISAR2_EL1")));
    expect(isar2).toEqual([0n, 0x100012n, 0x110012n]);
    expect(started("5.14").get(id("ID_AA64MMFR1_EL1"))).toBe(0x2010312122n);
  });

  test("a host booted with arm64.nomte shows no MTE", () => {
    expect(started("6.12", 0, { host: bootHost({ mte: false }) }).get(id("ID_AA64PFR1_EL1"))).toBe(0x21n);
  });
});

describe("KVM_ARM_GET_REG_WRITABLE_MASKS", () => {
  const masks = (v: VcpuVmm, range: object = {}) => {
    const area = v.map(1);
    const answer = said(v.call(v.vm, "KVM_ARM_GET_REG_WRITABLE_MASKS", reg_mask_range, { addr: area, ...range }));
    const words = new BigUint64Array(v.read(area, 192 * 8).buffer);
    return { answer, of: (op1: number, encoding: number) => words[((op1 === 3 ? 2 : op1) << 6) | (encoding & 0x3f)] };
  };

  test("6.12", () => {
    const { answer, of } = masks(new VcpuVmm("6.12"));
    expect(answer).toBe(0);
    expect(of(0, SYSREG.ID_AA64PFR1_EL1)).toBe(0xf000000ffn);
    expect(of(0, SYSREG.ID_AA64ISAR1_EL1)).toBe(0xffffffff00fff00fn);
    expect([of(0, SYSREG.ID_ISAR5_EL1), of(0, SYSREG.MIDR_EL1)]).toEqual([0xffffffffn, 0n]);
    expect([of(1, SYSREG.CLIDR_EL1), of(3, SYSREG.CTR_EL0)]).toEqual([0x7fffffffffffn, 0x300f000fn]);
  });

  test("7.1", () => {
    const { of } = masks(new VcpuVmm("7.1"));
    expect([of(0, SYSREG.ID_ISAR5_EL1), of(0, SYSREG.MIDR_EL1)]).toEqual([0xffffffffn, 0xffffffffn]);
  });

  test("range, reserved and address", () => {
    const v = new VcpuVmm("6.12");
    expect(masks(v, { range: 1 }).answer).toBe("EINVAL");
    expect(masks(v, { reserved: [0, 1] }).answer).toBe("EINVAL");
    expect(masks(v, { addr: NOWHERE }).answer).toBe("EFAULT");
    expect(masks(new VcpuVmm("6.1")).answer).toBe("EINVAL");
  });
});

describe("cache sizes", () => {
  const ccsidr = (n: number) => 0x6020000000110000n | BigInt(n);

  test("are the host's up to 6.1", () => {
    const v = started("6.1");
    expect([0, 1, 2, 3].map((n) => v.get(ccsidr(n)))).toEqual([0x700fe01an, 0x201fe012n, 0x70ffe07an, "ENOENT"]);
    expect([v.set(ccsidr(0), 0x700fe01an), v.set(ccsidr(0), 2n)]).toEqual([0, "EINVAL"]);
  });

  test("are made up from 6.12 on, and settable", () => {
    const v = started("6.12");
    expect([v.get(ccsidr(0)), v.get(ccsidr(13)), v.get(ccsidr(14))]).toEqual([2n, 2n, "ENOENT"]);
    expect([v.set(ccsidr(3), 1n), v.set(ccsidr(3), 0x700fe01an), v.get(ccsidr(3))]).toEqual(["EINVAL", 0, 0x700fe01an]);
    v.init(0);
    expect([v.get(ccsidr(3)), v.get(ccsidr(4))]).toEqual([0x700fe01an, 2n]);
  });
});

describe("firmware registers", () => {
  const fw = KVM_REG_ARM_FW_REG;
  const bmap = KVM_REG_ARM_FW_FEAT_BMAP_REG;

  test.each<[KernelName, bigint[], bigint]>([
    ["seed-v10", [0x2n, 0x10000n], 0x10001n],
    ["5.14", [0x2n, 0x10000n], 0x10001n],
    ["6.1", [0x2n, 0x10000n, 0x10001n], 0x10002n],
    ["6.12", [0x2n, 0x10000n, 0x10001n], 0x10002n],
    ["7.1", [0x2n, 0x10000n, 0x10001n, 0x10002n, 0x10003n], 0x10004n],
  ])("%s: versions of PSCI", (kernel, versions, beyond) => {
    const v = started(kernel, FEATURE.psci);
    expect(v.get(fw(0))).toBe(versions.at(-1));
    for (const version of versions) expect([v.set(fw(0), version), v.get(fw(0))]).toEqual([0, version]);
    expect([v.set(fw(0), beyond), v.set(fw(0), 1n)]).toEqual(["EINVAL", "EINVAL"]);
    const none = started(kernel);
    expect([none.get(fw(0)), none.set(fw(0), 1n), none.set(fw(0), 2n)]).toEqual([1n, 0, "EINVAL"]);
  });

  test("workarounds", () => {
    const v = started("6.12");
    expect([v.set(fw(1), 2n), v.set(fw(1), 3n), v.set(fw(1), 0x10n)]).toEqual([0, "EINVAL", "EINVAL"]);
    expect([0n, 1n, 2n, 3n, 4n, 0x10n].map((level) => v.set(fw(2), level))).toEqual([
      0,
      0,
      ...new Array(4).fill("EINVAL"),
    ]);
    const cpu = {
      ...CPU_MAX,
      flaws: new Set(["spectre-v2"] as const),
      registers: { ...CPU_MAX.registers, ID_AA64PFR1_EL1: 0x301n },
    };
    const other = started("6.12", 0, { host: bootHost({ cpu }) });
    expect([other.get(fw(1)), other.get(fw(2)), other.set(fw(1), 1n)]).toEqual([0n, 3n, "EINVAL"]);
    expect([2n, 3n, 0x12n, 0x13n].map((level) => other.set(fw(2), level))).toEqual([0, 0, 0, "EINVAL"]);
    expect(other.set(id("ID_AA64PFR0_EL1"), field(other.get(id("ID_AA64PFR0_EL1")) as bigint, 56, 1n))).toBe(0);
  });

  test("bitmaps of features are the VM's and fixed by the first run", () => {
    const v = started("6.12");
    expect([v.get(bmap(2)), v.set(bmap(2), 4n), v.set(bmap(2), 1n)]).toEqual([3n, "EINVAL", 0]);
    v.enter();
    expect([v.set(bmap(2), 1n), v.set(bmap(2), 3n)]).toEqual([0, "EBUSY"]);
    expect([v.get(bmap(3)), started("7.1").get(bmap(3)), started("5.14").get(bmap(0))]).toEqual([
      "ENOENT",
      0n,
      "ENOENT",
    ]);
  });
});

describe("registers with rules of their own", () => {
  test("OSLSR_EL1: only the lock", () => {
    const v = started("6.1");
    expect([0xan, 8n, 0n].map((value) => v.set(id("OSLSR_EL1"), value))).toEqual([0, 0, "EINVAL"]);
    expect(started("5.14").get(id("OSLSR_EL1"))).toBe("ENOENT");
  });

  test("PMU counters by set and clear registers", () => {
    const set = "PMCNTENSET_EL0";
    for (const kernel of ["6.1", "6.12"] as const) {
      const v = started(kernel, FEATURE.pmu);
      const write = (name: SysRegName) => v.set(id(name), 0xffffffffffn);
      expect(write("PMCNTENCLR_EL0")).toBe(0);
      expect(v.get(id(set))).toBe(kernel === "6.1" ? 0xffffffffffn : 0n);
      expect(write(set)).toBe(0);
      expect(v.get(id(set))).toBe(kernel === "6.1" ? 0xffffffffffn : 0x8000003fn);
    }
    expect(started("5.14", FEATURE.pmu).get(id(set))).toBe(UNKNOWN);
    expect(started("6.12").get(id(set))).toBe("ENOENT");
  });

  test("PMCR_EL0.N", () => {
    const v = started("6.12", FEATURE.pmu);
    const n = (count: bigint) => count << 11n;
    v.set(id("PMCR_EL0"), n(4n) | 1n);
    expect(v.get(id("PMCR_EL0"))).toBe(n(4n) | 1n);
    v.set(id("PMCR_EL0"), n(7n));
    expect(v.get(id("PMCR_EL0"))).toBe(n(4n));
    v.set(id("PMCNTENSET_EL0"), 0xffn);
    expect(v.get(id("PMCNTENSET_EL0"))).toBe(0x8000000fn);
  });

  test("event counters have 32 bits before PMUv3p5", () => {
    const counter = sysRegId(sysRegOf("PMEVCNTR", 0));
    const widths = (["6.1", "6.12"] as const).map((kernel) => {
      const v = started(kernel, FEATURE.pmu);
      v.set(counter, 0x1_0000_0001n);
      return v.get(counter);
    });
    expect(widths).toEqual([1n, 0x1_0000_0001n]);
  });
});
