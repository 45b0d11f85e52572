/** Coalesced MMIO zones, and the buses that find them. */

import { beforeEach, describe, expect, test } from "vitest";
import {
  KVM_COALESCED_MMIO_MAX,
  kvm_coalesced_mmio,
  kvm_coalesced_mmio_ring,
  kvm_coalesced_mmio_zone,
} from "../../../server/abi/kvm.ts";
import { KVM_MMIO_BUS, KVM_PIO_BUS, KvmIoBus, type KvmIoDevice } from "../../../server/kernel/kvm/io_bus.ts";
import type { KvmVcpu } from "../../../server/kernel/kvm/kvm_host.ts";
import { VgicVmm } from "./vgic/vgic_vmm.ts";
import { NOWHERE, said } from "./vmm.ts";

let vmm: VgicVmm;
beforeEach(() => {
  vmm = new VgicVmm();
  vmm.addVcpus(0);
});

const register = (addr: bigint, size: number, pio = 0) =>
  said(vmm.call(vmm.vm, "KVM_REGISTER_COALESCED_MMIO", kvm_coalesced_mmio_zone, { addr, size, pio }));
const unregister = (addr: bigint, size: number, pio = 0) =>
  said(vmm.call(vmm.vm, "KVM_UNREGISTER_COALESCED_MMIO", kvm_coalesced_mmio_zone, { addr, size, pio }));
const write = (addr: bigint, data: number[], bus = KVM_MMIO_BUS) =>
  said(vmm.kvm.buses.get(bus).write(vmm.kvm.vcpus[0] as KvmVcpu, addr, Uint8Array.from(data)));

function ring() {
  const frame = vmm.kvm.host.memory.frame(vmm.kvm.coalescedMmio?.ringPfn as number);
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const entry = (i: number) =>
    kvm_coalesced_mmio.read(view, kvm_coalesced_mmio_ring.size + i * kvm_coalesced_mmio.size);
  return { view, entry, ...kvm_coalesced_mmio_ring.read(view, 0) };
}

test("a write into a zone goes into the ring; a read, or a write that reaches out of it, does not", () => {
  expect(register(0x9000n, 8)).toBe(0);
  expect([write(0x9004n, [1, 2, 3, 4]), write(0x9006n, [1, 2, 3, 4]), write(0x8fffn, [1])]).toEqual([
    0,
    "EOPNOTSUPP",
    "EOPNOTSUPP",
  ]);
  expect(vmm.kvm.buses.get(KVM_MMIO_BUS).read(vmm.kvm.vcpus[0] as KvmVcpu, 0x9000n, new Uint8Array(4))).toBeLessThan(0);
  const { first, last, entry } = ring();
  expect([first, last]).toEqual([0, 1]);
  expect(entry(0)).toEqual({ phys_addr: 0x9004n, len: 4, pio: 0, data: Uint8Array.of(1, 2, 3, 4, 0, 0, 0, 0) });
});

test("a shorter write leaves the bytes of the entry's last use", () => {
  register(0x9000n, 8);
  write(0x9000n, [1, 2, 3, 4, 5, 6, 7, 8]);
  const { view, entry } = ring();
  view.setUint32(4, 0, true);
  write(0x9000n, [9]);
  expect(entry(0)).toMatchObject({ len: 1, data: Uint8Array.of(9, 2, 3, 4, 5, 6, 7, 8) });
});

test("the ring is full with one entry free, until user space takes some", () => {
  register(0x9000n, 8);
  for (let i = 1; i < KVM_COALESCED_MMIO_MAX; i++) expect(write(0x9000n, [i])).toBe(0);
  expect(write(0x9000n, [0])).toBe("EOPNOTSUPP");
  ring().view.setUint32(0, 1, true);
  expect([write(0x9000n, [0]), ring().last]).toEqual([0, 0]);
});

test("a ring that user space has broken takes nothing", () => {
  register(0x9000n, 8);
  ring().view.setUint32(4, KVM_COALESCED_MMIO_MAX, true);
  expect(write(0x9000n, [0])).toBe("EOPNOTSUPP");
});

test("port zones are a bus of their own", () => {
  register(0x9000n, 8, 1);
  expect([write(0x9000n, [1]), write(0x9000n, [1], KVM_PIO_BUS), ring().entry(0).pio]).toEqual(["EOPNOTSUPP", 0, 1]);
});

describe("unregistering", () => {
  test.each<[string, bigint, number, number, string | number]>([
    ["the zone itself", 0x9000n, 8, 0, "EOPNOTSUPP"],
    ["a part of it", 0x9002n, 2, 0, "EOPNOTSUPP"],
    ["nothing of it", 0x9000n, 0, 0, "EOPNOTSUPP"],
    ["more than it", 0x9000n, 9, 0, 0],
    ["a size that is negative as an int", 0x9000n, 0x8000_0000, 0, 0],
    ["the same ports", 0x9000n, 8, 1, 0],
  ])("by %s", (_, addr, size, pio, still) => {
    register(0x9000n, 8);
    expect(unregister(addr, size, pio)).toBe(0);
    expect(write(0x9000n, [1])).toBe(still);
  });
});

test("the checks", () => {
  expect([register(0n, 8, 2), unregister(0n, 8, 2)]).toEqual(["EINVAL", "EINVAL"]);
  for (const name of ["KVM_REGISTER_COALESCED_MMIO", "KVM_UNREGISTER_COALESCED_MMIO"] as const)
    expect(said(vmm.ioctl(vmm.vm, name, NOWHERE))).toBe("EFAULT");
});

describe("a bus", () => {
  const device = (log: string[], name: string, ret: number): KvmIoDevice => ({
    write: () => {
      log.push(name);
      return ret;
    },
  });

  test("asks every device at an address until one takes the access", () => {
    const [bus, log]: [KvmIoBus, string[]] = [new KvmIoBus(), []];
    const devices: [bigint, bigint, string, number][] = [
      [0x20n, 8n, "beyond", 0],
      [0x10n, 8n, "first", -95],
      [0x10n, 8n, "second", 0],
      [0x10n, 0n, "any length", 0],
      [0x12n, 0n, "another address", 0],
    ];
    for (const [addr, len, name, ret] of devices) bus.register(addr, len, device(log, name, ret));
    expect(bus.write(vmm.kvm.vcpus[0] as KvmVcpu, 0x10n, new Uint8Array(4))).toBe(0);
    expect(log).toEqual(["first", "second"]);
    expect(bus.write(vmm.kvm.vcpus[0] as KvmVcpu, 0x10n, new Uint8Array(16))).toBe(0);
    expect(log.at(-1)).toBe("any length");
  });

  test("tells its devices when it goes", () => {
    const [bus, gone]: [KvmIoBus, number[]] = [new KvmIoBus(), []];
    for (const n of [1, 2]) bus.register(0n, 4n, { destructor: () => gone.push(n) });
    bus.destroy();
    expect([gone, bus.getDev(0n)]).toEqual([[1, 2], undefined]);
  });
});
