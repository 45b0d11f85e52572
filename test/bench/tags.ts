/** Tags in bulk: KVM_ARM_MTE_COPY_TAGS in process against a plain copy, and streamed over RPC against a bare stream. */

import { O_RDWR } from "../../server/abi/fcntl.ts";
import { KVM_CAP_ARM_MTE, kvm_enable_cap, kvm_userspace_memory_region } from "../../server/abi/kvm.ts";
import { KVM_ARM_TAGS_FROM_GUEST, KVM_ARM_TAGS_TO_GUEST, kvm_arm_copy_mte_tags } from "../../server/abi/kvm_arm64.ts";
import { requestOf } from "../../server/abi/kvm_ioctl.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../../server/abi/mman.ts";
import { PhysicalMemory } from "../../server/hw/memory.ts";
import { Host } from "../../server/kernel/host.ts";
import { kvmInit } from "../../server/kernel/kvm/kvm_main.ts";
import { sysIoctl, sysIoctlData, sysMmap, sysOpenat, sysProcessVmWritev } from "../../server/kernel/syscalls.ts";
import { connect, mteVm, type Stubs, WIDE } from "./clients.ts";
import { inTurn, type Result, time } from "./measure.ts";
import { ServerProcess } from "./servers.ts";

const MIB = 2 ** 20;

/** Both directions of 64 MiB of guest memory, whose tags are 4 MiB. */
export async function inProcess(): Promise<Result[]> {
  const guestBytes = 64 * MIB;
  const tagBytes = guestBytes / 16;
  const host = new Host(new PhysicalMemory({ bytes: 512 * MIB }));
  kvmInit(host);
  const task = host.spawn("6.12");
  const kvm = sysOpenat(task, "/dev/kvm", O_RDWR);
  const vm = (await sysIoctl(task, kvm, requestOf("KVM_CREATE_VM"), 0n)) as number;
  const map = (bytes: number) =>
    BigInt(sysMmap(task, 0n, BigInt(bytes), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0n));
  const [memory, buffer] = [map(guestBytes), map(tagBytes)];
  await sysIoctlData(task, vm, requestOf("KVM_ENABLE_CAP"), kvm_enable_cap.encode({ cap: KVM_CAP_ARM_MTE }));
  const region = { memory_size: BigInt(guestBytes), userspace_addr: memory };
  await sysIoctlData(task, vm, requestOf("KVM_SET_USER_MEMORY_REGION"), kvm_userspace_memory_region.encode(region));
  sysProcessVmWritev(
    task,
    buffer,
    Uint8Array.from({ length: tagBytes }, (_, i) => i & 15),
  );

  const copy = (flags: bigint) => {
    const data = kvm_arm_copy_mte_tags.encode({ length: BigInt(guestBytes), addr: buffer, flags });
    return () =>
      time(() => {
        const { ret } = sysIoctlData(task, vm, requestOf("KVM_ARM_MTE_COPY_TAGS"), data) as { ret: number };
        if (ret !== guestBytes) throw new Error(`covered ${ret} bytes`);
      });
  };
  const from = new Uint8Array(tagBytes).fill(5);
  const to = new Uint8Array(tagBytes);
  const plain = () => time(() => to.set(from));
  const { medians, ratios } = await inTurn(41, plain, copy(KVM_ARM_TAGS_TO_GUEST), copy(KVM_ARM_TAGS_FROM_GUEST));
  const figure = (i: number) => `${(medians[i] ?? 0).toFixed(2)} ms`;
  const result = (name: string, i: number): Result => ({
    name: `COPY_TAGS of 64 MiB ${name} the guest / TypedArray.set`,
    ours: figure(i),
    reference: figure(0),
    ratio: 1 / (ratios[i] ?? Number.NaN),
    bound: { least: 0.5 },
  });
  return [result("to", 1), result("from", 2)];
}

/** What a client that keeps nothing takes to read `length` bytes' worth of tags. */
async function readAll(
  { memory }: Stubs,
  process: bigint,
  fd: number,
  length: bigint,
  chunk_bytes: number,
): Promise<void> {
  let tags = 0;
  for await (const chunk of memory.readTags({ process, fd, guest_ipa: 0n, length, chunk_bytes }))
    tags += chunk.tags.length;
  if (BigInt(tags) * 16n !== length) throw new Error(`${tags} tags arrived`);
}

async function writeAll(
  { memory }: Stubs,
  process: bigint,
  fd: number,
  length: bigint,
  tags: Uint8Array,
): Promise<void> {
  async function* chunks() {
    for (let ipa = 0n; ipa < length; ipa += BigInt(tags.length * 16)) yield { process, fd, guest_ipa: ipa, tags };
  }
  let done = 0n;
  for await (const answer of memory.writeTags(chunks())) done = answer.bytes_done;
  if (done !== length) throw new Error(`${done} bytes were covered`);
}

/** 512 MiB of guest memory: 32 MiB of tags, in chunks of the same size on both servers. */
export async function streamed(): Promise<Result[]> {
  const length = 512 * MIB;
  const chunk = MIB;
  using ours = await ServerProcess.tagvisor();
  using bare = await ServerProcess.bare();
  using us = connect(ours.address, WIDE);
  using them = connect(bare.address);
  const { process, vm } = await mteVm(us, length);
  const tags = new Uint8Array(chunk).fill(7);
  const size = BigInt(length);
  await writeAll(us, process, vm, size, tags);
  const before = ours.memory();

  const { medians, ratios } = await inTurn(
    7,
    () => time(() => readAll(them, 1n, 0, size, chunk)),
    () => time(() => readAll(us, process, vm, size, chunk)),
    () => time(() => writeAll(them, 1n, 0, size, tags)),
    () => time(() => writeAll(us, process, vm, size, tags)),
  );
  const figure = (i: number) => `${(length / 16 / 1000 / (medians[i] ?? 0)).toFixed(0)} MB/s`;
  const result = (name: string, us: number, them: number): Result => ({
    name: `tags streamed ${name} / bare stream, default options`,
    ours: figure(us),
    reference: figure(them),
    ratio: (ratios[them] ?? 0) / (ratios[us] ?? Number.NaN),
    bound: { least: 3 },
  });
  const grown = (ours.memory().peak - before.now) / MIB;
  return [
    result("from the guest", 1, 0),
    result("to the guest", 3, 2),
    {
      name: "growth of the server's memory while 32 MiB of tags stream / 32 chunks of 1 MiB",
      ours: `${grown.toFixed(0)} MiB`,
      reference: "32 MiB",
      ratio: grown / 32,
      bound: { most: 1.5 },
    },
  ];
}
