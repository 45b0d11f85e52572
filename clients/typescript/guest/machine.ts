/** A machine for small guests: memory at one place, vCPUs, a console and an exit port, and a loop that runs it all. */

import { KvmError } from "../error.ts";
import { Vcpu, Vm } from "../kvm.ts";
import { Mapping } from "../mapping.ts";
import type { Process } from "../process.ts";
import { fromBytes, toBytes } from "../registers.ts";
import * as uapi from "../uapi.ts";
import { Console, ExitPort, type MmioDevice } from "./devices.ts";
import { exitOf, type GuestExit } from "./exits.ts";
import type { Image, Segment } from "./image.ts";
import { identityMap, type TagChecks } from "./translation.ts";
import { exceptionVectors } from "./vectors.ts";

/** Where memory starts unless told otherwise. */
export const RAM_BASE = 0x4000_0000n;
const PAGE_BYTES = 4096n;
const IMMEDIATE_EXIT_OFFSET = 1;

/** Registers by a debugger's names (x0, sp, pc, v0) or the Arm ARM's (SCTLR_EL1). */
export type RegisterName = keyof typeof uapi.CORE_REGS | keyof typeof uapi.SYS_REGS;
export type Registers = Partial<Record<RegisterName, bigint | number>>;

const IDS: Readonly<Record<RegisterName, bigint>> = { ...uapi.SYS_REGS, ...uapi.CORE_REGS };
/** The id by which KVM knows a register. */
export const registerId = (name: RegisterName): bigint => IDS[name];

/** What kind of machine. */
export interface MachineOptions {
  readonly ramBase?: bigint;
  /** Bytes of memory; 16 MiB. */
  readonly ramBytes?: number;
  /** How many vCPUs; all but the first are off until the guest calls PSCI's CPU_ON. */
  readonly cpus?: number;
  /** Whether there are memory tags; there are. */
  readonly mte?: boolean;
  /**
   * Translation is on from the first instruction, every address is itself, memory is tagged, and this is what becomes of a tag check fault.
   * "off" leaves translation to the guest. The last page of memory holds the table.
   */
  readonly translation?: TagChecks | "off";
  /** Exceptions are reported by vectors in the last page but one; a guest with vectors of its own needs none. */
  readonly vectors?: boolean;
  /** KVM_ARM_VCPU_ numbers beside PSCI_0_2. */
  readonly features?: readonly number[];
  /** Where the console's output goes. */
  readonly print?: (text: string) => void;
}

/** A VM with memory and vCPUs, and devices that the client is. */
export class Machine implements AsyncDisposable {
  readonly vm: Vm;
  readonly ram: Mapping;
  readonly ramBase: bigint;
  readonly cpus: readonly Cpu[];
  readonly console: Console;
  private readonly devices: MmioDevice[];

  private constructor(vm: Vm, ram: Mapping, ramBase: bigint, vcpus: readonly Vcpu[], console: Console) {
    this.vm = vm;
    this.ram = ram;
    this.ramBase = ramBase;
    this.cpus = vcpus.map((vcpu) => new Cpu(this, vcpu));
    this.console = console;
    this.devices = [console, new ExitPort()];
  }

  /** Makes a machine in a process, in one round trip where translation and vectors are off. */
  static async create(process: Process, options: MachineOptions = {}): Promise<Machine> {
    const { ramBase = RAM_BASE, ramBytes = 16 << 20, cpus = 1, mte = true, features = [], print } = options;
    const batch = process.batch();
    const kvm = batch.openat("/dev/kvm");
    const vm = batch.ioctl(kvm, "KVM_CREATE_VM");
    if (mte) batch.ioctl(vm, "KVM_ENABLE_CAP", { cap: uapi.KVM_CAP_ARM_MTE });
    const ram = batch.mmap({ length: ramBytes });
    const region = { slot: 0, guest_phys_addr: ramBase, memory_size: ramBytes, userspace_addr: ram };
    batch.ioctl(vm, "KVM_SET_USER_MEMORY_REGION", region);
    const target = batch.ioctl(vm, "KVM_ARM_PREFERRED_TARGET").member("target");
    const vcpus = Array.from({ length: cpus }, (_, id) => {
      const vcpu = batch.ioctl(vm, "KVM_CREATE_VCPU", id);
      const bits = [uapi.KVM_ARM_VCPU_PSCI_0_2, ...(id > 0 ? [uapi.KVM_ARM_VCPU_POWER_OFF] : []), ...features];
      batch.ioctl(vcpu, "KVM_ARM_VCPU_INIT", { target, features: [bits.reduce((mask, bit) => mask | (1 << bit), 0)] });
      return vcpu;
    });
    batch.close(kvm);
    await batch.submit();
    const machine = new Machine(
      new Vm(process, vm.value),
      new Mapping(process, ram.value, ramBytes),
      ramBase,
      vcpus.map(({ value }) => new Vcpu(process, value)),
      new Console(print),
    );
    await machine.prepare(options);
    return machine;
  }

