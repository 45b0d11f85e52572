/** The points of the review of the series, as stories that can be run. */

import { KERNEL_NAMES, type KernelName } from "../abi/versions.ts";
import { BACKING_STORIES } from "./backing.ts";
import { onStage, Scene } from "./scene.ts";
import type { Must, Story } from "./story.ts";
import { SWAP_STORIES } from "./swap.ts";
import { TAG_STORIES } from "./tags.ts";

export type { Act, Story } from "./story.ts";

/** All stories, in the order in which they are told best. */
export const STORIES: readonly Story[] = [...SWAP_STORIES, ...BACKING_STORIES, ...TAG_STORIES];

/** What must be seen under one kernel. */
export function mustBe(must: Must, kernel: KernelName): string {
  if (typeof must === "string") return must;
  const upTo = KERNEL_NAMES.slice(0, KERNEL_NAMES.indexOf(kernel) + 1);
  return upTo.reduce((seen, version) => must[version] ?? seen, must["seed-v10"]);
}

/** Runs a story under one kernel, on a host of its own; answers what was seen of each act. */
export function play(story: Story, kernel: KernelName): Promise<string[]> {
  return onStage(story, async (tagvisor) => {
    const scene = await Scene.open(tagvisor, kernel);
    const seen: string[] = [];
    for (const act of story.acts) seen.push(await act.does(scene));
    await scene.process.exit();
    return seen;
  });
}
