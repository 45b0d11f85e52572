import { beforeEach, describe, expect, test } from "vitest";
import { EFD_NONBLOCK, EFD_SEMAPHORE } from "../../../server/abi/eventfd.ts";
import {
  KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY as CCW,
  KVM_IOEVENTFD_FLAG_DATAMATCH as DATAMATCH,
  KVM_IRQFD_FLAG_DEASSIGN as DEASSIGN,
  KVM_IOEVENTFD_FLAG_DEASSIGN as IO_DEASSIGN,
  KVM_IRQ_ROUTING_IRQCHIP,
  kvm_coalesced_mmio_zone,
  kvm_ioeventfd,
  kvm_irq_routing,
  kvm_irq_routing_entry,
  kvm_irqfd,
  KVM_IOEVENTFD_FLAG_PIO as PIO,
  KVM_IRQFD_FLAG_RESAMPLE as RESAMPLE,
} from "../../../server/abi/kvm.ts";
import { KVM_DEV_ARM_VGIC_GRP_DIST_REGS, KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO } from "../../../server/abi/kvm_arm64.ts";
import { requestOf } from "../../../server/abi/kvm_ioctl.ts";
import type { KernelName } from "../../../server/abi/versions.ts";
import type { EventfdFile } from "../../../server/kernel/fs/eventfd.ts";
import { kvmNotifyAckedIrq } from "../../../server/kernel/kvm/eventfd.ts";
import { KVM_FAST_MMIO_BUS, KVM_MMIO_BUS, KVM_PIO_BUS } from "../../../server/kernel/kvm/io_bus.ts";
import type { KvmVcpu } from "../../../server/kernel/kvm/kvm_host.ts";
import { sysEventfd2, sysIoctl } from "../../../server/kernel/syscalls.ts";
import { VgicVmm } from "./vgic/vgic_vmm.ts";
import { bootHost, NOWHERE, said } from "./vmm.ts";

let vmm: VgicVmm;
let dev: number;

function boot(kernel: KernelName = "6.12"): void {
  vmm = new VgicVmm(kernel);
  vmm.addVcpus(0);
  dev = vmm.readyVgic();
}
beforeEach(() => boot());

const eventfd = (count = 0, flags = EFD_NONBLOCK) => sysEventfd2(vmm.task, count, flags);
const ctxOf = (fd: number) => (vmm.task.files.lookup(fd) as EventfdFile).ctx;
const irqfd = (fd: number, gsi: number, flags = 0, resamplefd = 0, by = vmm) =>
  said(by.call(by.vm, "KVM_IRQFD", kvm_irqfd, { fd: fd >>> 0, gsi, flags, resamplefd: resamplefd >>> 0 }));
const ioeventfd = (fd: number, addr: bigint, len: number, flags = 0, datamatch = 0n) =>
  said(vmm.call(vmm.vm, "KVM_IOEVENTFD", kvm_ioeventfd, { fd, addr, len, flags, datamatch }));

/** GICD_ISPENDR1: what is pending of SPI 32 to 63, latched; and the levels of their lines. */
const pending = () => Number(vmm.get(dev, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0x204));
const levels = () => Number(vmm.get(dev, KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO, 32));
/** GICD_ICFGR2: makes SPI 32 to 47 levels. */
const makeLevels = () => vmm.set(dev, KVM_DEV_ARM_VGIC_GRP_DIST_REGS, 0xc08, 0);