  private async prepare({ translation = "sync", vectors = true, mte = true }: MachineOptions): Promise<void> {
    const end = this.ramBase + BigInt(this.ram.length);
    const registers: Registers = {};
    if (vectors) {
      const table = exceptionVectors(end - 2n * PAGE_BYTES);
      await this.load(table);
      registers.VBAR_EL1 = table.entry;
    }
    if (translation !== "off") {
      const memory = [{ address: this.ramBase, size: this.ram.length }];
      const map = identityMap(end - PAGE_BYTES, memory, mte ? translation : "none");
      await this.place(map.segment);
      Object.assign(registers, map.registers);
    }
    await Promise.all(this.cpus.map((cpu) => cpu.set(registers)));
  }

  /** Another device of the client's. */
  addDevice(device: MmioDevice): void {
    this.devices.push(device);
  }

  deviceAt(address: bigint): MmioDevice | undefined {
    return this.devices.find(({ base, size }) => address >= base && address < base + BigInt(size));
  }

  /** Puts an image into memory, and the first vCPU at its entry. */
  async load(image: Image): Promise<void> {
    await Promise.all(image.segments.map((segment) => this.place(segment)));
    await this.cpus[0]?.set({ pc: image.entry });
  }

  private async place({ address, bytes, size }: Segment): Promise<void> {
    const offset = address - this.ramBase;
    if (offset < 0n || offset + BigInt(size) > BigInt(this.ram.length))
      throw new RangeError(`there is no memory for ${size} bytes at 0x${address.toString(16)}`);
    const whole = size === bytes.length ? bytes : new Uint8Array(size);
    if (whole !== bytes) whole.set(bytes);
    await this.ram.write(Number(offset), whole);
  }

  /** Bytes of guest memory. */
  read(address: bigint, length: number): Promise<Uint8Array> {
    return this.ram.read(Number(address - this.ramBase), length);
  }

