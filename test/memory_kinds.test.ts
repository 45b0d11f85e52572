/** server/MEMORY.md against the recordings of real kernels: a slot on each kind of memory, and the tags of its first page. */

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { askMemory, MEMORY_KINDS } from "../server/memory_kinds.ts";
import { readRecording, type Scenario } from "./conformance/replayer/recording.ts";

/** The name that the recordings have for a kind. */
const BACKINGS: Readonly<Record<string, string>> = {
  "private anonymous": "anon",
  "private anonymous, PROT_MTE": "anon_mte",
  "transparent huge page": "thp",
  "shared anonymous": "anon_shared",
  "shared anonymous, PROT_MTE": "anon_shared_mte",
  "memfd, private": "memfd_private",
  "memfd, shared": "memfd_shared",
  "file on tmpfs, private": "tmpfs_private",
  "file on tmpfs, shared": "tmpfs_shared",
  "huge page of a pool, private": "hugetlb_private",
  "huge page of a pool, shared": "hugetlb_shared",
  "/dev/zero, private": "devzero_private",
  "/dev/zero, shared": "devzero_shared",
  "device registers (/dev/mem), shared": "devmem_9020000",
  "nothing mapped": "unmapped",
};

const said = (step: { ret?: unknown; errno?: string | null | undefined }) => step.errno ?? "ok";
const stepsOf = (scenario: Scenario, request: string) => scenario.steps.filter(({ req }) => req === request);

describe.each(["6.1", "6.12"] as const)("kinds of memory on %s", (kernel) => {
  const file = fileURLToPath(new URL(`conformance/data/arm64-mte-${kernel}.jsonl`, import.meta.url));
  const { scenarios } = readRecording(file);
  const find = (name: string) => scenarios.find((scenario) => scenario.name === name);
  const recorded = MEMORY_KINDS.filter(
    ({ name }) => find(`backing_${BACKINGS[name]}`) || find(`backing_${BACKINGS[name]}_slot_first`),
  );

  it("are recorded but for those that the recorded machine had not", () => {
    expect(recorded.length).toBeGreaterThan(8);
  });

  it.each(recorded)("$name", (kind) => {
    const answers = askMemory(kernel, kind);
    const mteFirst = find(`backing_${BACKINGS[kind.name]}`);
    const slotFirst = find(`backing_${BACKINGS[kind.name]}_slot_first`) ?? mteFirst;
    if (mteFirst)
      expect(answers?.slot).toBe(said(stepsOf(mteFirst, "KVM_SET_USER_MEMORY_REGION")[0] as Scenario["steps"][0]));
    const [out, into] = stepsOf(slotFirst as Scenario, "KVM_ARM_MTE_COPY_TAGS");
    if (stepsOf(slotFirst as Scenario, "KVM_SET_USER_MEMORY_REGION")[0]?.errno) return;
    expect([answers?.tagsOut, answers?.tagsIn]).toEqual([out, into].map((step) => said(step ?? {})));
  });
});

it("the generated document is the one that is committed", () => {
  const text = readFileSync(new URL("../server/MEMORY.md", import.meta.url), "utf8");
  for (const { name } of MEMORY_KINDS) expect(text).toContain(`| ${name} |`);
});
