/** A page with tags moves from one VM to another: `move_tags ADDRESS`. Every client has this example, and all print the same. */

import { pathToFileURL } from "node:url";
import { connect, KVM_CAP_ARM_MTE, KvmError, type Mapping, type Process, type Vm } from "../index.ts";

const RAM_BASE = 0x4000_0000;
const RAM_BYTES = 64 << 10;
const PAGE_BYTES = 4096;
const GRANULES = PAGE_BYTES / 16;

async function createVm(process: Process): Promise<{ vm: Vm; ram: Mapping }> {
  await using kvm = await process.openKvm();
  const vm = await kvm.createVm();
  await vm.enableCap({ cap: KVM_CAP_ARM_MTE });
  const ram = await process.mmap({ length: RAM_BYTES });
  await vm.setUserMemoryRegion({ guest_phys_addr: RAM_BASE, memory_size: RAM_BYTES, userspace_addr: ram.address });
  return { vm, ram };
}

/** The tags of the first page. */
async function readTags(vm: Vm): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of vm.readTags(RAM_BASE, PAGE_BYTES)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The rule by which the call is refused whose reserved words are not zero. */
async function refusal(vm: Vm, ram: Mapping): Promise<string> {
  const copy = { guest_ipa: RAM_BASE, length: PAGE_BYTES, addr: ram.address, reserved: [0, 1] };
  const error = await vm.armMteCopyTags(copy).catch((thrown: unknown) => thrown);
  if (!(error instanceof KvmError)) throw new Error("a reserved word was not refused");
  return `${error.code} ${error.rule}`;
}

/** Runs the example against a server; `print` gets its lines. */
export async function moveTags(address: string, print: (line: string) => void): Promise<void> {
  await using host = await connect(address);
  await using process = await host.spawn({ kernel: "6.12" });
  print("tagvisor move_tags");
  print(`kernel ${process.kernel}`);
  await using kvm = await process.openKvm();
  print(`KVM_CAP_ARM_MTE ${KVM_CAP_ARM_MTE} = ${await kvm.checkExtension(KVM_CAP_ARM_MTE)}`);

  const source = await createVm(process);
  const memory = Uint8Array.from({ length: PAGE_BYTES }, (_, i) => i & 0xff);
  await source.ram.upload(memory);
  const tags = Uint8Array.from({ length: GRANULES }, (_, i) => i & 15);
  print(`source: KVM_ARM_MTE_COPY_TAGS to the guest = ${await source.vm.writeTags(RAM_BASE, tags)}`);
  const savedTags = await readTags(source.vm);
  print(`source: tags ${savedTags.subarray(0, 16).join(" ")}`);
  const savedMemory = await process.read(source.ram.address, PAGE_BYTES);

  const target = await createVm(process);
  await target.ram.upload(savedMemory);
  print(`target: KVM_ARM_MTE_COPY_TAGS to the guest = ${await target.vm.writeTags(RAM_BASE, savedTags)}`);
  const movedTags = await readTags(target.vm);
  print(`target: tags ${movedTags.subarray(0, 16).join(" ")}`);
  const movedMemory = await process.read(target.ram.address, PAGE_BYTES);
  print(`memory ${PAGE_BYTES} bytes ${Buffer.compare(movedMemory, memory) === 0 ? "the same" : "differ"}`);
  print(`tags ${GRANULES} ${movedTags.equals(tags) ? "the same" : "differ"}`);
  print(`reserved word: ${await refusal(target.vm, target.ram)}`);
  print("done");
}

const [, script, address] = process.argv;
if (script && import.meta.url === pathToFileURL(script).href) {
  if (!address) throw new Error("usage: move_tags ADDRESS");
  await moveTags(address, console.log);
}
