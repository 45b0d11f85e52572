/** LPIs that reach a guest: from a message or a command to ICC_IAR1_EL1. */

import { expect, test } from "vitest";
import { assemble } from "../../../../clients/typescript/guest/a64.ts";
import { requestOf } from "../../../../server/abi/kvm_ioctl.ts";
import type { KvmVcpu } from "../../../../server/kernel/kvm/kvm_host.ts";
import { REG_PC, REG_X0 } from "../../../../server/kernel/kvm/regs.ts";
import { sysIoctl } from "../../../../server/kernel/syscalls.ts";
import { GIC_ON, PORT } from "../guest_vmm.ts";
import { CMD, ItsVmm, TABLES } from "./its_vmm.ts";

const CODE = TABLES.commands + 0x8000;

/** Tells each interrupt that it takes. */
const TAKE = `
  ${GIC_ON}
  str w0, [x21]
next:
  wfi
  mrs x0, icc_iar1_el1
  msr icc_eoir1_el1, x0
  str w0, [x21]
  b next`;

async function runs(v: ItsVmm, index: number): Promise<number> {
  expect(await sysIoctl(v.task, v.vcpus[index] as number, requestOf("KVM_RUN"), 0n)).toBe(0);
  return (v.kvm.vcpus[index] as KvmVcpu).run.getUint32(40, true);
}

test("a message wakes the vCPU of its collection, once; what is disabled waits", async () => {
  const v = new ItsVmm();
  v.enableIts();
  v.configure(8192, 0xa1);
  v.configure(8200, 0xa0);
  v.command(CMD.mapd(3, TABLES.itt, 4), CMD.mapc(0, 0), CMD.mapti(3, 0, 8192, 0), CMD.mapti(3, 5, 8200, 0));
  v.guestWrite(CODE, assemble(TAKE, BigInt(CODE)).bytes);
  const { regs } = (v.kvm.vcpus[0] as KvmVcpu).arch;
  regs.setBigUint64(REG_PC, BigInt(CODE), true);
  regs.setBigUint64(REG_X0 + 8 * 21, BigInt(PORT), true);
  await runs(v, 0);

  const first = runs(v, 0);
  expect(v.signal(3, 0)).toBe(1);
  expect(await first).toBe(8192);

  // What is disabled stays pending, until its configuration is read again.
  const second = runs(v, 0);
  expect(v.signal(3, 5)).toBe(1);
  v.configure(8200, 0xa1);
  v.commandByGuest(CMD.inv(3, 5));
  expect(await second).toBe(8200);

  const third = runs(v, 0);
  v.commandByGuest(CMD.int(3, 0));
  expect(await third).toBe(8192);
});
