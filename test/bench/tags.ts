/** Tags in bulk: KVM_ARM_MTE_COPY_TAGS in process against a plain copy, and streamed over RPC against a bare stream. */

import { connect, type Process, type Vm } from "../../clients/typescript/index.ts";
import { O_RDWR } from "../../server/abi/fcntl.ts";
import { KVM_CAP_ARM_MTE, kvm_enable_cap, kvm_userspace_memory_region } from "../../server/abi/kvm.ts";
import { KVM_ARM_TAGS_FROM_GUEST, KVM_ARM_TAGS_TO_GUEST, kvm_arm_copy_mte_tags } from "../../server/abi/kvm_arm64.ts";
import { requestOf } from "../../server/abi/kvm_ioctl.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, PROT_READ, PROT_WRITE } from "../../server/abi/mman.ts";
import { PhysicalMemory } from "../../server/hw/memory.ts";
import { Host } from "../../server/kernel/host.ts";
import { kvmInit } from "../../server/kernel/kvm/kvm_main.ts";
import { sysIoctl, sysIoctlData, sysMmap, sysOpenat, sysProcessVmWritev } from "../../server/kernel/syscalls.ts";
import { connect as connectBare, type Stubs } from "./clients.ts";
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

async function readBare({ memory }: Stubs, length: bigint, chunk_bytes: number): Promise<void> {
  let tags = 0;
  for await (const chunk of memory.readTags({ length, chunk_bytes })) tags += chunk.tags.length;
  if (BigInt(tags) * 16n !== length) throw new Error(`${tags} tags arrived`);
}

async function writeBare({ memory }: Stubs, length: bigint, tags: Uint8Array): Promise<void> {
  async function* chunks() {
    for (let ipa = 0n; ipa < length; ipa += BigInt(tags.length * 16)) yield { guest_ipa: ipa, tags };
  }
  let done = 0n;
  for await (const answer of memory.writeTags(chunks())) done = answer.bytes_done;
  if (done !== length) throw new Error(`${done} bytes were covered`);
}

/** A VM with MTE and `length` bytes of memory at guest address 0. */
async function mteGuest(process: Process, length: number): Promise<Vm> {
  const vm = await (await process.openKvm()).createVm();
  await vm.enableCap({ cap: KVM_CAP_ARM_MTE });
  const ram = await process.mmap({ length });
  await vm.setUserMemoryRegion({ memory_size: length, userspace_addr: ram.address });
  return vm;
}

/** 512 MiB of guest memory, whose tags are 32 MiB: by the TypeScript client, against a stream of the same messages with default options. */
export async function streamed(): Promise<Result[]> {
  const length = 512 * MIB;
  const chunk = MIB;
  using ours = await ServerProcess.tagvisor();
  using bare = await ServerProcess.bare();
  using them = connectBare(bare.address);
  await using us = await connect(ours.address);
  await using process = await us.spawn({});
  const vm = await mteGuest(process, length);
  const tags = new Uint8Array(chunk).fill(7);
  const chunks = () => Array.from({ length: length / 16 / chunk }, () => tags);
  const read = async () => {
    let bytes = 0;
    for await (const piece of vm.readTags(0, length)) bytes += piece.length;
    if (bytes * 16 !== length) throw new Error(`${bytes} tags arrived`);
  };
  const write = async () => {
    const done = await vm.writeTags(0, chunks());
    if (done !== length) throw new Error(`${done} bytes were covered`);
  };
  await write();
  const before = ours.memory();

  const { medians, ratios } = await inTurn(
    9,
    () => time(() => readBare(them, BigInt(length), chunk)),
    () => time(read),
    () => time(() => writeBare(them, BigInt(length), tags)),
    () => time(write),
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
