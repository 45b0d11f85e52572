/** A disk of the board: a file of the computer that the server runs on. */

import { closeSync, fstatSync, ftruncateSync, openSync, readvSync, writevSync } from "node:fs";

/** What is done to a disk on purpose. */
export type DiskFault = "none" | "read" | "write" | "short-write";

export class Disk {
  readonly path: string;
  /** The file has no content: it was just made, or never written. */
  readonly blank: boolean;
  /** How transfers fail from now on, for who wants to see what becomes of that. */
  fault: DiskFault = "none";
  private readonly fd: number;

  /** Opens the file, or makes it; what it holds stays. Throws where the file cannot be had. */
  constructor(path: string) {
    this.path = path;
    this.fd = openFile(path);
    this.blank = fstatSync(this.fd).blocks === 0;
  }

  /** Gives the file its size, which costs nothing before it is written. */
  resize(bytes: number): void {
    if (fstatSync(this.fd).size !== bytes) ftruncateSync(this.fd, bytes);
  }

  /** Fills buffers one after another from an offset; answers how many bytes could be read. */
  read(offset: number, to: readonly Uint8Array[]): number {
    if (this.fault === "read") return 0;
    try {
      return readvSync(this.fd, to, offset);
    } catch {
      return 0;
    }
  }

  /** Writes buffers one after another to an offset; answers how many bytes arrived. */
  write(offset: number, from: readonly Uint8Array[]): number {
    if (this.fault === "write") return 0;
    try {
      return writevSync(this.fd, this.fault === "short-write" ? firstHalf(from) : from, offset);
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

/** Half of the bytes of buffers. */
function firstHalf(buffers: readonly Uint8Array[]): Uint8Array[] {
  let left = buffers.reduce((sum, { length }) => sum + length, 0) >> 1;
  return buffers.map((buffer) => {
    const part = buffer.subarray(0, left);
    left -= part.length;
    return part;
  });
}
