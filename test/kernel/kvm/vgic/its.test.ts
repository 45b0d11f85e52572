/** An ITS: registers, commands, messages, and its tables in guest memory. */

import { beforeEach, describe, expect, test } from "vitest";
import { KVM_DEV_TYPE_ARM_VGIC_ITS } from "../../../../server/abi/kvm.ts";
import {
  KVM_DEV_ARM_VGIC_GRP_CTRL as CTRL,
  KVM_DEV_ARM_ITS_CTRL_RESET,
  KVM_DEV_ARM_ITS_RESTORE_TABLES,
  KVM_DEV_ARM_ITS_SAVE_TABLES,
  KVM_DEV_ARM_VGIC_CTRL_INIT,
  KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES,
  KVM_DEV_ARM_VGIC_GRP_REDIST_REGS as REDIST_REGS,
} from "../../../../server/abi/kvm_arm64.ts";
import type { KernelName } from "../../../../server/abi/versions.ts";
import { said } from "../vmm.ts";
import { CMD, GITS, ItsVmm, TABLES } from "./its_vmm.ts";
import { ofVcpu } from "./vgic_vmm.ts";

let vmm: ItsVmm;
beforeEach(() => {
  vmm = new ItsVmm();
});

const VALID = 1n << 63n;
const control = (attr: bigint) => said(vmm.set(vmm.its, CTRL, attr));
const save = () => control(KVM_DEV_ARM_ITS_SAVE_TABLES);
const restore = () => control(KVM_DEV_ARM_ITS_RESTORE_TABLES);
/** Device 3 with events 0 and 5, of collections 0 and 1, of vCPUs 0 and 1. */
const mapSome = () =>
  vmm.command(
    CMD.mapd(3, TABLES.itt, 4),
    CMD.mapc(0, 0),
    CMD.mapc(1, 1),
    CMD.mapti(3, 0, 8192, 0),
    CMD.mapti(3, 5, 8200, 1),
  );

describe("registers", () => {
  test.each<[string, number, bigint]>([
    ["GITS_CTLR", GITS.CTLR, 0x8000_0000n],
    ["GITS_IIDR", GITS.IIDR, 0x4b00_043bn],
    ["GITS_TYPER", GITS.TYPER, 0x1_ef71n],
    ["GITS_CBASER", GITS.CBASER, 0n],
    ["GITS_CWRITER", GITS.CWRITER, 0n],
    ["GITS_CREADR", GITS.CREADR, 0n],
    ["GITS_BASER0", GITS.BASER0, 0x1907_0000_0000_0600n],
    ["GITS_BASER1", GITS.BASER1, 0x1c07_0000_0000_0600n],
    ["GITS_BASER2", 0x110, 0n],
    ["GITS_PIDR0", 0xffe0, 0x92n],
    ["GITS_PIDR1", 0xffe4, 0xb4n],
    ["GITS_PIDR2", 0xffe8, 0x3bn],
    ["GITS_PIDR4", 0xffd0, 0x40n],
    ["GITS_CIDR3", 0xfffc, 0xb1n],
  ])("reset: %s", (_, offset, value) => {
    expect(vmm.getIts(offset)).toBe(value);
  });

  test.each<[string, number, bigint, string | number, bigint]>([
    ["GITS_BASER0: type, size and page size are fixed", GITS.BASER0, 0xffff_ffff_ffff_ffffn, 0, 0xf907_ffff_ffff_feffn],
    ["GITS_BASER0: attributes are what can be", GITS.BASER0, 0x0060_0000_0000_0800n, 0, 0x1907_0000_0000_0600n],
    ["GITS_BASER1: one level", GITS.BASER1, 1n << 62n, 0, 0x1c07_0000_0000_0200n],
    ["GITS_BASER2", 0x110, 1n, 0, 0n],
    ["GITS_CBASER: 64 KiB", GITS.CBASER, 0xf0ffn, 0, 0x1800_0000_0000_00ffn],
    ["GITS_CWRITER: within the buffer", GITS.CWRITER, 0x1000n, 0, 0n],
    ["GITS_CWRITER: whole commands", GITS.CWRITER, 0xfffn, 0, 0xfe0n],
    ["GITS_CREADR", GITS.CREADR, 0xfffn, 0, 0xfe0n],
    ["GITS_CREADR: beyond the buffer", GITS.CREADR, 0x1000n, "EINVAL", 0n],
    ["GITS_IIDR: the revision there is", GITS.IIDR, 0n, 0, 0x4b00_043bn],
    ["GITS_IIDR: another revision", GITS.IIDR, 0x1000n, "EINVAL", 0x4b00_043bn],
    ["GITS_CTLR without tables", GITS.CTLR, 1n, 0, 0x8000_0000n],
    ["GITS_TYPER", GITS.TYPER, 0n, 0, 0x1_ef71n],
  ])("written: %s", (_, offset, value, answer, after) => {
    expect([vmm.setIts(offset, value), vmm.getIts(offset)]).toEqual([answer, after]);
  });

  test("a new command buffer is empty", () => {
    vmm.setIts(GITS.CWRITER, 0x40);
    vmm.setIts(GITS.CREADR, 0x20);
    vmm.setIts(GITS.CBASER, 0);
    expect([vmm.getIts(GITS.CWRITER), vmm.getIts(GITS.CREADR)]).toEqual([0n, 0n]);
  });

  test("are fixed while the ITS is enabled", () => {
    vmm.enableIts();
    expect(vmm.getIts(GITS.CTLR)).toBe(0x8000_0001n);
    const before = [GITS.CBASER, GITS.BASER0, GITS.BASER1].map((offset) => vmm.getIts(offset));
    for (const offset of [GITS.CBASER, GITS.BASER0, GITS.BASER1]) expect(vmm.setIts(offset, 0)).toBe(0);
    expect([GITS.CBASER, GITS.BASER0, GITS.BASER1].map((offset) => vmm.getIts(offset))).toEqual(before);
    expect(vmm.setIts(GITS.CREADR, 0)).toBe("EBUSY");
  });

  test("a vCPU that runs keeps them busy", () => {
    vmm.kvm.vcpus[0]?.mutex.lockKillable(vmm.task);
    expect([vmm.setIts(GITS.CTLR, 0), save(), control(KVM_DEV_ARM_VGIC_CTRL_INIT)]).toEqual(["EBUSY", "EBUSY", 0]);
  });
});

