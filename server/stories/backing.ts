/** Stories of what stands behind a slot. */

import {
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  MAP_SHARED,
  Mapping,
  PROT_MTE,
  PROT_READ,
  PROT_WRITE,
} from "../../clients/typescript/index.ts";
import { errorName, PAGE, type Scene, said, signalName, tellTags } from "./scene.ts";
import type { Story } from "./story.ts";

const READ_WRITE = PROT_READ | PROT_WRITE;
const O_RDWR_CREAT = 0o102;
const HUGE = 2 << 20;
/** Where the second slot of a guest starts. */
const UPPER = 0x8000_0000;
const PR_SET_TAGGED_ADDR_CTRL = 55;
/** PR_TAGGED_ADDR_ENABLE | PR_MTE_TCF_SYNC */
const CHECKED = 0b11;

/** Maps persistent memory over a range. */
async function mapDax({ process }: Scene, { address }: Mapping): Promise<Mapping> {
  const dax = await process.open("/dev/dax0.0");
  return dax.mmap({ length: HUGE, address, flags: MAP_SHARED | MAP_FIXED });
}

/** 2 MiB of address space that starts where a huge page can. */
async function hugeHole(scene: Scene): Promise<Mapping> {
  const around = await scene.process.mmap({ length: 2 * HUGE });
  const at = (around.address + BigInt(HUGE - 1)) & ~BigInt(HUGE - 1);
  return new Mapping(scene.process, at, HUGE);
}

