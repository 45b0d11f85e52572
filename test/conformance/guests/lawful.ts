/** What holds for every guest on every target. */

import { isErrno } from "../../../server/abi/errno.ts";
import * as KVM from "../../../server/abi/kvm.ts";
import { requestOf } from "../../../server/abi/kvm_ioctl.ts";
import type { Answer, Sequence, Step } from "../sequences/sequence.ts";
import { HOST, PAGE, RAM } from "./layout.ts";

const KVM_RUN = BigInt(requestOf("KVM_RUN"));

/** The exits of arm64 that Documentation/virt/kvm/api.rst has for guests like these. */
const EXITS: ReadonlySet<number> = new Set([
  KVM.KVM_EXIT_DEBUG,
  KVM.KVM_EXIT_MMIO,
  KVM.KVM_EXIT_SYSTEM_EVENT,
  KVM.KVM_EXIT_ARM_NISV,
  KVM.KVM_EXIT_DIRTY_RING_FULL,
]);
const WIDTHS: ReadonlySet<number> = new Set([1, 2, 4, 8]);
const SYSTEM_EVENTS: ReadonlySet<number> = new Set([
  KVM.KVM_SYSTEM_EVENT_SHUTDOWN,
  KVM.KVM_SYSTEM_EVENT_RESET,
  KVM.KVM_SYSTEM_EVENT_SUSPEND,
]);

const { kvm_run } = KVM;
/** What is wrong with the struct kvm_run of an exit. */
function oddExit(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const member = (name: Parameters<typeof kvm_run.offsetof>[0]) => view.getUint32(kvm_run.offsetof(name), true);
  const reason = member("exit_reason");
  if (!EXITS.has(reason)) return `exit ${reason} is none of this architecture's`;
  if (reason === KVM.KVM_EXIT_SYSTEM_EVENT && !SYSTEM_EVENTS.has(member("system_event.type")))
    return `${member("system_event.type")} is no system event`;
  if (reason !== KVM.KVM_EXIT_MMIO) return undefined;
  const width = member("mmio.len");
  if (!WIDTHS.has(width)) return `MMIO of ${width} bytes`;
  const isWrite = bytes[kvm_run.offsetof("mmio.is_write")];
  if (isWrite !== 0 && isWrite !== 1) return `is_write is ${isWrite}`;
  const address = view.getBigUint64(kvm_run.offsetof("mmio.phys_addr"), true);
  return address >= RAM && address < RAM + BigInt(PAGE) ? "MMIO where there is memory" : undefined;
}

const isRun = ({ call, args }: Step) => call === "ioctl" && args.request === KVM_RUN;

/** What the guest's memory has that it cannot write: what was stored there first. */
function stored({ steps }: Sequence, address: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (const { call, args, data } of steps) {
    if (call !== "process_vm_writev" || !data) continue;
    const offset = Number((args.address as bigint) - address);
    if (offset >= 0 && offset < length) bytes.set(data.subarray(0, length - offset), offset);
  }
  return bytes;
}

/** Memory that no guest can write: read only to it, or not its own. */
const UNTOUCHED: readonly bigint[] = [HOST.rom, HOST.behindRam];

/** Where a target let a guest do what none can, or told an exit that there is not. */
export function unlawfulGuest(sequence: Sequence, answers: readonly Answer[]): string | undefined {
  for (const [i, step] of sequence.steps.entries()) {
    const { ret, data, after } = answers[i] as Answer;
    if (isRun(step) && !isErrno(ret)) {
      const odd = ret === 0 ? oddExit(after[0] as Uint8Array) : `KVM_RUN answers ${ret}`;
      if (odd) return `step ${i}: ${odd}`;
    }
    const address = step.args.address;
    if (step.call !== "process_vm_readv" || address === undefined || !UNTOUCHED.includes(address) || ret <= 0) continue;
    if (Buffer.compare(data, stored(sequence, address, data.length)) !== 0)
      return `step ${i}: the guest wrote at 0x${address.toString(16)}, which is not its own to write`;
  }
  return undefined;
}