describe("messages", () => {
  test("wait for the ITS, for the mapping and for the vCPU's LPIs", () => {
    vmm.enableIts(false);
    expect(vmm.signal(3, 0)).toBe("EBUSY");
    vmm.setIts(GITS.CTLR, 1);
    expect(vmm.signal(3, 0)).toBe(0);
    mapSome();
    expect([vmm.signal(3, 0), vmm.signal(3, 5), vmm.signal(3, 1), vmm.signal(4, 0)]).toEqual([1, 1, 0, 0]);
    expect([8192, 8200].map((lpi) => [vmm.lpi(lpi)?.pendingLatch, vmm.lpi(lpi)?.targetVcpu?.vcpuId])).toEqual([
      [true, 0],
      [true, 1],
    ]);
    vmm.set(vmm.gic, REDIST_REGS, ofVcpu(1, 0), 0);
    expect([vmm.signal(3, 0), vmm.signal(3, 5)]).toEqual([1, "EBUSY"]);
  });

  test("need a device only until the translation is known", () => {
    vmm.enableIts();
    mapSome();
    expect(vmm.signal(3, 0, 0)).toBe("EINVAL");
    vmm.signal(3, 0);
    expect(vmm.signal(3, 0, 0)).toBe(1);
    vmm.setIts(GITS.CTLR, 0);
    expect([vmm.signal(3, 0, 0), vmm.signal(3, 0)]).toEqual(["EINVAL", "EBUSY"]);
  });

  test("of several ITSs go to the one at the doorbell", () => {
    vmm.enableIts();
    mapSome();
    const other = vmm.createDevice(KVM_DEV_TYPE_ARM_VGIC_ITS);
    expect(said(vmm.place(other, 4n, 0x80a_0000n))).toBe(0);
    vmm.kvm.vgic.propbaser = BigInt(TABLES.properties) | 15n;
    expect(vmm.signal(3, 0)).toBe(1);
  });
});

