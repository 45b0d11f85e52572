/** Two vCPUs count together: `guest_two_cpus ADDRESS`. The first starts the second by PSCI, as a kernel does. */

import { pathToFileURL } from "node:url";
import { a64, type GuestExit, Machine, RAM_BASE } from "../guest/index.ts";
import { connect } from "../index.ts";
import { RUNTIME } from "./guest_runtime.ts";

const PSCI_CPU_OFF = 0x8400_0002;
const PSCI_CPU_ON = 0xc400_0003;

/** The program; each vCPU adds 1 to the counter `rounds` times. */
const program = (rounds: number) => a64(RAM_BASE)`
        // a vCPU starts without translation: what the second needs of the first one's set-up goes by way of memory
        adr   x10, setup
        mrs   x0, mair_el1
        mrs   x1, tcr_el1
        stp   x0, x1, [x10]
        mrs   x0, ttbr0_el1
        mrs   x1, sctlr_el1
        stp   x0, x1, [x10, #16]
        dc    cvac, x10
        dsb   sy

        mov   x0, #${PSCI_CPU_ON}
        mov   x1, #1                    // MPIDR_EL1 of the second vCPU
        adr   x2, second
        mov   x3, x10                   // what it gets in x0
        hvc   #0
        cbnz  x0, failed
        bl    count

  wait: adr   x1, done
        ldar  w0, [x1]
        cbz   w0, wait

        adr   x0, text
        bl    print
        adr   x1, counter
        ldr   x0, [x1]
        bl    print_hex
        adr   x0, line
        bl    print
        mov   w0, #0
        b     exit
  failed:
        mov   w0, #1
        b     exit

  second:
        ldp   x1, x2, [x0]
        msr   mair_el1, x1
        msr   tcr_el1, x2
        ldp   x1, x2, [x0, #16]
        msr   ttbr0_el1, x1
        isb
        msr   sctlr_el1, x2
        isb
        bl    count
        mov   w0, #1
        adr   x1, done
        stlr  w0, [x1]
        mov   x0, #${PSCI_CPU_OFF}
        hvc   #0
        b     .

  count:
        adr   x1, counter
        mov   x2, #1
        mov   x3, #${rounds}
  more: stadd x2, [x1]
        subs  x3, x3, #1
        b.ne  more
        ret

  text: .asciz "counted to 0x"
  line: .asciz "\n"
  ${RUNTIME}
           .balign 64
  setup:   .quad 0, 0, 0, 0
           .balign 64
  counter: .quad 0
           .balign 64
  done:    .word 0`;

/** Runs the guest on a server; `print` gets what it writes. */
export async function countTogether(
  address: string,
  rounds: number,
  print: (text: string) => void,
): Promise<GuestExit> {
  await using host = await connect(address);
  await using process = await host.spawn();
  await using machine = await Machine.create(process, { print, cpus: 2 });
  await machine.load(program(rounds));
  return (await machine.run()).exit;
}

const [, script, address] = process.argv;
if (script && import.meta.url === pathToFileURL(script).href) {
  if (!address) throw new Error("usage: guest_two_cpus ADDRESS");
  console.log(await countTogether(address, 1_000_000, (text) => process.stdout.write(text)));
}
