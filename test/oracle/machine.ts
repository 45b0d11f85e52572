/** A machine of QEMU's with a real kernel, its KVM, and the host agent that serves it. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { freePort } from "../free_port.ts";
import { AGENT_PORT, initramfs } from "./initramfs.ts";
import { cacheFolder, type Kernel, type Parts } from "./packages.ts";

/** As the recordings were made. */
const MACHINE = ["-M", "virt,mte=on,gic-version=3,virtualization=on", "-cpu", "max", "-smp", "1", "-m", "1536"];
const BOOT_MS = 120_000;

// This file runs from dist/test/oracle.
const clients = fileURLToPath(new URL("../../../clients/go", import.meta.url));

/** Builds the host agent for the machine. */
function buildAgent(): string {
  const agent = join(cacheFolder(), "tagvisor-agent");
  const env = { ...process.env, CGO_ENABLED: "0", GOOS: "linux", GOARCH: "arm64" };
  execFileSync("go", ["build", "-trimpath", "-o", agent, "./cmd/tagvisor-agent"], {
    cwd: clients,
    env,
    stdio: "inherit",
  });
  return agent;
}

/** Where a multi-arch package has its libraries. */
function libraryFolders(root: string): string[] {
  return ["usr/lib", "lib"].flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder))
          .filter((name) => name.includes("-linux-"))
          .map((name) => join(root, folder, name))
      : [],
  );
}

/** A booted machine. Disposing of it ends it. */
export class Machine implements Disposable {
  /** Where its agent listens, on the loopback interface. */
  readonly address: string;
  /** Settles when the machine ends. */
  readonly ended: Promise<unknown>;
  private readonly qemu: ChildProcess;
  private disposed = false;

  private constructor(qemu: ChildProcess, address: string) {
    this.qemu = qemu;
    this.ended = new Promise((resolve) => qemu.once("exit", resolve));
    this.address = address;
  }

  /** Boots a kernel and waits until its agent listens; what the machine prints goes to `log`. */
  static async boot(
    kernel: Kernel,
    { qemu, busybox, kernel: image }: Parts,
    log: (line: string) => void,
    signal: AbortSignal,
  ): Promise<Machine> {
    const archive = join(cacheFolder(), `linux-${kernel.name}.cpio.gz`);
    writeFileSync(archive, initramfs(image, busybox, buildAgent()));
    const vmlinuz = readdirSync(join(image, "boot")).find((name) => name.startsWith("vmlinuz"));
    const port = await freePort();
    const child = spawn(
      join(qemu, "usr/bin/qemu-system-aarch64"),
      [
        ...["-L", join(qemu, "usr/share/qemu"), ...MACHINE],
        ...["-kernel", join(image, "boot", vmlinuz ?? ""), "-initrd", archive],
        ...["-append", "console=ttyAMA0 quiet panic=-1", "-nographic", "-no-reboot"],
        ...["-netdev", `user,id=net0,hostfwd=tcp:127.0.0.1:${port}-:${AGENT_PORT}`],
        ...["-device", "virtio-net-device,netdev=net0"],
      ],
      {
        env: { ...process.env, LD_LIBRARY_PATH: libraryFolders(qemu).join(":") },
        stdio: ["ignore", "pipe", "pipe"],
        signal,
        killSignal: "SIGKILL",
      },
    );
    const machine = new Machine(child, `127.0.0.1:${port}`);
    try {
      await machine.listening(log);
    } catch (error) {
      machine[Symbol.dispose]();
      throw error;
    }
    return machine;
  }

  private listening(log: (line: string) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no agent after ${BOOT_MS / 1000} seconds`)), BOOT_MS);
      const end = (error: Error) => {
        clearTimeout(timer);
        reject(error);
      };
      const { stdout, stderr } = this.qemu;
      for (const stream of [stdout, stderr]) {
        if (!stream) continue;
        createInterface({ input: stream }).on("line", (line) => {
          log(line);
          if (!line.startsWith("listening on")) return;
          clearTimeout(timer);
          resolve();
        });
      }
      this.qemu.on("error", end);
      this.qemu.on("exit", (code, signal) => {
        if (!this.disposed) log(`the machine ended with ${code ?? signal}`);
        end(new Error("the machine ended before its agent listened"));
      });
    });
  }

  [Symbol.dispose](): void {
    this.disposed = true;
    this.qemu.kill("SIGKILL");
  }
}
