/** The board's devices, and the firmware configuration among them. */

import { expect, test } from "vitest";
import { Board } from "../../server/hw/board.ts";

const FW_CFG = 0x902_0000;
const SELECTOR = FW_CFG + 8;

const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString("latin1");

test("an item is read on by accesses of every width, and zeros follow", () => {
  const board = new Board();
  expect([1, 2, 4, 8].map((width) => text(board.read(FW_CFG, width)))).toEqual(["Q", "EM", "U\0\0\0", "\0".repeat(8)]);
});

test("a selector starts an item again", () => {
  const board = new Board();
  board.read(FW_CFG, 8);
  expect(board.write(SELECTOR, Uint8Array.of(0, 0))).toBe(true);
  expect(text(board.read(FW_CFG, 4))).toBe("QEMU");
  board.write(SELECTOR, Uint8Array.of(0x40, 1));
  expect(board.read(FW_CFG, 4)).toEqual(Uint8Array.of(1, 0, 0, 0));
  board.write(SELECTOR, Uint8Array.of(0x12, 0x34));
  expect(board.read(FW_CFG, 4)).toEqual(new Uint8Array(4));
});

test("what the registers do not take is an external abort, and changes nothing", () => {
  const board = new Board();
  expect(board.write(FW_CFG, new Uint8Array(8))).toBe(true);
  for (const width of [1, 4, 8]) expect(board.write(SELECTOR, new Uint8Array(width))).toBe(false);
  for (const at of [1, 8, 16, 0x18, 0x1000]) expect(board.read(FW_CFG + at, 2)).toBeUndefined();
  expect(board.write(FW_CFG + 16, new Uint8Array(8))).toBe(false);
  expect([board.has(FW_CFG), board.has(FW_CFG + 0x18), text(board.read(FW_CFG, 4))]).toEqual([true, false, "QEMU"]);
});
