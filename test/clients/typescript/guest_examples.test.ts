/** The guests of the examples, run. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { catchUseAfterFree, USE_AFTER_FREE } from "../../../clients/typescript/examples/guest_allocator.ts";
import { hello } from "../../../clients/typescript/examples/guest_hello.ts";
import { move, work } from "../../../clients/typescript/examples/guest_move.ts";
import { countTogether } from "../../../clients/typescript/examples/guest_two_cpus.ts";
import {
  a64,
  CONSOLE_BASE,
  EXIT_PORT_BASE,
  type ExceptionExit,
  Machine,
  type MachineOptions,
  RAM_BASE,
} from "../../../clients/typescript/guest/index.ts";
import { connect, type Tagvisor } from "../../../clients/typescript/index.ts";
import { type TestServer, testServer } from "../../rpc/harness.ts";

let servers: TestServer[];
let client: Tagvisor;
beforeAll(async () => {
  servers = await Promise.all([testServer(), testServer()]);
  client = await connect(servers[0]!.address);
});
afterAll(async () => {
  await client.close();
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
});

const hex64 = (value: bigint) => value.toString(16).padStart(16, "0");

/** What an example prints, and how its guest ends. */
async function run(example: (address: string, print: (text: string) => void) => Promise<unknown>) {
  let text = "";
  const exit = await example(servers[0]!.address, (more) => (text += more));
  return { text, exit };
}

describe("examples", { timeout: 60_000 }, () => {
  test("hello", async () => {
    expect(await run(hello)).toEqual({ text: "Hello from EL1.\n", exit: { kind: "exit", code: 0 } });
  });

  test("a guest catches its own use after free", async () => {
    expect(await run(catchUseAfterFree)).toEqual({
      text: [
        "allocated 0x0200000040001000",
        "freed, and read again",
        `tag check fault: address 0x0200000040001008, instruction 0x${hex64(USE_AFTER_FREE)}, memory has tag ${hex64(3n)}`,
        "",
      ].join("\n"),
      exit: { kind: "exit", code: 0 },
    });
  });

  test("two vCPUs count together", async () => {
    const { text, exit } = await run((address, print) => countTogether(address, 20_000, print));
    expect({ text, exit }).toEqual({
      text: `counted to 0x${hex64(40_000n)}\n`,
      exit: { kind: "exit", code: 0 },
    });
  });

  test("a guest that moves in the middle of its work ends it as if it had not", async () => {
    const rounds = 1_000_000;
    const ENDS_AS_IN_QEMU = "0b8870a90918aaba";
    const stayed = await run((address, print) => work(address, rounds, print));
    expect(stayed).toEqual({ text: `working\n${ENDS_AS_IN_QEMU}`, exit: { kind: "exit", code: 0 } });
    const addresses = servers.map(({ address }) => address) as [string, string];
    const moved = await run((_, print) => move(addresses, rounds, 10, print));
    expect(moved.exit).toEqual({ kind: "exit", code: 0 });
    const [, pc] = /stopped at 0x(\w+)\n/.exec(moved.text) ?? [];
    expect(Number(`0x${pc}`)).toBeGreaterThanOrEqual(Number(RAM_BASE));
    expect(moved.text.replace(/stopped at .*\n/, "")).toBe(stayed.text);
  });
});

