/** KVM's objects: /dev/kvm, virtual machines, their vCPUs and devices, each with its requests as methods. */

import { type CopyOptions, readTags, type Source, writeTags } from "./bulk.ts";
import * as calls from "./calls.ts";
import { AttributedDescriptor, Descriptor, OpenFile } from "./descriptor.ts";
import type { KvmRun } from "./gen/kvm/v1/kvm.ts";
import type { Mapping } from "./mapping.ts";
import { fromBytes, registerSize, toBytes } from "./registers.ts";
import { type RunOptions, RunStream } from "./run.ts";
import type { Init } from "./struct.ts";
import * as uapi from "./uapi.ts";

const PAGE_SIZE = 4096;
/** Room for registers that KVM_GET_REG_LIST is first asked with. */
const REGISTERS = 512;

/** /dev/kvm. */
export class Kvm extends Descriptor {
  getApiVersion(): Promise<number> {
    return this.ioctl("KVM_GET_API_VERSION");
  }

  checkExtension(capability: number): Promise<number> {
    return this.ioctl("KVM_CHECK_EXTENSION", capability);
  }

  getVcpuMmapSize(): Promise<number> {
    return this.ioctl("KVM_GET_VCPU_MMAP_SIZE");
  }

  /** A VM without memory and vCPUs; the low byte of `type` is the size of its addresses in bits, 0 for 40. */
  async createVm(type: number | bigint = 0): Promise<Vm> {
    return new Vm(this.process, await this.ioctl("KVM_CREATE_VM", type));
  }
}

/** A virtual machine. */
export class Vm extends AttributedDescriptor {
  checkExtension(capability: number): Promise<number> {
    return this.ioctl("KVM_CHECK_EXTENSION", capability);
  }

  /** Switches a capability on: `vm.enableCap({ cap: KVM_CAP_ARM_MTE })`, before the first vCPU. */
  async enableCap(cap: Init<uapi.kvm_enable_cap>): Promise<void> {
    await this.ioctl("KVM_ENABLE_CAP", cap);
  }

  async setUserMemoryRegion(region: Init<uapi.kvm_userspace_memory_region>): Promise<void> {
    await this.ioctl("KVM_SET_USER_MEMORY_REGION", region);
  }

  async setUserMemoryRegion2(region: Init<uapi.kvm_userspace_memory_region2>): Promise<void> {
    await this.ioctl("KVM_SET_USER_MEMORY_REGION2", region);
  }

  async createVcpu(id: number | bigint): Promise<Vcpu> {
    return new Vcpu(this.process, await this.ioctl("KVM_CREATE_VCPU", id));
  }

  /** What to give `Vcpu.armVcpuInit` on this host. */
  armPreferredTarget(): Promise<uapi.kvm_vcpu_init> {
    return this.ioctl("KVM_ARM_PREFERRED_TARGET");
  }

  /** Copies tags between guest memory and a buffer of the process; answers the bytes of guest memory covered. */
  armMteCopyTags(copy: Init<uapi.kvm_arm_copy_mte_tags>): Promise<number> {
    return this.ioctl("KVM_ARM_MTE_COPY_TAGS", copy);
  }

  /** The tags of guest memory as a stream of chunks, a byte for each 16 bytes. */
  readTags(
    guest_ipa: number | bigint,
    length: number,
    options: CopyOptions = {},
  ): AsyncGenerator<Uint8Array, void, undefined> {
    return readTags(this.process.caller.target(guest_ipa, this.fd), length, options);
  }

  /** Writes the tags of guest memory, a byte for each 16 bytes; answers how many bytes of memory they cover. */
  writeTags(guest_ipa: number | bigint, source: Source, options: CopyOptions = {}): Promise<number> {
    return writeTags(this.process.caller.target(guest_ipa, this.fd), source, options);
  }

  async createDevice(type: number, flags = 0): Promise<Device> {
    return new Device(this.process, (await this.ioctl("KVM_CREATE_DEVICE", { type, flags })).fd);
  }

  /** Whether the host has a type of device, without making one. */
  async hasDevice(type: number): Promise<boolean> {
    const call = calls.ioctl(this.fd, "KVM_CREATE_DEVICE", { type, flags: uapi.KVM_CREATE_DEVICE_TEST });
    const [result] = await this.process.caller.results(call);
    return result!.error === 0;
  }

