/** The frame of every guest: vectors that tell what they got at a checkpoint and go on, and pieces with a checkpoint each. */

import { assemble } from "../../../clients/typescript/guest/a64.ts";
import { CODE, CODE_SIZE, VECTORS } from "./layout.ts";

const VECTOR_COUNT = 16;
const SYNC = 0;

/**
 * What a vector does: tells, and goes on behind the instruction, or at EL1 where x27 says; from one vector into another, to
 * the end. The flags go first: QEMU clears them when an exception is taken.
 */
function vector(n: number): string {
  return `
    .balign 128
    msr nzcv, xzr
    mrs x20, esr_el1
    mrs x21, far_el1
    mrs x22, elr_el1
    mrs x23, spsr_el1
    mov x24, #${n}
    str w24, [x28, #8]
    ${n % 4 === SYNC ? "add x22, x22, #4" : ""}
    cbz x27, on${n}
    mov x22, x27
    mov x27, #0
    msr spsr_el1, x25
  on${n}:
    lsr x24, x22, #12
    cmp x24, x19
    csel x22, x18, x22, eq
    msr elr_el1, x22
    eret`;
}

/** The vectors. */
export const vectors = () =>
  assemble(Array.from({ length: VECTOR_COUNT }, (_, n) => vector(n)).join("\n"), VECTORS).bytes;

/** A program in parts: a guest without one of its pieces goes on with the next. */
export interface Program {
  /** All of it, but that the first instruction of each piece branches to the next one. */
  readonly frame: Uint8Array;
  readonly pieces: readonly { readonly at: bigint; readonly bytes: Uint8Array }[];
  /** Behind the last piece, where there are only checkpoints. */
  readonly end: bigint;
}

/** The program of these pieces, each followed by a checkpoint of its number, after which user space may inject an abort. */
export function program(pieces: readonly string[]): Program {
  const text = pieces
    .map((piece, i) => `piece${i}:\nnop\n${piece}\nmov x27, #0\nmov w26, #${i}\nstr w26, [x28]`)
    .join("\n");
  const { bytes, symbols } = assemble(`${text}\nend:\nstr w26, [x28, #4]\nb end`, CODE);
  if (bytes.length > CODE_SIZE) throw new RangeError("the pieces of a guest take too much room");
  const end = symbols.get("end") as bigint;
  const starts = [...pieces.map((_, i) => symbols.get(`piece${i}`) as bigint), end];
  const frame = bytes.slice();
  const parts = pieces.map((_, i) => {
    const [from, to] = [starts[i] as bigint, starts[i + 1] as bigint];
    frame.set(assemble(`b 0x${to.toString(16)}`, from).bytes, Number(from - CODE));
    return { at: from, bytes: bytes.slice(Number(from - CODE), Number(to - CODE)) };
  });
  return { frame, pieces: parts, end };
}
