/** Who keeps a VM alive, who may use it, and how the calls on one vCPU wait for each other. */

import { describe, expect, test } from "vitest";
import {
  KVM_DEV_TYPE_ARM_VGIC_ITS,
  KVM_DEV_TYPE_ARM_VGIC_V3,
  KVM_IOEVENTFD_FLAG_DEASSIGN,
  kvm_create_device,
  kvm_device_attr,
  kvm_ioeventfd,
} from "../../../server/abi/kvm.ts";
import { kvm_smccc_filter } from "../../../server/abi/kvm_arm64.ts";
import { type IoctlName, requestOf } from "../../../server/abi/kvm_ioctl.ts";
import { MAP_SHARED, PROT_READ, PROT_WRITE } from "../../../server/abi/mman.ts";
import { PAGE_SIZE } from "../../../server/hw/memory.ts";
import { type Kvm, type KvmVcpu, Mutex } from "../../../server/kernel/kvm/kvm_host.ts";
import { userMemAbort } from "../../../server/kernel/kvm/mmu.ts";
import { CLONE_VM, type Task } from "../../../server/kernel/process.ts";
import { sysClose, sysEventfd2, sysIoctl, sysMmap, sysRead } from "../../../server/kernel/syscalls.ts";
import { bootHost, said, Vmm } from "./vmm.ts";

/** A VM with every kind of descriptor, and whether it was destroyed. */
function openAll() {
  const host = bootHost();
  const vmm = new Vmm("6.12", host);
  const { kvm } = vmm;
  let destroyed = false;
  kvm.onDestroy(() => (destroyed = true));
  const vcpu = vmm.ioctl(vmm.vm, "KVM_CREATE_VCPU", 0n);
  vmm.call(vmm.vm, "KVM_CREATE_DEVICE", kvm_create_device, { type: KVM_DEV_TYPE_ARM_VGIC_V3 });
  const device = vmm.result(kvm_create_device).fd;
  const vmStats = vmm.ioctl(vmm.vm, "KVM_GET_STATS_FD");
  const vcpuStats = vmm.ioctl(vcpu, "KVM_GET_STATS_FD");
  const fds = { vm: vmm.vm, vcpu, device, vmStats, vcpuStats };
  return { vmm, kvm, fds, isDestroyed: () => destroyed };
}

test("the VM lives until the last of its descriptors is closed, whichever that is", () => {
  for (const last of ["vm", "vcpu", "device", "vmStats", "vcpuStats"] as const) {
    const { vmm, fds, isDestroyed } = openAll();
    for (const [name, fd] of Object.entries(fds)) if (name !== last) sysClose(vmm.task, fd);
    expect([last, isDestroyed()]).toEqual([last, false]);
    sysClose(vmm.task, fds[last]);
    expect([last, isDestroyed()]).toEqual([last, true]);
  }
});

test("a mapping of a vCPU keeps its descriptor's file, and with it the VM", () => {
  const { vmm, fds, isDestroyed } = openAll();
  const run = BigInt(sysMmap(vmm.task, 0n, BigInt(PAGE_SIZE), PROT_READ | PROT_WRITE, MAP_SHARED, fds.vcpu, 0n));
  vmm.write(run, new Uint8Array([1]));
  for (const fd of Object.values(fds)) sysClose(vmm.task, fd);
  expect(isDestroyed()).toBe(false);
  expect(vmm.read(run, 1)[0]).toBe(1);
  vmm.task.mm.munmap(Number(run), PAGE_SIZE);
  expect(isDestroyed()).toBe(true);
});

test("everything a VM and its process took comes back", () => {
  const host = bootHost();
  const { free } = host.pages;
  const vmm = new Vmm("6.12", host);
  vmm.enableMte();
  vmm.setSlot(0, 0, 8, vmm.map(8));
  const vcpu = vmm.ioctl(vmm.vm, "KVM_CREATE_VCPU", 0n);
  expect(userMemAbort(vmm.kvm, vmm.kvm.vcpus[0] as KvmVcpu, 0, true)).toBe(0);
  sysMmap(vmm.task, 0n, BigInt(2 * PAGE_SIZE), PROT_READ, MAP_SHARED, vcpu, 0n);
  expect(host.pages.free).toBeLessThan(free);
  vmm.task.exit();
  expect(host.pages.free).toBe(free);
});

