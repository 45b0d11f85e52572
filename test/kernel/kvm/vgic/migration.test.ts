/** A whole VGIC goes from one VM to another through the attributes alone, and guest memory for the ITS's tables. */

import { describe, expect, test } from "vitest";
import {
  KVM_DEV_ARM_VGIC_GRP_CTRL as CTRL,
  KVM_DEV_ARM_VGIC_GRP_DIST_REGS as DIST_REGS,
  KVM_DEV_ARM_ITS_RESTORE_TABLES,
  KVM_DEV_ARM_ITS_SAVE_TABLES,
  KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES,
  KVM_DEV_ARM_VGIC_GRP_LEVEL_INFO as LEVEL_INFO,
  KVM_DEV_ARM_VGIC_GRP_REDIST_REGS as REDIST_REGS,
  KVM_DEV_ARM_VGIC_GRP_CPU_SYSREGS as SYSREGS,
} from "../../../../server/abi/kvm_arm64.ts";
import { SYSREG } from "../../../../server/abi/sysreg.ts";
import type { KernelName } from "../../../../server/abi/versions.ts";
import { said } from "../vmm.ts";
import { CMD, GITS, ItsVmm, RAM, TABLES } from "./its_vmm.ts";
import { ofVcpu } from "./vgic_vmm.ts";

const VCPUS = [0, 1];
const every = (start: number, end: number, step = 4) =>
  Array.from({ length: (end - start) / step }, (_, i) => start + i * step);

/** What a VMM saves, in the order in which it restores: registers that set bits come after those that clear them. */
const SGI = 0x10000;
const REDIST: readonly number[] = [
  ...[0x70, 0x74, 0x78, 0x7c, 0x0],
  ...[0x80, 0x180, 0x100, 0x380, 0x300, 0x200, 0xc00, 0xc04].map((offset) => SGI + offset),
  ...every(SGI + 0x400, SGI + 0x420),
];
const perSpi = (base: number, bits: number) => every(base + 4 * bits, base + 32 * bits);
const DIST: readonly number[] = [
  0x8,
  ...perSpi(0x80, 1),
  ...perSpi(0x180, 1),
  ...perSpi(0x100, 1),
  ...perSpi(0x380, 1),
  ...perSpi(0x300, 1),
  ...perSpi(0x200, 1),
  ...perSpi(0xc00, 2),
  ...perSpi(0x400, 8),
  ...perSpi(0x6000, 64),
  0x0,
];
const ICC = ["CTLR", "PMR", "BPR0", "BPR1", "IGRPEN0", "IGRPEN1", "AP0R0", "AP1R0", "SRE"] as const;
const ITS = [GITS.CBASER, GITS.CREADR, GITS.CWRITER, GITS.BASER0, GITS.BASER1, GITS.CTLR];

interface Saved {
  readonly group: number;
  readonly attr: bigint;
  readonly value: bigint;
}

/** Everything of the VGIC that user space can read. */
function save(vmm: ItsVmm): Saved[] {
  const one = (group: number, attr: bigint, wide = false): Saved => ({
    group,
    attr,
    value: vmm.get(vmm.gic, group, attr, wide),
  });
  return [
    ...VCPUS.flatMap((id) => REDIST.map((offset) => one(REDIST_REGS, ofVcpu(id, offset)))),
    ...DIST.map((offset) => one(DIST_REGS, BigInt(offset))),
    ...VCPUS.map((id) => one(LEVEL_INFO, ofVcpu(id, 0))),
    ...every(32, 256, 32).map((intid) => one(LEVEL_INFO, BigInt(intid))),
    ...VCPUS.flatMap((id) => ICC.map((name) => one(SYSREGS, ofVcpu(id, SYSREG[`ICC_${name}_EL1`]), true))),
  ];
}

/** GICx_ICENABLER and GICx_ICACTIVER are written with ones, for their partners to set what was set. */
const clears = ({ group, attr }: Saved) => {
  const offset = Number(attr & 0xffff_ffffn) % SGI;
  return group !== LEVEL_INFO && group !== SYSREGS && [0x180, 0x380].includes(offset & 0xf80) && offset < 0x400;
};

function restore(vmm: ItsVmm, saved: readonly Saved[]): void {
  for (const one of saved) {
    const value = clears(one) ? 0xffff_ffffn : one.value;
    expect([one, said(vmm.set(vmm.gic, one.group, one.attr, value))]).toEqual([one, 0]);
  }
}

