/** A guest says hello on its console: `guest_hello ADDRESS`. */

import { pathToFileURL } from "node:url";
import { a64, CONSOLE_BASE, EXIT_PORT_BASE, type GuestExit, Machine, RAM_BASE } from "../guest/index.ts";
import { connect } from "../index.ts";

const program = a64(RAM_BASE)`
        adr   x0, text
        mov   x1, #${CONSOLE_BASE}
  next: ldrb  w2, [x0], #1
        cbz   w2, done
        strb  w2, [x1]            // no memory is there: each character leaves the guest
        b     next
  done: mov   x1, #${EXIT_PORT_BASE}
        str   wzr, [x1]           // exit code 0
  text: .asciz "Hello from EL1.\n"`;

/** Runs the guest on a server; `print` gets what it writes. */
export async function hello(address: string, print: (text: string) => void): Promise<GuestExit> {
  await using host = await connect(address);
  await using process = await host.spawn();
  await using machine = await Machine.create(process, { print });
  await machine.load(program);
  return (await machine.run()).exit;
}

const [, script, address] = process.argv;
if (script && import.meta.url === pathToFileURL(script).href) {
  if (!address) throw new Error("usage: guest_hello ADDRESS");
  console.log(await hello(address, (text) => process.stdout.write(text)));
}
