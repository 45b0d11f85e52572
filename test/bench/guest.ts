/** Guests: instructions beside QEMU, exits, page faults, the way to the first instruction, and how soon an endless one is stopped. */

import { a64, EXIT_PORT_BASE, Machine, RAM_BASE } from "../../clients/typescript/guest/index.ts";
import { connect, type Process } from "../../clients/typescript/index.ts";
import { O_RDWR } from "../../server/abi/fcntl.ts";
import { KVM_EXIT_MMIO, kvm_one_reg, kvm_userspace_memory_region } from "../../server/abi/kvm.ts";
import { kvm_vcpu_init } from "../../server/abi/kvm_arm64.ts";
import { requestOf } from "../../server/abi/kvm_ioctl.ts";
import { CORE_REGS } from "../../server/abi/kvm_reg.ts";
import { MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED, PROT_READ, PROT_WRITE } from "../../server/abi/mman.ts";
import { PhysicalMemory } from "../../server/hw/memory.ts";
import { Host } from "../../server/kernel/host.ts";
import { kvmInit } from "../../server/kernel/kvm/kvm_main.ts";
import {
  sysIoctl,
  sysIoctlData,
  sysKill,
  sysMmap,
  sysOpenat,
  sysProcessVmReadv,
  sysProcessVmWritev,
} from "../../server/kernel/syscalls.ts";
import { pingPong } from "./calls.ts";
import { connect as connectBare, openKvm } from "./clients.ts";
import { GUEST_RAM_BYTES, guestImage, programsOf } from "./guest_programs.ts";
import { inTurn, median, type Result, rate, time } from "./measure.ts";
import { hasQemu, runInQemu } from "./qemu.ts";
import { ServerProcess } from "./servers.ts";

const ROUNDS = 5;
const KVM_RUN = requestOf("KVM_RUN");

/** Milliseconds of each program, from what a guest has written. */
function timesOf(text: string, programs: number): number[] {
  const [frequency = Number.NaN, ...ticks] = text
    .trim()
    .split("\n")
    .map((line) => Number(`0x${line}`));
  if (ticks.length !== programs) throw new Error(`the guest wrote:\n${text}`);
  return ticks.map((count) => (count * 1000) / frequency);
}

async function runHere(process: Process, mte: boolean): Promise<string> {
  await using machine = await Machine.create(process, {
    ramBytes: GUEST_RAM_BYTES,
    mte,
    translation: "off",
    vectors: false,
  });
  await machine.load(guestImage(mte));
  const { exit } = await machine.run();
  if (exit.kind !== "system_event") throw new Error(`the guest left by ${exit.kind}: ${machine.console.text}`);
  return machine.console.text;
}

/** What an interpreter has to reach: a QEMU that checks tags. Elsewhere the ratio only tells. */
const CHECKED = new Set(["copy", "pointer chase", "quicksort", "allocator with IRG, STG, ST2G, LDG"]);

/** The programs here and in QEMU in turn. */
async function beside(process: Process, mte: boolean): Promise<Result[]> {
  const programs = programsOf(mte);
  const image = guestImage(mte);
  const ours: number[][] = [];
  const theirs: number[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    if (hasQemu) theirs.push(timesOf((await runInQemu(image, mte)).text, programs.length));
    ours.push(timesOf(await runHere(process, mte), programs.length));
  }
  return programs.map(({ name, rounds, instructions, cold }, i) => {
    const figure = (samples: number[][]) => {
      const ms = median(samples.map((sample) => sample[i] ?? Number.NaN));
      if (cold) return `${((ms * 1000) / rounds).toFixed(2)} us`;
      return `${((rounds * instructions) / ms / 1000).toFixed(1)} M/s`;
    };
    const ratio = median(ours.map((sample, round) => (theirs[round]?.[i] ?? Number.NaN) / (sample[i] ?? Number.NaN)));
    return {
      name: `${name}, ${mte ? "tags checked" : "no tags"} / QEMU`,
      ours: figure(ours),
      reference: hasQemu ? figure(theirs) : "no QEMU here",
      ratio,
      bound: mte && hasQemu && CHECKED.has(name) ? { least: 1 } : {},
    };
  });
}

/** A VM with one vCPU at a program, made by system calls in this process. */
function guestInProcess(text: string) {
  const host = new Host(new PhysicalMemory({ bytes: 64 << 20, cores: 1 }));
  kvmInit(host);
  const task = host.spawn("6.12");
  const map = (bytes: number, fd = -1) =>
    BigInt(
      sysMmap(
        task,
        0n,
        BigInt(bytes),
        PROT_READ | PROT_WRITE,
        fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED,
        fd,
        0n,
      ),
    );
  const ioctl = (fd: number, name: Parameters<typeof requestOf>[0], value = 0n) =>
    sysIoctl(task, fd, requestOf(name), value) as number;
  const vm = ioctl(sysOpenat(task, "/dev/kvm", O_RDWR), "KVM_CREATE_VM");
  const ram = map(1 << 20);
  sysProcessVmWritev(task, ram, a64(RAM_BASE)`${text}`.bytes);
  const region = { guest_phys_addr: RAM_BASE, memory_size: 1n << 20n, userspace_addr: ram };
  sysIoctlData(task, vm, requestOf("KVM_SET_USER_MEMORY_REGION"), kvm_userspace_memory_region.encode(region));
  const vcpu = ioctl(vm, "KVM_CREATE_VCPU");
  sysIoctlData(task, vcpu, requestOf("KVM_ARM_VCPU_INIT"), kvm_vcpu_init.encode({ target: 5 }));
  const value = map(4096);
  sysProcessVmWritev(task, value, new Uint8Array(BigUint64Array.of(RAM_BASE).buffer));
  const set = kvm_one_reg.encode({ id: CORE_REGS.pc as bigint, addr: value });
  sysIoctlData(task, vcpu, requestOf("KVM_SET_ONE_REG"), set);
  const run = map(8192, vcpu);
  const exitReason = () => {
    const bytes = new Uint8Array(1);
    sysProcessVmReadv(task, run + 8n, bytes);
    return bytes[0];
  };
  return { host, task, exitReason, enter: () => sysIoctl(task, vcpu, KVM_RUN, 0n) };
}

