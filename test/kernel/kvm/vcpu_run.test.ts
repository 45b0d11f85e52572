/** KVM_RUN up to the guest: its checks in order, sleeping and waking, and what the next call completes. */

import { describe, expect, test } from "vitest";
import {
  KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
  KVM_MEM_LOG_DIRTY_PAGES,
  kvm_create_device,
  kvm_device_attr,
  kvm_dirty_gfn,
} from "../../../server/abi/kvm.ts";
import { kvm_vcpu_events, kvm_vcpu_init } from "../../../server/abi/kvm_arm64.ts";
import { requestOf } from "../../../server/abi/kvm_ioctl.ts";
import { CORE_REGS, sysRegId } from "../../../server/abi/kvm_reg.ts";
import { SYSREG } from "../../../server/abi/sysreg.ts";
import type { KvmVcpu } from "../../../server/kernel/kvm/kvm_host.ts";
import { userMemAbort } from "../../../server/kernel/kvm/mmu.ts";
import { REG_PSTATE } from "../../../server/kernel/kvm/regs.ts";
import { sysIoctl } from "../../../server/kernel/syscalls.ts";
import { FEATURE, KERNELS, VcpuVmm } from "./vcpu_vmm.ts";
import { said, Vmm } from "./vmm.ts";

const { x1, pc, pstate, elr_el1 } = CORE_REGS as Record<"x1" | "pc" | "pstate" | "elr_el1", bigint>;
const EXIT = { unknown: 0, mmio: 6, failEntry: 9, intr: 10, systemEvent: 24, dirtyRingFull: 31 };
const STOPPED = 5;
const SUSPENDED = 10;

const run = (v: VcpuVmm, arg = 0n) => said(v.ioctl(v.vcpu, "KVM_RUN", arg));
const start = (v: VcpuVmm, task = v.task) => sysIoctl(task, v.vcpu, requestOf("KVM_RUN"), 0n);

function withVgic(v: VcpuVmm): number {
  expect(v.call(v.vm, "KVM_CREATE_DEVICE", kvm_create_device, { type: 7, fd: 0, flags: 0 })).toBe(0);
  return v.result(kvm_create_device).fd;
}

function vgicAttr(v: VcpuVmm, device: number, group: number, attr: number, value = 0n): void {
  const addr = v.put(value);
  const ret = v.call(device, "KVM_SET_DEVICE_ATTR", kvm_device_attr, { flags: 0, group, attr: BigInt(attr), addr });
  expect(said(ret)).toBe(0);
}

test.each(["6.12", "7.1"] as const)("on %s a full dirty ring ends it until the ring is reset", async (kernel) => {
  const v = new Vmm(kernel);
  const pages = 256;
  expect(v.enableCap(KVM_CAP_DIRTY_LOG_RING_ACQ_REL, BigInt(pages * kvm_dirty_gfn.size))).toBe(0);
  const fd = v.ioctl(v.vm, "KVM_CREATE_VCPU", 0n);
  const memory = v.map(pages);
  expect(v.setSlot(0, 0, pages, memory, KVM_MEM_LOG_DIRTY_PAGES)).toBe(0);
  v.call(fd, "KVM_ARM_VCPU_INIT", kvm_vcpu_init, { target: 5 });
  const vcpu = v.kvm.vcpus[0] as KvmVcpu;
  // The guest does nothing but str w0, [x1] to where no slot is.
  v.write(memory, new Uint8Array(Uint32Array.from({ length: 8 }, () => 0xb9000020).buffer));
  vcpu.arch.regs.setBigUint64(8, 0x9000000n, true);
  const write = (page: number) => userMemAbort(v.kvm, vcpu, page * 4096, true);
  const enter = async () => [said(await sysIoctl(v.task, fd, requestOf("KVM_RUN"), 0n)), vcpu.run.getUint32(8, true)];
  for (let page = 0; page < pages - 65; page++) expect(write(page)).toBe(0);
  expect(await enter()).toEqual([0, EXIT.mmio]);
  expect(write(pages - 65)).toBe(0);
  expect(await enter()).toEqual([0, EXIT.dirtyRingFull]);
  const entry = v.kvm.host.memory.frameOffset(vcpu.dirtyRing?.pfns[0] as number);
  v.kvm.host.memory.bytes[entry] = 2;
  expect(v.ioctl(v.vm, "KVM_RESET_DIRTY_RINGS")).toBe(1);
  expect(await enter()).toEqual([0, EXIT.mmio]);
});

