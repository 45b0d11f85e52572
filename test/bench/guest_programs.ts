/** A guest that needs nothing but a core, memory, a PL011 and PSCI, so that QEMU's virt board runs it too: it times small programs. */

import { a64, CONSOLE_BASE, type Program } from "../../clients/typescript/guest/index.ts";

/** Where it lies; QEMU has its device tree at the start of memory. */
export const GUEST_BASE = 0x4020_0000n;
export const GUEST_RAM_BYTES = 64 << 20;
/** The programs' memory, which they tag, and memory that nobody has touched yet. */
const HEAP = 0x4100_0000n;
const HEAP_BYTES = 0x2_0000;
const FRESH = 0x4200_0000n;
const FRESH_PAGES = 4096;
const TAG = 5n << 56n;

/** A program: x0 is how many rounds; x27 is the heap, by a tagged pointer where there are tags. It may use x0 to x17, and x26 to x28. */
interface Timed {
  readonly name: string;
  readonly rounds: number;
  /** Instructions of one round, as QEMU counts them with `-icount shift=0`. */
  readonly instructions: number;
  readonly code: string;
  /** It needs tags. */
  readonly tags?: true;
  /** A first, shorter run would spoil it. */
  readonly cold?: true;
}

const NODES = 4096;
const SORTED = 4096;