describe("commands", () => {
  beforeEach(() => vmm.enableIts());

  test("are processed when they are queued, and wait while the ITS is disabled", () => {
    vmm.setIts(GITS.CTLR, 0);
    mapSome();
    expect([vmm.getIts(GITS.CTLR), vmm.getIts(GITS.CREADR), vmm.lpi(8192)]).toEqual([0n, 0n, undefined]);
    vmm.setIts(GITS.CTLR, 1);
    expect([vmm.getIts(GITS.CTLR), vmm.getIts(GITS.CREADR)]).toEqual([0x8000_0001n, 0xa0n]);
    expect(vmm.lpi(8192)?.intid).toBe(8192);
  });

  test("come around at the end of the buffer", () => {
    for (let i = 0; i < 0x800; i++) vmm.command(CMD.sync());
    expect(vmm.getIts(GITS.CREADR)).toBe(0n);
    mapSome();
    expect(vmm.lpi(8192)).toBeDefined();
  });

  test("that make much work are left for the next write of GITS_CWRITER", () => {
    vmm.command(CMD.mapd(3, TABLES.itt, 13), CMD.mapc(0, 0));
    vmm.command(...Array.from({ length: 2000 }, (_, i) => CMD.mapti(3, i, 8192 + i, 0)));
    vmm.command(...Array.from({ length: 2000 }, () => CMD.invall(0)));
    const end = vmm.getIts(GITS.CWRITER);
    expect(vmm.getIts(GITS.CREADR)).not.toBe(end);
    for (let i = 0; i < 4; i++) vmm.setIts(GITS.CWRITER, Number(end));
    expect(vmm.getIts(GITS.CREADR)).toBe(end);
  });

  test("translations are charged to the process: at its limit there are no more, and all come back", () => {
    vmm.command(CMD.mapc(0, 0));
    vmm.guestWrite(TABLES.devices, Uint8Array.of(0));
    const { memcg } = vmm.kvm.mm;
    const before = memcg.usage;
    memcg.max = before + 4;
    vmm.command(CMD.mapd(3, TABLES.itt, 13));
    vmm.command(...Array.from({ length: 100 }, (_, i) => CMD.mapti(3, i, 8192 + i, 0)));
    expect([vmm.kvm.vgic.lpis.size, memcg.usage]).toEqual([62, before + 4]);
    vmm.command(CMD.mapd(3, 0, 1, false));
    expect([vmm.kvm.vgic.lpis.size, memcg.usage]).toEqual([0, before]);
  });

  test("an LPI is configured by its byte in memory when mapped, and by INV and INVALL", () => {
    vmm.configure(8192, 0xa1);
    mapSome();
    const lpi = vmm.lpi(8192);
    expect([lpi?.priority, lpi?.enabled, lpi?.group, lpi?.config]).toEqual([0xa0, true, 1, "edge"]);
    vmm.configure(8192, 0xf2);
    vmm.command(CMD.invall(1));
    expect(lpi?.priority).toBe(0xa0);
    vmm.command(CMD.invall(0));
    expect([lpi?.priority, lpi?.enabled]).toEqual([0xf0, false]);
    vmm.configure(8192, 0x01);
    vmm.command(CMD.inv(3, 0));
    expect([lpi?.priority, lpi?.enabled]).toEqual([0, true]);
  });

  test("a pending bit in memory is taken by the mapping", () => {
    const byte = (TABLES.pending[0] as number) + 8192 / 8;
    vmm.guestWrite(byte, Uint8Array.of(0x03));
    mapSome();
    expect([vmm.lpi(8192)?.pendingLatch, vmm.guestRead(byte, 1)[0]]).toEqual([true, 0x02]);
  });

  test.each<[string, Parameters<ItsVmm["command"]>, () => unknown, unknown]>([
    ["INT", [CMD.int(3, 0)], () => vmm.lpi(8192)?.pendingLatch, true],
    ["CLEAR", [CMD.int(3, 0), CMD.clear(3, 0)], () => vmm.lpi(8192)?.pendingLatch, false],
    ["MOVI", [CMD.movi(3, 0, 1)], () => vmm.lpi(8192)?.targetVcpu?.vcpuId, 1],
    ["MOVI to no collection", [CMD.movi(3, 0, 9)], () => vmm.lpi(8192)?.targetVcpu?.vcpuId, 0],
    ["MAPC to another vCPU", [CMD.mapc(0, 1)], () => vmm.lpi(8192)?.targetVcpu?.vcpuId, 1],
    ["MAPC to no vCPU", [CMD.mapc(0, 2)], () => vmm.lpi(8192)?.targetVcpu?.vcpuId, 0],
    ["MAPC invalid", [CMD.mapc(0, 0, false)], () => vmm.signal(3, 0), 0],
    ["MOVALL", [CMD.movall(0, 1)], () => vmm.lpi(8192)?.targetVcpu?.vcpuId, 1],
    ["DISCARD", [CMD.discard(3, 0)], () => [vmm.lpi(8192), vmm.lpi(8200)?.intid], [undefined, 8200]],
    ["MAPD invalid", [CMD.mapd(3, 0, 4, false)], () => [...vmm.kvm.vgic.lpis], []],
    ["MAPD again", [CMD.mapd(3, TABLES.itt, 4)], () => [...vmm.kvm.vgic.lpis], []],
    ["MAPD beyond the device table", [CMD.mapd(0x2000, TABLES.itt, 4)], () => vmm.signal(0x2000, 0), 0],
    ["MAPI", [CMD.mapd(4, TABLES.itt + 0x1000, 14), CMD.mapi(4, 8300, 1)], () => vmm.lpi(8300)?.targetVcpu?.vcpuId, 1],
    ["MAPTI of a second event to one LPI", [CMD.mapti(3, 1, 8192, 0), CMD.discard(3, 0)], () => vmm.signal(3, 1), 1],
    ["MAPTI beyond the events", [CMD.mapti(3, 16, 8193, 0)], () => vmm.lpi(8193), undefined],
    ["MAPTI of no LPI", [CMD.mapti(3, 1, 8191, 0)], () => vmm.kvm.vgic.lpis.size, 2],
    ["MAPTI beyond the LPIs", [CMD.mapti(3, 1, 0x10000, 0)], () => vmm.kvm.vgic.lpis.size, 2],
    ["MAPTI of a mapped event", [CMD.mapti(3, 0, 8193, 1)], () => vmm.lpi(8193), undefined],
    ["MAPTI to a collection that comes later", [CMD.mapti(3, 1, 8193, 7), CMD.mapc(7, 1)], () => vmm.signal(3, 1), 1],
    ["an unknown command", [[0xffn, 0n, 0n, 0n]], () => vmm.getIts(GITS.CREADR), 0xc0n],
  ])("%s", (_, commands, see, expected) => {
    mapSome();
    vmm.command(...commands);
    expect(see()).toEqual(expected);
  });

  test("a table that is made invalid loses what it held", () => {
    mapSome();
    vmm.setIts(GITS.CTLR, 0);
    vmm.setIts(GITS.BASER0, BigInt(TABLES.devices));
    expect(vmm.kvm.vgic.lpis.size).toBe(0);
  });

  test("the reset keeps places and types, and forgets the rest", () => {
    mapSome();
    expect(control(KVM_DEV_ARM_ITS_CTRL_RESET)).toBe(0);
    expect([GITS.CTLR, GITS.CBASER, GITS.CREADR].map((offset) => vmm.getIts(offset))).toEqual([0x8000_0000n, 0n, 0n]);
    expect(vmm.getIts(GITS.BASER0)).toBe(0x1907_0000_0000_0200n | BigInt(TABLES.devices));
    expect(vmm.kvm.vgic.lpis.size).toBe(0);
  });
});

