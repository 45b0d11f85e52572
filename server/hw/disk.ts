/** A disk of the board: a file of the computer that the server runs on. */

import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writevSync } from "node:fs";

/** What is done to a disk on purpose. */
export type DiskFault = "none" | "read" | "write" | "short-write";

export class Disk {
  readonly path: string;
  readonly bytes: number;
  /** How transfers fail from now on, for who wants to see what becomes of that. */
  fault: DiskFault = "none";
  private readonly fd: number;

  /** Opens the file, or makes it, and gives it its size; what it holds stays. Throws where the file cannot be had. */
  constructor(path: string, bytes: number) {
    this.path = path;
    this.bytes = bytes;
    this.fd = openFile(path);
    if (fstatSync(this.fd).size !== bytes) ftruncateSync(this.fd, bytes);
  }

  /** Fills `to` from an offset; false where not all of it could be read. */
  read(offset: number, to: Uint8Array): boolean {
    if (this.fault === "read") return false;
    try {
      return readSync(this.fd, to, 0, to.length, offset) === to.length;
    } catch {
      return false;
    }
  }

  /** Writes buffers one after another to an offset; answers how many bytes arrived. */
  write(offset: number, from: readonly Uint8Array[]): number {
    if (this.fault === "write") return 0;
    const most = this.fault === "short-write" ? from.slice(0, from.length >> 1) : from;
    if (most.length === 0) return 0;
    try {
      return writevSync(this.fd, most, offset);
    } catch {
      return 0;
    }
  }

  close(): void {
    closeSync(this.fd);
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, "r+", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return openSync(path, "w+", 0o600);
  }
}