describe.each(KERNELS)("%s", (kernel) => {
  const vmm = (features = 0) => {
    const v = new VcpuVmm(kernel);
    v.init(features);
    return v;
  };
  const old = kernel === "seed-v10" || kernel === "5.14";

  test("the argument, then initialization, then immediate_exit", () => {
    const v = new VcpuVmm(kernel);
    v.state().run.setUint8(1, 1);
    expect(run(v, 1n)).toBe("EINVAL");
    expect(run(v)).toBe("ENOEXEC");
    v.init(0);
    v.state().run.setUint32(8, 99, true);
    expect([run(v), v.exitReason]).toEqual(["EINTR", 99]);
  });

  test("a guest of AArch32 cannot be entered", () => {
    const v = vmm();
    v.state().run.setUint16(14, 1, true);
    v.state().arch.regs.setBigUint64(REG_PSTATE, 0x10n, true);
    expect([run(v), v.exitReason]).toEqual([0, EXIT.failEntry]);
    expect(v.state().run.getBigUint64(32, true)).toBe(1n);
    expect(v.state().run.getUint16(14, true)).toBe(old ? 1 : 0);
  });

  test("a signal that is pending ends it, and tells so", () => {
    const v = vmm();
    v.task.signal();
    expect([run(v), v.exitReason]).toEqual(["EINTR", EXIT.intr]);
  });

  test.each(["thread", "process"])("a stopped vCPU sleeps until a signal comes to its %s", async (receiver) => {
    const v = vmm(FEATURE.psci | FEATURE.powerOff);
    const thread = v.task.thread();
    const running = start(v, thread);
    expect(typeof running).not.toBe("number");
    // The vCPU's other ioctls wait for KVM_RUN.
    const other = sysIoctl(v.task, v.vcpu, requestOf("KVM_GET_MP_STATE"), v.put(0n));
    (receiver === "thread" ? thread : v.task).signal();
    expect(said(await running)).toBe("EINTR");
    expect([await other, v.taken(4), v.exitReason]).toEqual([0, BigInt(STOPPED), EXIT.intr]);
  });

  test("a stopped vCPU that is turned on by another one runs", async () => {
    const v = vmm(FEATURE.psci | FEATURE.powerOff);
    const running = start(v);
    const { arch } = v.state();
    arch.resetState = { pc: 0x8000n, r0: 0n, bigEndian: false };
    arch.mpState = 0;
    arch.wake?.();
    // There is no memory: the guest takes an abort of its first instruction, and then of its vector.
    while (v.state().stat.exits < 5) await new Promise(setImmediate);
    v.task.signal();
    expect([said(await running), v.exitReason, v.get(pc)]).toEqual(["EINTR", EXIT.intr, 0x200n]);
  });

  test("waking a vCPU that stays stopped does nothing", async () => {
    const v = vmm(FEATURE.psci | FEATURE.powerOff);
    const running = start(v);
    v.state().arch.wake?.();
    await Promise.resolve();
    v.task.signal();
    expect(said(await running)).toBe("EINTR");
  });

  test("a VGICv3 that is not set up", () => {
    const v = vmm();
    withVgic(v);
    expect(run(v)).toBe("ENXIO");
    // Before 6.1 the failed run counts, and the checks are not made again.
    expect(v.enter()).toBe(old ? "EINTR" : "EIO");
    expect(v.get(pc)).toBe(old ? 0n : "EIO");
  });

  test("timers that share an interrupt", () => {
    const v = vmm();
    const device = withVgic(v);
    vgicAttr(v, device, 0, 2, 0x8000000n);
    vgicAttr(v, device, 0, 3, 0x80a0000n);
    vgicAttr(v, device, 4, 0);
    expect(v.attr("KVM_SET_DEVICE_ATTR", 1, 0, v.put(30n))).toBe(0);
    expect(run(v)).toBe("EINVAL");
    // One of them has taken the interrupt all the same, before 6.4 the virtual timer: it is the other that must give way.
    const other = kernel === "6.12" || kernel === "7.1" ? 0 : 1;
    expect(v.attr("KVM_SET_DEVICE_ATTR", 1, other, v.put(20n))).toBe(0);
    expect(v.enter()).toBe("EINTR");
    expect(v.attr("KVM_SET_DEVICE_ATTR", 1, 0, v.put(21n))).toBe(old ? 0 : "EBUSY");
  });

  test("a PMU that is not initialized", () => {
    const v = vmm(FEATURE.pmu);
    expect(run(v)).toBe("EINVAL");
    expect(v.attr("KVM_SET_DEVICE_ATTR", 0, 1)).toBe(0);
    expect(v.enter()).toBe("EINTR");
    expect(v.attr("KVM_SET_DEVICE_ATTR", 0, 1)).toBe("EBUSY");
  });

  test("a load gets its value when KVM_RUN is called again, without sign extension", () => {
    const v = vmm();
    const { arch, run: page } = v.state();
    v.set(pc, 0x1000n);
    // LDRSB x1: ISV, SAS byte, SSE, SRT 1, SF.
    arch.fault.esr = 0x93200000 | (1 << 24) | (1 << 16) | (1 << 15);
    arch.mmioNeeded = true;
    page.setUint32(8, EXIT.mmio, true);
    page.setUint8(40, 0xf1);
    page.setUint8(1, 1);
    expect(v.init(0)).toBe(0);
    v.set(pc, 0x1000n);
    expect([v.get(x1), v.get(pc)]).toEqual([0n, 0x1000n]);
    expect([run(v), v.exitReason]).toEqual(["EINTR", EXIT.mmio]);
    expect([v.get(x1), v.get(pc)]).toEqual([0xf1n, 0x1004n]);
    expect(run(v)).toBe("EINTR");
    expect(v.get(pc)).toBe(0x1004n);
  });

  test("an external abort takes the place of a load that waits", () => {
    const v = vmm();
    const { arch, run: page } = v.state();
    v.set(sysRegId(SYSREG.VBAR_EL1), 0x10000n);
    v.set(pc, 0x1000n);
    arch.fault.far = 0xabcn;
    arch.mmioNeeded = true;
    page.setUint32(8, EXIT.mmio, true);
    page.setUint8(1, 1);
    const events = { exception: { ...kvm_vcpu_events.zero().exception, ext_dabt_pending: 1 } };
    expect(v.call(v.vcpu, "KVM_SET_VCPU_EVENTS", kvm_vcpu_events, events)).toBe(0);
    expect(v.get(sysRegId(SYSREG.ESR_EL1))).toBe(kernel === "6.1" ? 0xffffffff94000010n : 0x94000010n);
    expect(v.get(pc)).toBe(0x1000n);
    expect(run(v)).toBe("EINTR");
    expect([v.get(pc), v.get(elr_el1), v.get(sysRegId(SYSREG.FAR_EL1))]).toEqual([0x10200n, 0x1000n, 0xabcn]);
    expect(v.get(pstate)).toBe(0x3c5n);
  });
});