describe("runs", { timeout: 30_000 }, () => {
  /** Runs a program to its first exit. */
  async function runProgram(text: string, options: MachineOptions = {}) {
    await using process = await client.spawn();
    await using machine = await Machine.create(process, { ramBytes: 1 << 20, ...options });
    await machine.load(a64(RAM_BASE)`${text}`);
    const { exit, cpu } = await machine.run();
    return { exit, registers: await cpu.get("x0", "x2", "TFSR_EL1") };
  }

  test("registers are as the program left them", async () => {
    const { exit, registers } = await runProgram(`
      mov x0, #${0x1122_3344_5566_7788n}
      rev x2, x0
      mov x1, #${EXIT_PORT_BASE}
      str w0, [x1]`);
    expect(exit).toEqual({ kind: "exit", code: 0x5566_7788 });
    expect(registers).toMatchObject({ x0: 0x1122_3344_5566_7788n, x2: 0x8877_6655_4433_2211n });
  });

  test("an access to an address without a device is an exit; the answer is the client's", async () => {
    await using process = await client.spawn();
    await using machine = await Machine.create(process, { ramBytes: 1 << 20 });
    await machine.load(a64(RAM_BASE)`
      mov x1, #0x0a000000
      ldrh w0, [x1, #6]
      mov x1, #${EXIT_PORT_BASE}
      str w0, [x1]`);
    const cpu = machine.cpus[0]!;
    expect(await cpu.run()).toMatchObject({ kind: "mmio", phys_addr: 0x0a00_0006n, len: 2, is_write: 0 });
    expect(await cpu.run({ mmio_data: Uint8Array.of(0xfe, 0xff) })).toEqual({ kind: "exit", code: 0xfffe });
  });

  test("the guest reads what was typed", async () => {
    await using process = await client.spawn();
    await using machine = await Machine.create(process, { ramBytes: 1 << 20 });
    machine.console.type("ab");
    await machine.load(a64(RAM_BASE)`
            mov  x1, #${CONSOLE_BASE}
      next: ldr  w0, [x1, #0x18]
            tbnz w0, #4, done       // nothing more
            ldr  w0, [x1]
            add  w0, w0, #1
            str  w0, [x1]
            b    next
      done: mov  x1, #${EXIT_PORT_BASE}
            str  wzr, [x1]`);
    expect((await machine.run()).exit).toEqual({ kind: "exit", code: 0 });
    expect(machine.console.text).toBe("bc");
  });

  test("an exception is an exit, and running on returns from it", async () => {
    await using process = await client.spawn();
    await using machine = await Machine.create(process, { ramBytes: 1 << 20 });
    await machine.load(a64(RAM_BASE)`
            mov x0, #7
            svc #0x123
            mov x1, #${EXIT_PORT_BASE}
            str w0, [x1]`);
    const cpu = machine.cpus[0]!;
    const exit = (await cpu.run()) as ExceptionExit;
    expect(exit).toMatchObject({ kind: "exception", vector: 4, esr: 0x5600_0123n, elr: RAM_BASE + 8n });
    expect(await cpu.run()).toEqual({ kind: "exit", code: 7 });
  });

  test.each([
    ["sync", 4, 0x9600_0011n],
    ["async", undefined, undefined],
    ["none", undefined, undefined],
  ] as const)("tag checks: %s", async (translation, vector, esr) => {
    const { exit, registers } = await runProgram(
      `
            adr  x1, data
            mov  x2, x1
            bfi  x1, x1, #56, #4
            mov  x0, #5
            bfi  x2, x0, #56, #4
            stg  x2, [x2]
            ldr  x0, [x1]
            mov  x1, #${EXIT_PORT_BASE}
            str  wzr, [x1]
            .balign 16
      data: .quad 1, 2`,
      { translation },
    );
    if (vector !== undefined) expect(exit).toMatchObject({ kind: "exception", vector, esr });
    else expect(exit).toEqual({ kind: "exit", code: 0 });
    expect(registers.TFSR_EL1 & 1n).toBe(translation === "async" ? 1n : 0n);
  });

  test("an endless guest is stopped, by stop or by a signal, and runs on", async () => {
    await using process = await client.spawn();
    await using machine = await Machine.create(process, { ramBytes: 1 << 20 });
    await machine.load(a64(RAM_BASE)`
            mov  x0, #0
      next: add  x0, x0, #1
            b    next`);
    const cpu = machine.cpus[0]!;
    const stopped = cpu.run();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await cpu.stop();
    expect(await stopped).toEqual({ kind: "stopped" });
    const { x0: before } = await cpu.get("x0");
    expect(before).toBeGreaterThan(0n);
    await expect(cpu.run({ signal: AbortSignal.timeout(20) })).rejects.toMatchObject({ name: "TimeoutError" });
    expect((await cpu.get("x0")).x0).toBeGreaterThan(before);
  });

  test("the end of the machine by PSCI", async () => {
    const { exit } = await runProgram(`
      mov x0, #0x84000008
      hvc #0`);
    expect(exit).toMatchObject({ kind: "system_event", type: 1 });
  });
});
