/** KVM_RUN of guests: exits and how they are completed, interrupts, power, and what other threads do meanwhile. */

import { describe, expect, test } from "vitest";
import { EFD_NONBLOCK } from "../../../server/abi/eventfd.ts";
import { O_RDWR } from "../../../server/abi/fcntl.ts";
import {
  KVM_CAP_ARM_NISV_TO_USER,
  KVM_CAP_ARM_SYSTEM_SUSPEND,
  KVM_IRQFD_FLAG_RESAMPLE,
  kvm_coalesced_mmio_zone,
  kvm_dirty_log,
  kvm_guest_debug,
  kvm_irqfd,
  kvm_mp_state,
  kvm_run,
} from "../../../server/abi/kvm.ts";
import { kvm_arm_counter_offset, kvm_smccc_filter, kvm_vcpu_events } from "../../../server/abi/kvm_arm64.ts";
import { KVM_REG_ARM_TIMER_CTL, KVM_REG_ARM_TIMER_CVAL, sysRegId } from "../../../server/abi/kvm_reg.ts";
import { MAP_FIXED, MAP_SHARED, PROT_READ, PROT_WRITE } from "../../../server/abi/mman.ts";
import { SYSREG } from "../../../server/abi/sysreg.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import {
  sysEventfd2,
  sysMadvise,
  sysMmap,
  sysMunmap,
  sysOpenat,
  sysRead,
  sysWrite,
} from "../../../server/kernel/syscalls.ts";
import { DATA, EXIT, GIC_ON, GICD, GICR, GuestVmm, PORT, RAM, VECTORS } from "./guest_vmm.ts";
import { FEATURE, KERNELS } from "./vcpu_vmm.ts";

const word = (v: GuestVmm, at: number) =>
  new DataView(v.read(v.ram + BigInt(at - RAM), 8).buffer).getBigUint64(0, true);
