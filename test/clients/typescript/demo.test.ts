/** The demo's main path on a small guest, and the commands beside it. */

import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allocateHeap } from "../../../clients/typescript/examples/allocator.ts";
import { connect, KVM_CAP_ARM_MTE, type Tagvisor } from "../../../clients/typescript/index.ts";
import { demo } from "../../../server/commands/demo.ts";
import { Screen, tagPicture } from "../../../server/commands/demo_screen.ts";
import { examine, report } from "../../../server/commands/doctor.ts";
import { formatEntry } from "../../../server/commands/trace.ts";
import { type TestServer, testServer } from "../../rpc/harness.ts";
import { Written } from "./written.ts";

let servers: TestServer[];
let client: Tagvisor;
beforeAll(async () => {
  servers = await Promise.all([testServer(), testServer()]);
  client = await connect(servers[0]!.address);
});
afterAll(async () => {
  await client.close();
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
});

describe("demo", () => {
  test("moves a small guest and tells about it", { timeout: 30_000 }, async () => {
    const out = new Written();
    const [source, target] = servers.map(({ address }) => address) as [string, string];
    const file = fileURLToPath(new URL("../../../LICENSE", import.meta.url));
    await demo(file, { source, target, memory: 1 }, new Screen(out));
    expect(out.text).not.toContain("\x1b");
    expect(out.text).toMatch(/9 calls in one message/);
    expect(out.text).toMatch(/reserved=\{0, 0x1\}\}\) = -1 EINVAL\n +kvm_vm_ioctl_mte_copy_tags: /);
    expect(out.text).toMatch(/KVM_ENABLE_CAP, \{cap=KVM_CAP_ARM_MTE.* = -1 EINVAL\n +kvm_\w+: /);
    expect(out.text).toMatch(/65,536 of 131,072 bytes are done\n.*= 65536\n/);
    expect(out.text).toMatch(/= -1 EFAULT\n +kvm_vm_ioctl_mte_copy_tags: /);
    expect(out.text).toMatch(/memory +1,048,576 bytes the same/);
    expect(out.text).toMatch(/tags +65,536 the same/);
    expect(out.text).toMatch(/registers +2\d\d the same/);
    expect(out.text).toMatch(/KVM_CAP_ARM_MTE +is number 195 +is number 205/);
    expect(out.text).toMatch(/of a page += 0 += 4096/);
    expect(out.text).toMatch(/first access +0 0 0 0 0 0 0 0 … +0 1 2 3 4 5 6 7 …/);
    expect(out.text).toMatch(/calls +[\d,]+ a second one by one, [\d,]+ in lists of 1,000/);
    expect(servers.map(({ sessions }) => sessions.size)).toEqual([0, 0]);
  });

  test("a file that is not there is said so, before anything is started", async () => {
    const out = new Written();
    await expect(demo("/no/such/file", { memory: 1 }, new Screen(out))).rejects.toThrow("/no/such/file");
    expect(out.text).toBe("");
  });

  test("an allocation's tag differs from its neighbours', and free places have none", () => {
    const { tags, allocations, free } = allocateHeap(1 << 20, 1);
    expect(tags).toHaveLength(65_536);
    const runs = [...tags].filter((tag, i) => i === 0 || tag !== tags[i - 1]);
    expect(runs.filter((tag) => tag !== 0)).toHaveLength(allocations);
    expect(runs.filter((tag) => tag === 0).length).toBeLessThanOrEqual(free);
    const given = runs.filter((tag) => tag !== 0);
    expect(given.every((tag, i) => tag <= 15 && tag !== given[i - 1])).toBe(true);
    expect(new Set(tags).size).toBe(16);
  });

  test("a picture has a digit for a granule, or half a cell in colour", () => {
    const tags = Uint8Array.of(0, 1, 15, 3);
    expect(tagPicture(tags, 2, false)).toEqual([".1", "f3"]);
    const [line, ...more] = tagPicture(tags, 2, true);
    expect(more).toEqual([]);
    expect(line?.match(/▀/g)).toHaveLength(2);
  });

  test.each([
    ["a terminal", { isTTY: true, hasColors: () => true }, true],
    ["a terminal where NO_COLOR is set", { isTTY: true, hasColors: () => false }, false],
    ["a file", { isTTY: false, hasColors: () => true }, false],
  ])("%s: colours %s", (_, terminal, colour) => {
    expect(new Screen(Object.assign(new Written(), terminal)).colour).toBe(colour);
  });
});

describe("trace", () => {
  test("prints calls as strace does, with the rule that refused", async () => {
    await using process = await client.spawn();
    const kvm = await process.openKvm();
    const vm = await kvm.createVm();
    await vm.enableCap({ cap: KVM_CAP_ARM_MTE });
    const copy = { guest_ipa: 0x4000_0000, length: 4096, addr: 0x1000, reserved: [1] };
    await expect(vm.armMteCopyTags(copy)).rejects.toThrow("EINVAL");
    const lines: string[] = [];
    for await (const entry of process.trace()) lines.push(formatEntry(entry, process.kernel));
    expect(lines).toEqual([
      expect.stringMatching(/^openat\("\/dev\/kvm", O_RDWR\|O_CLOEXEC.*\) = 0$/),
      "ioctl(0, KVM_CREATE_VM, 0) = 1",
      "ioctl(1, KVM_ENABLE_CAP, {cap=KVM_CAP_ARM_MTE, flags=0, args={0, 0, 0, 0}}) = 0",
      expect.stringMatching(
        /^ioctl\(1, KVM_ARM_MTE_COPY_TAGS, \{guest_ipa=0x40000000, length=4096, addr=0x1000, .*\}\) = -1 EINVAL \(kvm_vm_ioctl_mte_copy_tags: .+\)$/,
      ),
    ]);
  });
});

describe("doctor", () => {
  test("everything that is needed is there where the tests run", async () => {
    const findings = await examine();
    expect(findings.filter(({ needed, ok }) => needed && !ok)).toEqual([]);
    expect(report(findings)).toContain("tagvisor can run here.");
  });

  test("what is missing has a hint, and counts where it is needed", () => {
    const finding = { name: "loopback", needed: true, ok: false, found: "no", hint: "look at lo" };
    const optional = { ...finding, name: "go", needed: false };
    expect(report([finding, optional])).toBe(
      "✗ loopback  no\n            look at lo\n- go        no\n            look at lo\n\n1 of these must be put right first.",
    );
  });
});
