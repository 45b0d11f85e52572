/** Locks by which vCPUs that run in parallel count together: each adds to a counter by plain loads and stores while it has the lock. */

import { a64, EXIT_PORT_BASE, Machine, RAM_BASE } from "../../../clients/typescript/guest/index.ts";
import { KVM_MP_STATE_RUNNABLE, type Process } from "../../../clients/typescript/index.ts";

const PSCI_CPU_OFF = 0x8400_0002;

/** How a lock at X20 is taken, and given back; X21 is the counter. They use W1 to W5. */
export interface Lock {
  readonly name: string;
  readonly take: string;
  readonly give: string;
}

const COUNT = "ldr x6, [x21]; add x6, x6, #1; str x6, [x21]";
const GIVE = "stlr wzr, [x20]";

export const LOCKS: readonly Lock[] = [
  {
    name: "ldaxr stxr",
    take: "take: ldaxr w1, [x20]; cbnz w1, take; mov w2, #1; stxr w3, w2, [x20]; cbnz w3, take",
    give: GIVE,
  },
  {
    name: "ldaxr stxr, waiting by wfe",
    take: "sevl; take: wfe; again: ldaxr w1, [x20]; cbnz w1, take; mov w2, #1; stxr w3, w2, [x20]; cbnz w3, again",
    give: `${GIVE}; sev`,
  },
  {
    name: "ldxr stxr and barriers",
    take: "take: ldxr w1, [x20]; cbnz w1, take; mov w2, #1; stxr w3, w2, [x20]; cbnz w3, take; dmb ish",
    give: "dmb ish; str wzr, [x20]",
  },
  { name: "swpa", take: "mov w2, #1; take: swpa w2, w1, [x20]; cbnz w1, take", give: GIVE },
  { name: "swpab", take: "mov w2, #1; take: swpab w2, w1, [x20]; cbnz w1, take", give: "stlrb wzr, [x20]" },
  { name: "casa", take: "mov w2, #1; take: mov w1, #0; casa w1, w2, [x20]; cbnz w1, take", give: GIVE },
  {
    name: "casa, given back by casl",
    take: "mov x2, #1; take: mov x1, #0; casa x1, x2, [x20]; cbnz x1, take",
    give: "mov x1, #1; casl x1, xzr, [x20]",
  },
  {
    name: "ldseta",
    take: "mov w2, #1; take: ldseta w2, w1, [x20]; tbnz w1, #0, take",
    give: "mov w2, #1; ldclrl w2, wzr, [x20]",
  },
  {
    name: "tickets by ldadda",
    take: "mov w2, #0x10000; ldadda w2, w1, [x20]; lsr w1, w1, #16; take: ldarh w3, [x20]; cmp w3, w1; b.ne take",
    give: "ldrh w3, [x20]; add w3, w3, #1; stlrh w3, [x20]",
  },
  {
    name: "caspa",
    take: "mov x2, #1; mov x3, #2; take: mov x4, #0; mov x5, #0; caspa x4, x5, x2, x3, [x20]; cbnz x4, take",
    give: "stp xzr, xzr, [x24]; dmb ish; stp xzr, xzr, [x20]",
  },
];

/** Counting without a lock, by one instruction or by exclusives. */
export const COUNTERS: readonly { readonly name: string; readonly count: string; readonly bytes: number }[] = [
  { name: "stadd", count: "mov x2, #1; stadd x2, [x21]", bytes: 8 },
  { name: "staddb", count: "mov w2, #1; staddb w2, [x21]", bytes: 1 },
  { name: "ldxr stxr", count: "again: ldxr x1, [x21]; add x1, x1, #1; stxr w3, x1, [x21]; cbnz w3, again", bytes: 8 },
  {
    name: "ldxrb stxrb",
    count: "again: ldxrb w1, [x21]; add w1, w1, #1; stxrb w3, w1, [x21]; cbnz w3, again",
    bytes: 1,
  },
  {
    name: "ldxrh stlxrh",
    count: "again: ldxrh w1, [x21]; add w1, w1, #1; stlxrh w3, w1, [x21]; cbnz w3, again",
    bytes: 2,
  },
  {
    name: "ldxp stxp",
    count: "again: ldxp x1, x2, [x21]; add x1, x1, #1; add x2, x2, #2; stxp w3, x1, x2, [x21]; cbnz w3, again",
    bytes: 8,
  },
  {
    name: "ldaxp stlxp of words",
    count: "again: ldaxp w1, w2, [x21]; add w1, w1, #1; sub w2, w2, #1; stlxp w3, w1, w2, [x21]; cbnz w3, again",
    bytes: 4,
  },
  {
    name: "cas",
    count: "ldr x1, [x21]; again: mov x2, x1; add x3, x1, #1; casal x1, x3, [x21]; cmp x1, x2; b.ne again",
    bytes: 8,
  },
  {
    name: "casp",
    count:
      "ldp x2, x3, [x21]; again: mov x6, x2; add x4, x2, #1; add x5, x3, #3; caspal x2, x3, x4, x5, [x21]; cmp x2, x6; b.ne again",
    bytes: 8,
  },
];

const ofCpu = (code: string, cpu: number) => code.replace(/\b(take|again)\b/g, `$1${cpu}`);

const counting = (code: string, cpu: number, rounds: number) => `
  cpu${cpu}:
        adr   x20, lock
        add   x21, x20, #128
        add   x24, x20, #256
        mov   x10, #${rounds}
  more${cpu}:
        ${ofCpu(code, cpu)}
        subs  x10, x10, #1
        b.ne  more${cpu}
        add   x1, x20, #384
        mov   x2, #1
        staddl x2, [x1]`;

/** Runs the code `rounds` times on each of two vCPUs; answers the counter. */
export async function countInParallel(process: Process, code: string, rounds: number): Promise<bigint> {
  await using machine = await Machine.create(process, { ramBytes: 1 << 20, cpus: 2 });
  const program = a64(RAM_BASE)`
        ${counting(code, 0, rounds)}
  join: ldar  x2, [x1]
        cmp   x2, #2
        b.ne  join
        mov   x1, #${EXIT_PORT_BASE}
        str   wzr, [x1]
        b     .
        ${counting(code, 1, rounds)}
        mov   x0, #${PSCI_CPU_OFF}
        hvc   #0
        .balign 128
  lock: .space 512`;
  await machine.load(program);
  for (const [i, cpu] of machine.cpus.entries()) {
    await cpu.vcpu.setMpState(KVM_MP_STATE_RUNNABLE);
    await cpu.set({ pc: program.symbols.get(`cpu${i}`) as bigint });
  }
  const { exit } = await machine.run();
  if (exit.kind !== "exit") throw new Error(`the guest left by ${exit.kind}`);
  const counter = await machine.read((program.symbols.get("lock") as bigint) + 128n, 8);
  return new DataView(counter.buffer, counter.byteOffset).getBigUint64(0, true);
}

/** What a lock protects. */
export const underLock = ({ take, give }: Lock) => `${take}; ${COUNT}; ${give}`;
