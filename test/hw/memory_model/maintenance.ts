/** What one vCPU invalidates, TLB entries and instructions, another that runs meanwhile uses no more. */

import { a64, EXIT_PORT_BASE, Machine, RAM_BASE } from "../../../clients/typescript/guest/index.ts";
import { KVM_MP_STATE_RUNNABLE, type Process } from "../../../clients/typescript/index.ts";

const PSCI_CPU_OFF = 0x8400_0002;
const RAM_BYTES = 1 << 20;
/** The machine's table of blocks of 1 GiB is memory's last page; its entry 3 is free for another view of memory. */
const TABLE = RAM_BASE + BigInt(RAM_BYTES) - 4096n;
const ALIAS_ENTRY = 3;
/** Not in the place of a TLB that memory which the vCPUs use all the time would take from it. */
const ALIAS = 0xc008_0000n;

/** What vCPU 0 does before it tells its round to vCPU 1, and before the next; what vCPU 1 does with the round in W9. */
export interface Maintenance {
  readonly name: string;
  readonly prepare: string;
  readonly invalidate: string;
  /** vCPU 1, again and again while it waits. */
  readonly meanwhile: string;
  /** Then: X10 is to be as W9 is. */
  readonly afterwards: string;
}

/** A load by the alias: X10 = 0, or 1 where it was a fault. */
const LOAD = "mov x10, #0; ldr w11, [x24]";
const FAULTED = `${LOAD}; cmp x10, #1; csel w10, w9, wzr, eq`;
const VALID = "str x26, [x25]; dsb ishst";
const INVALID = "str xzr, [x25]; dsb ishst";

export const MAINTENANCE: readonly Maintenance[] = [
  ...["vmalle1is", "vaae1is, x27", "vae1is, x27", "aside1is, xzr"].map((operation) => ({
    name: `tlbi ${operation}`,
    prepare: VALID,
    invalidate: `${INVALID}; tlbi ${operation}; dsb ish`,
    meanwhile: LOAD,
    afterwards: FAULTED,
  })),
  {
    name: "tlbi vmalle1is after a write is protected: the write is a fault",
    prepare: VALID,
    invalidate: "orr x1, x26, #0x80; str x1, [x25]; dsb ishst; tlbi vmalle1is; dsb ish",
    meanwhile: "mov x10, #0; str w11, [x24, #64]",
    afterwards: "mov x10, #0; str w11, [x24, #64]; cmp x10, #1; csel w10, w9, wzr, eq",
  },
  ...["ic ivau, x23", "ic ialluis"].map((operation) => ({
    name: operation,
    prepare: "",
    // movz w10, #round
    invalidate: `mov w1, #0x000a; movk w1, #0x5280, lsl #16; and w2, w9, #0xffff; orr w1, w1, w2, lsl #5; str w1, [x23]
                 dc cvau, x23; dsb ish; ${operation}; dsb ish`,
    meanwhile: "bl patched",
    afterwards: "isb; bl patched; and w1, w9, #0xffff; cmp w10, w1; csel w10, w9, wzr, eq",
  })),
];

/** Rounds in which vCPU 1 still used what vCPU 0 had invalidated before. */
export async function runMaintenance(process: Process, test: Maintenance, rounds: number): Promise<number> {
  await using machine = await Machine.create(process, { ramBytes: RAM_BYTES, cpus: 2, vectors: false });
  const registers = `
        adr   x20, round
        add   x21, x20, #128            // what vCPU 1 has done
        adr   x23, patched
        mov   x24, #${ALIAS}
        mov   x25, #${TABLE + BigInt(8 * ALIAS_ENTRY)}
        mov   x27, #${ALIAS >> 12n}
        adr   x0, vectors
        msr   vbar_el1, x0
        isb
        mov   x9, #0`;
  const program = a64(RAM_BASE)`
  cpu0: ${registers}
        mov   x26, #${TABLE}
        ldr   x26, [x26, #8]            // memory's own block
  next0:
        add   w9, w9, #1
        ${test.prepare}
        stlr  w9, [x20]                 // odd: vCPU 1 is to use it
  used: ldar  w1, [x21]
        cmp   w1, w9
        b.ne  used
        and   x1, x9, #0x3e             // at some time of its use
  delay:
        subs  x1, x1, #1
        b.pl  delay
        add   w9, w9, #1
        ${test.invalidate}
        stlr  w9, [x20]                 // even: it is not to
  done: ldar  w1, [x21]
        cmp   w1, w9
        b.ne  done
        mov   w1, #${2 * rounds}
        cmp   w9, w1
        b.ne  next0
        mov   x1, #${EXIT_PORT_BASE}
        ldr   w0, [x20, #256]
        str   w0, [x1]
        b     .

  cpu1: ${registers}
  next1:
        add   w9, w9, #1
  wait: ldar  w1, [x20]
        cmp   w1, w9
        b.ne  wait
        ${test.meanwhile}
        stlr  w9, [x21]
        add   w9, w9, #1
  use:  ${test.meanwhile}
        ldar  w1, [x20]
        cmp   w1, w9
        b.ne  use
        ${test.afterwards}
        cmp   w10, w9
        cset  w1, ne
        ldr   w2, [x20, #256]
        add   w2, w2, w1
        str   w2, [x20, #256]
        stlr  w9, [x21]
        mov   w1, #${2 * rounds}
        cmp   w9, w1
        b.ne  next1
        mov   x0, #${PSCI_CPU_OFF}
        hvc   #0

        .balign 2048
  vectors:
        .space 0x200
        mrs   x12, elr_el1              // a fault: behind the instruction, and told
        add   x12, x12, #4
        msr   elr_el1, x12
        mov   x10, #1
        eret

        .balign 64
  patched:
        mov   w10, #0
        ret
        .balign 128
  round: .space 512`;
  await machine.load(program);
  for (const [i, cpu] of machine.cpus.entries()) {
    await cpu.vcpu.setMpState(KVM_MP_STATE_RUNNABLE);
    await cpu.set({ pc: program.symbols.get(`cpu${i}`) as bigint });
  }
  const { exit } = await machine.run();
  if (exit.kind !== "exit") throw new Error(`the guest left by ${exit.kind}`);
  return exit.code;
}
