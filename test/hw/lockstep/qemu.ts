/** Runs batches of cases under qemu-system-aarch64, by the program of harness.S at EL2. */

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { type Batch, writeGuest, writeHypervisor } from "./image.ts";
import * as Layout from "./layout.ts";

const CPU = "max,sve=off,sme=off";
const SECONDS = 120;
/** The numbers that harness.S shares with layout.ts. */
const SYMBOLS = {
  WORK: Layout.WORK,
  EL2_TABLE: Layout.EL2_TABLE,
  STAGE2_TABLES: Layout.STAGE2_TABLES,
  CASES_AT: Layout.CASES_AT,
  RESULTS_AT: Layout.RESULTS_AT,
  CONFIGS_AT: Layout.CONFIGS_AT,
  POOLS_AT: Layout.POOLS_AT,
  DUMPS_AT: Layout.DUMPS_AT,
  VECTORS: Layout.VECTORS,
  MIDDLE: Layout.MIDDLE,
  CODE: Layout.CODE,
  CASE_BYTES: Layout.CASE_BYTES,
  MAIR: Layout.MAIR,
  PAUTH_KEY: Layout.PAUTH_KEY,
};

/** A folder in memory where there is one. */
const fast = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** Where the oracle's QEMU is unpacked, unless one of the machine's own is named. */
function qemuCommand(): { command: string; env: NodeJS.ProcessEnv; folder: string | undefined } {
  const own = process.env.TAGVISOR_QEMU_SYSTEM;
  if (own) return { command: own, env: process.env, folder: undefined };
  const root = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "tagvisor", "oracle", "qemu");
  const libraries = ["usr/lib", "lib"].flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder))
          .filter((name) => name.includes("-linux-"))
          .map((name) => join(root, folder, name))
      : [],
  );
  return {
    command: join(root, "usr/bin/qemu-system-aarch64"),
    env: { ...process.env, LD_LIBRARY_PATH: libraries.join(":") },
    folder: join(root, "usr/share/qemu"),
  };
}

/** What QEMU made of a batch: a hash of each case's state, and the states that were asked for. */
export interface Answers {
  readonly hashes: Uint32Array;
  readonly states: ReadonlyMap<number, BigUint64Array>;
}

/** The machine. */
export class Qemu implements Disposable {
  private readonly work = mkdtempSync(join(fast, "lockstep-"));
  private readonly program: Uint8Array;

  /** `source` is the path of harness.S. */
  constructor(source: string) {
    const object = join(this.work, "harness.o");
    const binary = join(this.work, "harness.bin");
    const symbols = Object.entries(SYMBOLS).flatMap(([name, value]) => ["--defsym", `${name}=0x${value.toString(16)}`]);
    execFileSync("aarch64-linux-gnu-as", ["-march=armv8.5-a+memtag", ...symbols, "-o", object, source]);
    execFileSync("aarch64-linux-gnu-objcopy", ["-O", "binary", "-j", ".text", object, binary]);
    this.program = readFileSync(binary);
  }

  run(batch: Batch, dumps: readonly number[] = [], describe: (number: number) => string = String): Answers {
    const bytes = new Uint8Array(Layout.RAM_BYTES);
    const ram = new DataView(bytes.buffer);
    bytes.set(this.program, Layout.PROGRAM - Layout.RAM);
    writeGuest(ram, batch.cases);
    writeHypervisor(ram, batch, dumps);
    const file = join(this.work, "ram");
    writeFileSync(file, bytes);
    const { command, env, folder } = qemuCommand();
    const megabytes = Layout.RAM_BYTES >> 20;
    const { status, stderr, error } = spawnSync(
      command,
      [
        ...(folder ? ["-L", folder] : []),
        ...["-M", "virt,mte=on,virtualization=on,gic-version=3,memory-backend=ram", "-cpu", CPU, "-smp", "1"],
        ...[
          "-m",
          String(megabytes),
          "-object",
          `memory-backend-file,id=ram,size=${megabytes}M,mem-path=${file},share=on`,
        ],
        ...["-device", `loader,addr=0x${Layout.PROGRAM.toString(16)},cpu-num=0`],
        ...["-nodefaults", "-display", "none", "-serial", "none", "-monitor", "none", "-no-reboot"],
      ],
      { env, timeout: SECONDS * 1000, killSignal: "SIGKILL" },
    );
    const after = readFileSync(file);
    const view = new DataView(after.buffer, after.byteOffset);
    const word = (address: number) => view.getBigUint64(address - Layout.RAM, true);
    if (word(Layout.CASES_AT + 8) !== 1n) {
      const at = (Number(word(Layout.WORK + 0x1000)) - Layout.CASES_AT) / Layout.CASE_BYTES - 1;
      const [esr, elr, far] = [16, 24, 32].map((offset) => word(Layout.CASES_AT + offset).toString(16));
      throw new Error(
        `QEMU ended in case ${at} (${describe(at)}): ${error ?? status} ${stderr} ESR_EL2 ${esr} ELR_EL2 ${elr} FAR_EL2 ${far}`,
      );
    }
    const states = new Map<number, BigUint64Array>();
    for (const [index, dump] of dumps.entries())
      states.set(
        dump,
        BigUint64Array.from({ length: Layout.STATE_LONGS }, (_, n) =>
          word(Layout.DUMPS_AT + index * Layout.DUMP_BYTES + n * 8),
        ),
      );
    const start = after.byteOffset + Layout.RESULTS_AT - Layout.RAM;
    return { hashes: new Uint32Array(after.buffer.slice(start, start + batch.cases.length * 4)), states };
  }

  [Symbol.dispose](): void {
    rmSync(this.work, { recursive: true });
  }
}
