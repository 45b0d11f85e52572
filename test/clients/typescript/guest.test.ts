/** The guest tool-kit without running a guest: images, devices, translation, and what a machine is set up with. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  a64,
  CONSOLE_BASE,
  Console,
  ExitPort,
  elfImage,
  exceptionVectors,
  flatImage,
  identityMap,
  Machine,
  RAM_BASE,
} from "../../../clients/typescript/guest/index.ts";
import { connect, KvmError, type Tagvisor } from "../../../clients/typescript/index.ts";
import { disassemble } from "../../../server/hw/disassemble.ts";
import { type TestServer, testServer } from "../../rpc/harness.ts";

/** An ELF file with one segment, 8 bytes of 16, and the symbols `start` and `end`. */
function elf({ machine = 183, virtual = 0xffff_0000_4000_0000n, physical = RAM_BASE } = {}): Uint8Array {
  const file = new Uint8Array(0x400);
  const view = new DataView(file.buffer);
  const u16 = (at: number, value: number) => view.setUint16(at, value, true);
  const u32 = (at: number, value: number) => view.setUint32(at, value, true);
  const u64 = (at: number, value: bigint) => view.setBigUint64(at, value, true);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  u16(16, 2);
  u16(18, machine);
  u64(24, virtual + 4n); // e_entry
  u64(32, 0x40n); // e_phoff
  u64(40, 0x100n); // e_shoff
  u16(56, 2); // e_phnum: PT_NOTE, PT_LOAD
  u16(60, 3); // e_shnum: none, the symbols, their names
  u32(0x40, 4);
  u32(0x78, 1);
  [0x200n, virtual, physical, 8n, 16n].forEach((value, i) => void u64(0x80 + 8 * i, value));
  u32(0x144, 2);
  u32(0x168, 2);
  u64(0x158, 0x300n);
  u64(0x160, 72n);
  u64(0x198, 0x380n);
  u64(0x1a0, 16n);
  u32(0x318, 1);
  u64(0x320, virtual);
  u32(0x330, 7);
  u64(0x338, virtual + 8n);
  file.set(new TextEncoder().encode("\0start\0end\0"), 0x380);
  file.set([1, 2, 3, 4, 5, 6, 7, 8], 0x200);
  return file;
}

describe("images", () => {
  test("a flat image lies where it is put", () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(flatImage(bytes, 0x1000n)).toMatchObject({
      entry: 0x1000n,
      segments: [{ address: 0x1000n, bytes, size: 3 }],
    });
    expect(flatImage(bytes, 0x1000n, 0x1002n).entry).toBe(0x1002n);
  });

  test("an ELF file's segments go to their physical addresses, and the entry follows", () => {
    const { entry, segments, symbols } = elfImage(elf());
    expect(entry).toBe(RAM_BASE + 4n);
    expect(segments).toEqual([{ address: RAM_BASE, bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), size: 16 }]);
    expect([...symbols]).toEqual([
      ["start", 0xffff_0000_4000_0000n],
      ["end", 0xffff_0000_4000_0008n],
    ]);
  });

  test.each([
    ["no ELF file", new Uint8Array(100), "this is no ELF file"],
    ["a short one", elf().subarray(0, 20), "this is no ELF file"],
    ["one for another machine", elf({ machine: 62 }), "this ELF file is not for AArch64"],
    ["one without its segment", elf().subarray(0, 0x204), "this ELF file is cut off"],
    ["one without its symbols", elf().subarray(0, 0x310), "this ELF file is cut off"],
    ["one without its headers", elf().subarray(0, 0x50), "this ELF file is cut off"],
  ])("%s is refused", (_, file, message) => {
    expect(() => elfImage(file)).toThrow(message);
  });
});