describe("an irqfd", () => {
  test("raises an edge at every signal and takes the counter", () => {
    const fd = eventfd();
    expect(irqfd(fd, 5)).toBe(0);
    ctxOf(fd).signal(3n);
    expect([pending(), ctxOf(fd).count]).toEqual([1 << 5, 0n]);
  });

  test("raises at once what was signalled before, and leaves the counter", () => {
    const fd = eventfd(2);
    irqfd(fd, 5);
    expect([pending(), ctxOf(fd).count]).toEqual([1 << 5, 2n]);
  });

  test("no longer raises anything after deassigning, which empties the counter", () => {
    const fd = eventfd(1);
    irqfd(fd, 5);
    expect(irqfd(fd, 5, DEASSIGN)).toBe(0);
    expect(ctxOf(fd).count).toBe(0n);
    ctxOf(fd).signal(1n);
    expect([pending(), ctxOf(fd).count]).toEqual([1 << 5, 1n]);
  });

  test("takes one at a time from a semaphore", () => {
    const fd = eventfd(0, EFD_NONBLOCK | EFD_SEMAPHORE);
    irqfd(fd, 5);
    ctxOf(fd).signal(3n);
    expect(ctxOf(fd).count).toBe(2n);
  });

  test("follows the routing table, also one that comes later", () => {
    const fd = eventfd();
    irqfd(fd, 5);
    const table = vmm.map(1);
    vmm.write(table, kvm_irq_routing.encode({ nr: 1, flags: 0 }));
    const u = { irqchip: { irqchip: 0, pin: 7 } };
    const entry = kvm_irq_routing_entry.encode({ gsi: 5, type: KVM_IRQ_ROUTING_IRQCHIP, flags: 0, u });
    vmm.write(table + 8n, entry);
    expect(vmm.ioctl(vmm.vm, "KVM_SET_GSI_ROUTING", table)).toBe(0);
    ctxOf(fd).signal(1n);
    expect(pending()).toBe(1 << 7);
  });

  test("with a resampler holds a level until the guest ends it, and tells user space then", () => {
    makeLevels();
    const [fd, resample, other] = [eventfd(), eventfd(), eventfd()];
    expect(irqfd(fd, 5, RESAMPLE, resample)).toBe(0);
    expect(irqfd(other, 5, RESAMPLE, resample)).toBe(0);
    ctxOf(fd).signal(1n);
    expect(levels()).toBe(1 << 5);
    kvmNotifyAckedIrq(vmm.kvm, 0, 5);
    expect([levels(), ctxOf(resample).count]).toEqual([0, 2n]);
  });

  test("of the last resampler to go lowers the line", () => {
    makeLevels();
    const [fd, other, resample] = [eventfd(), eventfd(), eventfd()];
    irqfd(fd, 5, RESAMPLE, resample);
    irqfd(other, 5, RESAMPLE, resample);
    ctxOf(fd).signal(1n);
    irqfd(fd, 5, DEASSIGN);
    expect(levels()).toBe(1 << 5);
    irqfd(other, 5, DEASSIGN);
    expect(levels()).toBe(0);
  });

  test("goes with the eventfd's last descriptor, and with the VM's", () => {
    const [fd, kept] = [eventfd(), eventfd()];
    irqfd(fd, 5);
    irqfd(kept, 6);
    const ctx = ctxOf(fd);
    const { kvm } = vmm;
    vmm.close(fd);
    expect([ctx.watched, kvm.eventfds.irqfds.length]).toEqual([false, 1]);
    vmm.close(vmm.vm);
    expect([ctxOf(kept).watched, kvm.eventfds.irqfds.length]).toEqual([false, 0]);
  });

  test.each<[KernelName, string | number, number]>([
    ["6.12", 0, 0],
    ["7.1", "EBUSY", 1 << 5],
  ])("under %s a second VM's on the same eventfd is %s", (kernel, answer, pendingAfter) => {
    boot(kernel);
    const other = new VgicVmm(kernel, vmm.host);
    other.addVcpus(0);
    other.readyVgic();
    const fd = eventfd();
    const inOther = other.task.files.allocFd((vmm.task.files.lookup(fd) as EventfdFile).get());
    irqfd(fd, 5);
    expect(irqfd(inOther, 5, 0, 0, other)).toBe(answer);
    // The last one to come takes the signal alone.
    ctxOf(fd).signal(1n);
    expect(pending()).toBe(pendingAfter);
  });

  test.each<[string, (fd: number) => string | number, string]>([
    ["argument, flags", () => said(vmm.ioctl(vmm.vm, "KVM_IRQFD", NOWHERE)), "EFAULT"],
    ["flags, descriptor", () => irqfd(-1, 5, 4), "EINVAL"],
    ["descriptor, resample descriptor", () => irqfd(-1, 5, RESAMPLE, vmm.vm), "EBADF"],
    ["kind of descriptor, resample descriptor", () => irqfd(vmm.vm, 5, RESAMPLE, -1), "EINVAL"],
    ["resample descriptor, taken", (fd) => [irqfd(fd, 5), irqfd(fd, 5, RESAMPLE, -1)][1] as string, "EBADF"],
    ["taken", (fd) => [irqfd(fd, 5), irqfd(fd, 6)][1] as string, "EBUSY"],
  ])("checks in order: %s", (_, act, errno) => {
    expect(act(eventfd())).toBe(errno);
  });

  test("needs an initialized VGIC before it looks at the descriptor", () => {
    const other = new VgicVmm();
    expect(irqfd(-1, 5, 0, 0, other)).toBe("EAGAIN");
    other.createDevice();
    expect(irqfd(-1, 5, 0, 0, other)).toBe("EAGAIN");
    expect(irqfd(-1, 5, DEASSIGN, 0, other)).toBe("EBADF");
  });
});