describe("tables", () => {
  const dte = (id: number) => vmm.guestU64(TABLES.devices + 8 * id);
  const ite = (event: number) => vmm.guestU64(TABLES.itt + 8 * event);
  const cte = (index: number) => vmm.guestU64(TABLES.collections + 8 * index);
  const write = (gpa: number, value: bigint) => vmm.guestWrite(gpa, new Uint8Array(new BigUint64Array([value]).buffer));

  test("are saved in the layout of revision 0", () => {
    vmm.enableIts();
    mapSome();
    vmm.command(CMD.mapd(1, TABLES.itt + 0x1000, 1));
    expect(save()).toBe(0);
    const itt = BigInt(TABLES.itt) >> 8n;
    expect([dte(1), dte(3)]).toEqual([VALID | (2n << 49n) | ((itt + 16n) << 5n), VALID | (itt << 5n) | 3n]);
    expect([ite(0), ite(5)]).toEqual([(5n << 48n) | (8192n << 16n), (8200n << 16n) | 1n]);
    expect([cte(0), cte(1), cte(2)]).toEqual([VALID, VALID | (1n << 16n) | 1n, 0n]);
  });

  test("of unmapped devices and events are cleared, by kernels that do", () => {
    for (const [kernel, cleared] of [
      ["5.14", false],
      ["6.1", true],
      ["6.12", true],
    ] as const) {
      vmm = new ItsVmm(kernel);
      vmm.enableIts();
      mapSome();
      save();
      vmm.command(CMD.discard(3, 0));
      expect([kernel, ite(0) === 0n]).toEqual([kernel, cleared]);
      vmm.command(CMD.mapd(3, 0, 1, false));
      expect([kernel, dte(3) === 0n]).toEqual([kernel, cleared]);
    }
  });

  test("that would take minutes to read are not restored", { timeout: 60_000 }, () => {
    vmm.enableIts();
    for (let i = 0; i < 200; i++)
      write(TABLES.devices + 8 * i, VALID | (1n << 49n) | ((BigInt(TABLES.pending[0] as number) >> 8n) << 5n) | 13n);
    expect([restore(), vmm.kvm.vgic.lpis.size]).toEqual(["ENOMEM", 0]);
  });

  test("not valid, there are none to save or restore", () => {
    expect([save(), restore()]).toEqual([0, 0]);
  });

  test("of two levels are saved and restored through the first", () => {
    vmm.enableIts(false);
    vmm.setIts(GITS.BASER0, VALID | (1n << 62n) | BigInt(TABLES.devices));
    write(TABLES.devices + 8, VALID | BigInt(TABLES.end - 0x10000));
    vmm.setIts(GITS.CTLR, 1);
    vmm.command(
      CMD.mapd(0x2003, TABLES.itt, 4),
      CMD.mapd(3, TABLES.itt, 4),
      CMD.mapc(0, 0),
      CMD.mapti(0x2003, 0, 8192, 0),
    );
    expect([vmm.signal(0x2003, 0), vmm.signal(3, 0)]).toEqual([1, 0]);
    expect([save(), control(KVM_DEV_ARM_ITS_CTRL_RESET)]).toEqual([0, 0]);
    vmm.setIts(GITS.BASER0, VALID | (1n << 62n) | BigInt(TABLES.devices));
    vmm.setIts(GITS.BASER1, VALID | BigInt(TABLES.collections));
    vmm.setIts(GITS.CBASER, VALID | BigInt(TABLES.commands) | 0xfn);
    expect(restore()).toBe(0);
    vmm.setIts(GITS.CTLR, 1);
    expect(vmm.signal(0x2003, 0)).toBe(1);
  });

  test.each<[string, () => void, string]>([
    ["a collection of no vCPU", () => write(TABLES.collections, VALID | (2n << 16n)), "EINVAL"],
    ["a collection twice", () => write(TABLES.collections + 8, VALID), "EEXIST"],
    ["a collection beyond the table", () => write(TABLES.collections, VALID | 0xffffn), "EINVAL"],
    ["an event of no collection", () => write(TABLES.itt, (8192n << 16n) | 9n), "EINVAL"],
    ["an event of no LPI", () => write(TABLES.itt, 8191n << 16n), "EINVAL"],
    ["an event beyond the last", () => write(TABLES.itt, (16n << 48n) | (8192n << 16n)), "EINVAL"],
    ["a device whose events are nowhere", () => write(TABLES.devices + 24, VALID | 3n), "EFAULT"],
  ])("with %s are not restored", (_, spoil, errno) => {
    vmm.enableIts();
    mapSome();
    save();
    control(KVM_DEV_ARM_ITS_CTRL_RESET);
    spoil();
    vmm.enableIts();
    expect([restore(), vmm.kvm.vgic.lpis.size, vmm.signal(3, 5)]).toEqual([errno, 0, 0]);
  });

  test("saving fails where guest memory has gone", () => {
    vmm.enableIts();
    mapSome();
    vmm.setSlot(0, 0x4000_0000, 0, vmm.ram);
    expect([save(), said(vmm.set(vmm.gic, CTRL, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES))]).toEqual(["EINVAL", "EFAULT"]);
  });

  test("of pending LPIs are brought up to date both ways", () => {
    vmm.enableIts();
    mapSome();
    const byte = (id: number, lpi: number) => vmm.guestRead((TABLES.pending[id] as number) + (lpi >> 3), 1)[0];
    vmm.signal(3, 5);
    const savePending = () => said(vmm.set(vmm.gic, CTRL, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES));
    expect([savePending(), byte(0, 8192), byte(1, 8200)]).toEqual([0, 0, 1]);
    vmm.command(CMD.clear(3, 5), CMD.int(3, 0));
    expect([savePending(), byte(0, 8192), byte(1, 8200)]).toEqual([0, 1, 0]);
  });
});

test.each<[KernelName, number]>([
  ["6.1", 1],
  ["6.12", 0x101],
])("under %s a collection goes to vCPU number %x", (kernel, target) => {
  vmm = new ItsVmm(kernel);
  const wide = vmm.kvm.vcpus[1] as { vcpuId: number } | undefined;
  if (wide) Object.assign(wide, { vcpuId: 0x101 });
  vmm.enableIts();
  vmm.command(CMD.mapd(3, TABLES.itt, 4), CMD.mapc(0, target), CMD.mapti(3, 0, 8192, 0));
  expect(vmm.lpi(8192)?.targetVcpu).toBe(vmm.kvm.vcpus[1]);
});
