/** What a guest's performance monitors count, how they overflow, and who may use them. */

import { describe, expect, test } from "vitest";
import { KVM_ARM_DEV_PMU, kvm_run } from "../../../server/abi/kvm.ts";
import { KVM_PMU_EVENT_DENY, kvm_pmu_event_filter } from "../../../server/abi/kvm_arm64.ts";
import { sysRegId } from "../../../server/abi/kvm_reg.ts";
import { SYSREG, sysRegOf } from "../../../server/abi/sysreg.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import { EXIT, GIC_ON, GICR, GuestVmm, RAM, VECTORS } from "./guest_vmm.ts";
import { FEATURE, KERNELS } from "./vcpu_vmm.ts";

const DEVICE_IRQ_LEVEL = kvm_run.offsetof("s.regs.device_irq_level");
const IMMEDIATE_EXIT = kvm_run.offsetof("immediate_exit");
const PMU_PPI = 23n;

/** Turns on counters 0, 1 and the cycle counter of a PMU whose registers are unknown at first; x0 is lost. */
const on = (types: readonly number[], pmcr = 1) => `
  mov x0, #6; msr pmcr_el0, x0; mov x0, #0xffffffff; msr pmcntenclr_el0, x0; msr pmovsclr_el0, x0; msr pmintenclr_el1, x0
  ${types.map((type, n) => `mov x0, #${type}; msr ${evtyper(n)}, x0`).join("; ")}
  msr pmccfiltr_el0, xzr
  mov x0, #0x80000003; msr pmcntenset_el0, x0
  mov x0, #${pmcr}; msr pmcr_el0, x0