/** Waits until a running guest has made something true. */
async function until(what: () => boolean): Promise<void> {
  while (!what()) await pause(1);
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(KERNELS)("%s", (kernel) => {
  test("stores and loads of a port leave, and go on with the next call", async () => {
    const v = new GuestVmm(kernel);
    v.load("mov w0, #0x77; strh w0, [x21, #6]; ldr x1, [x21]; str x1, [x21, #8]; b .");
    expect(await v.run()).toEqual({ ret: 0, reason: EXIT.mmio, port: 6, value: 0x77n });
    expect(v.reg("pc")).toBe(BigInt(RAM + 4));
    expect(await v.run()).toEqual({ ret: 0, reason: EXIT.mmio, port: 0 });
    v.vcpuOf(v.vcpu).run.setBigUint64(40, 0x1122334455667788n, true);
    expect(await v.run()).toEqual({ ret: 0, reason: EXIT.mmio, port: 8, value: 0x1122334455667788n });
    expect(v.reg("x1")).toBe(0x1122334455667788n);
  });

  test("what the guest wrote is in the process's memory, and what the process writes the guest reads", async () => {
    const v = new GuestVmm(kernel, { mte: true });
    v.load("mov x0, #0x1234; str x0, [x22]; str w0, [x21]; ldr x1, [x22, #8]; str x1, [x21]; b .");
    expect(await v.said()).toBe(0x1234n);
    expect(word(v, DATA)).toBe(0x1234n);
    v.write(v.ram + BigInt(DATA + 8 - RAM), Uint8Array.of(9));
    expect(await v.said()).toBe(9n);
  });

  test("a signal ends an endless loop at once, and the next call goes on with it", async () => {
    const v = new GuestVmm(kernel);
    v.load("loop: add x0, x0, #1; str x0, [x22]; b loop");
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      const before = word(v, DATA);
      const running = v.run();
      await until(() => word(v, DATA) > before + 100_000n);
      const began = performance.now();
      v.task.signal();
      expect(await running).toEqual({ ret: "EINTR", reason: EXIT.intr });
      times.push(performance.now() - began);
      expect(v.reg("x0") - word(v, DATA)).toBeLessThan(2n);
    }
    expect(Math.min(...times)).toBeLessThan(10);
  });

  test("memory that is unmapped under a running guest", async () => {
    const v = new GuestVmm(kernel);
    v.load("loop: ldr x0, [x22]; add x0, x0, #1; str x0, [x22]; b loop");
    const running = v.run();
    await until(() => word(v, DATA) > 100_000n);
    // A page that was taken away is found again as a new one.
    sysMadvise(v.task, v.ram + BigInt(DATA - RAM), 4096n, 4);
    expect(word(v, DATA)).toBe(0n);
    await until(() => word(v, DATA) > 0n);
    sysMunmap(v.task, v.ram + BigInt(DATA - RAM), 4096n);
    expect(await running).toEqual({ ret: "EFAULT", reason: EXIT.unknown });
  });

  test("a device of the board behind /dev/mem answers a load or store with a syndrome, and nothing else does", async () => {
    const v = new GuestVmm(kernel);
    const [IPA, devices] = [0x800000, v.ram + 0x100000n];
    const fd = sysOpenat(v.task, "/dev/mem", O_RDWR);
    sysMmap(v.task, devices, 0x1000n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0x902_0000n);
    v.setSlot(1, IPA, 1, devices);
    v.load(`
      mov x0, #${IPA}
      ldrb w1, [x0]; ldrh w2, [x0]; ldr x3, [x0]
      str w1, [x21]; str w2, [x21]; str x3, [x21]
      strh wzr, [x0, #8]; ldr w4, [x0]; str w4, [x21]
      ldp x5, x6, [x0]; b .
    `);
    v.code("mrs x0, esr_el1; str w0, [x21, #4]; b .", VECTORS + 0x200);
    expect([await v.said(), await v.said(), await v.said()]).toEqual([0x51n, 0x4d45n, 0x55n]);
    expect(await v.said()).toBe(0x554d4551n);
    expect(await v.run()).toMatchObject({ port: 4, value: 0x96000010n });
  });

  test("pages that go and come under two CPUs at once", async () => {
    const v = new GuestVmm(kernel, { cpus: 2, mte: true });
    const second = v.addVcpu(1);
    v.load("loop: ldr x0, [x22]; add x0, x0, #1; str x0, [x22]; b loop");
    v.load("loop: ldr x0, [x22, #8]; add x0, x0, #1; str x0, [x22, #8]; b loop", RAM + 0x1000, second);
    const threads = [v.task.thread(), v.task.thread()] as const;
    const running = [v.run(v.vcpu, threads[0]), v.run(second, threads[1])];
    for (let round = 0; round < 20; round++) {
      await until(() => word(v, DATA) > 1000n && word(v, DATA + 8) > 1000n);
      sysMadvise(v.task, v.ram + BigInt(DATA - RAM), 4096n, 4);
      expect([word(v, DATA), word(v, DATA + 8)]).toEqual([0n, 0n]);
    }
    sysMunmap(v.task, v.ram + BigInt(DATA - RAM), 4096n);
    expect(await Promise.all(running)).toMatchObject([{ ret: "EFAULT" }, { ret: "EFAULT" }]);
  });

  test("an address beyond the VM's IPA space", async () => {
    const v = new GuestVmm(kernel);
    v.load("mov x0, #0x20000000000; ldr x1, [x0]; b .");
    v.code("mrs x0, esr_el1; str w0, [x21, #4]; b .", VECTORS + 0x200);
    const old = kernel === "seed-v10" || kernel === "5.14";
    expect(await v.run()).toMatchObject(old ? { port: 0x20000000000 - PORT } : { port: 4, value: 0x96000010n });
  });

  test("GMID_EL1 without MTE", async () => {
    const v = new GuestVmm(kernel);
    v.load("mov x0, #0x55; mrs x0, gmid_el1; str w0, [x21]; b .");
    v.code("str w0, [x21]; b .", VECTORS + 0x200);
    expect(await v.said()).toBe(kernel === "7.1" ? 0x55n : 6n);
  });

  test("a table of the guest's that is in no slot", async () => {
    const v = new GuestVmm(kernel);
    v.load(
      "mov x0, #0x800000; msr ttbr0_el1, x0; mov x0, #25; msr tcr_el1, x0; isb; mov x0, #0x1001; msr sctlr_el1, x0; isb; b .",
    );
    v.setReg("x21", BigInt(PORT));
    const thread = v.task.thread();
    const running = v.run(v.vcpu, thread);
    await until(() => v.vcpuOf(v.vcpu).stat.exits > 20);
    thread.signal();
    expect(await running).toMatchObject({ ret: "EINTR" });
    const syndrome = v.get(sysRegId(SYSREG.ESR_EL1)) as bigint;
    expect(BigInt.asUintN(32, syndrome)).toBe(0x86000010n);
  });

  test("walking a table of the guest's whose page is write-protected dirties nothing", async () => {
    const v = new GuestVmm(kernel, { logged: true });
    const [table, block] = [0x110000, 0x701n];
    v.write(v.ram + BigInt(table - RAM), new Uint8Array(new BigUint64Array([block]).buffer));
    v.load(`
      mov x0, #${table}; msr ttbr0_el1, x0; mov x0, #0xff; msr mair_el1, x0; mov x0, #25; msr tcr_el1, x0; isb
      mov x0, #0x1001; msr sctlr_el1, x0; isb; ldr x1, [x22]; again: str wzr, [x21]; tlbi vmalle1; dsb sy; isb; b again
    `);
    const address = v.map(1);
    expect(await v.run()).toMatchObject({ port: 0 });
    v.call(v.vm, "KVM_GET_DIRTY_LOG", kvm_dirty_log, { slot: 0, dirty_bitmap: address });
    // Takes the CPU's entries of stage 2, not those of the table.
    v.vcpuOf(v.vcpu).arch.core?.flushStage2();
    expect(await v.run()).toMatchObject({ port: 0 });
    v.call(v.vm, "KVM_GET_DIRTY_LOG", kvm_dirty_log, { slot: 0, dirty_bitmap: address });
    expect(new DataView(v.read(address, 8).buffer).getBigUint64(0, true)).toBe(0n);
  });

  test("a page and the table that leads to it, 128 MiB apart: both have room in the CPU", async () => {
    const v = new GuestVmm(kernel);
    const [one, two, apart] = [0x110000, 0x111000, 0x8000000];
    v.setSlot(1, two + apart, 1, v.map(1));
    const entries = (at: number, list: Readonly<Record<number, bigint>>) => {
      const table = new BigUint64Array(512);
      for (const [i, entry] of Object.entries(list)) table[Number(i)] = entry;
      v.write(v.ram + BigInt(at - RAM), new Uint8Array(table.buffer));
    };
    const block = (address: number) => BigInt(address) | 0x701n;
    entries(one, { 0: BigInt(two) | 3n });
    entries(two, { 0: block(0), [apart >> 21]: block(apart), [PORT >> 21]: block(PORT) });
    v.load(`
      mov x0, #${one}; msr ttbr0_el1, x0; mov x0, #0xff; msr mair_el1, x0; mov x0, #25; msr tcr_el1, x0; isb
      mov x0, #0x1001; msr sctlr_el1, x0; isb; mov x1, #${two + apart}; mov x2, #7; str x2, [x1]; ldr x3, [x1]; str w3, [x21]; b .
    `);
    expect(await v.said()).toBe(7n);
  });

  test("a slot that is deleted under a running guest is MMIO from then on", async () => {
    const v = new GuestVmm(kernel);
    v.setSlot(1, 0x800000, 1, v.map(1));
    v.load("mov x1, #0x800000; loop: add x0, x0, #1; str x0, [x1]; str x0, [x22]; b loop");
    const running = v.run();
    await until(() => word(v, DATA) > 100_000n);
    v.setSlot(1, 0x800000, 0, 0n);
    expect(await running).toMatchObject({ ret: 0, reason: EXIT.mmio, port: 0x800000 - PORT });
  });

  test("the dirty log has what a running guest wrote, and again what it writes after", async () => {
    const v = new GuestVmm(kernel, { logged: true });
    v.load("loop: add x0, x0, #1; str x0, [x22]; b loop");
    const running = v.run();
    const address = v.map(1);
    const dirty = () => {
      v.call(v.vm, "KVM_GET_DIRTY_LOG", kvm_dirty_log, { slot: 0, dirty_bitmap: address });
      return new DataView(v.read(address, 8).buffer).getBigUint64(0, true);
    };
    for (let round = 0; round < 3; round++) {
      const before = word(v, DATA);
      await until(() => word(v, DATA) > before + 1000n);
      expect(dirty()).toBe(1n << BigInt((DATA - RAM) / 4096));
    }
    v.task.signal();
    await running;
  });

  test("more guests than CPUs: each has its share", async () => {
    const v = new GuestVmm(kernel);
    const second = v.addVcpu(1);
    v.load("loop: ldr x0, [x22]; add x0, x0, #1; str x0, [x22]; b loop");
    v.load("loop: ldr x0, [x22, #8]; add x0, x0, #1; str x0, [x22, #8]; b loop", RAM + 0x1000, second);
    const threads = [v.task.thread(), v.task.thread()] as const;
    const running = [v.run(v.vcpu, threads[0]), v.run(second, threads[1])];
    await until(() => word(v, DATA) > 10_000n && word(v, DATA + 8) > 10_000n);
    await pause(100);
    for (const thread of threads) thread.signal();
    expect((await Promise.all(running)).map(({ ret }) => ret)).toEqual(["EINTR", "EINTR"]);
    const [first, other] = [word(v, DATA), word(v, DATA + 8)].map(Number) as [number, number];
    expect(Math.min(first, other) * 20).toBeGreaterThan(Math.max(first, other));
  });

  test("a vCPU that spins with WFE lets the one that it waits for run", async () => {
    const v = new GuestVmm(kernel);
    const second = v.addVcpu(1);
    const turns = 200;
    const pingPong = (mine: number) => `
      mov x1, #${mine}
      mov x2, #0
      wait: ldr x0, [x22]
      cmp x0, x1
      b.eq go
      wfe
      b wait
      go: mov x3, #${1 - mine}
      str x3, [x22]
      add x2, x2, #1
      cmp x2, #${turns}
      b.ne wait
      str w2, [x21]
      b .`;
    v.load(pingPong(0));
    v.load(pingPong(1), RAM + 0x1000, second);
    const began = performance.now();
    const said = [v.said(v.vcpu, v.task.thread()), v.said(second, v.task.thread())];
    expect(await Promise.all(said)).toEqual([BigInt(turns), BigInt(turns)]);
    // In slices of 4 ms it would take 1600.
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test("PSCI turns a vCPU on and off, and the machine off", async () => {
    const v = new GuestVmm(kernel, { cpus: 2, features: FEATURE.psci });
    const second = v.addVcpu(1, { off: true, features: FEATURE.psci });
    v.load(`
      mov x0, #0xc4000003
      mov x1, #1
      mov x2, #${RAM + 0x1000}
      mov x3, #0x55
      hvc #0
      str w0, [x21]
      hvc #0                  // x0 is 0 and so no call
      mov w0, #0x84000004
      mov x1, #1
      mov x2, #0
      hvc #0
      str w0, [x21]
      mov w0, #0x84000008
      hvc #0
      b .`);
    v.code(`mov x21, #${PORT}; str w0, [x21]; mov w0, #0x84000002; hvc #0; b .`, RAM + 0x1000);
    const thread = v.task.thread();
    const other = v.run(second, thread);
    expect(await v.said()).toBe(0n);
    expect(await other).toMatchObject({ value: 0x55n });
    const off = v.run(second, thread);
    await pause(5);
    expect(v.vcpuOf(second).arch.mpState).toBe(5);
    expect(await v.said()).toBe(1n);
    expect(await v.run()).toEqual({ ret: 0, reason: EXIT.systemEvent });
    expect(v.vcpuOf(v.vcpu).run.getUint32(32, true)).toBe(1);
    thread.signal();
    expect(await off).toEqual({ ret: "EINTR", reason: EXIT.intr });
    expect(v.reg("pc", second)).toBe(BigInt(RAM + 0x1000 + 0x14));
  });

  test("an undefined instruction and a trapped register are the guest's own business", async () => {
    const v = new GuestVmm(kernel);
    v.load("mrs x0, midr_el1; str w0, [x21]; mrs x0, pmcr_el0; b .");
    v.code("mrs x0, esr_el1; str w0, [x21]; b .", VECTORS + 0x200);
    expect(await v.said()).toBe(0xf0510n);
    expect(await v.said()).toBe(0x02000000n);
    expect(v.reg("elr_el1")).toBe(BigInt(RAM + 8));
  });
});

describe("interrupts", () => {
  const guest = (cpus = 1) => new GuestVmm("6.12", { cpus });

  test("a line of user space wakes WFI", async () => {
    const v = guest();
    v.load("wfi; str w0, [x21]; b .");
    const running = v.run();
    await pause(5);
    v.line(0, true);
    expect(await running).toMatchObject({ reason: EXIT.mmio });
  });

  test("an SPI is taken, acknowledged and ended; a level that stays up comes again", async () => {
    const v = guest();
    v.vgic();
    v.load(`
      ${GIC_ON}
      mov x0, #${GICD}
      mov w1, #1
      str w1, [x0, #0x104]    // enable 32
      str w1, [x21, #4]
      msr daifclr, #2
      loop: add x2, x2, #1
      b loop`);
    v.code(
      `
      mrs x0, icc_iar1_el1
      str w0, [x21]
      mrs x1, icc_rpr_el1
      str w1, [x21, #8]
      msr icc_eoir1_el1, x0
      mrs x1, icc_rpr_el1
      str w1, [x21, #8]
      eret`,
      VECTORS + 0x280,
    );
    expect(await v.run()).toMatchObject({ port: 4 });
    const running = v.run();
    await pause(10);
    v.line(0x1000020, true);
    expect(await running).toMatchObject({ port: 0, value: 32n });
    expect(await v.run()).toMatchObject({ port: 8, value: 0n });
    expect(await v.run()).toMatchObject({ port: 8, value: 0xffn });
    // It is an edge: once.
    const thread = v.task.thread();
    const quiet = v.run(v.vcpu, thread);
    await pause(10);
    thread.signal();
    expect(await quiet).toMatchObject({ ret: "EINTR" });
  });

  test("a higher priority preempts, a masked one waits", async () => {
    const v = guest();
    v.vgic();
    v.load(`
      ${GIC_ON}
      mov x0, #${GICD}
      mov w1, #3
      str w1, [x0, #0x104]
      mov w1, #0x80
      strb w1, [x0, #0x420]
      mov w1, #0x40
      strb w1, [x0, #0x421]
      str w1, [x21, #4]
      mrs x0, icc_hppir1_el1
      str w0, [x21]
      mrs x0, icc_iar1_el1
      str w0, [x21]
      mrs x0, icc_hppir1_el1
      str w0, [x21]
      mrs x0, icc_iar1_el1    // 32 does not preempt 33
      str w0, [x21]
      mov x0, #33
      msr icc_eoir1_el1, x0
      mov x1, #0x80
      msr icc_pmr_el1, x1
      mrs x0, icc_iar1_el1    // and is not above the mask
      str w0, [x21]
      mov x1, #0x88
      msr icc_pmr_el1, x1
      mrs x0, icc_iar1_el1
      str w0, [x21]
      b .`);
    expect(await v.run()).toMatchObject({ port: 4 });
    v.line(0x1000020, true);
    v.line(0x1000021, true);
    const answers: (bigint | undefined)[] = [];
    for (let n = 0; n < 6; n++) answers.push(await v.said());
    expect(answers).toEqual([33n, 33n, 32n, 1023n, 1023n, 32n]);
  });

  test("an SGI wakes another vCPU", async () => {
    const v = guest(2);
    const second = v.addVcpu(1);
    v.vgic();
    v.load(`
      ${GIC_ON}
      mov x0, #0x3000002      // SGI 3 to affinity 0.0.0.1
      msr icc_sgi1r_el1, x0
      str w0, [x21]
      b .`);
    v.load(
      `
      ${GIC_ON}
      str w0, [x21]
      wfi
      mrs x0, icc_iar1_el1
      str w0, [x21]
      b .`,
      RAM + 0x1000,
      second,
    );
    const thread = v.task.thread();
    expect(await v.run(second, thread)).toMatchObject({ port: 0 });
    const waiting = v.said(second, thread);
    await pause(5);
    expect(await v.said()).toBe(0x3000002n);
    expect(await waiting).toBe(3n);
  });

  test("the virtual timer interrupts, by its PPI, and until it is turned off", async () => {
    const v = guest();
    v.vgic();
    v.load(`
      ${GIC_ON}
      mov x0, #${GICR + 0x10000}
      mov w1, #0x8000000      // enable 27
      str w1, [x0, #0x100]
      mov x1, #20000000       // 20 ms of 1 GHz
      msr cntv_tval_el0, x1
      mov x1, #1
      msr cntv_ctl_el0, x1
      wfi
      mrs x0, icc_iar1_el1
      str w0, [x21]
      mrs x1, cntv_ctl_el0
      str w1, [x21]
      msr cntv_ctl_el0, xzr
      msr icc_eoir1_el1, x0
      mrs x0, icc_iar1_el1
      str w0, [x21]
      b .`);
    const began = performance.now();
    expect(await v.said()).toBe(27n);
    expect(performance.now() - began).toBeGreaterThan(15);
    expect(await v.said()).toBe(5n);
    expect(await v.said()).toBe(1023n);
  });

  test("WFIT waits until the counter is there, and the counter has the VM's offset", async () => {
    const v = guest();
    v.load(
      "mrs x0, cntvct_el0; mov x1, #20000000; add x1, x0, x1; .word 0xd5031021; mrs x2, cntvct_el0; sub x0, x2, x0; str x0, [x21]; b .",
    );
    const offset = v.map(1);
    v.write(offset, kvm_arm_counter_offset.encode({ counter_offset: 1n << 60n, reserved: 0n }));
    expect(v.ioctl(v.vm, "KVM_ARM_SET_COUNTER_OFFSET", offset)).toBe(0);
    expect(await v.said()).toBeGreaterThanOrEqual(20_000_000n);
    expect(v.reg("x2")).toBeGreaterThan((1n << 64n) - (1n << 60n));
  });

  test("without a VGIC user space hears of the timer", async () => {
    const v = guest();
    v.load("mov x1, #1; msr cntv_cval_el0, xzr; msr cntv_ctl_el0, x1; b .");
    expect(await v.run()).toEqual({ ret: "EINTR", reason: EXIT.intr });
    expect(v.vcpuOf(v.vcpu).run.getBigUint64(32 + 256 + 16, true)).toBe(1n);
  });

  test("registers of the VGIC are read by the guest", async () => {
    const v = guest();
    v.vgic();
    v.load(`mov x0, #${GICD}; ldr w1, [x0, #4]; str w1, [x21]; mov x0, #${GICR}; ldr x1, [x0, #8]; str x1, [x21]; b .`);
    expect(await v.said()).toBe(0x480007n);
    expect(await v.said()).toBe(0x10n);
  });
});

describe("irqfds", () => {
  test("one with a resampler holds its line until the guest ends the interrupt", async () => {
    const v = new GuestVmm();
    v.vgic();
    v.load(`
      ${GIC_ON}
      mov x0, #${GICD}
      mov w1, #1
      str w1, [x0, #0x104]
      str wzr, [x0, #0xc08]   // 32 is a level
      str w1, [x21, #4]
      wfi
      mrs x0, icc_iar1_el1
      str w0, [x21]
      msr icc_eoir1_el1, x0
      mrs x0, icc_iar1_el1
      str w0, [x21]
      b .`);
    expect(await v.run()).toMatchObject({ port: 4 });
    const [fd, resamplefd] = [sysEventfd2(v.task, 0, EFD_NONBLOCK), sysEventfd2(v.task, 0, EFD_NONBLOCK)];
    expect(v.call(v.vm, "KVM_IRQFD", kvm_irqfd, { fd, gsi: 0, flags: KVM_IRQFD_FLAG_RESAMPLE, resamplefd })).toBe(0);
    const taken = v.said();
    const one = v.map(1);
    v.write(one, Uint8Array.of(1));
    expect(sysWrite(v.task, fd, one, 8n)).toBe(8);
    expect(await taken).toBe(32n);
    expect(v.kvm.vgic.spis[0]?.lineLevel).toBe(true);
    expect(await v.said()).toBe(1023n);
    expect(v.kvm.vgic.spis[0]?.lineLevel).toBe(false);
    expect(sysRead(v.task, resamplefd, one, 8n)).toBe(8);
  });
});

describe("calls", () => {
  const guest = (kernel: KernelName = "6.12") => new GuestVmm(kernel, { features: FEATURE.psci });
  /** x0 to x3 after a call by HVC with these arguments. */
  async function call(v: GuestVmm, ...args: readonly (number | bigint)[]): Promise<bigint[]> {
    v.load("hvc #0; str w0, [x21]; b .");
    for (const [n, value] of [...args, 0, 0, 0].slice(0, 4).entries()) v.setReg(`x${n}`, BigInt(value));
    v.vcpuOf(v.vcpu).arch.mmioNeeded = false;
    await v.run();
    return [0, 1, 2, 3].map((n) => v.reg(`x${n}`));
  }
  const NOT_SUPPORTED = 0xffffffffffffffffn;

  test.each(KERNELS)("%s: what there is", async (kernel) => {
    const v = guest(kernel);
    const versions: Record<string, bigint> = { "seed-v10": 0x10000n, "5.14": 0x10000n, "7.1": 0x10003n };
    expect((await call(v, 0x84000000))[0]).toBe(versions[kernel] ?? 0x10001n);
    expect((await call(v, 0x80000000))[0]).toBe(0x10001n);
    expect((await call(v, 0x84000050))[0]).toBe(0x10000n);
    expect((await call(v, 0x8400000a, 0x84000012))[0]).toBe(kernel < "6" || kernel > "s" ? NOT_SUPPORTED : 0n);
    expect(await call(v, 0xdead)).toEqual([NOT_SUPPORTED, 0n, 0n, 0n]);
  });

  test.each(KERNELS)("%s: a workaround for which the vector returns is no exit", async (kernel) => {
    const v = guest(kernel);
    const exits = async (fn: number) => {
      const before = v.vcpuOf(v.vcpu).stat.exits;
      const regs = await call(v, fn, 1, 2, 3);
      return [v.vcpuOf(v.vcpu).stat.exits - before, ...regs];
    };
    await exits(0);
    const answered = [1, 0n, 0n, 2n, 3n];
    const refused = [2, NOT_SUPPORTED, 0n, 0n, 0n];
    expect(await exits(0x80008000)).toEqual(answered);
    expect(await exits(0x80007fff)).toEqual(answered);
    expect(await exits(0x80003fff)).toEqual(["seed-v10", "5.14"].includes(kernel) ? refused : answered);
    expect(await exits(0x80000001)).toEqual(refused);
  });

  test.each([
    ["6.12", 0x84000009, [0, 0], 2, 0n],
    ["6.12", 0xc4000012, [0, 7], 2, 1n],
    ["6.12", 0xc4000012, [0x80000001, 0], 2, 1n],
    ["7.1", 0xc4000015, [1, 0], 1, 1n],
    ["5.14", 0x84000008, [0, 0], 1, undefined],
  ] as const)("%s: the event that %i is for user space", async (kernel, fn, args, type, flags) => {
    const v = guest(kernel);
    v.vcpuOf(v.vcpu).run.setUint32(36, 99, true);
    const [x0] = await call(v, fn, ...args);
    const { run } = v.vcpuOf(v.vcpu);
    expect([run.getUint32(8, true), run.getUint32(32, true)]).toEqual([EXIT.systemEvent, type]);
    expect(run.getUint32(36, true)).toBe(flags === undefined ? 0 : 1);
    expect(run.getBigUint64(40, true)).toBe(flags ?? 0n);
    expect([x0, v.vcpuOf(v.vcpu).arch.mpState]).toEqual([0xfffffffffffffffan, 5]);
  });

  test("SYSTEM_SUSPEND by leave, which stops nothing", async () => {
    const v = guest();
    expect((await call(v, 0xc400000e))[0]).toBe(NOT_SUPPORTED);
    v.enableCap(KVM_CAP_ARM_SYSTEM_SUSPEND);
    expect((await call(v, 0xc400000e, 0x1234))[0]).toBe(0xc400000en);
    const { run, arch } = v.vcpuOf(v.vcpu);
    expect([run.getUint32(8, true), run.getUint32(32, true), arch.mpState]).toEqual([EXIT.systemEvent, 5, 0]);
  });

  test("random numbers come in as many bits as are asked for", async () => {
    const v = guest();
    expect((await call(v, 0xc4000053, 193))[0]).toBe(0xfffffffffffffffen);
    const [ok, high, middle, low] = await call(v, 0xc4000053, 100);
    expect([ok, high]).toEqual([0n, 0n]);
    expect(middle).toBeLessThan(1n << 36n);
    expect(low).toBeGreaterThan(0n);
    expect(await call(v, 0x84000052)).toEqual([0x00e0210dn, 0xeb118443n, 0x44527080n, 0x4c5a4e55n]);
  });

  test("stolen time lies where user space has put it", async () => {
    const v = guest();
    expect((await call(v, 0xc5000020, 0xc5000021))[0]).toBe(NOT_SUPPORTED);
    expect(v.attr("KVM_SET_DEVICE_ATTR", 2, 0, v.put(BigInt(DATA)))).toBe(0);
    expect((await call(v, 0xc5000020, 0xc5000021))[0]).toBe(0n);
    expect((await call(v, 0xc5000021))[0]).toBe(BigInt(DATA));
  });

  test("the clock of the host, with the guest's counter", async () => {
    const [high, low, cyclesHigh, cyclesLow] = (await call(guest(), 0x86000001)) as [bigint, bigint, bigint, bigint];
    expect(Math.abs(Number(((high << 32n) | low) / 1_000_000n) - Date.now())).toBeLessThan(10_000);
    expect((cyclesHigh << 32n) | cyclesLow).toBeGreaterThan(0n);
  });

  test.each(KERNELS)("%s: KVM makes itself known, except to guests of the series", async (kernel) => {
    const seed = kernel === "seed-v10";
    const none = [NOT_SUPPORTED, 0n, 0n, 0n];
    expect(await call(guest(kernel), 0x8600ff01)).toEqual(
      seed ? none : [0xb66fb428n, 0xe911c52en, 0x564bcaa9n, 0x743a004dn],
    );
    expect((await call(guest(kernel), 0x86000000))[0]).toBe(seed ? NOT_SUPPORTED : 3n);
    expect((await call(guest(kernel), 0x86000001))[0] === NOT_SUPPORTED).toBe(seed);
  });

  test("a vCPU that user space has suspended is on, one that is stopped is off", async () => {
    const v = guest();
    const other = v.addVcpu(1, { features: FEATURE.psci });
    const affinityInfo = async (state: number) => {
      v.call(other, "KVM_SET_MP_STATE", kvm_mp_state, { mp_state: state });
      return (await call(v, 0xc4000004, 1))[0];
    };
    expect([await affinityInfo(0), await affinityInfo(10), await affinityInfo(5)]).toEqual([0n, 0n, 1n]);
  });

  test("SMC is a call from 6.4 on", async () => {
    for (const [kernel, answer] of [
      ["6.1", NOT_SUPPORTED],
      ["6.12", 0x10001n],
    ] as const) {
      const v = guest(kernel);
      v.load("mov x0, #0x84000000; smc #0; str x0, [x21]; mov x0, #0; smc #1; str x0, [x21]; b .");
      expect([await v.said(), await v.said()]).toEqual([answer, NOT_SUPPORTED]);
    }
  });
});

describe("waiting", () => {
  /** A vCPU whose virtual timer has fired, in a VM without VGIC, so that it interrupts nobody. */
  function withTimer(): GuestVmm {
    const v = new GuestVmm();
    v.load("b .");
    v.set(KVM_REG_ARM_TIMER_CVAL, 0n);
    v.set(KVM_REG_ARM_TIMER_CTL, 1n);
    return v;
  }

  test("a timer that is no interrupt ends no suspension, and keeps nobody else waiting", async () => {
    const v = withTimer();
    v.call(v.vcpu, "KVM_SET_MP_STATE", kvm_mp_state, { mp_state: 10 });
    const running = v.run();
    await pause(5);
    v.task.signal();
    expect(await running).toEqual({ ret: "EINTR", reason: EXIT.intr });
  });

  test("immediate_exit tells nothing of the timers", async () => {
    const v = withTimer();
    const { run } = v.vcpuOf(v.vcpu);
    const level = kvm_run.offsetof("s.regs.device_irq_level");
    run.setUint8(1, 1);
    expect(await v.run()).toMatchObject({ ret: "EINTR" });
    expect(run.getBigUint64(level, true)).toBe(0n);
    run.setUint8(1, 0);
    expect(await v.run()).toEqual({ ret: "EINTR", reason: EXIT.intr });
    expect(run.getBigUint64(level, true)).toBe(1n);
  });
});

describe("other exits", () => {
  test("an access without syndrome, by leave", async () => {
    const v = new GuestVmm();
    v.load("ldp x1, x2, [x21]; b .");
    expect(await v.run()).toEqual({ ret: "ENOSYS", reason: EXIT.unknown });
    v.enableCap(KVM_CAP_ARM_NISV_TO_USER);
    expect(await v.run()).toEqual({ ret: 0, reason: EXIT.nisv });
    const { run } = v.vcpuOf(v.vcpu);
    expect([run.getBigUint64(32, true), run.getBigUint64(40, true)]).toEqual([6n, BigInt(PORT)]);
  });

  test("an external abort that user space sets in place of an MMIO's answer", async () => {
    const v = new GuestVmm();
    v.load("ldr x1, [x21]; b .");
    v.code("mrs x0, esr_el1; str w0, [x21, #4]; b .", VECTORS + 0x200);
    expect(await v.run()).toMatchObject({ port: 0 });
    const events = { exception: { ...kvm_vcpu_events.zero().exception, ext_dabt_pending: 1 } };
    v.call(v.vcpu, "KVM_SET_VCPU_EVENTS", kvm_vcpu_events, events);
    expect(await v.run()).toMatchObject({ port: 4, value: 0x96000010n });
    expect([v.reg("elr_el1"), v.reg("x1")]).toEqual([BigInt(RAM), 0n]);
  });

  test("a call that the filter gives to user space", async () => {
    const v = new GuestVmm("6.12", { features: FEATURE.psci });
    const filter = v.map(1);
    v.write(filter, kvm_smccc_filter.encode({ base: 0x84000008, nr_functions: 1, action: 2 }));
    expect(v.attr("KVM_SET_DEVICE_ATTR", 0, 0, filter, v.vm)).toBe(0);
    v.load("mov w0, #0x84000008; hvc #0; str w0, [x21]; b .");
    expect(await v.run()).toEqual({ ret: 0, reason: EXIT.hypercall });
    const { run } = v.vcpuOf(v.vcpu);
    expect([run.getBigUint64(32, true), v.reg("pc")]).toEqual([0x84000008n, BigInt(RAM + 12)]);
    v.setReg("x0", 42n);
    expect(await v.said()).toBe(42n);
  });

  test("with SVE, vectors are the lowest part of the Z registers, and an instruction of SVE is undefined", async () => {
    const v = new GuestVmm("6.12", { features: FEATURE.sve });
    expect(v.finalize()).toBe(0);
    v.load(
      "mov x0, #0x330000; msr cpacr_el1, x0; isb; fmov x0, d3; str x0, [x21]; fmov d4, x21; .word 0x2518e3e0; b .",
    );
    v.code("mrs x0, esr_el1; str w0, [x21]; b .", VECTORS + 0x200);
    const z3 = v.kvm.vcpus[0]?.arch.sve?.registers?.subarray(3 * 256, 4 * 256) as Uint8Array;
    z3.set([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await v.said()).toBe(0x0807060504030201n);
    expect(await v.said()).toBe(0x02000000n);
    v.mpState();
    expect(v.kvm.vcpus[0]?.arch.sve?.registers?.subarray(4 * 256, 4 * 256 + 4)).toEqual(Uint8Array.of(0, 0, 0, 9));
  });

  test("pointer authentication is there for those who asked for it", async () => {
    for (const [features, answer] of [
      [0, 0x02000000n],
      [FEATURE.ptrauth, 1n],
    ] as const) {
      const v = new GuestVmm("6.12", { features });
      v.load("mov x1, #1; mov x0, #0; msr apiakeylo_el1, x1; mrs x0, apiakeylo_el1; str w0, [x21]; b .");
      v.code("mrs x0, esr_el1; str w0, [x21]; b .", VECTORS + 0x200);
      expect(await v.said()).toBe(answer);
    }
  });

  test("coalesced writes wait in the ring", async () => {
    const v = new GuestVmm();
    v.call(v.vm, "KVM_REGISTER_COALESCED_MMIO", kvm_coalesced_mmio_zone, {
      addr: BigInt(PORT + 0x100),
      size: 4,
      pio: 0,
    });
    v.load("mov w0, #7; str w0, [x21, #0x100]; str w0, [x21]; b .");
    expect(await v.run()).toMatchObject({ port: 0, value: 7n });
    const ring = v.host.memory.frame(v.kvm.coalescedMmio?.ringPfn as number);
    expect(new DataView(ring.buffer, ring.byteOffset).getUint32(4, true)).toBe(1);
  });

  test("single steps, and a breakpoint of user space's", async () => {
    const v = new GuestVmm();
    v.load("mov x0, #1; mov x0, #2; brk #7; b .");
    const debug = (control: number) =>
      v.call(v.vcpu, "KVM_SET_GUEST_DEBUG", kvm_guest_debug, { ...kvm_guest_debug.zero(), control });
    debug(3);
    for (const n of [1, 2]) {
      expect(await v.run()).toEqual({ ret: 0, reason: EXIT.debug });
      expect([v.reg("pc"), v.reg("x0")]).toEqual([BigInt(RAM + 4 * n), BigInt(n)]);
    }
    debug(0x10001);
    expect(await v.run()).toEqual({ ret: 0, reason: EXIT.debug });
    expect(v.vcpuOf(v.vcpu).run.getUint32(32, true)).toBe(0xf2000007);
  });

  test("breakpoints and watchpoints of the hardware, which leave the guest's own alone", async () => {
    const v = new GuestVmm();
    v.load("mov x0, #1; mov x0, #2; str x0, [x22, #8]; mrs x1, mdscr_el1; mrs x2, s2_0_c0_c0_5; str w0, [x21]; b .");
    const debug = kvm_guest_debug.zero();
    debug.control = 1 | (1 << 17);
    debug.arch.dbg_bvr[0] = BigInt(RAM + 4);
    debug.arch.dbg_bcr[0] = 0x1e7n;
    debug.arch.dbg_wvr[0] = BigInt(DATA + 8);
    debug.arch.dbg_wcr[0] = 0x1ff7n;
    const set = () => v.call(v.vcpu, "KVM_SET_GUEST_DEBUG", kvm_guest_debug, debug);
    const { run } = v.vcpuOf(v.vcpu);
    set();
    expect(await v.run()).toEqual({ ret: 0, reason: EXIT.debug });
    expect([run.getUint32(32, true) >>> 26, v.reg("pc")]).toEqual([0x30, BigInt(RAM + 4)]);
    debug.arch.dbg_bcr[0] = 0n;
    set();
    expect(await v.run()).toEqual({ ret: 0, reason: EXIT.debug });
    expect([run.getUint32(32, true) >>> 26, run.getBigUint64(40, true)]).toEqual([0x34, BigInt(DATA + 8)]);
    debug.control = 0;
    set();
    expect(await v.said()).toBe(2n);
    expect([v.reg("x1"), v.reg("x2"), word(v, DATA + 8)]).toEqual([0n, 0n, 2n]);
  });

  test("a watchpoint where there is no memory: the abort comes first", async () => {
    const v = new GuestVmm();
    v.load("str w0, [x21]; str w0, [x21, #8]; b .");
    const debug = kvm_guest_debug.zero();
    debug.control = 1 | (1 << 17);
    debug.arch.dbg_wvr[0] = BigInt(PORT);
    debug.arch.dbg_wcr[0] = 0x1ff7n;
    v.call(v.vcpu, "KVM_SET_GUEST_DEBUG", kvm_guest_debug, debug);
    expect(await v.run()).toMatchObject({ reason: EXIT.mmio, port: 0 });
    expect(await v.run()).toMatchObject({ reason: EXIT.mmio, port: 8 });
  });
});