describe("what a VM can have any number of, its process pays for", () => {
  const eventfds = new WeakMap<Vmm, number>();
  const ioeventfd = (vmm: Vmm, n: number) => {
    const fd = eventfds.get(vmm) ?? sysEventfd2(vmm.task, 0, 0);
    eventfds.set(vmm, fd);
    return vmm.call(vmm.vm, "KVM_IOEVENTFD", kvm_ioeventfd, { addr: BigInt(8 * n), len: 8, fd });
  };
  const its = (vmm: Vmm) => {
    const ret = vmm.call(vmm.vm, "KVM_CREATE_DEVICE", kvm_create_device, { type: KVM_DEV_TYPE_ARM_VGIC_ITS });
    if (ret === 0) sysClose(vmm.task, vmm.result(kvm_create_device).fd);
    return ret;
  };
  const filters = new WeakMap<Vmm, bigint>();
  const range = (vmm: Vmm, n: number) => {
    const addr = filters.get(vmm) ?? vmm.map(1);
    filters.set(vmm, addr);
    vmm.write(addr, kvm_smccc_filter.encode({ base: n, nr_functions: 1, action: 1 }));
    return vmm.call(vmm.vm, "KVM_SET_DEVICE_ATTR", kvm_device_attr, { attr: 0n, addr });
  };

  test.each([
    ["ioeventfds", ioeventfd],
    ["devices", its],
    ["ranges of the SMCCC filter", range],
  ] as const)("%s", (_name, make) => {
    const host = bootHost();
    const { free } = host.pages;
    const vmm = new Vmm("6.12", host);
    expect(make(vmm, 0)).toBe(0);
    vmm.task.mm.rlimitPages = vmm.task.mm.memcg.usage + 2;
    let n = 1;
    let ret = 0;
    for (; ret === 0; n++) ret = make(vmm, n);
    expect(said(ret)).toBe("ENOMEM");
    expect(n).toBeLessThan(500);
    expect(said(make(vmm, n))).toBe("ENOMEM");
    vmm.task.exit();
    expect(host.pages.free).toBe(free);
  });

  test("an ioeventfd gives it back where it is refused or taken away", () => {
    const vmm = new Vmm("6.12");
    const used = () => vmm.task.mm.memcg.slab.bytes;
    expect(ioeventfd(vmm, 1)).toBe(0);
    const one = used();
    expect(said(ioeventfd(vmm, 1))).toBe("EEXIST");
    expect(used()).toBe(one);
    const fd = eventfds.get(vmm) as number;
    const flags = KVM_IOEVENTFD_FLAG_DEASSIGN;
    expect(vmm.call(vmm.vm, "KVM_IOEVENTFD", kvm_ioeventfd, { addr: 8n, len: 8, fd, flags })).toBe(0);
    expect(used()).toBe(0);
  });
});

test("where KVM_CREATE_VCPU fails, it leaves nothing behind", () => {
  const vmm = new Vmm("6.12");
  vmm.ioctl(vmm.vm, "KVM_CREATE_VCPU", 0n);
  const { free } = vmm.host.pages;
  expect(said(vmm.ioctl(vmm.vm, "KVM_CREATE_VCPU", 0n))).toBe("EEXIST");
  vmm.task.files.limit = 0;
  expect(said(vmm.ioctl(vmm.vm, "KVM_CREATE_VCPU", 1n))).toBe("EMFILE");
  vmm.task.files.limit = 1024;
  expect(vmm.host.pages.free).toBe(free);
  expect(vmm.kvm.createdVcpus).toBe(1);
  expect(vmm.ioctl(vmm.vm, "KVM_CREATE_VCPU", 1n)).toBeGreaterThan(0);
});

test.each([
  ["5.14", "EINVAL"],
  ["6.1", "EMFILE"],
] as const)("%s: KVM_CREATE_VM of a bad type without a free descriptor is %s", (kernel, errno) => {
  const vmm = new Vmm(kernel);
  vmm.task.files.limit = 0;
  expect(said(vmm.ioctl(vmm.dev, "KVM_CREATE_VM", 1n))).toBe(errno);
});

describe("another address space", () => {
  const requests: readonly [keyof ReturnType<typeof openAll>["fds"], IoctlName][] = [
    ["vm", "KVM_CHECK_EXTENSION"],
    ["vcpu", "KVM_SET_SIGNAL_MASK"],
    ["device", "KVM_HAS_DEVICE_ATTR"],
  ];
  test.each(requests)("is EIO on a %s descriptor, and so is a VM that is dead", (name, request) => {
    const { vmm, kvm, fds } = openAll();
    const child = vmm.task.fork() as Task;
    const vforked = vmm.task.fork(CLONE_VM) as Task;
    const ask = (task: Task) => said(vmm.ioctl(fds[name], request, 0n, task));
    expect(ask(child)).toBe("EIO");
    expect(said(vmm.ioctl(fds[name], 0x1234, 0n, child))).toBe("EIO");
    expect(ask(vforked)).not.toBe("EIO");
    kvm.vmDead = true;
    expect(ask(vmm.task)).toBe("EIO");
  });

  test("may read the statistics", () => {
    const { vmm, fds } = openAll();
    const child = vmm.task.fork() as Task;
    expect(sysRead(child, fds.vmStats, BigInt(child.mm.vmas[0]?.start ?? 0), 24n)).toBe(24);
  });
});

