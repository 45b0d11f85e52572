/** Exception vectors that tell the client of every exception. */

import type { Program } from "./a64.ts";
import { a64 } from "./a64.ts";
import { EXIT_PORT_BASE, VECTOR_PORT } from "./devices.ts";

const VECTORS = 16;

/**
 * A table for VBAR_EL1 at `address`, a multiple of 2048. An exception ends the run as an `exception` exit; running on returns
 * from it, so a client can put ELR_EL1 or memory right first. TPIDR_EL1 keeps X0 meanwhile.
 */
export function exceptionVectors(address: bigint, port = EXIT_PORT_BASE): Program {
  const vectors = Array.from(
    { length: VECTORS },
    (_, vector) => `
      .balign 128
      msr tpidr_el1, x0
      mov x0, #${port}
      str wzr, [x0, #${VECTOR_PORT + 4 * vector}]
      mrs x0, tpidr_el1
      eret`,
  );
  return a64(address)`${vectors.join("\n")}`;
}