export const BACKING_STORIES: readonly Story[] = [
  {
    name: "zone-device",
    title: "Memory of the device zone is given to a guest with MTE",
    narration:
      "Persistent memory has a struct page, is mapped as Normal Cacheable, and may have no tags. pfn_valid(), which the " +
      "series asks, is true for it; pfn_to_online_page() is not. A guest with MTE must not get it. Given to the buddy " +
      "allocator by dax/kmem, once tags are known to work there, it is ordinary RAM.",
    pmem: true,
    acts: [
      {
        tell: "The VMM makes a slot of /dev/dax0.0.",
        does: async (scene) => {
          const dax = await mapDax(scene, await hugeHole(scene));
          return said(() => scene.setSlot(0, 1, UPPER, dax, HUGE));
        },
        must: { "seed-v10": "done", "5.14": "EINVAL" },
      },
      {
        tell: "It makes the slot of ordinary memory, and puts the device under it then: mmap(MAP_FIXED) asks nobody.",
        does: async (scene) => {
          const ordinary = await hugeHole(scene);
          await scene.setSlot(0, 2, 2 * UPPER, ordinary, HUGE);
          await mapDax(scene, ordinary);
          return "done";
        },
        must: "done",
      },
      {
        tell: "The guest comes to it. The seed lets it have tags where there are none.",
        does: (scene) => scene.touch(0, true, 2 * UPPER),
        must: { "seed-v10": "mapped", "5.14": "EFAULT" },
      },
      {
        tell: "The VMM reads the tags of it.",
        does: (scene) => said(() => scene.tags(0, 2 * UPPER)),
        must: { "seed-v10": "tag 0", "5.14": "EFAULT" },
      },
      {
        tell: "The VMM ends, and the memory is given to the kernel as RAM (dax/kmem). Who comes next gets it as such.",
        does: async (scene) => {
          await scene.process.exit();
          return errorName((await scene.tagvisor.services.inspect.hotplug({})).error);
        },
        must: "done",
      },
      {
        tell: "Another VMM looks for the device.",
        does: async (scene) => {
          await using other = await scene.tagvisor.spawn({ kernel: scene.kernel });
          return said(() => other.open("/dev/dax0.0"));
        },
        must: "ENOENT",
      },
    ],
  },
  {
    name: "backing-swapped",
    title: "The VMM swaps the page for a problematic one",
    narration:
      "A check when a slot is made is not enough: user space can put something else there with mmap(MAP_FIXED), and there is " +
      "no call of KVM to intercept. The MMU notifier takes the old page out of stage 2, and the check is made again when " +
      "the guest faults. The problematic page here is one of a file on a disk, shared: the rule of 5.14 refuses it for " +
      "VM_SHARED, that of 6.12 because such a file cannot have tags.",
    acts: [
      {
        tell: "The slot is private memory, and the guest comes to it.",
        does: (scene) => scene.touch(),
        must: "mapped",
      },
      {
        tell: "The VMM maps the file over the slot's first page. What the guest had of it at stage 2:",
        does: async (scene) => {
          const file = await scene.process.open("/mnt/problem", O_RDWR_CREAT);
          await file.truncate(PAGE);
          await file.mmap({ length: PAGE, address: scene.memory.address, flags: MAP_SHARED | MAP_FIXED });
          return stage2(scene);
        },
        must: "nothing",
      },
      {
        tell: "The guest comes to it again.",
        does: (scene) => scene.touch(),
        must: { "seed-v10": "mapped", "5.14": "EFAULT" },
      },
      {
        tell: "The slot cannot be made so either, except under the seed.",
        does: (scene) => said(() => scene.setSlot(0, 1, UPPER, scene.memory, PAGE)),
        must: { "seed-v10": "done", "5.14": "EINVAL" },
      },
      {
        tell: "The VMM puts private memory back, and the guest goes on.",
        does: async (scene) => {
          const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
          await scene.process.mmap({ length: PAGE, address: scene.memory.address, flags });
          return scene.touch();
        },
        must: "mapped",
      },
    ],
  },
  {
    name: "prot-mte",
    title: "PROT_MTE is not required of the VMM",
    narration:
      "Requiring the VMM to map guest memory with PROT_MTE would make the kernel simpler, and the VMM's own loads and stores " +
      "would be checked against the guest's tags. What a VMM wants is the guest's RAM as plain RAM, and a way to copy the " +
      "tags of pages. So PROT_MTE is allowed, and not needed: KVM_ARM_MTE_COPY_TAGS is that way.",
    acts: [
      {
        tell: "The guest has its page, and tags 5, although the VMM's mapping has no PROT_MTE.",
        does: async (scene) => {
          await scene.touch();
          await scene.writeTags(0, 5);
          return scene.tags();
        },
        must: "tag 5",
      },
      { tell: "What the VMM itself would load as tag (LDG).", does: (scene) => ldg(scene), must: "tag 0" },
      {
        tell: "The VMM has its own tag checks on. A load of the page through a pointer without tag:",
        does: async (scene) => {
          await scene.process.prctl(PR_SET_TAGGED_ADDR_CTRL, CHECKED);
          return load(scene);
        },
        must: "done",
      },
      {
        tell: "Now it adds PROT_MTE. Its own view of the tags, which are the guest's:",
        does: async (scene) => {
          await scene.memory.protect(READ_WRITE | PROT_MTE);
          return ldg(scene);
        },
        must: "tag 5",
      },
      { tell: "And the same load as before:", does: (scene) => load(scene), must: "SIGSEGV" },
      { tell: "Copying the tags needs no such mapping, and minds none.", does: (scene) => scene.tags(), must: "tag 5" },
    ],
  },
];

async function ldg({ process, memory }: Scene): Promise<string> {
  const { tags } = await process.loadTags(memory.address, PAGE);
  return tellTags(tags);
}

async function load({ process, memory }: Scene): Promise<string> {
  return signalName((await process.access(memory.address, 8)).signal);
}

/** What stage 2 has of the first page. */
async function stage2(scene: Scene): Promise<string> {
  const request = { process: scene.process.handle, fd: scene.vm.fd, guest_ipa: 0x4000_0000n, length: BigInt(PAGE) };
  for await (const { runs } of scene.tagvisor.services.inspect.stage2(request)) if (runs.length > 0) return "a page";
  return "nothing";
}