/** Pseudo-random register contents. */
let seed = 1;
const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0);

/** Fills every register of the VGIC and gives LPIs translations and pending bits. */
function useVgic(vmm: ItsVmm): void {
  for (const offset of DIST.filter((o) => o !== 0x8)) vmm.set(vmm.gic, DIST_REGS, offset, random());
  vmm.set(vmm.gic, DIST_REGS, 0, 2);
  for (const id of VCPUS) {
    for (const offset of REDIST.filter((o) => o >= SGI)) vmm.set(vmm.gic, REDIST_REGS, ofVcpu(id, offset), random());
    vmm.set(vmm.gic, LEVEL_INFO, ofVcpu(id, 0), random());
    for (const name of ICC.filter((n) => n !== "SRE" && n !== "CTLR"))
      vmm.set(vmm.gic, SYSREGS, ofVcpu(id, SYSREG[`ICC_${name}_EL1`]), random());
    vmm.set(vmm.gic, SYSREGS, ofVcpu(id, SYSREG.ICC_CTLR_EL1), 0x8c02);
  }
  for (const intid of every(32, 256, 32)) vmm.set(vmm.gic, LEVEL_INFO, intid, random());
  vmm.enableIts();
  for (let lpi = 8192; lpi < 8292; lpi++) vmm.configure(lpi, random() & 0xfd);
  const events = every(0, 64, 1).map((event) => CMD.mapti(7, event, 8192 + event, event % 2));
  vmm.command(
    CMD.mapc(0, 0),
    CMD.mapc(1, 1),
    CMD.mapd(7, TABLES.itt, 6),
    CMD.mapd(2, TABLES.itt + 0x1000, 3),
    ...events,
  );
  vmm.command(CMD.mapti(2, 3, 8300, 0), CMD.movi(7, 4, 1), CMD.discard(7, 9));
  for (const event of [0, 4, 5, 63]) expect(vmm.signal(7, event)).toBe(1);
}

function saveTables(vmm: ItsVmm): void {
  expect(said(vmm.set(vmm.gic, CTRL, KVM_DEV_ARM_VGIC_SAVE_PENDING_TABLES))).toBe(0);
  expect(said(vmm.set(vmm.its, CTRL, KVM_DEV_ARM_ITS_SAVE_TABLES))).toBe(0);
}

/** The LPIs as they are inside the kernel. */
const lpis = (vmm: ItsVmm) =>
  [...vmm.kvm.vgic.lpis.values()]
    .sort((a, b) => a.intid - b.intid)
    .map((irq) => [irq.intid, irq.enabled, irq.priority, irq.pendingLatch, irq.targetVcpu?.vcpuId, irq.references]);

describe.each<KernelName>(["5.14", "6.12"])("under %s", (kernel) => {
  test("the second VM is as the first was", () => {
    seed = 1;
    const from = new ItsVmm(kernel);
    useVgic(from);
    saveTables(from);
    const vgic = save(from);
    const its = ITS.map((offset) => [offset, from.getIts(offset)] as const);

    const to = new ItsVmm(kernel);
    to.guestWrite(RAM, from.guestRead(RAM, TABLES.end - RAM));
    restore(to, vgic);
    for (const [offset, value] of its.slice(0, -1)) expect(to.setIts(offset, value)).toBe(0);
    expect(said(to.set(to.its, CTRL, KVM_DEV_ARM_ITS_RESTORE_TABLES))).toBe(0);
    expect(to.setIts(GITS.CTLR, from.getIts(GITS.CTLR))).toBe(0);

    expect(save(to)).toEqual(vgic);
    expect(ITS.map((offset) => [offset, to.getIts(offset)])).toEqual(its);
    expect(lpis(to)).toEqual(lpis(from));
    saveTables(to);
    const memory = (vmm: ItsVmm) => vmm.guestRead(RAM, TABLES.end - RAM);
    expect(Buffer.compare(memory(to), memory(from))).toBe(0);
    expect([to.signal(7, 9), to.signal(2, 3), from.signal(2, 3)]).toEqual([0, 1, 1]);
  });
});

test("what is saved tells a VGIC that was used from a new one", () => {
  const [used, fresh] = [new ItsVmm(), new ItsVmm()];
  useVgic(used);
  const [before, after] = [save(fresh), save(used)];
  expect(after.filter(({ value }, i) => value !== before[i]?.value).length).toBeGreaterThan(300);
});
