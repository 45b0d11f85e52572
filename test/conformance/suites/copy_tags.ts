/** KVM_ARM_MTE_COPY_TAGS in full: the order of its rules, where it stops, at every page and byte, and every kind of memory. */

import { KERNELS, type KernelName } from "../../../server/abi/versions.ts";
import type { Recording, Scenario } from "../replayer/recording.ts";
import { kinds, lifetimes } from "./copy_tags_memory.ts";
import { edges, orders } from "./copy_tags_order.ts";
import { adjacentSlots, buffers, holes } from "./copy_tags_stops.ts";
import { generated } from "./steps.ts";

const inFamily = (family: string, scenarios: readonly Scenario[]): Scenario[] =>
  scenarios.map((s) => ({ ...s, family: `copy_tags_${family}` }));

/** The family for one kernel. */
export function copyTagsFamily(kernel: KernelName): Recording {
  const abi = KERNELS[kernel];
  return generated("copy_tags", kernel, [
    ...inFamily("order", orders(abi)),
    ...inFamily("edges", edges(abi)),
    ...inFamily("holes", [...holes(abi), ...adjacentSlots(abi)]),
    ...inFamily("buffers", buffers(abi)),
    ...inFamily("memory", [...kinds(abi), ...lifetimes(abi)]),
  ]);
}
