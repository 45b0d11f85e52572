/** Statistics in their binary format: KVM_GET_STATS_FD (virt/kvm/binary_stats.c). */

import { EINVAL } from "../../abi/errno.ts";
import { O_RDONLY } from "../../abi/fcntl.ts";
import {
  KVM_STATS_BASE_POW10,
  KVM_STATS_TYPE_CUMULATIVE,
  KVM_STATS_TYPE_INSTANT,
  KVM_STATS_TYPE_LOG_HIST,
  KVM_STATS_UNIT_BOOLEAN,
  KVM_STATS_UNIT_NONE,
  KVM_STATS_UNIT_SECONDS,
  kvm_stats_desc,
  kvm_stats_header,
} from "../../abi/kvm.ts";
import type { Behaviours } from "../../abi/versions.ts";
import { anonInodeGetfd } from "../fs/anon_inodes.ts";
import { File } from "../fs/file.ts";
import type { Task } from "../process.ts";
import { refuse } from "../refuse.ts";
import type { Kvm, KvmVcpu } from "./kvm_host.ts";

/** KVM_STATS_NAME_SIZE */
const KVM_STATS_NAME_SIZE = 48;
/** HALT_POLL_HIST_COUNT */
const HALT_POLL_HIST_COUNT = 32;

/** One descriptor; `size` counts 64-bit values. */
interface StatDesc {
  readonly name: string;
  readonly flags: number;
  readonly exponent: number;
  readonly size: number;
  /** The behaviour that says whether a kernel has it; left out where every one with statistics has. */
  readonly exists?: "statsHaltPollHist" | "statsBlocking" | "statsSignalExits";
}

const desc =
  (flags: number, exponent: number, size: number) =>
  (name: string, exists?: StatDesc["exists"]): StatDesc => ({
    name,
    flags: flags | KVM_STATS_BASE_POW10,
    exponent,
    size,
    ...(exists ? { exists } : {}),
  });
const counter = desc(KVM_STATS_TYPE_CUMULATIVE | KVM_STATS_UNIT_NONE, 0, 1);
const timeNsec = desc(KVM_STATS_TYPE_CUMULATIVE | KVM_STATS_UNIT_SECONDS, -9, 1);
const logHistNsec = desc(KVM_STATS_TYPE_LOG_HIST | KVM_STATS_UNIT_SECONDS, -9, HALT_POLL_HIST_COUNT);
const boolean = desc(KVM_STATS_TYPE_INSTANT | KVM_STATS_UNIT_BOOLEAN, 0, 1);

/** kvm_vm_stats_desc */
const VM_STATS: readonly StatDesc[] = [
  counter("remote_tlb_flush"),
  counter("remote_tlb_flush_requests", "statsHaltPollHist"),
];

/** kvm_vcpu_stats_desc: KVM_GENERIC_VCPU_STATS, then guest.c's own. */
const VCPU_STATS: readonly StatDesc[] = [
  counter("halt_successful_poll"),
  counter("halt_attempted_poll"),
  counter("halt_poll_invalid"),
  counter("halt_wakeup"),
  timeNsec("halt_poll_success_ns"),
  timeNsec("halt_poll_fail_ns"),
  timeNsec("halt_wait_ns", "statsHaltPollHist"),
  logHistNsec("halt_poll_success_hist", "statsHaltPollHist"),
  logHistNsec("halt_poll_fail_hist", "statsHaltPollHist"),
  logHistNsec("halt_wait_hist", "statsHaltPollHist"),
  boolean("blocking", "statsBlocking"),
  counter("hvc_exit_stat"),
  counter("wfe_exit_stat"),
  counter("wfi_exit_stat"),
  counter("mmio_exit_user"),
  counter("mmio_exit_kernel"),
  counter("signal_exits", "statsSignalExits"),
  counter("exits"),
];

/** Header, id, descriptors and the values as they are now, as one run of bytes. */
function layOut(
  abi: Behaviours,
  id: string,
  table: readonly StatDesc[],
  values: Readonly<Record<string, number>>,
): Uint8Array {
  const descs = table.filter((d) => !d.exists || abi[d.exists]);
  const id_offset = kvm_stats_header.size;
  const desc_offset = id_offset + KVM_STATS_NAME_SIZE;
  const descSize = kvm_stats_desc.size + KVM_STATS_NAME_SIZE;
  const data_offset = desc_offset + descs.length * descSize;
  const dataSize = descs.reduce((sum, d) => sum + d.size * 8, 0);
  const bytes = new Uint8Array(data_offset + dataSize);
  const view = new DataView(bytes.buffer);
  const text = (at: number, s: string) => bytes.set(new TextEncoder().encode(s), at);
  const name_size = KVM_STATS_NAME_SIZE;
  kvm_stats_header.write(view, 0, { flags: 0, name_size, num_desc: descs.length, id_offset, desc_offset, data_offset });
  text(id_offset, id);
  let offset = 0;
  descs.forEach(({ name, flags, exponent, size }, i) => {
    const at = desc_offset + i * descSize;
    kvm_stats_desc.write(view, at, { flags, exponent, size, offset, bucket_size: 0 });
    text(at + kvm_stats_desc.size, name);
    view.setBigUint64(data_offset + offset, BigInt(values[name] ?? 0), true);
    offset += size * 8;
  });
  return bytes;
}

/** A statistics descriptor; it holds the VM. */
class KvmStatsFile extends File {
  readonly name: string;
  override readonly regular = true;
  override readonly takesPread = true;
  private readonly kvm: Kvm;
  private readonly contents: () => Uint8Array;

  constructor(kvm: Kvm, name: string, contents: () => Uint8Array) {
    super(O_RDONLY);
    this.kvm = kvm.get();
    this.name = name;
    this.contents = contents;
  }

  override readonly readsWhole = true;

  /** kvm_stats_read() */
  override read(_task: Task, buffer: Uint8Array, position: number): number {
    if (position < 0) return refuse(EINVAL, "kvm_stats_read: the position is negative");
    const bytes = this.contents().subarray(position, position + buffer.length);
    buffer.set(bytes);
    return bytes.length;
  }

  protected override release(): void {
    this.kvm.put();
  }
}

/** KVM_GET_STATS_FD on a VM; the argument is not looked at. The id names the process that created the VM. */
export function kvmVmIoctlGetStatsFd(task: Task, kvm: Kvm): number {
  return anonInodeGetfd(
    task,
    true,
    () => new KvmStatsFile(kvm, "anon_inode:kvm-vm-stats", () => layOut(kvm.abi, kvm.statsId, VM_STATS, kvm.stat)),
  );
}

/** KVM_GET_STATS_FD on a vCPU */
export function kvmVcpuIoctlGetStatsFd(task: Task, vcpu: KvmVcpu): number {
  const { kvm } = vcpu;
  const id = `${kvm.statsId}/vcpu-${vcpu.vcpuId}`;
  return anonInodeGetfd(
    task,
    true,
    () => new KvmStatsFile(kvm, "anon_inode:kvm-vcpu-stats", () => layOut(kvm.abi, id, VCPU_STATS, vcpu.stat)),
  );
}
