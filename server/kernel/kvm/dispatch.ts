/** From a request number to its handler: the switch statements of kvm_main.c and arm.c, derived from the table of requests. */

import { EIO } from "../../abi/errno.ts";
import { type FdKind, type IoctlRow, ioctlExists } from "../../abi/ioctl.ts";
import { IOCTLS, type IoctlName } from "../../abi/kvm_ioctl.ts";
import type { Behaviours } from "../../abi/versions.ts";
import type { Task } from "../process.ts";
import { refuse, type SyscallResult } from "../refuse.ts";
import type { Kvm } from "./kvm_host.ts";

/** An ioctl on what a descriptor stands for; `arg` is the third argument as the caller passed it. */
export type Handler<Owner> = (task: Task, owner: Owner, arg: bigint) => SyscallResult;

/** Handlers by the C name of their request. */
export type Handlers<Owner> = Readonly<Partial<Record<IoctlName, Handler<Owner>>>>;

/** Finds the handler of a whole 32-bit request number; undefined where this kernel does not know it on this descriptor. */
export type IoctlSwitch<Owner> = (abi: Behaviours, request: number) => Handler<Owner> | undefined;

/** Joins the rows of one kind of descriptor with their handlers. */
export function ioctlSwitch<Owner>(kind: FdKind, handlers: Handlers<Owner>): IoctlSwitch<Owner> {
  const cases = new Map<number, { row: IoctlRow; handler: Handler<Owner> }>();
  for (const row of IOCTLS as readonly IoctlRow[]) {
    const handler = handlers[row.name as IoctlName];
    if (handler && row.fds.includes(kind)) cases.set(row.request, { row, handler });
  }
  return (abi, request) => {
    const found = cases.get(request);
    return found && ioctlExists(found.row, kind, abi) ? found.handler : undefined;
  };
}

/** What a VM's descriptors ask before anything else: only the address space that created the VM may use it, while it lives. */
export function checkCaller(task: Task, kvm: Kvm, caller: string): number {
  if (kvm.mm !== task.mm)
    return refuse(EIO, `${caller}: the caller's address space is not the one that created the VM`);
  return kvm.vmDead ? refuse(EIO, `${caller}: the VM is dead`) : 0;
}