  /** Tags of guest memory, one for each 16 bytes. */
  async tags(address: bigint, length: number): Promise<Uint8Array> {
    const start = address & -PAGE_BYTES;
    const end = (address + BigInt(length) + PAGE_BYTES - 1n) & -PAGE_BYTES;
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.vm.readTags(start, Number(end - start))) chunks.push(chunk);
    const first = Number(address - start) / 16;
    return Buffer.concat(chunks).subarray(first, first + length / 16);
  }

  /** Runs all vCPUs until one of them stops for a reason that no device handles, and stops the others there. */
  async run({
    signal,
  }: {
    readonly signal?: AbortSignal;
  } = {}): Promise<{ readonly cpu: Cpu; readonly exit: GuestExit }> {
    const runs = this.cpus.map(async (cpu) => ({ cpu, exit: await cpu.run({ signal }) }));
    try {
      return await Promise.race(runs);
    } finally {
      await this.stop();
      await Promise.allSettled(runs);
    }
  }

  /** Stops every vCPU that runs; what it runs for ends with `stopped`. */
  async stop(): Promise<void> {
    await Promise.all(this.cpus.map((cpu) => cpu.stop()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    for (const { vcpu } of this.cpus) await vcpu[Symbol.asyncDispose]();
    await this.vm[Symbol.asyncDispose]();
    await this.ram[Symbol.asyncDispose]();
  }
}

/** A vCPU of a machine. */
export class Cpu {
  readonly vcpu: Vcpu;
  private readonly machine: Machine;
  private kvmRun: Promise<Mapping> | undefined;
  private running: Promise<unknown> | undefined;
  private stopping = false;
  /** What the guest's last read gets, when it runs on. */
  private answer: Uint8Array | undefined;

  constructor(machine: Machine, vcpu: Vcpu) {
    this.machine = machine;
    this.vcpu = vcpu;
  }

  /** Sets registers, all in one round trip. */
  async set(registers: Registers): Promise<void> {
    const entries = Object.entries(registers) as [RegisterName, bigint | number][];
    await Promise.all(entries.map(([name, value]) => this.vcpu.setOneReg(registerId(name), value)));
  }

  /** Reads registers, all in one round trip. */
  async get<N extends RegisterName>(...names: N[]): Promise<Record<N, bigint>> {
    const values = await Promise.all(names.map((name) => this.vcpu.getOneReg(registerId(name))));
    return Object.fromEntries(names.map((name, i) => [name, values[i]])) as Record<N, bigint>;
  }

  /**
   * Runs it until it stops for a reason that no device handles. `mmio_data` is what a read gets that the last `mmio` exit was.
   * Aborting the signal stops it and throws the signal's reason; it can run on, or be saved.
   */
  async run({
    signal,
    mmio_data,
  }: {
    readonly signal?: AbortSignal | undefined;
    readonly mmio_data?: Uint8Array;
  } = {}): Promise<GuestExit> {
    signal?.throwIfAborted();
    if (this.running) throw new Error("this vCPU runs already");
    if (mmio_data) this.answer = mmio_data;
    const abort = () => void this.stop();
    signal?.addEventListener("abort", abort);
    const running = this.loop();
    this.running = running.catch(() => {});
    try {
      const exit = await running;
      if (exit.kind === "stopped") signal?.throwIfAborted();
      return exit;
    } finally {
      signal?.removeEventListener("abort", abort);
      this.running = undefined;
      this.stopping = false;
    }
  }

  /**
   * Stops it where it is, as a VMM in C would: kvm_run->immediate_exit, then a signal. What its last exit asked for is complete,
   * so its registers are all there is to save.
   */
  async stop(): Promise<void> {
    if (!this.running) return;
    const { running } = this;
    this.stopping = true;
    this.kvmRun ??= this.vcpu.mapRun();
    await (await this.kvmRun).write(IMMEDIATE_EXIT_OFFSET, Uint8Array.of(1));
    if (this.running === running) await this.vcpu.process.kill();
    await running;
    await (await this.kvmRun).write(IMMEDIATE_EXIT_OFFSET, Uint8Array.of(0));
  }

  private async loop(): Promise<GuestExit> {
    for (;;) {
      const exit = await this.enter();
      if (exit === undefined) continue;
      if (exit.kind !== "mmio") return exit;
      const { phys_addr, len, is_write, data } = exit;
      const device = this.machine.deviceAt(phys_addr);
      if (!device) return exit;
      const offset = Number(phys_addr - device.base);
      if (is_write === 0) {
        this.answer = toBytes(device.read(offset, len), len);
        continue;
      }
      const end = device.write(offset, fromBytes(data.subarray(0, len)), len);
      if (end) return end.kind === "vector" ? this.exception(end.vector) : end;
    }
  }

  /** KVM_RUN once; undefined where a signal was for another vCPU. */
  private async enter(): Promise<GuestExit | undefined> {
    const mmio_data = this.answer;
    try {
      const run = await this.vcpu.run({ mmio_data });
      this.answer = undefined;
      return exitOf(run);
    } catch (error) {
      if (!(error instanceof KvmError && error.errno === uapi.ERRNO.EINTR)) throw error;
      this.answer = undefined;
      return this.stopping ? { kind: "stopped" } : undefined;
    }
  }

  private async exception(vector: number): Promise<GuestExit> {
    const { ESR_EL1, FAR_EL1, elr_el1, spsr_el1 } = await this.get("ESR_EL1", "FAR_EL1", "elr_el1", "spsr_el1");
    return { kind: "exception", vector, esr: ESR_EL1, far: FAR_EL1, elr: elr_el1, spsr: spsr_el1 };
  }
}