const PROGRAMS: readonly Timed[] = [
  {
    name: "ALU and branches",
    rounds: 200_000,
    instructions: 12.9,
    code: `
        mov   x1, #0x1234567
  alu:  eor   x1, x1, x1, lsl #13
        eor   x1, x1, x1, lsr #7
        eor   x1, x1, x1, lsl #17
        add   x2, x2, x1
        tbz   x1, #3, alu1
        sub   x3, x3, x2
  alu1: and   x4, x2, #0xff
        cmp   x4, #100
        csel  x5, x3, x2, lo
        b.hi  alu2
        mul   x6, x5, x4
  alu2: ror   x3, x3, #7
        subs  x0, x0, #1
        b.ne  alu
        ret`,
  },
  {
    name: "copy",
    rounds: 150,
    instructions: 16_389,
    code: `
  copy: mov   x1, x27
        add   x2, x27, #0x10, lsl #12
        mov   x3, #4096
  copy1:
        ldp   x4, x5, [x1], #16
        stp   x4, x5, [x2], #16
        subs  x3, x3, #1
        b.ne  copy1
        subs  x0, x0, #1
        b.ne  copy
        ret`,
  },
  {
    name: "pointer chase",
    rounds: 800_000,
    instructions: 3.05,
    code: `
        mov   x1, #0                    // node i points to node 5i + 1, so all are one ring
  ring: add   x2, x1, x1, lsl #2
        add   x2, x2, #1
        and   x2, x2, #${NODES - 1}
        add   x3, x27, x2, lsl #4
        add   x4, x27, x1, lsl #4
        str   x3, [x4]
        add   x1, x1, #1
        cmp   x1, #${NODES >> 12}, lsl #12
        b.ne  ring
        mov   x1, x27
  chase:
        ldr   x1, [x1]
        subs  x0, x0, #1
        b.ne  chase
        ret`,
  },
  {
    name: "quicksort",
    rounds: 4,
    instructions: 390_052,
    code: `
        stp   x30, x0, [sp, #-16]!
        mov   x15, #0x1234567
  sort: mov   x1, x27
        mov   x2, #${SORTED}
  fill: eor   x15, x15, x15, lsl #13
        eor   x15, x15, x15, lsr #7
        eor   x15, x15, x15, lsl #17
        str   x15, [x1], #8
        subs  x2, x2, #1
        b.ne  fill
        mov   x0, x27
        sub   x1, x1, #8
        bl    quick
        ldr   x0, [sp, #8]
        subs  x0, x0, #1
        str   x0, [sp, #8]
        b.ne  sort
        ldp   x30, x0, [sp], #16
        ret
  quick:                                // x0 = the first, x1 = the last
        cmp   x0, x1
        b.hs  quick5
        stp   x30, x1, [sp, #-16]!
        ldr   x2, [x0]                  // the pivot
        sub   x3, x0, #8
        add   x4, x1, #8
  quick1:
        ldr   x5, [x3, #8]!
        cmp   x5, x2
        b.lo  quick1
  quick2:
        ldr   x6, [x4, #-8]!
        cmp   x6, x2
        b.hi  quick2
        cmp   x3, x4
        b.hs  quick3
        str   x6, [x3]
        str   x5, [x4]
        b     quick1
  quick3:
        stp   x4, xzr, [sp, #-16]!
        mov   x1, x4
        bl    quick
        ldp   x4, xzr, [sp], #16
        ldp   x30, x1, [sp], #16
        add   x0, x4, #8
        b     quick
  quick5:
        ret`,
  },
  {
    name: "allocator with IRG, STG, ST2G, LDG",
    rounds: 120_000,
    instructions: 16.1,
    tags: true,
    code: `
        mov   x28, x27
  allocate:
        irg   x2, x28
        st2g  x2, [x2]
        st2g  x2, [x2, #32]
        str   x0, [x2]
        str   x2, [x2, #8]
        ldr   x3, [x2]
        ldp   x4, x5, [x2]
        ldg   x6, [x2]
        addg  x7, x2, #0, #1
        stg   x7, [x7]
        stg   x7, [x7, #16]
        st2g  x7, [x7, #32]
        add   x28, x28, #64
        and   x28, x28, #0xfffffffffffeffff
        subs  x0, x0, #1
        b.ne  allocate
        mov   x1, x27                   // the heap is as it was
        mov   x2, #${HEAP_BYTES / 32}
  allocate1:
        st2g  x1, [x1], #32
        subs  x2, x2, #1
        b.ne  allocate1
        ret`,
  },
  {
    name: "SVC and ERET round trips",
    rounds: 200_000,
    instructions: 6,
    code: `
        mov   x16, #0x40000000
        adr   x1, user
        add   x1, x1, x16               // EL0 sees memory elsewhere
        msr   elr_el1, x1
        msr   spsr_el1, xzr
        eret
  user: svc   #0
        subs  x0, x0, #1
        b.ne  user
        svc   #1
  served:
        ret`,
  },
  {
    name: "switch-style virtual machine",
    rounds: 25_000,
    instructions: 34,
    code: `
        adr   x4, handlers
        adr   x5, bytecode
        mov   x1, x5
        mov   x6, #1
        mov   x7, #3
        b     op0
  op0:  add   x6, x6, #1
        ldrb  w2, [x1], #1
        ldr   x3, [x4, x2, lsl #3]
        br    x3
  op1:  add   x6, x6, x7
        ldrb  w2, [x1], #1
        ldr   x3, [x4, x2, lsl #3]
        br    x3
  op2:  eor   x7, x7, x6
        ldrb  w2, [x1], #1
        ldr   x3, [x4, x2, lsl #3]
        br    x3
  op3:  ror   x7, x7, #9
        ldrb  w2, [x1], #1
        ldr   x3, [x4, x2, lsl #3]
        br    x3
  op4:  mul   x6, x6, x7
        ldrb  w2, [x1], #1
        ldr   x3, [x4, x2, lsl #3]
        br    x3
  op5:  mov   x1, x5
        subs  x0, x0, #1
        ldrb  w2, [x1], #1
        ldr   x3, [x4, x2, lsl #3]
        b.eq  op6
        br    x3
  op6:  ret
  bytecode: .byte 0, 1, 2, 3, 1, 4, 2, 5
        .balign 8
  handlers: .quad op0, op1, op2, op3, op4, op5`,
  },
  {
    name: "first touch of a page",
    rounds: FRESH_PAGES,
    instructions: 4,
    cold: true,
    code: `
        mov   x1, #${FRESH}
  touch:
        str   x0, [x1]
        add   x1, x1, #1, lsl #12
        subs  x0, x0, #1
        b.ne  touch
        ret`,
  },
];

/** Programs of a machine with tags, or without. */
export const programsOf = (mte: boolean) => PROGRAMS.filter(({ tags }) => mte || !tags);

