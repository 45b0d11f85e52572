/** QEMU 10 of the oracle's cache, where it is, as a machine for the guest of guest_programs.ts. */

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import type { Program } from "../../clients/typescript/guest/index.ts";
import { GUEST_BASE } from "./guest_programs.ts";

const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "tagvisor", "oracle", "qemu");
const binary = join(folder, "usr/bin/qemu-system-aarch64");

/** Whether it is there; `npm run oracle` fetches it. */
export const hasQemu = existsSync(binary);

/** Its libraries lie beside it. */
const libraries = () =>
  ["usr/lib", "lib"]
    .map((name) => join(folder, name))
    .filter((path) => existsSync(path))
    .flatMap((path) => readdirSync(path).flatMap((name) => (name.includes("-linux-") ? [join(path, name)] : [])))
    .join(":");

/** Runs a program on the virt board until it turns off; answers what it wrote, and after how many milliseconds it began to. */
export async function runInQemu(program: Program, mte: boolean, ...options: string[]) {
  const temporary = mkdtempSync(join(tmpdir(), "tagvisor-bench-"));
  try {
    const image = join(temporary, "guest.bin");
    writeFileSync(image, program.bytes);
    const started = performance.now();
    const child = spawn(
      binary,
      [
        ...["-L", join(folder, "usr/share/qemu"), "-M", `virt,mte=${mte ? "on" : "off"}`, "-cpu", "max", "-m", "128"],
        ...["-display", "none", "-serial", "stdio", "-monitor", "none", "-nic", "none"],
        ...["-device", `loader,file=${image},addr=0x${GUEST_BASE.toString(16)},cpu-num=0,force-raw=on`, ...options],
      ],
      { env: { ...process.env, LD_LIBRARY_PATH: libraries() }, stdio: ["ignore", "pipe", "inherit"] },
    );
    let text = "";
    let firstOutput = Number.NaN;
    child.stdout.setEncoding("latin1").on("data", (more: string) => {
      if (text === "") firstOutput = performance.now() - started;
      text += more;
    });
    const code = await new Promise((resolve, reject) => child.on("close", resolve).on("error", reject));
    if (code !== 0) throw new Error(`QEMU ended with ${code}`);
    return { text, firstOutput };
  } finally {
    rmSync(temporary, { recursive: true });
  }
}
