/** What a file's kind decides before its own methods are asked, as fs/read_write.c has it. */

import { expect, test } from "vitest";
import { EBADF, EFAULT, EINVAL, EPERM, ESPIPE } from "../../../server/abi/errno.ts";
import {
  F_ADD_SEALS,
  F_GET_SEALS,
  F_GETFL,
  O_CLOEXEC,
  O_CREAT,
  O_LARGEFILE,
  O_RDONLY,
  O_RDWR,
  SEEK_CUR,
} from "../../../server/abi/fcntl.ts";
import { KVM_DEV_TYPE_ARM_VGIC_V3, kvm_create_device } from "../../../server/abi/kvm.ts";
import {
  sysEventfd2,
  sysFcntl,
  sysLseek,
  sysMemfdCreate,
  sysOpenat,
  sysPread,
  sysPwrite,
  sysRead,
  sysWrite,
} from "../../../server/kernel/syscalls.ts";
import { Vmm } from "../kvm/vmm.ts";

/** An address that faults: nothing below looks at it before it has refused. */
const NOWHERE = 8n;

test("reading, writing and seeking are refused by kind, and before the buffer is looked at", () => {
  const vmm = new Vmm();
  const { task } = vmm;
  const vgic = vmm.call(vmm.vm, "KVM_CREATE_DEVICE", kvm_create_device, { type: KVM_DEV_TYPE_ARM_VGIC_V3 });
  expect(vgic).toBe(0);
  const fds = {
    kvm: vmm.dev,
    vm: vmm.vm,
    device: vmm.vm + 1,
    eventfd: sysEventfd2(task, 0, 0o4000),
    memfd: sysMemfdCreate(task, "file", 0),
  };
  const of = (call: (fd: number) => unknown) => Object.values(fds).map(call);
  expect(of((fd) => sysPread(task, fd, NOWHERE, 8n, 0n))).toEqual([-EINVAL, -ESPIPE, -ESPIPE, -ESPIPE, 0]);
  expect(of((fd) => sysPread(task, fd, NOWHERE, 8n, -1n))).toEqual(of(() => -EINVAL));
  expect(of((fd) => sysPwrite(task, fd, NOWHERE, 8n, 0n)).slice(0, 4)).toEqual([-EINVAL, -ESPIPE, -ESPIPE, -ESPIPE]);
  expect(of((fd) => sysRead(task, fd, NOWHERE, 8n)).slice(0, 3)).toEqual([-EINVAL, -EINVAL, -EINVAL]);
  expect(of((fd) => sysWrite(task, fd, NOWHERE, 8n)).slice(0, 3)).toEqual([-EINVAL, -EINVAL, -EINVAL]);
  expect(of((fd) => sysLseek(task, fd, 0n, SEEK_CUR))).toEqual([0, 0, -ESPIPE, 0, 0]);
});

test("an eventfd's number is taken whole or not at all", () => {
  const vmm = new Vmm();
  const { task } = vmm;
  const fd = sysEventfd2(task, 0, 0);
  const end = vmm.map(1) + 4096n;
  expect([sysWrite(task, fd, end - 4n, 8n), sysWrite(task, fd, end - 4n, 4n)]).toEqual([-EFAULT, -EINVAL]);
  expect(sysWrite(task, fd, end - 8n, 8n)).toBe(8);
});

test("F_GETFL tells what a file was opened with, and not what only opening it was told", () => {
  const { task } = new Vmm();
  const flagsOf = (path: string, flags: number) => sysFcntl(task, sysOpenat(task, path, flags), F_GETFL, 0);
  expect(flagsOf("/dev/kvm", O_RDWR | O_CLOEXEC)).toBe(O_RDWR | O_LARGEFILE);
  expect(flagsOf("/tmp/file", O_RDONLY | O_CREAT)).toBe(O_RDONLY | O_LARGEFILE);
  expect(sysFcntl(task, 1000, F_GETFL, 0)).toBe(-EBADF);
});

test("sealing asks whether the file is open for writing before which kind it is of", () => {
  const { task } = new Vmm();
  const readOnly = sysOpenat(task, "/dev/kvm", O_RDONLY);
  const readWrite = sysOpenat(task, "/dev/kvm", O_RDWR);
  const ask = (fd: number) => [sysFcntl(task, fd, F_ADD_SEALS, 0), sysFcntl(task, fd, F_GET_SEALS, 0)];
  expect([ask(readOnly), ask(readWrite)]).toEqual([
    [-EPERM, -EINVAL],
    [-EINVAL, -EINVAL],
  ]);
});
