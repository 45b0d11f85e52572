/** `tagvisor conformance` prints TAP and tells by its exit code whether the results are as expected. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { register } from "../../server/commands/conformance.ts";

const OPEN = { op: "open", path: "/dev/kvm", flags: "O_RDWR", as: "kvm", ret: "fd", errno: null };
const VERSION = {
  op: "ioctl",
  fd: "kvm",
  req: "KVM_GET_API_VERSION",
  code: "0xae00",
  arg: { imm: "0x0" },
  errno: null,
};

function recording(name: string, ret: number): string {
  const steps = [OPEN, { ...VERSION, ret }];
  return JSON.stringify({ name, scope: "arm64", needs: [], doc: "the version", why: "", steps });
}

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "tagvisor-conformance-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Runs the command on one file with these lines. */
async function run(lines: readonly string[], ...options: string[]): Promise<{ output: string[]; code: unknown }> {
  const file = join(directory, "arm64-test-6.12.jsonl");
  writeFileSync(file, lines.join("\n"));
  let output = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += text;
    return true;
  });
  const program = new Command().exitOverride();
  register(program);
  await program.parseAsync(["conformance", file, ...options], { from: "user" });
  return { output: output.split("\n"), code: process.exitCode };
}

test("a recording that holds", async () => {
  const { output, code } = await run([recording("ct_version", 12), "", recording("dev_version", 12)]);
  expect(output[0]).toBe("TAP version 14");
  expect(output).toContain("ok 1 - ct/ct_version");
  expect(output).toContain("ok 2 - dev/dev_version");
  expect(output).toContain("1..2");
  expect(code).toBe(0);
});

test("a recording that does not hold, on another kernel", async () => {
  const { output, code } = await run([recording("ct_version", 13)], "--kernel", "6.1");
  expect(output).toContain("# arm64-test-6.12.jsonl on 6.1, raw RPC to a server of its own");
  const at = output.indexOf("not ok 1 - ct/ct_version");
  expect(output.slice(at + 1, at + 7)).toEqual([
    "  ---",
    "  step: 1",
    '  op: "ioctl"',
    '  what: "ret"',
    '  expected: "13"',
    '  got: "12"',
  ]);
  expect(code).toBe(1);
});

test("only what the filter names", async () => {
  const { output } = await run([recording("ct_version", 12), recording("dev_version", 12)], "--filter", "dev");
  expect(output).toContain("ok 1 - dev/dev_version");
  expect(output).toContain("1..1");
});
