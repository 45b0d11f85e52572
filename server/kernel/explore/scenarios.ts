/**
 * The scenarios: pieces of the kernel that meet at one page. What protects it is part of a scenario, and so is what
 * does not: a lock that stands in none of its programs is one that the question does without.
 */

import type { Behaviours } from "../../abi/versions.ts";
import { MTE_GRANULES_PER_PAGE, type PhysicalMemory } from "../../hw/memory.ts";
import { mteRestorePageTagsSteps, mteSyncTagsSteps } from "../arch/mte.ts";
import { MteSwap } from "../arch/mteswap.ts";
import { copyRunSteps } from "../kvm/guest_mte.ts";
import { kvmVmaMteAllowed } from "../kvm/mmu.ts";
import { PageFrames, PG_mte_lock, PG_mte_tagged } from "../mm/page.ts";
import { VM_MTE_ALLOWED, VM_SHARED } from "../mm/vma.ts";
import type { Steps } from "../steps.ts";
import type { Outcome, Running, Scenario } from "./scenario.ts";

/** What the frame's last owner left in tag RAM. */
const STALE = 9;
/** What the page had when it went to swap. */
const SAVED = 3;
/** What the first CPU makes of it. */
const CHANGED = 5;
const SLOT = 1;

/** What a CPU saw: a tag, the error that kept it from the page, or nothing yet. */
type Sight = number | "EFAULT" | undefined;

/** One page in a frame that somebody had before, as two CPUs see it. */
class Page {
  readonly abi: Behaviours;
  readonly pages: PageFrames;
  readonly swap = new MteSwap(SLOT + 1);
  readonly pfn: number;
  /** Who has it mapped, of those who look at its tags. */
  readonly mapped = new Set<string>();
  /** The tag that each CPU saw last. */
  readonly seen: [Sight, Sight] = [undefined, undefined];
  /** Locks that somebody holds. */
  private readonly held = new Set<string>();
  /** kvm->mmu_invalidate_in_progress and mmu_invalidate_seq. */
  private invalidations = 0;
  private invalidateSeq = 0;

  constructor(abi: Behaviours, memory: PhysicalMemory, inSwap: boolean) {
    this.abi = abi;
    this.pages = new PageFrames(memory);
    this.pfn = this.pages.allocPage();
    if (inSwap) this.save();
    this.fill(STALE);
  }

  /** The page went out with its tags; it is back in a frame of the swap cache, and nobody has looked for its tags yet. */
  private save(): void {
    this.fill(SAVED);
    this.pages.setFlag(this.pfn, PG_mte_tagged);
    this.swap.mteSaveTags(this.pages, SLOT, this.pfn);
    this.pages.clearFlag(this.pfn, PG_mte_tagged);
  }

  private fill(tag: number): void {
    this.pages.memory.fill(this.pages.memory.tagOffset(this.pfn), tag, MTE_GRANULES_PER_PAGE);
  }

  get tag(): number {
    return this.pages.memory.bytes[this.pages.memory.tagOffset(this.pfn)] as number;
  }

  state(): string {
    const words = [`tag ${this.tag}`];
    if (this.pages.testFlag(this.pfn, PG_mte_tagged)) words.push("tagged");
    else if (this.pages.testFlag(this.pfn, PG_mte_lock)) words.push("locked");
    return [...words, ...this.mapped].join(" ");
  }

  // ---- what the kernel does

  /** Whether user_mem_abort() lets a guest with MTE have memory that is shared. */
  *areaAllowed(cpu: 0 | 1): Steps<boolean> {
    yield "check the area: VM_SHARED";
    const allowed = kvmVmaMteAllowed(this, { flags: VM_SHARED | VM_MTE_ALLOWED });
    if (!allowed) this.seen[cpu] = "EFAULT";
    return allowed;
  }

  /** do_swap_page(), from where the page is in the swap cache. */
  *swapIn(): Steps {
    const { pages, swap, pfn, abi } = this;
    yield* mteRestorePageTagsSteps(pages, swap, SLOT, pfn, abi.swapInTagOrder);
    yield "set_pte";
  }

  /** set_pte_at() with an entry that is Tagged. */
  *setPteAt(pte: string): Steps {
    yield* mteSyncTagsSteps(this.pages, this.pfn, this.abi.setPteTagOrder);
    yield* this.map("set_pte", pte);
  }

  /** The end of user_mem_abort(), where the page is found. */
  *stage2Map(guest: string): Steps {
    yield* mteSyncTagsSteps(this.pages, this.pfn, this.abi.stage2TagOrder);
    yield* this.map("map at stage 2", guest);
  }

  private *map(step: string, who: string): Steps {
    yield step;
    this.mapped.add(who);
  }

  /** KVM_ARM_MTE_COPY_TAGS to the guest, from where the page is found. */
  *copyTags(tag: number): Steps {
    yield* copyRunSteps({ abi: this.abi, host: this }, this.pfn, 1, () => {
      this.fill(tag);
      return MTE_GRANULES_PER_PAGE;
    });
  }

