/**
 * A guest is stopped in the middle of its work, moves to another server with registers, memory and tags, and ends its work there:
 * `guest_move ADDRESS ADDRESS`.
 */

import { pathToFileURL } from "node:url";
import { a64, type GuestExit, Machine, RAM_BASE } from "../guest/index.ts";
import { connect, type Process } from "../index.ts";
import { RUNTIME } from "./guest_runtime.ts";
import { restoreVcpu, saveVcpu } from "./vmm.ts";

const RAM_BYTES = 1 << 20;
const WORDS = 512;

/** Random numbers (xorshift64) are added to words of a tagged table, each by a pointer with the word's tag; at last their sum is told. */
const program = (rounds: number) => a64(RAM_BASE)`
        adr   x0, started
        bl    print

        adr   x9, table                 // every 16 bytes of the table have another tag than their neighbours
        mov   x10, #0
  colour:
        bfi   x9, x10, #56, #4
        stg   x9, [x9], #16
        add   x10, x10, #1
        cmp   x10, #${WORDS}
        b.ne  colour

        adr   x9, table
        mov   x11, #${0x9e37_79b9_7f4a_7c15n}
        mov   x12, #${rounds}
  work: eor   x11, x11, x11, lsl #13
        eor   x11, x11, x11, lsr #7
        eor   x11, x11, x11, lsl #17
        and   x13, x11, #${WORDS - 1}
        add   x14, x9, x13, lsl #4
        bfi   x14, x13, #56, #4         // with a wrong tag this would be a fault
        ldr   x15, [x14]
        add   x15, x15, x11
        str   x15, [x14]
        subs  x12, x12, #1
        b.ne  work

        mov   x0, #0
        mov   x10, #0
  sum:  add   x14, x9, x10, lsl #4
        ldg   x14, [x14]                // memory itself says which tag
        ldr   x15, [x14]
        eor   x0, x15, x0, ror #1
        add   x10, x10, #1
        cmp   x10, #${WORDS}
        b.ne  sum
        bl    print_hex
        mov   w0, #0
        b     exit

  started: .asciz "working\n"
  ${RUNTIME}
           .balign 4096
  table:   .space ${16 * WORDS}`;

const create = (process: Process, print: (text: string) => void) =>
  Machine.create(process, { ramBytes: RAM_BYTES, print });

/** Runs the guest to its end on one server. */
export async function work(address: string, rounds: number, print: (text: string) => void): Promise<GuestExit> {
  await using host = await connect(address);
  await using process = await host.spawn();
  await using machine = await create(process, print);
  await machine.load(program(rounds));
  return (await machine.run()).exit;
}

/** Starts the guest on one server, stops it after `ms` of work, and lets it end on another. */
export async function move(
  addresses: readonly [from: string, to: string],
  rounds: number,
  ms: number,
  print: (text: string) => void,
): Promise<GuestExit> {
  const [from, to] = addresses;
  await using sourceHost = await connect(from);
  await using sourceProcess = await sourceHost.spawn();
  const source: Machine = await create(sourceProcess, (text) => {
    print(text);
    if (text === "\n") setTimeout(() => void source.stop(), ms);
  });
  await source.load(program(rounds));
  const { exit, cpu } = await source.run();
  if (exit.kind !== "stopped") return exit;
  const { pc } = await cpu.get("pc");
  print(`stopped at 0x${pc.toString(16)}\n`);

  await using targetHost = await connect(to);
  await using targetProcess = await targetHost.spawn();
  await using target = await create(targetProcess, print);
  await target.ram.upload(source.ram.download());
  await target.vm.writeTags(RAM_BASE, source.vm.readTags(RAM_BASE, RAM_BYTES));
  await restoreVcpu(target.cpus[0]!.vcpu, await saveVcpu(cpu.vcpu));
  await source[Symbol.asyncDispose]();
  return (await target.run()).exit;
}

const [, script, from, to] = process.argv;
if (script && import.meta.url === pathToFileURL(script).href) {
  if (!from || !to) throw new Error("usage: guest_move ADDRESS ADDRESS");
  console.log(await move([from, to], 20_000_000, 100, (text) => process.stdout.write(text)));
}