`;
const say = (register: string) => `mrs x9, ${register}; str x9, [x21]`;

const [SW_INCR, INST_RETIRED, CPU_CYCLES, CHAIN] = [0, 8, 0x11, 0x1e];
const EXCLUDE_EL1 = 0x80000000;
const EXCLUDE_EL0 = 0x40000000;

/** The assembler has no names for these. */
const evcntr = (n: number) => `s3_3_c14_c${8 + (n >> 3)}_${n & 7}`;
const evtyper = (n: number) => `s3_3_c14_c${12 + (n >> 3)}_${n & 7}`;

function guest(kernel: KernelName = "6.12", { vgic = false } = {}): GuestVmm {
  const v = new GuestVmm(kernel, { features: FEATURE.pmu });
  if (vgic) {
    v.vgic();
    v.attr("KVM_SET_DEVICE_ATTR", 0, 0, v.put(PMU_PPI));
  }
  return v;
}

/** The PMU is initialized, and the code loaded. */
function load(v: GuestVmm, code: string): void {
  expect(v.attr("KVM_SET_DEVICE_ATTR", 0, 1)).toBe(0);
  v.load(code);
  v.code("mrs x9, esr_el1; str w9, [x21, #4]; b .", VECTORS + 0x200);
  v.code("mrs x9, esr_el1; str w9, [x21, #4]; b .", VECTORS + 0x400);
}

/** Whether event counters have 64 bits there. */
const isLong = (kernel: KernelName) => kernel === "6.12" || kernel === "7.1";

async function says(v: GuestVmm, n: number): Promise<(bigint | undefined)[]> {
  const said: (bigint | undefined)[] = [];
  for (let i = 0; i < n; i++) said.push(await v.said());
  return said;
}

const deviceIrqLevel = (v: GuestVmm) => v.vcpuOf(v.vcpu).run.getBigUint64(DEVICE_IRQ_LEVEL, true);
const counterId = (n: number) => sysRegId(sysRegOf("PMEVCNTR", n));

describe.each(KERNELS)("%s", (kernel) => {
  test("instructions and cycles are counted exactly, those that leave to EL2 not", async () => {
    const v = guest(kernel);
    load(
      v,
      `${on([INST_RETIRED, CPU_CYCLES])} nop; nop; mov x3, #10; l: subs x3, x3, #1; b.ne l
      ${say(evcntr(0))}; ${say(evcntr(1))}; ${say("pmccntr_el0")}; b .`,
    );
    // 2 nop, mov, 10 times 2; the store to the port and the MRS do not count.
    expect(await says(v, 3)).toEqual([23n, 23n, 23n]);
  });

  test("PMCCFILTR_EL0.NSH is there where the VM's ID registers tell of EL2, on older kernels always", async () => {
    for (const el2 of [true, false]) {
      const v = guest(kernel);
      const id = sysRegId(SYSREG.ID_AA64PFR0_EL1);
      if (isLong(kernel) && !el2) v.set(id, (v.get(id) as bigint) & ~0xf00n);
      load(v, `mov x0, #0xffffffff; msr pmccfiltr_el0, x0; ${say("pmccfiltr_el0")}; b .`);
      const nsh = el2 || !isLong(kernel) ? 0x800_0000n : 0n;
      expect(((await v.said()) as bigint) & ~0xffffn).toBe(0xc000_0000n | nsh);
    }
  });

  test("nothing counts while PMCR_EL0.E or the counter's own bit is clear, and P and C reset", async () => {
    const v = guest(kernel);
    load(
      v,
      `${on([INST_RETIRED, INST_RETIRED])}
      mov x0, #2; msr pmcntenclr_el0, x0; nop; nop; msr pmcr_el0, xzr; nop
      ${say(evcntr(0))}; ${say(evcntr(1))}
      mov x0, #2; msr pmcr_el0, x0; ${say(evcntr(0))}; ${say("pmccntr_el0")}
      mov x0, #4; msr pmcr_el0, x0; ${say("pmccntr_el0")}; ${say("pmcr_el0")}; b .`,
    );
    const [first, second, reset, cycles, none, pmcr] = await says(v, 6);
    expect([first, second, reset, cycles, none]).toEqual([3n, 1n, 0n, 3n, 0n]);
    expect((pmcr as bigint) & 7n).toBe(0n);
  });

  test("each level has its own count", async () => {
    const v = guest(kernel);
    load(
      v,
      `${on([INST_RETIRED + EXCLUDE_EL1, INST_RETIRED + EXCLUDE_EL0])}
      adr x0, user; msr elr_el1, x0; msr spsr_el1, xzr; eret
      user: nop; nop; nop; svc #0; b .`,
    );
    v.code(`${say(evcntr(0))}; ${say(evcntr(1))}; b .`, VECTORS + 0x400);
    // adr, msr, msr, eret; nop, nop, nop, svc.
    expect(await says(v, 2)).toEqual([4n, 4n]);
  });

  test("PMSWINC_EL0 increments counters of SW_INCR that are on", async () => {
    const v = guest(kernel);
    load(
      v,
      `${on([SW_INCR, INST_RETIRED])} mov x0, #7; msr pmswinc_el0, x0; msr pmswinc_el0, x0
      ${say(evcntr(0))}; ${say(evcntr(1))}; b .`,
    );
    expect(await says(v, 2)).toEqual([2n, 1n]);
  });

  test("a chained counter counts overflows", async () => {
    const v = guest(kernel);
    load(
      v,
      `${on([SW_INCR, CHAIN])} mov x0, #0xfffffffe; msr ${evcntr(0)}, x0; mov x0, #1
      msr pmswinc_el0, x0; ${say(evcntr(1))}; ${say("pmovsset_el0")}
      msr pmswinc_el0, x0; ${say(evcntr(0))}; ${say(evcntr(1))}; ${say("pmovsset_el0")}; b .`,
    );
    const pair = kernel === "seed-v10" || kernel === "5.14";
    expect(await says(v, 5)).toEqual([0n, 0n, isLong(kernel) ? 2n ** 32n : 0n, 1n, pair ? 0n : 1n]);
  });

  test("the cycle counter overflows at 32 bits, or at 64 by PMCR_EL0.LC", async () => {
    const v = guest(kernel);
    load(
      v,
      `${on([SW_INCR, SW_INCR])} mov x1, #0xffffffff; msr pmccntr_el0, x1; nop; nop
      ${say("pmovsset_el0")}; mov x0, #0x80000000; msr pmovsclr_el0, x0; mov x0, #0x41; msr pmcr_el0, x0
      msr pmccntr_el0, x1; nop; nop; ${say("pmovsset_el0")}; ${say("pmccntr_el0")}; b .`,
    );
    expect(await says(v, 3)).toEqual([0x80000000n, 0n, 0x1_0000_0001n]);
  });

  test("counters that the guest has not are undefined, and registers too without the feature", async () => {
    const v = guest(kernel);
    load(v, `mov x0, #31; msr pmselr_el0, x0; msr pmxevcntr_el0, x0; mrs x0, ${evcntr(30)}; b .`);
    expect(await v.run()).toMatchObject({ port: 4, value: 0x02000000n });
    expect(v.reg("elr_el1")).toBe(BigInt(RAM + 12));
  });

  test("without a VGIC, user space hears of the overflow", async () => {
    const v = guest(kernel);
    load(
      v,
      `${on([INST_RETIRED, SW_INCR])} mov x0, #0xffffd8f0; msr ${evcntr(0)}, x0; mov x0, #1
      msr pmintenset_el1, x0; mov x1, #0; l: add x1, x1, #1; b l`,
    );
    expect(await v.run()).toEqual({ ret: "EINTR", reason: EXIT.intr });
    expect(deviceIrqLevel(v)).toBe(KVM_ARM_DEV_PMU);
    const left = 10_000n - 2n * v.reg("x1");
    expect(left < 16n && left > -40_000n).toBe(true);
    expect(BigInt.asUintN(32, v.get(counterId(0)) as bigint) < 50_000n).toBe(true);
    v.load("mov x0, #1; msr pmovsclr_el0, x0; nop; b .");
    expect(await v.run()).toEqual({ ret: "EINTR", reason: EXIT.intr });
    expect(deviceIrqLevel(v)).toBe(0n);
  });
});

