/** Servers in processes of their own: ours and the bare one, each started from the build. */

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** A server that listens. */
export class ServerProcess implements Disposable {
  readonly address: string;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, address: string) {
    this.child = child;
    this.address = address;
  }

  static async start(script: string, ...args: string[]): Promise<ServerProcess> {
    const child = spawn(process.execPath, [path(script), ...args], { stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    for await (const line of lines) {
      const address = /^listening on (.*)$/.exec(line)?.[1];
      if (address) return new ServerProcess(child, address);
    }
    throw new Error(`${script} ended before it listened`);
  }

  /** Ours, quiet, on a free port. */
  static tagvisor(...args: string[]): Promise<ServerProcess> {
    return ServerProcess.start(
      "../../server/main.js",
      "serve",
      "--listen",
      "127.0.0.1:0",
      "--log-level",
      "error",
      ...args,
    );
  }

  static bare(): Promise<ServerProcess> {
    return ServerProcess.start("./bare_server.js");
  }

  /** Resident memory in bytes, now and at most so far (Linux). */
  memory(): { now: number; peak: number } {
    const status = readFileSync(`/proc/${this.child.pid}/status`, "utf8");
    const kib = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) * 1024;
    return { now: kib("VmRSS"), peak: kib("VmHWM") };
  }

  [Symbol.dispose](): void {
    this.child.kill();
  }
}
