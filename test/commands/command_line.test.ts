/** What the commands say of themselves, and of options that make no sense: in a line, by the option's name. */

import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as conformance from "../../server/commands/conformance.ts";
import * as demo from "../../server/commands/demo.ts";
import * as doctor from "../../server/commands/doctor.ts";
import * as explore from "../../server/commands/explore.ts";
import * as serve from "../../server/commands/serve.ts";
import * as story from "../../server/commands/story.ts";
import * as trace from "../../server/commands/trace.ts";
import { addServeOptions, serveConfig } from "../../server/config.ts";
import { testServer } from "../rpc/harness.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "tagvisor-options-"));
  writeFileSync(join(directory, "text"), "a text\n");
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Runs the command line; rejects with what it says where it ends with an error. */
async function run(command: { register(program: Command): void }, ...args: string[]): Promise<void> {
  const program = new Command();
  command.register(program);
  const silent = { writeErr: () => {}, writeOut: () => {} };
  for (const one of program.commands) one.exitOverride().configureOutput(silent);
  await program.parseAsync(args, { from: "user" });
}

describe("--help", () => {
  const commands = { serve, demo, trace, explore, story, doctor, conformance };
  test.each(Object.entries(commands))("%s", async (name, command) => {
    await expect(run(command, name, "--help")).rejects.toThrow("(outputHelp)");
  });
});

describe("serve", () => {
  /** What these options come to, with the defaults of all others. */
  function configOf(...args: string[]) {
    const command = addServeOptions(new Command()).exitOverride();
    return serveConfig(command.parse(args, { from: "user" }).opts());
  }

  test("sizes, numbers and seconds", () => {
    const config = configOf("--memory", "2G", "--pmem", "64M", "--cpus", "4", "--lease", "0.5", "--grace", "0");
    expect(config).toMatchObject({ memoryBytes: 2 ** 31, pmemBytes: 64 << 20, cpus: 4 });
    expect(config.limits).toMatchObject({ leaseMs: 500, graceMs: 0 });
  });

  test.each([
    ["--memory lots", '--memory: "lots" is no size; write 512M or 3.5G'],
    ["--memory 5G", "--memory: at most 3.5G"],
    ["--memory 1G --pmem 1G", "--pmem: it is a part of --memory, of which at least 1M must be left"],
    ["--cpus none", "--cpus: a whole number from 1 on"],
    ["--cpus 0", "--cpus: a whole number from 1 on"],
    ["--cpus 1.5", "--cpus: a whole number from 1 on"],
    ["--cpus 513", "--cpus: at most 512"],
    ["--lease 0", "--lease: a number of seconds, more than 0"],
    ["--grace soon", "--grace: seconds, from 0 to 86400"],
    ["--kernel 9", "--kernel: one of seed-v10, 5.14, 6.1, 6.12, 7.1"],
    ["--log-level loud", "--log-level: one of silent, error, warn, info, debug"],
    ["--listen here", '--listen: "here" is not HOST:PORT'],
    ["--listen unix:", "--listen: unix: and no path"],
    ["--tls-cert text", "--tls-cert and --tls-key belong together"],
    ["--tls-cert /nowhere --tls-key /nowhere", "--tls-cert: ENOENT"],
  ])("%s", (args, message) => {
    expect(() => configOf(...args.split(" "))).toThrow(message);
  });

  test("files that hold something else", () => {
    const text = join(directory, "text");
    expect(() => configOf("--tls-cert", text, "--tls-key", text)).toThrow("--tls-cert, --tls-key: ");
    expect(() => configOf("--token-file", text)).not.toThrow();
  });

  test("an address that another server has", async () => {
    await using server = await testServer();
    const taken = `cannot listen on ${server.address}: EADDRINUSE`;
    await expect(run(serve, "serve", "--listen", server.address, "--memory", "1M")).rejects.toThrow(taken);
  });

  test("a swap file that cannot be had", async () => {
    const args = ["--listen", "127.0.0.1:0", "--memory", "1M"];
    const missing = run(serve, "serve", ...args, "--swap-file", "/nowhere/swap");
    await expect(missing).rejects.toThrow("--swap-file: /nowhere/swap: ENOENT");
    const other = run(serve, "serve", ...args, "--swap-file", join(directory, "text"));
    await expect(other).rejects.toThrow("the file is no swap file");
  });
});

describe("a socket in the file system", () => {
  test("that a killed server has left is replaced", async () => {
    const path = join(directory, "left.sock");
    await leaveSocket(path);
    await using server = await testServer({ address: `unix:${path}` });
    expect(server.address).toBe(`unix:${path}`);
  });

  test("at which a server answers is not", async () => {
    const address = `unix:${join(directory, "taken.sock")}`;
    await using _server = await testServer({ address });
    await expect(testServer({ address })).rejects.toThrow(`cannot listen on ${address}: EADDRINUSE`);
  });

  test("nor a file that is none", async () => {
    const address = `unix:${join(directory, "text")}`;
    await expect(testServer({ address })).rejects.toThrow(`cannot listen on ${address}: EADDRINUSE`);
  });
});

test("trace wants a handle that is a number", async () => {
  await expect(run(trace, "trace", "127.0.0.1:1", "--process", "zz")).rejects.toThrow("It is a number.");
});

/** A socket that nobody listens at: its server listened under another name when it was closed. */
async function leaveSocket(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(`${path}.server`, resolve));
  renameSync(`${path}.server`, path);
  await new Promise((resolve) => server.close(resolve));
}