describe("an ioeventfd", () => {
  const bytes = (value: bigint, length: number) =>
    Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
  /** What the guest's write does: 0 where an ioeventfd took it. */
  const guestWrites = (addr: bigint, value: bigint, length: number, bus = KVM_MMIO_BUS) =>
    said(vmm.kvm.buses.get(bus).write(vmm.kvm.vcpus[0] as KvmVcpu, addr, bytes(value, length)));

  test.each<[string, number, number, bigint, bigint, bigint, number, string | number]>([
    // len, flags, datamatch; the guest's address, value, length; what becomes of it
    ["a wildcard takes any value", 4, 0, 5n, 0x9000n, 1n, 4, 0],
    ["another length", 4, 0, 0n, 0x9000n, 1n, 2, "EOPNOTSUPP"],
    ["another address", 4, 0, 0n, 0x9004n, 1n, 4, "EOPNOTSUPP"],
    ["the value", 4, DATAMATCH, 5n, 0x9000n, 5n, 4, 0],
    ["another value", 4, DATAMATCH, 5n, 0x9000n, 6n, 4, "EOPNOTSUPP"],
    ["a match wider than the write", 4, DATAMATCH, 0x1_0000_0005n, 0x9000n, 5n, 4, "EOPNOTSUPP"],
    ["eight bytes", 8, DATAMATCH, 0xffff_ffff_ffff_ffffn, 0x9000n, 0xffff_ffff_ffff_ffffn, 8, 0],
    ["no length takes any", 0, 0, 0n, 0x9000n, 6n, 1, 0],
  ])("%s", (_, len, flags, datamatch, addr, value, length, answer) => {
    const fd = eventfd();
    expect(ioeventfd(fd, 0x9000n, len, flags, datamatch)).toBe(0);
    expect(guestWrites(addr, value, length)).toBe(answer);
    expect(ctxOf(fd).count).toBe(answer === 0 ? 1n : 0n);
  });

  test("without a length is on the fast MMIO bus too, and leaves both", () => {
    const fd = eventfd();
    ioeventfd(fd, 0x9000n, 0);
    expect(guestWrites(0x9000n, 1n, 4, KVM_FAST_MMIO_BUS)).toBe(0);
    expect(ioeventfd(fd, 0x9000n, 0, IO_DEASSIGN)).toBe(0);
    expect(guestWrites(0x9000n, 1n, 4, KVM_FAST_MMIO_BUS)).toBe("EOPNOTSUPP");
    expect(guestWrites(0x9000n, 1n, 4)).toBe("EOPNOTSUPP");
  });

  test("keeps the counter alive after its descriptor is closed", () => {
    const fd = eventfd();
    const ctx = ctxOf(fd);
    ioeventfd(fd, 0x9000n, 4);
    vmm.close(fd);
    guestWrites(0x9000n, 1n, 4);
    expect(ctx.count).toBe(1n);
  });

  test.each<[string, bigint, number, number, bigint, boolean, string | number]>([
    ["the same", 0x9000n, 4, DATAMATCH, 5n, true, 0],
    ["another eventfd", 0x9000n, 4, DATAMATCH, 5n, false, "ENOENT"],
    ["another address", 0x9004n, 4, DATAMATCH, 5n, true, "ENOENT"],
    ["another length", 0x9000n, 2, DATAMATCH, 5n, true, "ENOENT"],
    ["another match", 0x9000n, 4, DATAMATCH, 6n, true, "ENOENT"],
    ["no match", 0x9000n, 4, 0, 5n, true, "ENOENT"],
    ["another bus", 0x9000n, 4, DATAMATCH | PIO, 5n, true, "ENOENT"],
    ["unknown flags besides", 0x9000n, 4, DATAMATCH | 0x8000, 5n, true, 0],
    ["a length that cannot be", 0x9000n, 3, DATAMATCH, 5n, true, "ENOENT"],
  ])("is deassigned by %s", (_, addr, len, flags, datamatch, same, answer) => {
    const [fd, other] = [eventfd(), eventfd()];
    ioeventfd(fd, 0x9000n, 4, DATAMATCH, 5n);
    expect(ioeventfd(same ? fd : other, addr, len, flags | IO_DEASSIGN, datamatch)).toBe(answer);
    expect(guestWrites(0x9000n, 5n, 4)).toBe(answer === 0 ? "EOPNOTSUPP" : 0);
  });

  test.each<[string, () => string | number, string]>([
    ["argument", () => said(vmm.ioctl(vmm.vm, "KVM_IOEVENTFD", NOWHERE)), "EFAULT"],
    ["length, range", () => ioeventfd(-1, 0xffff_ffff_ffff_ffffn, 3, 0x20), "EINVAL"],
    ["flags, descriptor", () => ioeventfd(-1, 0n, 4, 0x20), "EINVAL"],
    ["no length, descriptor", () => ioeventfd(-1, 0n, 0, DATAMATCH), "EINVAL"],
    ["descriptor, collision", () => [ioeventfd(eventfd(), 0n, 4), ioeventfd(-1, 0n, 4)][1] as string, "EBADF"],
    [
      "kind of descriptor, collision",
      () => [ioeventfd(eventfd(), 0n, 4), ioeventfd(vmm.vm, 0n, 4)][1] as string,
      "EINVAL",
    ],
    ["collision", () => [ioeventfd(eventfd(), 0n, 4), ioeventfd(eventfd(), 0n, 4)][1] as string, "EEXIST"],
    ["deassign: descriptor, match", () => ioeventfd(-1, 0n, 4, IO_DEASSIGN), "EBADF"],
  ])("checks in order: %s", (_, act, errno) => {
    expect(act()).toBe(errno);
  });

  test("PIO wins over CCW, and a bus of one's own collides with none", () => {
    const fd = eventfd();
    expect([ioeventfd(fd, 0n, 4), ioeventfd(fd, 0n, 4, PIO), ioeventfd(fd, 0n, 4, CCW)]).toEqual([0, 0, 0]);
    expect(ioeventfd(fd, 0n, 4, PIO | CCW)).toBe("EEXIST");
    expect(guestWrites(0n, 1n, 4, KVM_PIO_BUS)).toBe(0);
  });
});

test("a bus takes 1000 devices, among which ioeventfds do not count", () => {
  const zone = (addr: number, pio = 0) =>
    said(
      vmm.call(vmm.vm, "KVM_REGISTER_COALESCED_MMIO", kvm_coalesced_mmio_zone, { addr: BigInt(addr), size: 4, pio }),
    );
  const fd = eventfd();
  for (let i = 0; i < 20; i++) expect(ioeventfd(fd, BigInt(i) * 8n, 4)).toBe(0);
  // The distributor waits for the first run; the one redistributor is there.
  for (let i = 0; i < 999; i++) expect(zone(0x10000 + 8 * i)).toBe(0);
  expect(zone(0)).toBe("ENOSPC");
  expect(ioeventfd(fd, 0x8000n, 4)).toBe("ENOSPC");
  expect(zone(0, 1)).toBe(0);
});

test("another address space can use none of them", () => {
  const child = bootHost().spawn("6.12");
  expect(said(sysIoctl(child, 0, requestOf("KVM_IRQFD"), 0n) as number)).toBe("EBADF");
  const fork = vmm.task.fork();
  expect(typeof fork === "number" || said(sysIoctl(fork, vmm.vm, requestOf("KVM_IRQFD"), 0n) as number)).toBe("EIO");
});
