/** Stories of pages that go to swap and come back. */

import { SwapAction } from "../../clients/typescript/gen/kvm/v1/inspect_service.ts";
import { PROT_NONE, PROT_READ, PROT_WRITE } from "../../clients/typescript/index.ts";
import { errorName } from "./scene.ts";
import type { Act, Story } from "./story.ts";

/** The page is the guest's, and has tags; so it is under every kernel when the guest was there before the tags. */
const GUEST_HAS_TAGS: Act = {
  tell: "The guest has come to its page, and all of the page's tags are 5.",
  does: async (scene) => {
    await scene.touch();
    await scene.writeTags(0, 5);
    return scene.tags();
  },
  must: "tag 5",
};

const GOES_TO_SWAP: Act = {
  tell: "The page goes to swap (MADV_PAGEOUT).",
  does: (scene) => scene.pageout(),
  must: "in swap, tags saved",
};

export const SWAP_STORIES: readonly Story[] = [
  {
    name: "swap-in-untagged",
    title: "Swap-in by a mapping without PROT_MTE",
    narration:
      "A guest stores tags in memory that its VMM has mapped without PROT_MTE. When such a page comes back from swap, " +
      "nothing in the VMM's mapping says that it had tags. So a swap-in has to look for saved tags whatever the mapping " +
      "is like: that is the first patch of the series.",
    swap: true,
    acts: [
      GUEST_HAS_TAGS,
      GOES_TO_SWAP,
      {
        tell: "The VMM reads a byte of the page, through its mapping without PROT_MTE.",
        does: async (scene) => {
          await scene.memory.read(0, 1);
          return scene.whereabouts();
        },
        must: "in memory, its slot in swap kept",
      },
      { tell: "What the guest's tags are.", does: (scene) => scene.tags(), must: "tag 5" },
      {
        tell: "The guest comes to the page again: it has tags of its own, so they are not cleared.",
        does: async (scene) => `${await scene.touch()}, ${await scene.tags()}`,
        must: "mapped, tag 5",
      },
    ],
  },
  {
    name: "metadata-lifetime",
    title: "Tags would be lost if what was saved went too early",
    narration:
      "One could free a page's saved tags as soon as they are restored. But a page that came back for reading only keeps " +
      "its slot in swap, and can be discarded without being written a second time. Then it is read from the slot again, " +
      "and its tags have to be there. So they live as long as the swap entry does.",
    swap: true,
    acts: [
      GUEST_HAS_TAGS,
      GOES_TO_SWAP,
      {
        tell: "It is swapped in read-only.",
        does: async (scene) => {
          await scene.memory.read(0, 1);
          return scene.whereabouts();
        },
        must: "in memory, its slot in swap kept",
      },
      {
        tell: "It goes out again, clean as it is: nothing is written.",
        does: async (scene) => {
          const before = await scene.swap();
          const where = await scene.pageout();
          return `${where}; pages written: ${(await scene.swap()).written - before.written}`;
        },
        must: "in swap, tags saved; pages written: 0",
      },
      { tell: "It is swapped in again. Its tags:", does: (scene) => scene.tags(), must: "tag 5" },
      {
        tell: "The VMM writes to it. Now what swap holds is of no use, and the slot goes with the tags saved there.",
        does: async (scene) => {
          await scene.memory.write(0, Uint8Array.of(1));
          return `${await scene.whereabouts()}; slots in use: ${(await scene.swap()).used}`;
        },
        must: "in memory; slots in use: 0",
      },
      { tell: "The page's own tags stay.", does: (scene) => scene.tags(), must: "tag 5" },
    ],
  },
  {
    name: "swapoff-prot-none",
    title: "swapoff, and a mapping that is PROT_NONE",
    narration:
      "swapoff writes every entry back, and the saved tags end with the device. The series restores tags where an entry is " +
      "written, but only if user space can access the page by it. A page that is PROT_NONE at that time, as for lazy " +
      "migration, comes back without its tags, and there is no later time to restore them. Since Linux 6.5 the tags " +
      "are restored with the page, whatever the entry is like.",
    swap: true,
    acts: [
      GUEST_HAS_TAGS,
      GOES_TO_SWAP,
      {
        tell: "The VMM takes all access to the memory away: mprotect(PROT_NONE). Then swap is turned off.",
        does: async (scene) => {
          await scene.memory.protect(PROT_NONE);
          return errorName((await scene.swap(SwapAction.SWAP_ACTION_OFF)).error);
        },
        must: "done",
      },
      {
        tell: "The VMM gives the access back, and the guest comes to its page. The tags are now:",
        does: async (scene) => {
          await scene.memory.protect(PROT_READ | PROT_WRITE);
          return `${await scene.touch()}, ${await scene.tags()}`;
        },
        must: { "seed-v10": "mapped, tag 0", "6.12": "mapped, tag 5" },
      },
    ],
  },
];
