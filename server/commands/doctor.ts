/** `tagvisor doctor`: what this machine offers to tagvisor, and what to do about what is missing. */

import { execFile } from "node:child_process";
import { accessSync, constants, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { availableParallelism, freemem, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Command } from "commander";

/** What a check found. */
interface Finding {
  readonly ok: boolean;
  readonly found: string;
  /** What to do, or what does not work, where it is not ok. */
  readonly hint?: string;
}

interface Check {
  readonly name: string;
  /** Nothing works without it; the others are for some uses only. */
  readonly needed: boolean;
  run(): Finding | Promise<Finding>;
}

/** Adds the command to the command line. */
export function register(program: Command): void {
  program
    .command("doctor")
    .summary("say what this machine offers, and what is missing")
    .description(
      "Looks at Node.js, WebAssembly, memory, sockets, /dev/kvm and tools that some uses want. A ✓ is fine, a ✗ has to be put " +
        "right, a - is optional.",
    )
    .option("--json", "print the findings as JSON", false)
    .action(async ({ json }: { json: boolean }) => {
      const findings = await examine();
      process.stdout.write(json ? `${JSON.stringify(findings, undefined, 2)}\n` : `${report(findings)}\n`);
    });
}

/** A check with its finding. */
export interface Diagnosis extends Finding {
  readonly name: string;
  readonly needed: boolean;
}

/** Runs every check; one that throws is not ok. */
export function examine(): Promise<Diagnosis[]> {
  return Promise.all(
    CHECKS.map(async ({ name, needed, run }) => {
      const failed = (error: Error) => ({ ok: false, found: error.message });
      return { name, needed, ...(await Promise.resolve().then(run).catch(failed)) };
    }),
  );
}

/** The findings as a table for people. */
export function report(findings: readonly Diagnosis[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.map(({ name, needed, ok, found, hint }) => {
    const mark = ok ? "✓" : needed ? "✗" : "-";
    return `${mark} ${name.padEnd(width)}  ${found}${!ok && hint ? `\n${" ".repeat(width + 4)}${hint}` : ""}`;
  });
  const missing = findings.filter(({ needed, ok }) => needed && !ok).length;
  const verdict = missing === 0 ? "tagvisor can run here." : `${missing} of these must be put right first.`;
  return [...lines, "", verdict].join("\n");
}

const GIB = 1 << 30;
const gib = (bytes: number) => `${(bytes / GIB).toFixed(1)} GiB`;

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return {
    ok,
    found: `${process.versions.node} (${process.platform} ${process.arch})`,
    hint: "Node.js 20.19 or newer is needed",
  };
}

/** What a container leaves of the machine's memory. */
function memory(): Finding {
  const limit = process.constrainedMemory?.() ?? 0;
  const total = limit > 0 && limit < totalmem() ? limit : totalmem();
  const hint = "guests take memory as they touch it; keep `serve --memory` below what is free";
  return { ok: total >= GIB, found: `${gib(total)}, ${gib(Math.min(freemem(), total))} free`, hint };
}

function cores(): Finding {
  const count = availableParallelism();
  return {
    ok: count >= 2,
    found: String(count),
    hint: "one core answers calls; with a second one, guests do not slow that",
  };
}

/** The board's memory is one shared WebAssembly.Memory: how large can it be? */
function sharedMemory(): Finding {
  for (const pages of [65_536, 32_768, 16_384]) {
    try {
      new WebAssembly.Memory({ initial: 1, maximum: pages, shared: true });
      return { ok: true, found: `up to ${gib(pages * 65_536)}` };
    } catch {
      // Smaller, then.
    }
  }
  return { ok: false, found: "not to be had", hint: "raise the limit of virtual memory (ulimit -v)" };
}

/** Small modules that only an engine with the feature takes. */
const MODULES = {
  simd: [1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
  threads: [1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 4, 1, 3, 1, 1, 10, 11, 1, 9, 0, 65, 0, 254, 16, 2, 0, 26, 11],
  memory64: [5, 3, 1, 4, 1],
};

function webAssembly(feature: keyof typeof MODULES, hint: string): Finding {
  const { validate } = WebAssembly as unknown as { validate(bytes: Uint8Array): boolean };
  const ok = validate(Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, ...MODULES[feature]]));
  return { ok, found: ok ? "yes" : "no", hint };
}

/** Listens, connects and sends one byte there and back. */
async function roundTrip(listen: { host: string; port: number } | { path: string }): Promise<Finding> {
  const server = createServer((socket) => socket.pipe(socket));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(listen, resolve);
  });
  const address = server.address();
  try {
    await new Promise<void>((resolve, reject) => {
      const to = typeof address === "string" ? { path: address } : { host: address?.address, port: address?.port ?? 0 };
      const socket = createConnection(to, () => socket.write("?"));
      socket.once("error", reject).once("data", () => resolve(void socket.destroy()));
    });
  } finally {
    server.close();
  }
  return { ok: true, found: "works" };
}

async function unixSocket(): Promise<Finding> {
  const directory = mkdtempSync(join(tmpdir(), "tagvisor-"));
  try {
    return await roundTrip({ path: join(directory, "socket") });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A real KVM can answer the same calls, for comparison. */
function devKvm(): Finding {
  const hint = "not needed: tagvisor emulates it. A real one on arm64 could be compared with";
  if (!existsSync("/dev/kvm")) return { ok: false, found: "not there", hint };
  try {
    accessSync("/dev/kvm", constants.R_OK | constants.W_OK);
  } catch {
    return { ok: false, found: "there, but not to be opened", hint };
  }
  return { ok: process.arch === "arm64", found: `there, of ${process.arch}`, hint };
}

function tool(command: string, use: string, args = ["--version"]): Check {
  const run = async (): Promise<Finding> => {
    try {
      const { stdout, stderr } = await promisify(execFile)(command, args, { timeout: 5000 });
      return { ok: true, found: (stdout || stderr).split("\n")[0]?.trim() ?? "" };
    } catch {
      return { ok: false, found: "not there", hint: `only to ${use}` };
    }
  };
  return { name: command, needed: false, run };
}

const CHECKS: readonly Check[] = [
  { name: "Node.js", needed: true, run: node },
  { name: "memory", needed: false, run: memory },
  { name: "cores", needed: false, run: cores },
  { name: "shared WebAssembly memory", needed: true, run: sharedMemory },
  {
    name: "WebAssembly threads",
    needed: true,
    run: () => webAssembly("threads", "this Node.js is built without them"),
  },
  {
    name: "WebAssembly SIMD",
    needed: false,
    run: () => webAssembly("simd", "the guest's vectors run slower without it"),
  },
  {
    name: "WebAssembly memory64",
    needed: false,
    run: () => webAssembly("memory64", "hosts have at most 4 GiB of memory; newer versions of Node.js know more"),
  },
  { name: "loopback", needed: true, run: () => roundTrip({ host: "127.0.0.1", port: 0 }) },
  { name: "unix sockets", needed: false, run: unixSocket },
  { name: "/dev/kvm", needed: false, run: devKvm },
  tool("grpcurl", "call the services by hand", ["-version"]),
  tool("aarch64-linux-gnu-gcc", "compute the vectors of the headers anew"),
  tool("qemu-system-aarch64", "record what a real kernel answers"),
  tool("cargo", "build the Rust client"),
  tool("go", "build the Go client", ["version"]),
  tool("python3", "run the Python client"),
  tool("java", "run the Java client"),
  tool("cmake", "build the C++ client"),
];