  /** Holds a lock for as long as `inner` takes. */
  *locked(lock: string, inner: Steps): Steps {
    yield* this.take(lock);
    yield* inner;
    yield* this.release(lock);
  }

  *take(lock: string): Steps {
    yield { step: `take ${lock}`, until: () => !this.held.has(lock) };
    this.held.add(lock);
  }

  *release(lock: string): Steps {
    yield `release ${lock}`;
    this.held.delete(lock);
  }

  /** The mmu_lock of a VM, around a fault: later kernels take it for reading, which keeps no other fault out. */
  *faultLocked(inner: Steps): Steps {
    yield* this.abi.stage2FaultsInParallel ? inner : this.locked("mmu_lock", inner);
  }

  /** mmu_notifier_invalidate_range_start() and _end() around a change of the process's entry. */
  *invalidating(guest: string, inner: Steps): Steps {
    const unlocked = () => !this.held.has("mmu_lock");
    yield { step: "invalidate_range_start", until: unlocked };
    this.invalidations++;
    this.mapped.delete(guest);
    yield* inner;
    yield { step: "invalidate_range_end", until: unlocked };
    this.invalidations--;
    this.invalidateSeq++;
  }

  /** user_mem_abort() as it is with notifiers: what was found before an invalidation is looked for again. */
  *userMemAbort(guest: string): Steps {
    for (let first = true; !this.mapped.has(guest); first = false) {
      const idle = () => first || this.invalidations === 0;
      yield { step: "read mmu_invalidate_seq", until: idle };
      const seq = this.invalidateSeq;
      yield* this.take("mmu_lock");
      if (this.invalidations === 0 && seq === this.invalidateSeq) yield* this.stage2Map(guest);
      yield* this.release("mmu_lock");
    }
  }

  // ---- what guests and users do

  /** A store of a tag, STG. */
  *store(who: string): Steps {
    yield `${who} stores tag ${CHANGED}`;
    this.fill(CHANGED);
  }

  /** A load of a tag, LDG. */
  *load(cpu: 0 | 1, who: string): Steps {
    yield `${who} loads the tag`;
    this.seen[cpu] = this.tag;
  }

  /** A store by a guest whose entry may go before it comes to it. */
  *storeOrFault(guest: string): Steps {
    for (let done = false; !done; ) {
      yield* this.userMemAbort(guest);
      yield `guest stores tag ${CHANGED}`;
      done = this.mapped.has(guest);
      if (done) this.fill(CHANGED);
    }
  }

  /** Holds where the page ends up with `last`, and each CPU saw one of what it may; a CPU that was refused saw nothing. */
  outcome(last: number, may: readonly [readonly number[], readonly number[]]): Outcome {
    const { tag, seen } = this;
    const fine = (sight: Sight, allowed: readonly number[]) =>
      sight === undefined || sight === "EFAULT" || allowed.includes(sight);
    const refused = seen.includes("EFAULT");
    const sights = seen.flatMap((sight, cpu) =>
      sight === undefined ? [] : [`CPU ${cpu + 1} ${sight === "EFAULT" ? "got EFAULT" : `saw ${sight}`}`],
    );
    return {
      description: [`tag ${tag}`, ...sights].join(", "),
      holds: fine(seen[0], may[0]) && fine(seen[1], may[1]) && (refused || tag === last),
    };
  }
}

/** Makes a scenario of two programs on one page. */
function onPage(
  texts: Pick<Scenario, "name" | "description" | "property" | "cpus">,
  inSwap: boolean,
  programs: readonly [(page: Page) => Steps, (page: Page) => Steps],
  last: number,
  may: readonly [readonly number[], readonly number[]],
): Scenario {
  const start = (abi: Behaviours, memory: PhysicalMemory): Running => {
    const page = new Page(abi, memory, inSwap);
    return {
      cpus: programs.map((program) => program(page)),
      state: () => page.state(),
      outcome: () => page.outcome(last, may),
    };
  };
  return { ...texts, start };
}

/** The guest of a VM of its own comes to a page that both VMs' processes share. */
function* sharingGuest(page: Page, cpu: 0 | 1): Steps {
  if (!(yield* page.areaAllowed(cpu))) return;
  if (page.swap.has(SLOT)) yield* page.swapIn();
  yield* page.stage2Map(`guest${cpu + 1}`);
  if (cpu === 0) yield* page.store("guest");
  yield* page.load(cpu, "guest");
}

/** Parent and child have a private page of both in common; each has a VM on it. */
function* forkedGuest(page: Page, cpu: 0 | 1): Steps {
  yield* page.locked("the page lock", page.swapIn());
  yield* page.stage2Map(`guest${cpu + 1}`);
  yield* page.load(cpu, "guest");
}

/** A vCPU of the one VM that there is. */
function* vcpu(page: Page, cpu: 0 | 1): Steps {
  yield* page.faultLocked(page.stage2Map("guest"));
  if (cpu === 0) yield* page.store("guest");
  yield* page.load(cpu, "guest");
}