const timed = ({ rounds, cold, code }: Timed, i: number) => `
        ${cold ? "" : `mov x0, #${Math.ceil(rounds / 8)}; bl program${i}`}
        isb
        mrs   x20, cntvct_el0
        mov   x0, #${rounds}
        bl    program${i}
        isb
        mrs   x21, cntvct_el0
        sub   x0, x21, x20
        bl    print_hex
        b     after${i}
  program${i}:
        ${code}
        .balign 8
  after${i}:`;

/** SCTLR_EL1: M, C, I, and bits as after a reset; ATA, ATA0, synchronous checks. */
const SCTLR = 0xc50078n | 0b101n | (1n << 12n);
const SCTLR_TAGS = (3n << 42n) | (1n << 40n);
/** 39 bits by TTBR0 in pages of 4 KiB, cacheable walks, no TTBR1, 40 bits, the top byte ignored. */
const TCR = 25n | (1n << 8n) | (1n << 10n) | (3n << 12n) | (1n << 23n) | (2n << 32n) | (1n << 37n);
const BLOCK = 0b01n | (1n << 10n) | (3n << 8n);
const DEVICE_BLOCK = 0b01n | (1n << 10n) | (1n << 2n) | (3n << 53n);
const EL0 = 1n << 6n;

/** It writes the counter's frequency, then for each program how many ticks it took, in lines of 16 hexadecimal digits, and turns off. */
export function guestImage(mte: boolean): Program {
  return a64(GUEST_BASE)`
        adr   x9, table
        mov   x0, #${DEVICE_BLOCK}
        str   x0, [x9]
        mov   x0, #${BLOCK | 0x4000_0000n}
        str   x0, [x9, #8]
        mov   x0, #${BLOCK | 0x4000_0000n | EL0}
        str   x0, [x9, #16]
        mov   x0, #${mte ? 0xf0n : 0xffn}
        msr   mair_el1, x0
        mov   x0, #${TCR}
        msr   tcr_el1, x0
        msr   ttbr0_el1, x9
        adr   x0, vectors
        msr   vbar_el1, x0
        isb
        mov   x0, #${SCTLR | (mte ? SCTLR_TAGS : 0n)}
        msr   sctlr_el1, x0
        isb
        msr   spsel, #1
        adr   x0, stack_end
        mov   sp, x0
        mov   x27, #${HEAP | (mte ? TAG : 0n)}
        ${
          mte
            ? `
        mov   x0, #0x10001              // GCR_EL1: RRND, no tag 0
        msr   gcr_el1, x0
        mov   x1, x27
        mov   x2, #${HEAP_BYTES / 32}
  tags: st2g  x1, [x1], #32
        subs  x2, x2, #1
        b.ne  tags`
            : ""
        }
        mrs   x0, cntfrq_el0
        bl    print_hex
        ${programsOf(mte).map(timed).join("\n")}
        mov   x0, #0x84000008           // SYSTEM_OFF
        hvc   #0
        b     .

  print_hex:
        mov   x1, #${CONSOLE_BASE}
        mov   w3, #60
  hex:  lsr   x2, x0, x3
        and   w2, w2, #0xf
        cmp   w2, #10
        add   w4, w2, #'0'
        add   w2, w2, #${"a".charCodeAt(0) - 10}
        csel  w2, w4, w2, lo
        strb  w2, [x1]
        subs  w3, w3, #4
        b.pl  hex
        mov   w2, #10
        strb  w2, [x1]
        ret

        .balign 2048
  vectors:
        .space 0x200
        mov   x0, #0xbad                // nothing is to go wrong
        bl    print_hex
        mrs   x0, esr_el1
        bl    print_hex
        mrs   x0, elr_el1
        bl    print_hex
        mov   x0, #0x84000008
        hvc   #0
        .balign 512
        mrs   x9, esr_el1
        tbnz  x9, #0, back
        eret
  back: ${mte ? "msr tco, #0" : ""}
        b     served

        .balign 4096
  table: .space 4096
  stack: .space 16384
  stack_end: .quad 0`;
}
