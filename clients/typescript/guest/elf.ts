/** Programs in ELF: what a linker makes for a machine without an operating system. */

import type { Image, Segment } from "./image.ts";

const ELF_HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;
const SECTION_HEADER_BYTES = 64;
const SYMBOL_BYTES = 24;
const ELFCLASS64 = 2;
const ELFDATA2LSB = 1;
const EM_AARCH64 = 183;
const PT_LOAD = 1;
const SHT_SYMTAB = 2;

/** The file's numbers, by their offsets. */
class Reader {
  private readonly view: DataView;

  constructor(file: Uint8Array) {
    this.view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  }

  u8 = (at: number) => this.view.getUint8(at);
  u16 = (at: number) => this.view.getUint16(at, true);
  u32 = (at: number) => this.view.getUint32(at, true);
  u64 = (at: number) => this.view.getBigUint64(at, true);
  /** An offset or a size. */
  size = (at: number) => Number(this.u64(at));
}

/** Reads an ELF file. Its segments go to their physical addresses; where these differ from the virtual ones, the entry follows. */
export function elfImage(file: Uint8Array): Image {
  const identified =
    file.length >= ELF_HEADER_BYTES && Buffer.from(file.subarray(0, 4)).toString("latin1") === "\x7fELF";
  if (!identified) throw new Error("this is no ELF file");
  const read = new Reader(file);
  if (read.u8(4) !== ELFCLASS64 || read.u8(5) !== ELFDATA2LSB || read.u16(18) !== EM_AARCH64)
    throw new Error("this ELF file is not for AArch64");
  try {
    return readImage(file, read);
  } catch (error) {
    if (error instanceof RangeError) throw new Error("this ELF file is cut off", { cause: error });
    throw error;
  }
}

function readImage(file: Uint8Array, read: Reader): Image {
  const start = read.u64(24);
  let entry = start;
  const segments: Segment[] = [];
  for (const header of table(read.size(32), read.u16(56), PROGRAM_HEADER_BYTES)) {
    if (read.u32(header) !== PT_LOAD) continue;
    const [virtual, address, size] = [read.u64(header + 16), read.u64(header + 24), read.size(header + 40)];
    if (start >= virtual && start < virtual + BigInt(size)) entry = start - virtual + address;
    segments.push({ address, size, bytes: part(file, read.size(header + 8), read.size(header + 32)) });
  }
  return { entry, segments, symbols: symbols(file, read) };
}

const table = (offset: number, records: number, bytes: number) =>
  Array.from({ length: records }, (_, i) => offset + i * bytes);

function part(file: Uint8Array, offset: number, bytes: number): Uint8Array {
  if (offset + bytes > file.length) throw new RangeError("beyond the end");
  return file.subarray(offset, offset + bytes);
}

/** The named symbols, without the assembler's marks of code and data; a stripped file has none. */
function symbols(file: Uint8Array, read: Reader): Map<string, bigint> {
  const found = new Map<string, bigint>();
  const sections = table(read.size(40), read.u16(60), SECTION_HEADER_BYTES);
  for (const section of sections) {
    if (read.u32(section + 4) !== SHT_SYMTAB) continue;
    const strings = sections[read.u32(section + 40)];
    if (strings === undefined) continue;
    const text = Buffer.from(part(file, read.size(strings + 24), read.size(strings + 32)));
    for (const symbol of table(read.size(section + 24), read.size(section + 32) / SYMBOL_BYTES, SYMBOL_BYTES)) {
      const start = read.u32(symbol);
      const name = text.toString("latin1", start, text.indexOf(0, start));
      if (name !== "" && !name.startsWith("$")) found.set(name, read.u64(symbol + 8));
    }
  }
  return found;
}