describe("the interrupt", () => {
  /** A guest whose counter 0 overflows after so many instructions; it ends where PMU_PPI is taken. */
  const sampling = (less: number, exclude = 0) => `
    ${GIC_ON}
    mov x0, #${GICR + 0x10000}; mov w1, #${1 << Number(PMU_PPI)}; str w1, [x0, #0x80]; str w1, [x0, #0x100]
    ${on([INST_RETIRED + exclude, SW_INCR])}
    mov x0, #${2 ** 32 - less}; msr ${evcntr(0)}, x0; mov x0, #1; msr pmintenset_el1, x0
    mov x1, #0; msr daifclr, #2; l: add x1, x1, #1; b l`;
  const HANDLER = `mrs x9, icc_iar1_el1; str w9, [x21]; ${say("pmovsset_el0")}; str x1, [x21]
    mov x0, #1; msr pmovsclr_el0, x0; msr icc_eoir1_el1, x9; b .`;

  test.each([1000, 100_000, 3_000_000])("is taken after about %d instructions", async (instructions) => {
    const v = guest("6.12", { vgic: true });
    load(v, sampling(instructions));
    v.code(HANDLER, VECTORS + 0x280);
    const [irq, overflow, loops] = await says(v, 3);
    expect([irq, overflow]).toEqual([PMU_PPI, 1n]);
    const ran = 2 * Number(loops);
    expect(ran).toBeGreaterThan(instructions - 20);
    expect(ran).toBeLessThan(instructions + 20_000);
  });

  test("falls when the overflow is cleared", async () => {
    const v = guest("6.12", { vgic: true });
    load(v, sampling(1000));
    v.code(`${HANDLER.slice(0, HANDLER.lastIndexOf(";"))}; str w0, [x21]; eret`, VECTORS + 0x280);
    await says(v, 4);
    const thread = v.task.thread();
    const running = v.run(v.vcpu, thread);
    await new Promise((resolve) => setTimeout(resolve, 20));
    thread.signal();
    expect(await running).toEqual({ ret: "EINTR", reason: EXIT.intr });
  });

  test.each([
    ["5.14", 0n],
    ["6.12", KVM_ARM_DEV_PMU],
  ] as const)("%s: of a counter that is off", async (kernel, level) => {
    const v = guest(kernel);
    load(
      v,
      `${on([SW_INCR, SW_INCR])} mov x0, #3; msr pmcntenclr_el0, x0; msr pmovsset_el0, x0; msr pmintenset_el1, x0; str w0, [x21]; b .`,
    );
    await v.run();
    expect(deviceIrqLevel(v)).toBe(level);
  });
});