  /** The dirty pages of a slot of `pages` pages: one bit each, in words of 64. */
  getDirtyLog(slot: number, pages: number): Promise<Uint8Array> {
    const bytes = Math.ceil(pages / 64) * 8;
    return this.withBuffer(bytes, undefined, (dirty_bitmap) =>
      calls.ioctl(this.fd, "KVM_GET_DIRTY_LOG", { slot, dirty_bitmap }),
    );
  }

  /** Treats pages as clean again: those whose bit is set, from `first_page` on. */
  async clearDirtyLog(slot: number, first_page: number, num_pages: number, bitmap: Uint8Array): Promise<void> {
    await this.withBuffer(bitmap.length, bitmap, (dirty_bitmap) =>
      calls.ioctl(this.fd, "KVM_CLEAR_DIRTY_LOG", { slot, num_pages, first_page, dirty_bitmap }),
    );
  }

  resetDirtyRings(): Promise<number> {
    return this.ioctl("KVM_RESET_DIRTY_RINGS");
  }

  /** Raises or lowers an interrupt line. */
  async irqLine(irq: number, level: 0 | 1): Promise<void> {
    await this.ioctl("KVM_IRQ_LINE", { irq, level });
  }

  async setGsiRouting(entries: readonly Init<uapi.kvm_irq_routing_entry>[], flags = 0): Promise<void> {
    const { size } = uapi.kvm_irq_routing_entry;
    const data = uapi.kvm_irq_routing.encode(
      { nr: entries.length, flags },
      uapi.kvm_irq_routing.size + entries.length * size,
    );
    entries.forEach((entry, i) => {
      data.set(uapi.kvm_irq_routing_entry.encode(entry), uapi.kvm_irq_routing.size + i * size);
    });
    await this.process.call({
      ...calls.rawIoctl(this.fd, uapi.KVM_SET_GSI_ROUTING, data),
      name: "KVM_SET_GSI_ROUTING",
    });
  }

  async irqfd(irqfd: Init<uapi.kvm_irqfd>): Promise<void> {
    await this.ioctl("KVM_IRQFD", irqfd);
  }

  async ioeventfd(ioeventfd: Init<uapi.kvm_ioeventfd>): Promise<void> {
    await this.ioctl("KVM_IOEVENTFD", ioeventfd);
  }

  /** Delivers a message-signalled interrupt; answers whether the guest took it. */
  async signalMsi(msi: Init<uapi.kvm_msi>): Promise<boolean> {
    return (await this.ioctl("KVM_SIGNAL_MSI", msi)) > 0;
  }

  async createGuestMemfd(memfd: Init<uapi.kvm_create_guest_memfd>): Promise<OpenFile> {
    return new OpenFile(this.process, await this.ioctl("KVM_CREATE_GUEST_MEMFD", memfd));
  }

  async armSetCounterOffset(offset: Init<uapi.kvm_arm_counter_offset>): Promise<void> {
    await this.ioctl("KVM_ARM_SET_COUNTER_OFFSET", offset);
  }

  /** The bits of the ID registers that can be changed: 192 words, in the order of their encodings. */
  async armGetRegWritableMasks(range = uapi.KVM_ARM_FEATURE_ID_RANGE): Promise<bigint[]> {
    const size = uapi.KVM_ARM_FEATURE_ID_RANGE_SIZE;
    const bytes = await this.withBuffer(size * 8, undefined, (addr) =>
      calls.ioctl(this.fd, "KVM_ARM_GET_REG_WRITABLE_MASKS", { addr, range }),
    );
    return Array.from({ length: size }, (_, i) => fromBytes(bytes.subarray(8 * i, 8 * i + 8)));
  }

  async getStatsFd(): Promise<OpenFile> {
    return new OpenFile(this.process, await this.ioctl("KVM_GET_STATS_FD"));
  }
}

/** A virtual CPU. */
export class Vcpu extends AttributedDescriptor {
  private runStream: RunStream | undefined;

  /** Sets the vCPU up, or resets it: needed before its registers and before `run`. */
  async armVcpuInit(init: Init<uapi.kvm_vcpu_init>): Promise<void> {
    await this.ioctl("KVM_ARM_VCPU_INIT", init);
  }

