/** Runs a litmus test on vCPUs that run in parallel, round by round, and counts what they saw. */

import { a64, EXIT_PORT_BASE, Machine, type Program, RAM_BASE } from "../../../clients/typescript/guest/index.ts";
import { KVM_MP_STATE_RUNNABLE, type Process } from "../../../clients/typescript/index.ts";
import type { Litmus, Outcome } from "./tests.ts";

const PSCI_CPU_OFF = 0x8400_0002;
const CPACR_FPEN = 3n << 20n;
const RAM_BYTES = 4 << 20;
const DATA = RAM_BASE + 0x10_0000n;
/** Each CPU's round, a line each. */
const PROGRESS_STRIDE_SHIFT = 7;
const BARRIER = 0x400;
/** How often each outcome was seen, by 16 bits. */
const COUNTS = 0x1_0000;
const OUTCOMES = 0x1_0000;
/** What was seen in each round, a byte of each CPU. */
const RESULTS = 0x8_0000;
/** The locations of each round: x, z and y, a line each. */
const SLOTS = 0x10_0000;
const SLOT_BYTES = 256;
const ROUNDS_AT_ONCE = 1024;

/** A CPU whose thread the host does not run just now is waited for no longer than this. */
const PATIENCE = 300;

const waitFor = (cpu: number, other: number) => `
        mov   x4, #${PATIENCE}
  wait${cpu}_${other}:
        ldr   w3, [x25, #${other << PROGRESS_STRIDE_SHIFT}]
        subs  x4, x4, #1
        ccmp  w3, w24, #2, ne
        b.lo  wait${cpu}_${other}`;

/** Labels of a body are those of its CPU. */
const ofCpu = (body: string, cpu: number) => body.replace(/\b(again|over)\b/g, `$1${cpu}`);

/** What one CPU does. All start a round together, but for a few instructions that differ from round to round. */
const cpuProgram = (body: string, cpu: number, cpus: number) => `
  cpu${cpu}:
        mov   x25, #${DATA}
        mov   x28, #${cpu * 77 + 1}
        mov   x24, #0
  batch${cpu}:
        bl    barrier
        mov   x27, #${ROUNDS_AT_ONCE}
        mov   x20, #${DATA + BigInt(SLOTS)}
        mov   x23, #${DATA + BigInt(RESULTS)}
  round${cpu}:
        add   x24, x24, #1
        add   x21, x20, #128
        add   x22, x20, #64
        mov   x10, #0
        mov   x11, #0
        mov   x1, #1
        mov   x2, #2
        eor   x28, x28, x28, lsl #13
        eor   x28, x28, x28, lsr #7
        eor   x28, x28, x28, lsl #17
        str   w24, [x25, #${cpu << PROGRESS_STRIDE_SHIFT}]
        ${Array.from({ length: cpus }, (_, other) => (other === cpu ? "" : waitFor(cpu, other))).join("\n")}
        and   x3, x28, #7
  delay${cpu}:
        subs  x3, x3, #1
        b.pl  delay${cpu}
        ${ofCpu(body, cpu)}
        orr   w10, w10, w11, lsl #2
        strb  w10, [x23, #${cpu}]
        add   x23, x23, #4
        add   x20, x20, #${SLOT_BYTES}
        subs  x27, x27, #1
        b.ne  round${cpu}
        bl    barrier
        ${cpu === 0 ? `bl evaluate` : ""}
        subs  x26, x26, #1
        b.ne  batch${cpu}
        ${cpu === 0 ? `mov x1, #${EXIT_PORT_BASE}; str wzr, [x1]; b .` : `mov x0, #${PSCI_CPU_OFF}; hvc #0`}`;

function programOf({ cpus }: Litmus): Program {
  return a64(RAM_BASE)`
  ${cpus.map((body, cpu) => cpuProgram(body, cpu, cpus.length)).join("\n")}

  barrier:
        add   x4, x25, #${BARRIER}
        add   x5, x4, #128
        ldar  w6, [x5]
        mov   w7, #1
        ldaddal w7, w8, [x4]
        cmp   w8, #${cpus.length - 1}
        b.eq  last
  sleep:
        ldar  w8, [x5]
        cmp   w8, w6
        b.eq  sleep
        ret
  last:
        str   wzr, [x4]
        add   w6, w6, #1
        stlr  w6, [x5]
        ret

  // counts the outcomes, and makes the locations new
  evaluate:
        mov   x20, #${DATA + BigInt(SLOTS)}
        mov   x23, #${DATA + BigInt(RESULTS)}
        mov   x9, #${DATA + BigInt(COUNTS)}
        mov   x27, #${ROUNDS_AT_ONCE}
  next: ldr   w3, [x23]
        str   wzr, [x23], #4
        ${
          cpus.length < 4
            ? `
        ldr   w4, [x20]
        ldr   w5, [x20, #128]
        orr   w4, w4, w5, lsl #2
        bfi   w3, w4, #24, #4`
            : ""
        }
        and   w4, w3, #15
        ubfx  w5, w3, #8, #4
        bfi   w4, w5, #4, #4
        ubfx  w5, w3, #16, #4
        bfi   w4, w5, #8, #4
        ubfx  w5, w3, #24, #4
        bfi   w4, w5, #12, #4
        lsl   w4, w4, #2
        ldr   w5, [x9, x4]
        add   w5, w5, #1
        str   w5, [x9, x4]
        stp   xzr, xzr, [x20]
        stp   xzr, xzr, [x20, #64]
        stp   xzr, xzr, [x20, #128]
        add   x20, x20, #${SLOT_BYTES}
        subs  x27, x27, #1
        b.ne  next
        ret`;
}

/** An outcome and how often it was seen. */
export interface Seen {
  readonly outcome: Outcome;
  readonly times: number;
}

function outcomeOf(index: number, cpus: number): Outcome {
  const nibble = (n: number) => (index >> (4 * n)) & 15;
  const two = (bits: number): [number, number] => [bits & 3, bits >> 2];
  const [x, y] = two(cpus < 4 ? nibble(3) : 0);
  return { r: Array.from({ length: cpus }, (_, cpu) => two(nibble(cpu))), x, y };
}

/** Runs at least so many rounds. */
export async function runLitmus(process: Process, litmus: Litmus, rounds: number): Promise<Seen[]> {
  const cpus = litmus.cpus.length;
  await using machine = await Machine.create(process, { ramBytes: RAM_BYTES, cpus });
  const program = programOf(litmus);
  await machine.load(program);
  const x26 = Math.ceil(rounds / ROUNDS_AT_ONCE);
  for (const [i, cpu] of machine.cpus.entries()) {
    await cpu.vcpu.setMpState(KVM_MP_STATE_RUNNABLE);
    await cpu.set({ pc: program.symbols.get(`cpu${i}`) as bigint, x26, CPACR_EL1: CPACR_FPEN });
  }
  const { exit } = await machine.run();
  if (exit.kind !== "exit") throw new Error(`the guest left by ${exit.kind}`);
  const bytes = await machine.read(DATA + BigInt(COUNTS), 4 * OUTCOMES);
  const counts = new Uint32Array(bytes.slice().buffer);
  return [...counts].flatMap((times, index) => (times > 0 ? [{ outcome: outcomeOf(index, cpus), times }] : []));
}
