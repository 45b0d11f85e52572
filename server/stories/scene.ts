/** Where a story happens: a host of its own, and on it a VMM with an MTE guest, driven as any client drives one. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Page, SwapAction, type SwapResponse } from "../../clients/typescript/gen/kvm/v1/inspect_service.ts";
import {
  connect,
  KVM_ARM_TAGS_FROM_GUEST,
  KvmError,
  MADV_PAGEOUT,
  type Mapping,
  PageFlag,
  type Process,
  Signal,
  type Tagvisor,
  type Vcpu,
  type Vm,
} from "../../clients/typescript/index.ts";
import type { KernelName } from "../abi/versions.ts";
import { PhysicalMemory } from "../hw/memory.ts";
import { Host } from "../kernel/host.ts";
import { kvmInit } from "../kernel/kvm/kvm_main.ts";
import { DEFAULT_LIMITS } from "../rpc/middleware/limits.ts";
import { createLog } from "../rpc/middleware/log.ts";
import { startServer } from "../rpc/server.ts";
import type { Story } from "./story.ts";

const MIB = 1 << 20;
export const PAGE = 4096;
const GRANULES = 256;
/** Where the guest's memory starts. */
export const IPA = 0x4000_0000;
/** How much the slot has. */
export const PAGES = 4;