describe("suspended", () => {
  test.each(["6.1", "6.12", "7.1"] as const)(
    "%s: KVM_RUN waits for an interrupt and says what woke it",
    async (kernel) => {
      const v = new VcpuVmm(kernel);
      v.init(0);
      expect(v.setMpState(SUSPENDED)).toBe(0);
      const running = start(v);
      const { arch, run: page } = v.state();
      page.setBigUint64(40, 0xffn, true);
      arch.irqLines = 1;
      arch.wake?.();
      expect([await running, v.exitReason, page.getUint32(32, true), page.getBigUint64(40, true)]).toEqual([
        0,
        EXIT.systemEvent,
        4,
        0n,
      ]);
      expect(v.mpState()).toBe(SUSPENDED);
    },
  );

  test.each(["seed-v10", "5.14"] as const)("%s does not know it", (kernel) => {
    expect(new VcpuVmm(kernel).setMpState(SUSPENDED)).toBe("EINVAL");
  });
});

test("the first run takes the GIC out of the ID registers where there is none", () => {
  const v = new VcpuVmm("6.12");
  v.init(0);
  const gic = () => ((v.get(sysRegId(SYSREG.ID_AA64PFR0_EL1)) as bigint) >> 24n) & 0xfn;
  expect(gic()).toBe(1n);
  v.enter();
  expect(gic()).toBe(0n);
});
