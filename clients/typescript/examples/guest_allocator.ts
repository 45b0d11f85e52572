/**
 * A guest with a tagging allocator catches its own use after free: `guest_allocator ADDRESS`.
 *
 * `malloc` gives each block a tag that its pointer carries too, `free` changes the block's. A pointer that outlives its block has the
 * old tag, so that reading by it is a tag check fault, which the guest's own handler tells about.
 */

import { pathToFileURL } from "node:url";
import { a64, type GuestExit, Machine, RAM_BASE } from "../guest/index.ts";
import { connect } from "../index.ts";
import { RUNTIME } from "./guest_runtime.ts";

/** GCR_EL1: no block gets tag 0, which the memory around them has. RGSR_EL1: where the tags start. */
const EXCLUDE_ZERO = 1;
const SEED = 0xace1_00;

const program = a64(RAM_BASE)`
        mov   x0, #${EXCLUDE_ZERO}
        msr   gcr_el1, x0
        mov   x0, #${SEED}
        msr   rgsr_el1, x0
        adr   x0, vectors
        msr   vbar_el1, x0
        adr   x20, heap
        isb

        mov   x0, #64
        bl    malloc
        mov   x19, x0
        adr   x0, allocated
        bl    print
        mov   x0, x19
        bl    print_hex

        str   x19, [x19, #8]            // the tags are alike: this is the block's owner
        ldr   x1, [x19, #8]

        mov   x0, x19
        mov   x1, #64
        bl    free
        adr   x0, freed
        bl    print
  use:  ldr   x1, [x19, #8]             // and this is not
        mov   w0, #1
        b     exit

  // x0 = bytes, a multiple of 16; answers a pointer with the block's tag
  malloc:
        irg   x2, x20
        mov   x3, x2
  colour:
        stg   x3, [x3], #16
        subs  x0, x0, #16
        b.hi  colour
        bfi   x20, x3, #0, #56          // the heap goes on behind the block
        mov   x0, x2
        ret

  // x0 = the block, x1 = its bytes
  free: addg  x0, x0, #0, #1            // the next tag
  uncolour:
        stg   x0, [x0], #16
        subs  x1, x1, #16
        b.hi  uncolour
        ret

  allocated: .asciz "allocated 0x"
  freed:     .asciz "\nfreed, and read again\n"
  caught:    .asciz "tag check fault: address 0x"
  at:        .asciz ", instruction 0x"
  memory:    .asciz ", memory has tag "
  end:       .asciz "\n"

  // only the vector of synchronous exceptions from EL1 is used
             .balign 2048
  vectors:   .space 0x200
             mrs   x21, esr_el1
             mrs   x22, far_el1
             and   x0, x21, #0x3f
             cmp   x0, #0x11            // the fault status of a tag check
             mov   w0, #2
             b.ne  exit
             msr   tco, #0              // an exception switches the checks off
             adr   x0, caught
             bl    print
             mov   x0, x22
             bl    print_hex
             adr   x0, at
             bl    print
             mrs   x0, elr_el1
             bl    print_hex
             adr   x0, memory
             bl    print
             ldg   x22, [x22]           // the tag of the memory, where the pointer's was
             ubfx  x22, x22, #56, #4
             mov   x0, x22
             bl    print_hex
             adr   x0, end
             bl    print
             mov   w0, #0
             b     exit

  ${RUNTIME}
             .balign 4096
  heap:      .space 4096`;

/** The address of the read that comes too late. */
export const USE_AFTER_FREE = program.symbols.get("use") as bigint;

/** Runs the guest on a server; `print` gets what it writes. */
export async function catchUseAfterFree(address: string, print: (text: string) => void): Promise<GuestExit> {
  await using host = await connect(address);
  await using process = await host.spawn();
  await using machine = await Machine.create(process, { print, vectors: false });
  await machine.load(program);
  return (await machine.run()).exit;
}

const [, script, address] = process.argv;
if (script && import.meta.url === pathToFileURL(script).href) {
  if (!address) throw new Error("usage: guest_allocator ADDRESS");
  console.log(await catchUseAfterFree(address, (text) => process.stdout.write(text)));
}
