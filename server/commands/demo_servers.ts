/** The demo's hosts: servers in processes of their own, which end with it. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** How long a server may take to stop before it is ended the hard way. */
const STOP_MS = 3000;

/** A server that this process has started. */
export class ServerProcess implements AsyncDisposable {
  readonly address: string;
  private readonly child: ChildProcess;
  private readonly endHard: () => void;

  private constructor(child: ChildProcess, address: string, endHard: () => void) {
    this.child = child;
    this.address = address;
    this.endHard = endHard;
  }

  /** Starts `tagvisor serve` on a free port of the loopback interface, with this program's own main file. */
  static async start(main = process.argv[1] ?? ""): Promise<ServerProcess> {
    const serve = ["serve", "--listen", "127.0.0.1:0", "--log-level", "error", "--grace", "1"];
    const child = spawn(process.execPath, [...process.execArgv, main, ...serve], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    // Whatever ends this process, the server must not outlive it.
    const endHard = () => void child.kill("SIGKILL");
    process.once("exit", endHard);
    return new ServerProcess(child, await listening(child), endHard);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.off("exit", this.endHard);
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, "exit");
    this.child.kill("SIGTERM");
    const timer = setTimeout(this.endHard, STOP_MS);
    await exited;
    clearTimeout(timer);
  }
}

/** The address in the line that a server prints when it is ready. */
async function listening(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  for await (const line of lines) {
    const address = /^listening on (\S+)$/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error(`the server did not start (exit code ${child.exitCode})`);
}