describe("calls on one vCPU", () => {
  /** A vCPU whose mutex is held, as it is while KVM_RUN sleeps. */
  async function sleeping() {
    const { vmm, kvm, fds, isDestroyed } = openAll();
    const { mutex } = kvm.vcpus[0] as KvmVcpu;
    await mutex.lockKillable(vmm.task);
    const call = (task = vmm.task, request = requestOf("KVM_SET_SIGNAL_MASK")) => sysIoctl(task, fds.vcpu, request, 0n);
    return { vmm, mutex, call, fds, isDestroyed };
  }

  test("wait for each other in the order in which they came", async () => {
    const { mutex, call } = await sleeping();
    const done: number[] = [];
    const calls = [1, 2, 3].map(async (i) => {
      await call();
      done.push(i);
    });
    await Promise.resolve();
    expect(done).toEqual([]);
    mutex.unlock();
    await Promise.all(calls);
    expect(done).toEqual([1, 2, 3]);
    expect(mutex.locked).toBe(false);
    expect(call()).toBe(0);
  });

  test("do not wait to be told that they are not for KVM, or not for this caller", async () => {
    const { vmm, call } = await sleeping();
    expect(said(call(vmm.task, 0x5401) as number)).toBe("EINVAL");
    expect(said(call(vmm.task.fork() as Task) as number)).toBe("EIO");
    expect(call(vmm.task, 0xaefe)).toBeInstanceOf(Promise);
  });

  test("keep the VM while they sleep, though all descriptors are closed", async () => {
    const { vmm, mutex, call, fds, isDestroyed } = await sleeping();
    const waiting = call();
    for (const fd of Object.values(fds)) sysClose(vmm.task, fd);
    expect(isDestroyed()).toBe(false);
    mutex.unlock();
    expect(await waiting).toBe(0);
    await Promise.resolve();
    expect(isDestroyed()).toBe(true);
  });

  test("go on waiting when a signal comes, and end with EINTR when the process does", async () => {
    const { vmm, mutex, call } = await sleeping();
    const thread = vmm.task.thread();
    const waiting = call(thread);
    thread.signal();
    const other = call(vmm.task.thread());
    await Promise.resolve();
    vmm.task.exit();
    expect([said(await waiting), said(await other)]).toEqual(["EINTR", "EINTR"]);
    mutex.unlock();
    expect(mutex.locked).toBe(false);
  });
});

test("a mutex whose waiter was killed goes to the next one", async () => {
  const { vmm } = openAll();
  const mutex = new Mutex();
  const other = new Vmm("6.12", vmm.host).task;
  await mutex.lockKillable(vmm.task);
  const killed = mutex.lockKillable(other);
  const next = mutex.lockKillable(vmm.task);
  other.exit();
  expect(await killed).toBe(-4);
  const thread = vmm.task.thread();
  const given = mutex.lockKillable(thread);
  thread.signal();
  thread.kill();
  expect(await given).toBe(-4);
  mutex.unlock();
  expect(await next).toBe(0);
  expect(mutex.locked).toBe(true);
});

test("pages that the VMM takes away or copies leave stage 2 at once", () => {
  const vmm = new Vmm("6.12");
  const memory = vmm.map(4);
  vmm.setSlot(0, 0, 4, memory);
  vmm.ioctl(vmm.vm, "KVM_CREATE_VCPU", 0n);
  const { kvm }: { kvm: Kvm } = vmm;
  const map = (page: number) => userMemAbort(kvm, kvm.vcpus[0] as KvmVcpu, page * PAGE_SIZE, true);
  const mapped = () => [0, 1, 2, 3].map((gfn) => kvm.pgt.getLeaf(gfn) !== 0);
  for (const page of [0, 1, 2, 3]) map(page);
  const { generation } = kvm.pgt;
  vmm.task.mm.munmap(Number(memory) + PAGE_SIZE, PAGE_SIZE);
  expect(mapped()).toEqual([true, false, true, true]);
  expect(kvm.pgt.generation).not.toBe(generation);
  vmm.task.fork();
  vmm.write(memory, new Uint8Array([1]));
  expect(mapped()[0]).toBe(false);
  expect(said(map(1))).toBe("EFAULT");
  vmm.setSlot(0, 0, 0, 0n);
  expect(mapped()).toEqual([false, false, false, false]);
});