/** Starts a host as the story wants it, connects to it, and runs `play` there. */
export async function onStage<T>(story: Story, play: (tagvisor: Tagvisor) => Promise<T>): Promise<T> {
  const place = await mkdtemp(join(tmpdir(), "tagvisor-story-"));
  try {
    const pmemBytes = story.pmem ? 8 * MIB : 0;
    const host = new Host(new PhysicalMemory({ bytes: 64 * MIB }), { pmemBytes });
    kvmInit(host);
    if (story.swap) host.swapon(join(place, "swap"), 16 * MIB);
    const address = `unix:${join(place, "socket")}`;
    const limits = { ...DEFAULT_LIMITS, graceMs: 1000 };
    const server = await startServer({ host, address, kernel: "6.12", limits, log: createLog("silent") });
    try {
      await using tagvisor = await connect(address);
      return await play(tagvisor);
    } finally {
      await server.stop();
      host.shutdown();
    }
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** A VMM under one kernel: an MTE VM with a slot of four pages, mapped without PROT_MTE, and a vCPU. */
export class Scene {
  readonly tagvisor: Tagvisor;
  readonly kernel: KernelName;
  readonly process: Process;
  readonly vm: Vm;
  readonly vcpu: Vcpu;
  /** The slot's memory. */
  readonly memory: Mapping;
  /** For the tags of all of it. */
  readonly buffer: Mapping;

  private constructor(
    tagvisor: Tagvisor,
    kernel: KernelName,
    parts: Pick<Scene, "process" | "vm" | "vcpu" | "memory" | "buffer">,
  ) {
    this.tagvisor = tagvisor;
    this.kernel = kernel;
    this.process = parts.process;
    this.vm = parts.vm;
    this.vcpu = parts.vcpu;
    this.memory = parts.memory;
    this.buffer = parts.buffer;
  }

  static async open(tagvisor: Tagvisor, kernel: KernelName): Promise<Scene> {
    const process = await tagvisor.spawn({ kernel });
    const kvm = await process.openKvm();
    const vm = await kvm.createVm();
    const known = (await tagvisor.kernels()).find(({ name }) => name === kernel);
    await vm.enableCap({ cap: Number(known?.behaviours.capArmMte) });
    const memory = await process.mmap({ length: PAGES * PAGE });
    const buffer = await process.mmap({ length: PAGES * GRANULES });
    const vcpu = await vm.createVcpu(0);
    const scene = new Scene(tagvisor, kernel, { process, vm, vcpu, memory, buffer });
    await scene.setSlot();
    return scene;
  }

  // ---- the VMM

  /** KVM_SET_USER_MEMORY_REGION of the slot, or of another. */
  setSlot(flags = 0, slot = 0, guest_phys_addr = IPA, memory = this.memory, memory_size = PAGES * PAGE): Promise<void> {
    return this.vm.setUserMemoryRegion({ slot, flags, guest_phys_addr, memory_size, userspace_addr: memory.address });
  }

  /** KVM_ARM_MTE_COPY_TAGS to the guest: the same tag for a whole page. */
  async writeTags(page: number, tag: number): Promise<number> {
    await this.buffer.write(0, new Uint8Array(GRANULES).fill(tag));
    return this.vm.armMteCopyTags({ guest_ipa: IPA + page * PAGE, length: PAGE, addr: this.buffer.address });
  }

  /** KVM_ARM_MTE_COPY_TAGS from the guest, told as a person would. */
  async tags(page = 0, ipa = IPA): Promise<string> {
    const copy = { guest_ipa: ipa + page * PAGE, length: PAGE, addr: this.buffer.address };
    await this.vm.armMteCopyTags({ ...copy, flags: KVM_ARM_TAGS_FROM_GUEST });
    return tellTags(await this.buffer.read(0, GRANULES));
  }

  // ---- the guest

  /** An access by the guest, as far as it needs the host: "mapped", "MMIO", or how KVM_RUN would fail. */
  async touch(page = 0, write = true, ipa = IPA): Promise<string> {
    return said(async () => ((await this.vcpu.faultIn(ipa + page * PAGE, { write })) ? "mapped" : "MMIO"));
  }

  // ---- the host

  /** What the kernel knows of a page of the slot that is in memory. */
  async page(page = 0): Promise<Page | undefined> {
    const range = { process: this.process.handle, address: this.memory.at(page * PAGE), length: BigInt(PAGE) };
    for await (const { pages } of this.tagvisor.services.inspect.pages(range)) return pages[0];
    return undefined;
  }

  /** Whether a page of the slot has PG_mte_tagged. */
  async isTagged(page: number): Promise<boolean> {
    return (((await this.page(page))?.flags ?? 0) & PageFlag.PAGE_FLAG_MTE_TAGGED) !== 0;
  }

  /** Where a page of the slot is, in a few words. */
  async whereabouts(page = 0): Promise<string> {
    const found = await this.page(page);
    if (found) return found.flags & PageFlag.PAGE_FLAG_SWAP_CACHE ? "in memory, its slot in swap kept" : "in memory";
    const range = { process: this.process.handle, address: this.memory.at(page * PAGE), length: BigInt(PAGE) };
    for await (const { entries } of this.tagvisor.services.inspect.swapEntries(range))
      return entries[0]?.tags_saved ? "in swap, tags saved" : "in swap, without tags";
    return "nowhere";
  }

  /** MADV_PAGEOUT of a page of the slot, twice: older kernels leave a page once that a guest has used. */
  async pageout(page = 0): Promise<string> {
    await this.memory.advise(MADV_PAGEOUT, page * PAGE, PAGE);
    await this.memory.advise(MADV_PAGEOUT, page * PAGE, PAGE);
    return this.whereabouts(page);
  }

  /** InspectService.Swap without a range. */
  swap(action: SwapAction = SwapAction.SWAP_ACTION_UNSPECIFIED): Promise<SwapResponse> {
    return this.tagvisor.services.inspect.swap({ action });
  }

  /** Whether a scenario's property holds in every order. */
  async explore(scenario: string): Promise<string> {
    const { kernel } = this;
    const { broken, exhaustive } = await this.tagvisor.services.inspect.explore({ scenario, kernel });
    if (!exhaustive) return "not all orders were run";
    return broken > 0n ? "broken in some orders" : "holds in every order";
  }
}

/** 0, "EINVAL", or what the call says. */
export async function said(call: () => Promise<unknown>): Promise<string> {
  try {
    return String((await call()) ?? "done");
  } catch (error) {
    if (error instanceof KvmError) return error.code;
    throw error;
  }
}

/** "tag 5", or "tag 5 in 128 granules, tag 0 in 128". */
export function tellTags(tags: Uint8Array): string {
  const runs: [tag: number, granules: number][] = [];
  for (const tag of tags) {
    const last = runs.at(-1);
    if (last?.[0] === tag) last[1]++;
    else runs.push([tag, 1]);
  }
  if (runs.length === 1) return `tag ${runs[0]?.[0]}`;
  return runs.map(([tag, granules]) => `tag ${tag} in ${granules}`).join(", ");
}

/** The errno of an answer that is data. */
export const errorName = (error: number): string => (error === 0 ? "done" : new KvmError("", error).code);

/** The signal that an access got. */
export function signalName(signal: Signal): string {
  const name = Object.entries(Signal).find(([, number]) => number === signal)?.[0];
  return signal === 0 ? "done" : String(name).replace("SIGNAL_", "");
}
