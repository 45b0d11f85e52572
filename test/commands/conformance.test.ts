/** `tagvisor conformance` prints TAP and tells by its exit code whether the results are as expected. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { register } from "../../server/commands/conformance.ts";
import { LocalServers } from "../conformance/replayer/local_servers.ts";

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

/** Runs the command; what it prints, and its exit code. */
async function runCommand(...args: string[]): Promise<{ output: string[]; code: unknown }> {
  let output = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    output += text;
    return true;
  });
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  register(program);
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
  await program.parseAsync(["conformance", ...args], { from: "user" });
  return { output: output.split("\n"), code: process.exitCode };
}

/** Runs the command on one file with these lines. */
async function run(lines: readonly string[], ...options: string[]): Promise<{ output: string[]; code: unknown }> {
  const file = join(directory, "arm64-test-6.12.jsonl");
  writeFileSync(file, lines.join("\n"));
  return runCommand(file, ...options);
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

test.each([
  ["a filter that no case has in its name", ["--filter", "nothing"], "no case is left to run"],
  ["a server that is not there", ["--target", "127.0.0.1:1"], "no server answers at 127.0.0.1:1"],
  ["one to compare with that is not there", ["--against", "127.0.0.1:1"], "no server answers at 127.0.0.1:1"],
])("%s is no success", { timeout: 10_000 }, async (_, options, message) => {
  await expect(runCommand(...options)).rejects.toThrow(message);
});

test.each([
  ["arm64-test-6.12.jsonl", "# a text", "arm64-test-6.12.jsonl:1: not JSON"],
  ["arm64-test-6.12.jsonl", "{}", "arm64-test-6.12.jsonl:1: not a scenario"],
  ["regs.json", "# a text", "regs.json: not JSON"],
  ["regs.json", "{}", "regs.json: neither a list of registers"],
  ["regs.json", "null", "regs.json: neither a list of registers"],
])("%s with %s in it is told from a recording", async (name, text, message) => {
  const file = join(directory, name);
  writeFileSync(file, text);
  await expect(runCommand(file)).rejects.toThrow(message);
});

test("suites, of which only what the filter names is run, on one kernel", async () => {
  const { output, code } = await runCommand("--suite", "matrix,families", "--filter", "MTE", "--kernel", "6.1");
  expect(output.filter((line) => line.startsWith("# ") && line.includes(" on "))).toEqual([
    "# matrix on 6.1, raw RPC to a server of its own",
  ]);
  expect(output).toContain("ok 1 - matrix_vm/KVM_ARM_MTE_COPY_TAGS");
  expect(output).toContain("1..1");
  expect(code).toBe(0);
});

test("the recordings that come with it", async () => {
  const { output, code } = await runCommand("--suite", "recordings", "--filter", "ct_order_cap", "--kernel", "6.12");
  expect(output).toContain("# arm64-mte-6.12.jsonl on 6.12, raw RPC to a server of its own");
  expect(output).toContain("ok 1 - ct/ct_order_cap_from");
  expect(code).toBe(0);
});

test("TAP, JUnit and HTML in files, of the same results", async () => {
  const path = (name: string) => join(directory, name);
  const files = ["--tap", path("out.tap"), "--junit", path("out.xml"), "--html", path("out.html")];
  const { output, code } = await run([recording("ct_version", 13), recording("dev_version", 12)], ...files);
  expect(code).toBe(1);
  expect(readFileSync(path("out.tap"), "utf8")).toBe(output.join("\n"));
  const junit = readFileSync(path("out.xml"), "utf8");
  expect(junit).toContain('tests="2" failures="1" errors="0" skipped="0"');
  expect(junit).toContain('message="ioctl(kvm, KVM_GET_API_VERSION): ret is 12, not 13"');
  expect(readFileSync(path("out.html"), "utf8")).toContain("1 not as expected");
});

test("what changed from one kernel to another, which is no failure", async () => {
  const { output, code } = await runCommand(
    ...["--suite", "matrix", "--filter", "KVM_ARM_SET_COUNTER_OFFSET", "--kernel", "6.1", "--against-kernel", "6.12"],
  );
  expect(output).toContain("not ok 1 - matrix_vm/KVM_ARM_SET_COUNTER_OFFSET # TODO the answer changed: 6.1 to 6.12");
  expect(output).toContain('  expected: "EINVAL"');
  expect(output).toContain('  got: "EFAULT"');
  expect(code).toBe(0);
});

test("a server against another", async () => {
  const [one, other] = [new LocalServers(), new LocalServers()];
  try {
    const [here, there] = [(await one.serve()).server.address, (await other.serve()).server.address];
    const lines = [recording("ct_version", 99), recording("dev_version", 12)];
    const { output, code } = await run(lines, "--target", here, "--against", there, "--jobs", "2");
    expect(output).toContain(`# arm64-test-6.12.jsonl on 6.12, raw RPC to ${here} and raw RPC to ${there}`);
    expect(output.filter((line) => /^(not )?ok/.test(line))).toEqual([
      "ok 1 - ct/ct_version",
      "ok 2 - dev/dev_version",
    ]);
    expect(code).toBe(0);
  } finally {
    await one.close();
    await other.close();
  }
});

test("an interrupt ends it with what was run until then", async () => {
  const sleep = { op: "read", fd: "event", len: 8, ret: 8, errno: null };
  const steps = [{ op: "eventfd", init: 0, flags: "0", as: "event", ret: "fd", errno: null }, sleep];
  const sleepy = JSON.stringify({ name: "ct_sleepy", scope: "arm64", needs: [], doc: "", why: "", steps });
  setTimeout(() => process.emit("SIGINT"), 1500);
  const { output, code } = await run([recording("ct_version", 12), sleepy, recording("dev_version", 12)]);
  expect(output).toContain("ok 1 - ct/ct_version");
  expect(output).toContain("1..1");
  expect(output).toContain("# stopped early: interrupted");
  expect(code).toBe(130);
});

test("on a terminal, a progress line and what failed in full", async () => {
  const { isTTY } = process.stdout;
  process.stdout.isTTY = true;
  const { output, code } = await run([recording("ct_version", 13), recording("dev_version", 12)]).finally(() => {
    process.stdout.isTTY = isTTY;
  });
  expect(output.join("\n")).not.toContain("TAP version");
  expect(output.some((line) => line.endsWith("failed: ct/ct_version on 6.12"))).toBe(true);
  expect(output.some((line) => line.includes("step 1, ioctl(kvm, KVM_GET_API_VERSION)"))).toBe(true);
  expect(output.some((line) => /^Conformance: 2 cases in/.test(line))).toBe(true);
  expect(code).toBe(1);
});

test.each([
  [["--suite", "nothing"], "nothing is none of"],
  [["--jobs", "0"], "at least 1"],
  [["--repeat", "1.5"], "a whole number"],
  [["--deadline", "soon"], "at least 0.001"],
  [["--kernel", "2.4"], "Allowed choices"],
])("%s is refused", async (args, message) => {
  await expect(runCommand(...args)).rejects.toThrow(message);
});