describe("devices", () => {
  test("the console sends text as it comes, also in several bytes, and is read until it is empty", () => {
    const printed: string[] = [];
    const console = new Console((text) => void printed.push(text));
    for (const byte of new TextEncoder().encode("a€")) expect(console.write(0, BigInt(byte))).toBeUndefined();
    console.write(0x30, 0x300n); // the control register is none of its business
    expect([printed, console.text]).toEqual([["a", "€"], "a€"]);
    expect(console.read(0x18)).toBe(0x90);
    console.type("hi");
    expect(console.read(0x18)).toBe(0x80);
    expect([console.read(0), console.read(0), console.read(0)]).toEqual([0x68, 0x69, 0]);
    expect([0xfe0, 0xfe4, 0xfe8, 0xff0].map((offset) => console.read(offset))).toEqual([0x11, 0x10, 0x34, 0x0d]);
  });

  test("the exit port ends a run, or reports a vector", () => {
    const port = new ExitPort();
    expect(port.write(0, 0xffff_ffffn)).toEqual({ kind: "exit", code: 0xffff_ffff });
    expect(port.write(0x100, 0n)).toEqual({ kind: "vector", vector: 0 });
    expect(port.write(0x13c, 0n)).toEqual({ kind: "vector", vector: 15 });
    expect([4, 0xfc, 0x102, 0x140].map((offset) => port.write(offset, 1n))).toEqual(Array(4).fill(undefined));
  });
});

test("the vectors are 16 of 128 bytes, and each reports its number", () => {
  const { bytes, words } = exceptionVectors(0x4000_0800n);
  expect(bytes.length).toBe(15 * 128 + 20);
  expect(words.slice(4 * 32, 4 * 32 + 5).map((word) => disassemble(word))).toEqual([
    "msr tpidr_el1, x0",
    "movz x0, #0x902, lsl #16",
    "str wzr, [x0, #272]",
    "mrs x0, tpidr_el1",
    "eret",
  ]);
});

test("memory is tagged in the identity map, and the rest is device memory that holds no code", () => {
  const { segment, registers } = identityMap(0x4100_0000n, [{ address: 0x4000_0000n, size: 0x8000_0000 }], "async");
  const table = new BigUint64Array(segment.bytes.buffer);
  expect([0, 1, 2, 3].map((i) => table[i])).toEqual([
    0x0060_0000_0000_0401n,
    0x4000_0705n,
    0x8000_0705n,
    0x0060_0000_c000_0401n,
  ]);
  expect(registers).toMatchObject({ MAIR_EL1: 0xf000n, TTBR0_EL1: 0x4100_0000n });
  expect(registers.SCTLR_EL1 >> 40n).toBe(0b1010n);
});

describe("a machine", () => {
  let server: TestServer;
  let client: Tagvisor;
  beforeAll(async () => {
    server = await testServer();
    client = await connect(server.address);
  });
  afterAll(async () => {
    await client.close();
    await server[Symbol.asyncDispose]();
  });

  test("starts with translation, vectors and tags, and holds a program", async () => {
    await using process = await client.spawn();
    await using machine = await Machine.create(process, { ramBytes: 1 << 20, cpus: 2 });
    const program = a64(RAM_BASE + 0x1000n)`
        nop
        .balign 32
      data: .quad 1`;
    await machine.load(program);
    const [first, second] = machine.cpus;
    expect(await first!.get("pc", "SCTLR_EL1", "TTBR0_EL1", "VBAR_EL1")).toEqual({
      pc: RAM_BASE + 0x1000n,
      SCTLR_EL1: 0x900_00c5_107dn,
      TTBR0_EL1: RAM_BASE + 0xf_f000n,
      VBAR_EL1: RAM_BASE + 0xf_e000n,
    });
    expect([await first!.vcpu.getMpState(), await second!.vcpu.getMpState()]).toEqual([0, 5]);
    expect(await machine.read(program.symbols.get("data") as bigint, 2)).toEqual(Uint8Array.of(1, 0));
    await machine.vm.writeTags(
      RAM_BASE,
      new Uint8Array(256).map((_, i) => i & 15),
    );
    expect([...(await machine.tags(RAM_BASE + 0xff0n, 48))]).toEqual([15, 0, 0]);
    expect(machine.deviceAt(CONSOLE_BASE + 0xfffn)).toBe(machine.console);
    expect(machine.deviceAt(CONSOLE_BASE + 0x1000n)).toBeUndefined();
    await expect(machine.load(flatImage(new Uint8Array(16), RAM_BASE + 0xf_fff8n))).rejects.toThrow(
      "there is no memory for 16 bytes at 0x400ffff8",
    );
  });

  test("without tags there are no registers for them", async () => {
    await using process = await client.spawn();
    await using machine = await Machine.create(process, { ramBytes: 1 << 20, mte: false, translation: "off" });
    await expect(machine.cpus[0]!.get("GCR_EL1")).rejects.toBeInstanceOf(KvmError);
    expect((await machine.cpus[0]!.get("SCTLR_EL1")).SCTLR_EL1).toBe(0xc5_0078n);
  });
});