const STORES = `
      mov  x1, #${EXIT_PORT_BASE + 0x800n}
next: str  w0, [x1]
      b    next`;

/** MMIO exits a second: the guest stores to a device that is not there, again and again. */
async function exits(server: ServerProcess, process: Process): Promise<Result[]> {
  const guest = guestInProcess(STORES);
  await guest.enter();
  if (guest.exitReason() !== KVM_EXIT_MMIO) throw new Error(`exit ${guest.exitReason()}`);
  await using machine = await Machine.create(process, { ramBytes: 1 << 20 });
  await machine.load(a64(RAM_BASE)`${STORES}`);
  const { vcpu } = machine.cpus[0]!;
  using us = connectBare(server.address);
  using bare = await ServerProcess.bare();
  using them = connectBare(bare.address);
  const request = {
    process: process.handle,
    fd: vcpu.fd,
    request: KVM_RUN,
    arg: { $case: "value" as const, value: 0n },
  };
  const { process: other, kvm } = await openKvm(us);
  const checkExtension = {
    call: {
      $case: "ioctl" as const,
      value: {
        process: 0n,
        fd: kvm,
        request: requestOf("KVM_CHECK_EXTENSION"),
        arg: { $case: "value" as const, value: 3n },
      },
    },
    patches: [],
    fd_from: undefined,
    address_from: undefined,
  };
  const stream = pingPong(us, { process: other, calls: [checkExtension], stop_at_error: false });
  const MS = 500;
  const { medians, ratios } = await inTurn(
    ROUNDS,
    () => rate(MS, () => them.syscalls.ioctl(request)),
    () => rate(MS, () => us.syscalls.ioctl(request)),
    () => rate(MS, stream),
    () => rate(MS, () => vcpu.run()),
    () =>
      rate(MS, async () => {
        for (let i = 0; i < 100; i++) {
          const ret = guest.enter();
          if (ret !== 0 && (await ret) !== 0) throw new Error("KVM_RUN failed");
        }
      }).then((hundreds) => hundreds * 100),
  );
  guest.host.shutdown();
  const figure = (i: number) => `${Math.round(medians[i] ?? 0).toLocaleString("en")}/s`;
  const result = (name: string, i: number, of: number, bound: Result["bound"]): Result => ({
    name,
    ours: figure(i),
    reference: figure(of),
    ratio: (ratios[i] ?? 0) / (ratios[of] ?? 1),
    bound,
  });
  return [
    result("MMIO exits, unary Ioctl / bare echo", 1, 0, { least: 0.6 }),
    result("MMIO exits, Run stream / one call a message of Syscalls", 3, 2, { least: 0.3 }),
    result("MMIO exits, in process / unary Ioctl", 4, 1, { least: 10 }),
  ];
}

/** From Spawn to what the guest's first instructions say; QEMU's way there beside it. */
async function firstInstruction(address: string): Promise<Result> {
  await using host = await connect(address);
  const ours = () =>
    time(async () => {
      await using process = await host.spawn();
      await using machine = await Machine.create(process, { ramBytes: 1 << 20 });
      await machine.load(a64(RAM_BASE)`mov x1, #${EXIT_PORT_BASE}; str wzr, [x1]`);
      await machine.run();
    });
  const qemu = async () => (hasQemu ? (await runInQemu(guestImage(false), false)).firstOutput : Number.NaN);
  const { medians, ratios } = await inTurn(ROUNDS, qemu, ours);
  return {
    name: "Spawn to an exit of the first instructions / QEMU's start to its first output",
    ours: `${medians[1]?.toFixed(1)} ms`,
    reference: hasQemu ? `${medians[0]?.toFixed(1)} ms` : "no QEMU here",
    ratio: ratios[1] ?? Number.NaN,
    bound: hasQemu ? { most: 0.5 } : {},
  };
}

/** How long after a signal KVM_RUN of an endless guest has ended. */
async function stopped(): Promise<Result> {
  const guest = guestInProcess("next: add x0, x0, #1; b next");
  const delays: number[] = [];
  for (let i = 0; i < 21; i++) {
    const running = guest.enter();
    await new Promise((resolve) => setTimeout(resolve, 20));
    delays.push(
      await time(() => {
        sysKill(guest.task);
        return running;
      }),
    );
  }
  guest.host.shutdown();
  const longest = Math.max(...delays.slice(1));
  return {
    name: "a signal to the end of an endless guest's KVM_RUN, the longest of 20 / 10 ms",
    ours: `${longest.toFixed(2)} ms (median ${median(delays).toFixed(2)})`,
    reference: "10 ms",
    ratio: longest / 10,
    bound: { most: 1 },
  };
}

/** All of it. */
export async function guest(): Promise<Result[]> {
  using server = await ServerProcess.tagvisor();
  await using host = await connect(server.address);
  await using process = await host.spawn();
  return [
    ...(await beside(process, true)),
    ...(await beside(process, false)),
    ...(await exits(server, process)),
    await firstInstruction(server.address),
    await stopped(),
  ];
}