describe("what an event counts", () => {
  test("none that the VM's filter denies, nor that the CPU has not", async () => {
    const v = guest();
    const area = v.map(1);
    const denied = { base_event: CPU_CYCLES, nevents: 1, action: KVM_PMU_EVENT_DENY };
    v.write(area, kvm_pmu_event_filter.encode(denied));
    expect(v.attr("KVM_SET_DEVICE_ATTR", 0, 2, area)).toBe(0);
    load(
      v,
      `${on([CPU_CYCLES, 0x23])} nop
      ${say(evcntr(0))}; ${say(evcntr(1))}; ${say("pmccntr_el0")}; ${say("pmceid0_el0")}; b .`,
    );
    expect(await says(v, 4)).toEqual([0n, 0n, 0n, 0x4000_0101n]);
  });

  test.each([
    ["5.14", 0x20101n],
    ["6.1", 0x20101n],
    ["7.1", 0x4002_0101n],
  ] as const)("%s: PMCEID0_EL0", async (kernel, events) => {
    const v = guest(kernel);
    load(v, `${say("pmceid0_el0")}; ${say("pmceid1_el0")}; b .`);
    expect(await says(v, 2)).toEqual([events, 0n]);
  });

  test("PMUv3p5: event counters of 64 bits, which overflow there by PMCR_EL0.LP", async () => {
    const code = (
      pmcr: number,
    ) => `${on([SW_INCR, SW_INCR], pmcr)} mov x0, #0xffffffff; msr ${evcntr(0)}, x0; mov x0, #1
      msr pmswinc_el0, x0; ${say(evcntr(0))}; ${say("pmovsset_el0")}; b .`;
    const short = guest();
    load(short, code(1));
    expect(await says(short, 2)).toEqual([0x1_0000_0000n, 1n]);
    const long = guest();
    load(long, code(0x81));
    expect(await says(long, 2)).toEqual([0x1_0000_0000n, 0n]);
    const old = guest();
    const id = sysRegId(SYSREG.ID_AA64DFR0_EL1);
    expect(old.set(id, (old.get(id) as bigint) & ~0x200n)).toBe(0);
    load(old, `${code(0x81).replace("b .", "")} ${say("pmcr_el0")}; b .`);
    const [counter, overflow, pmcr] = await says(old, 3);
    expect([counter, overflow, (pmcr as bigint) & 0x80n]).toEqual([0n, 1n, 0n]);
  });
});

describe("EL0", () => {
  const user = (pmuserenr: number, code: string) => `
    mov x0, #${pmuserenr}; msr pmuserenr_el0, x0
    adr x0, user; msr elr_el1, x0; msr spsr_el1, xzr; eret
    user: ${code}; mov x9, #0x55; str w9, [x21]; b .`;
  const [EN, SW, CR, ER] = [1, 2, 4, 8];

  test.each([
    ["mrs x0, pmcr_el0", EN],
    ["msr pmcntenset_el0, xzr", EN],
    ["msr pmswinc_el0, xzr", SW],
    ["mrs x0, pmccntr_el0", CR],
    ["msr pmccntr_el0, xzr", EN],
    [`mrs x0, ${evcntr(0)}`, ER],
    ["msr pmselr_el0, xzr", ER],
    [`mrs x0, ${evtyper(0)}`, EN],
    ["mrs x0, pmceid0_el0", EN],
  ])("%s wants bit %i of PMUSERENR_EL0, or EN", async (code, needed) => {
    for (const bit of [0, EN, SW, CR, ER]) {
      const v = guest();
      load(v, user(bit, code));
      const allowed = bit !== 0 && (bit === needed || bit === EN);
      expect(await v.said()).toBe(allowed ? 0x55n : 0x02000000n);
    }
  });
});

test.each([
  ["seed-v10", 5n, 4n],
  ["5.14", 0n, 4n],
  ["6.1", 0n, 0n],
  ["6.12", 5n, 4n],
] as const)("%s: what PMCR_EL0 says resets counters before the first run, or nothing", async (kernel, left, stored) => {
  const v = guest(kernel);
  load(v, "str w0, [x21]; b .");
  const cycles = sysRegId(SYSREG.PMCCNTR_EL0);
  v.set(cycles, 5n);
  const pmcr = sysRegId(SYSREG.PMCR_EL0);
  v.set(pmcr, 4n);
  const { run } = v.vcpuOf(v.vcpu);
  run.setUint8(IMMEDIATE_EXIT, 1);
  expect((await v.run()).ret).toBe("EINTR");
  expect([v.get(cycles), (v.get(pmcr) as bigint) & 7n]).toEqual([5n, 4n]);
  run.setUint8(IMMEDIATE_EXIT, 0);
  await v.run();
  expect([v.get(cycles), (v.get(pmcr) as bigint) & 7n]).toEqual([left, stored]);
});

test("PMMIR_EL1 is zero, with or without a PMU", async () => {
  for (const features of [0, FEATURE.pmu]) {
    const v = new GuestVmm("6.12", { features });
    const code = "mrs x9, s3_0_c9_c14_6; str x9, [x21]; b .";
    if (features) load(v, code);
    else v.load(code);
    expect(await v.said()).toBe(0n);
  }
});
