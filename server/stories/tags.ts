/** Stories of tags that are copied, and of CPUs that race for them. */

import { KVM_MEM_LOG_DIRTY_PAGES } from "../../clients/typescript/index.ts";
import { IPA, PAGE, PAGES, type Scene, said } from "./scene.ts";
import type { Story } from "./story.ts";

/** Bytes of tags that the buffer of a broken migration still has: two pages' and a half. */
const LEFT = 640;

/** A copy of the tags of all pages from page `from` on, whose buffer ends in the middle of the third page's. */
async function cutCopy(scene: Scene, from: number): Promise<string> {
  await using buffer = await scene.process.mmap({ length: 2 * PAGE });
  await buffer.write(0, new Uint8Array(PAGE).fill(5));
  await buffer.unmap(PAGE, PAGE);
  const addr = buffer.at(PAGE - LEFT + from * 256);
  return said(() => scene.vm.armMteCopyTags({ guest_ipa: IPA + from * PAGE, length: (PAGES - from) * PAGE, addr }));
}

/** Whether the log has the first page; asking makes it clean. */
async function dirty({ vm }: Scene): Promise<string> {
  const [bits = 0] = await vm.getDirtyLog(0, PAGES);
  return bits & 1 ? "the page is in the log" : "the page is not in the log";
}

export const TAG_STORIES: readonly Story[] = [
  {
    name: "partial-migration",
    title: "Tags that arrive only in part",
    narration:
      "A VMM restores the tags of a guest, and its buffer ends too early. The seed says EFAULT and nothing of what was " +
      "done; later kernels return the bytes that are done, and EFAULT to the call for the rest. The page in which the buffer " +
      "ended is the delicate one: half of its tags are new, and no flag says so. Today it is cleared, and counts as initialized.",
    acts: [
      {
        tell: "Tags 5 for four pages, from a buffer that has them for two and a half. The call returns:",
        does: (scene) => cutCopy(scene, 0),
        must: { "seed-v10": "EFAULT", "5.14": "8192" },
      },
      { tell: "The call for the rest:", does: (scene) => cutCopy(scene, 2), must: "EFAULT" },
      {
        tell: "The third page as the VMM reads it back. The seed shows what the tag memory holds.",
        does: (scene) => scene.tags(2),
        must: { "seed-v10": "tag 5 in 128, tag 0 in 128", "5.14": "tag 0" },
      },
      {
        tell: "Whether its tags count as initialized (PG_mte_tagged).",
        does: async (scene) => ((await scene.isTagged(2)) ? "yes" : "no"),
        must: { "seed-v10": "no", "6.12": "yes" },
      },
      {
        tell: "The guest comes to it: nobody sees half of the tags.",
        does: async (scene) => `${await scene.touch(2)}, ${await scene.tags(2)}`,
        must: "mapped, tag 0",
      },
      {
        tell: "It comes to the first page, which was done. The seed did not mark it, and its tags go.",
        does: async (scene) => `${await scene.touch(0)}, ${await scene.tags(0)}`,
        must: { "seed-v10": "mapped, tag 0", "5.14": "mapped, tag 5" },
      },
    ],
  },
  {
    name: "dirty-log",
    title: "Dirty logging misses the tags that a VMM writes",
    narration:
      "A VMM that migrates a guest asks which pages have changed. A guest's store of a tag is a write and is logged; the " +
      "VMM's own KVM_ARM_MTE_COPY_TAGS is not. So tags written while a slot logs can stay behind. Later such a copy is EBUSY while " +
      "any slot logs dirty pages.",
    acts: [
      {
        tell: "The slot logs dirty pages, and the guest writes to its page.",
        does: async (scene) => {
          await scene.setSlot(KVM_MEM_LOG_DIRTY_PAGES);
          await scene.touch();
          return dirty(scene);
        },
        must: "the page is in the log",
      },
      {
        tell: "The VMM writes the page's tags.",
        does: (scene) => said(() => scene.writeTags(0, 5)),
        must: { "seed-v10": "0", "5.14": "4096", "6.12": "EBUSY" },
      },
      { tell: "The log since then:", does: dirty, must: "the page is not in the log" },
      {
        tell: "The tags that a second copy of the guest, made from the log, would lack:",
        does: (scene) => scene.tags(),
        must: { "seed-v10": "tag 5", "6.12": "tag 0" },
      },
      {
        tell: "Logging ends, and the tags are written.",
        does: async (scene) => {
          await scene.setSlot(0);
          await scene.writeTags(0, 5);
          return scene.tags();
        },
        must: "tag 5",
      },
    ],
  },
  {
    name: "race",
    title: "Two CPUs give one page its tags",
    narration:
      "The series sets PG_mte_tagged when the tags are back. The review asks: can the same page be mapped by two entries, each " +
      "restoring it from swap, one first, whose user then changes the tags? And with the flag set before, the other CPU " +
      "can see the flag and stale tags. Each answer here is the result of running every order of the CPUs' steps; " +
      "`tagvisor explore` shows the orders.",
    acts: [
      {
        tell: "Two guests of two VMMs swap in a page that both share, and only the tag code keeps order (swap-in-race).",
        does: (scene) => scene.explore("swap-in-race"),
        must: { "seed-v10": "broken in some orders", "5.14": "holds in every order" },
      },
      {
        tell: "They come to a new page that both share (first-fault-two-vms). 5.14 has no such page: it refuses VM_SHARED.",
        does: (scene) => scene.explore("first-fault-two-vms"),
        must: { "seed-v10": "broken in some orders", "5.14": "holds in every order" },
      },
      {
        tell: "As the review drew it, by mprotect(PROT_MTE) and without a guest (mprotect-shared): only the lock of Linux 6.2 helps.",
        does: (scene) => scene.explore("mprotect-shared"),
        must: { "seed-v10": "broken in some orders", "6.12": "holds in every order" },
      },
      {
        tell: "Swap-in with the page lock, which do_swap_page() holds (swap-in-page-lock).",
        does: (scene) => scene.explore("swap-in-page-lock"),
        must: "holds in every order",
      },
    ],
  },
];