/** A process makes its mapping of a shared page PROT_MTE. */
function* protecting(page: Page, cpu: 0 | 1): Steps {
  yield* page.setPteAt(`pte${cpu + 1}`);
  if (cpu === 0) yield* page.store("user");
  yield* page.load(cpu, "user");
}

const NOTHING_LOST = "no change of a tag is lost, and nobody sees a tag that the page never had";

/** All of them. */
export const SCENARIOS: readonly Scenario[] = [
  onPage(
    {
      name: "swap-in-race",
      description:
        "Two processes share a page that is in swap, and each has a guest with MTE on it. Both swap it in, with no lock but " +
        "those of the tag code: the review's question was whether the locks around it are enough.",
      property: NOTHING_LOST,
      cpus: ["swap in, map for guest 1, which changes the tag", "swap in, map for guest 2, which reads it"],
    },
    true,
    [(page) => sharingGuest(page, 0), (page) => sharingGuest(page, 1)],
    CHANGED,
    [[CHANGED], [SAVED, CHANGED]],
  ),
  onPage(
    {
      name: "swap-in-page-lock",
      description:
        "A process with a guest and its child with another have a private page in common that is in swap. do_swap_page() " +
        "holds the page lock until the entry is written, which is enough in every version.",
      property: "both guests see the tag that was saved",
      cpus: ["swap in under the page lock, guest reads", "swap in under the page lock, guest reads"],
    },
    true,
    [(page) => forkedGuest(page, 0), (page) => forkedGuest(page, 1)],
    SAVED,
    [[SAVED], [SAVED]],
  ),
  onPage(
    {
      name: "first-fault-race",
      description: "Two vCPUs of one VM come to a page that no guest had yet.",
      property: NOTHING_LOST,
      cpus: ["fault, guest changes the tag", "fault, guest reads it"],
    },
    false,
    [(page) => vcpu(page, 0), (page) => vcpu(page, 1)],
    CHANGED,
    [[CHANGED], [0, CHANGED]],
  ),
  onPage(
    {
      name: "first-fault-two-vms",
      description: "Two VMs, whose locks are not each other's, come to a page that their processes share.",
      property: NOTHING_LOST,
      cpus: ["fault, guest 1 changes the tag", "fault, guest 2 reads it"],
    },
    false,
    [(page) => sharingGuest(page, 0), (page) => sharingGuest(page, 1)],
    CHANGED,
    [[CHANGED], [0, CHANGED]],
  ),
  onPage(
    {
      name: "mprotect-shared",
      description:
        "Two processes add PROT_MTE to their mappings of a shared page, each under its own mmap_lock: the case that the " +
        "review drew. It has no guest, so what slots may be made of does not help.",
      property: NOTHING_LOST,
      cpus: ["mprotect(PROT_MTE), user changes the tag", "mprotect(PROT_MTE), user reads it"],
    },
    false,
    [(page) => protecting(page, 0), (page) => protecting(page, 1)],
    CHANGED,
    [[CHANGED], [0, CHANGED]],
  ),
  onPage(
    {
      name: "mprotect-against-guest",
      description:
        "A VMM adds PROT_MTE to a slot's memory while the guest comes to the page. The MMU notifier makes the fault look again.",
      property: "what the guest stored stays, and the VMM sees that or tag 0",
      cpus: ["mprotect(PROT_MTE), VMM reads the tag", "fault, guest changes the tag"],
    },
    false,
    [
      function* (page) {
        yield* page.invalidating("guest", page.setPteAt("pte"));
        yield* page.load(0, "VMM");
      },
      (page) => page.storeOrFault("guest"),
    ],
    CHANGED,
    [[0, CHANGED], []],
  ),
  onPage(
    {
      name: "copy-tags-against-fault",
      description: "A VMM writes the tags of a page with KVM_ARM_MTE_COPY_TAGS while the guest comes to it.",
      property: "the VMM's tags stay, and the guest sees those or tag 0",
      cpus: ["COPY_TAGS to the guest", "fault, guest reads the tag"],
    },
    false,
    [
      (page) => page.copyTags(CHANGED),
      function* (page) {
        yield* page.faultLocked(page.stage2Map("guest"));
        yield* page.load(1, "guest");
      },
    ],
    CHANGED,
    [[], [0, CHANGED]],
  ),
  onPage(
    {
      name: "copy-tags-against-mprotect",
      description:
        "A VMM writes the tags of a page with KVM_ARM_MTE_COPY_TAGS while another thread adds PROT_MTE to its mapping.",
      property: "the tags that COPY_TAGS wrote stay, and the other thread sees those or tag 0",
      cpus: ["COPY_TAGS to the guest", "mprotect(PROT_MTE), VMM reads the tag"],
    },
    false,
    [
      (page) => page.copyTags(CHANGED),
      function* (page) {
        yield* page.setPteAt("pte");
        yield* page.load(1, "VMM");
      },
    ],
    CHANGED,
    [[], [0, CHANGED]],
  ),
];

/** The scenario of a name. */
export const findScenario = (name: string) => SCENARIOS.find((scenario) => scenario.name === name);