  /** Ends the choice of SVE's vector lengths. */
  async armVcpuFinalize(feature: number): Promise<void> {
    await this.ioctl("KVM_ARM_VCPU_FINALIZE", feature);
  }

  /** The ids of all registers, in the kernel's order. */
  async getRegList(): Promise<bigint[]> {
    const { size } = uapi.kvm_reg_list;
    for (let n = REGISTERS; ; ) {
      const list = uapi.kvm_reg_list.encode({ n }, size + 8 * n);
      const call = { ...calls.rawIoctl(this.fd, uapi.KVM_GET_REG_LIST, list), name: "KVM_GET_REG_LIST" };
      const [result] = await this.process.caller.results(call);
      const { data, error } = result!;
      const count = data.length >= size ? Number(uapi.kvm_reg_list.decode(data).n) : 0;
      if (error === 0) {
        const ids = new DataView(data.buffer, data.byteOffset + size, 8 * count);
        return Array.from({ length: count }, (_, i) => ids.getBigUint64(8 * i, true));
      }
      if (error !== uapi.ERRNO.E2BIG || count <= n) throw await this.process.caller.failure(call, result!);
      n = count;
    }
  }

  /** A register's value, whatever its size. */
  async getOneReg(id: bigint): Promise<bigint> {
    const get = (addr: bigint) => calls.ioctl(this.fd, "KVM_GET_ONE_REG", { id, addr });
    return fromBytes(await this.withBuffer(registerSize(id), undefined, get));
  }

  async setOneReg(id: bigint, value: bigint | number): Promise<void> {
    const size = registerSize(id);
    const set = (addr: bigint) => calls.ioctl(this.fd, "KVM_SET_ONE_REG", { id, addr });
    await this.withBuffer(size, toBytes(value, size), set);
  }

  async getMpState(): Promise<number> {
    return (await this.ioctl("KVM_GET_MP_STATE")).mp_state;
  }

  async setMpState(mp_state: number): Promise<void> {
    await this.ioctl("KVM_SET_MP_STATE", { mp_state });
  }

  getVcpuEvents(): Promise<uapi.kvm_vcpu_events> {
    return this.ioctl("KVM_GET_VCPU_EVENTS");
  }

  async setVcpuEvents(events: Init<uapi.kvm_vcpu_events>): Promise<void> {
    await this.ioctl("KVM_SET_VCPU_EVENTS", events);
  }

  async setGuestDebug(debug: Init<uapi.kvm_guest_debug>): Promise<void> {
    await this.ioctl("KVM_SET_GUEST_DEBUG", debug);
  }

  async getStatsFd(): Promise<OpenFile> {
    return new OpenFile(this.process, await this.ioctl("KVM_GET_STATS_FD"));
  }

  /**
   * Runs the guest until something is for the VMM to do. What the last exit asked for is completed first.
   * Aborting the signal interrupts the guest and throws the signal's reason; `Process.kill` interrupts it with EINTR.
   */
  async run(options: RunOptions = {}): Promise<KvmRun> {
    this.runStream ??= new RunStream(this.process, this.fd);
    return this.runStream.run(options);
  }

  /**
   * Faults a guest page in, as the guest's own access would; false where the access would leave the guest instead.
   * No kernel offers this: tagvisor does.
   */
  async faultIn(
    guest_ipa: number | bigint,
    access: { readonly write?: boolean; readonly exec?: boolean } = {},
  ): Promise<boolean> {
    const request = { process: this.process.handle, fd: this.fd, guest_ipa: BigInt(guest_ipa), ...access };
    const { caller } = this.process;
    const answer = await caller.transport.services.inspect.faultIn(request);
    return (await caller.check("FaultIn", ["fault_in"], answer)) === 0;
  }

  /** Maps struct kvm_run, which `kvm_run` of the headers describes. */
  mapRun(): Promise<Mapping> {
    return this.mmap({ length: 2 * PAGE_SIZE });
  }

  override async close(): Promise<void> {
    this.runStream?.end();
    await super.close();
  }
}

/** An in-kernel device: an interrupt controller, an ITS. */
export class Device extends AttributedDescriptor {}
