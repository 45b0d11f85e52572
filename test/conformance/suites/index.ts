/** The suites by name: which cases each has for which kernel. */

import { KERNEL_NAMES, type KernelName } from "../../../server/abi/versions.ts";
import type { Recording } from "../replayer/recording.ts";
import { copyTagsFamily } from "./copy_tags.ts";
import { enableCapFamily } from "./enable_cap.ts";
import { matrix } from "./matrix.ts";
import { kernelsOf, oncePerName, shippedRecordings } from "./recordings.ts";

/** Scenarios to be replayed under a kernel. */
export interface Batch {
  readonly suite: string;
  readonly recording: Recording;
  readonly kernel: KernelName;
  /** Whence it is known what they must answer. */
  readonly source: string;
}

/** A suite that follows from a table or from rules: one recording a kernel. */
interface Generated {
  readonly generate: (kernel: KernelName) => Recording;
  readonly source: string;
}

/** The suites that are generated, whatever the target. */
export const GENERATED: Readonly<Record<string, Generated>> = {
  matrix: { generate: matrix, source: "the table of ioctls (server/abi/kvm_ioctl.ts)" },
  enable_cap: { generate: enableCapFamily, source: "the rules of KVM_ENABLE_CAP in kernel order" },
  copy_tags: { generate: copyTagsFamily, source: "the rules of KVM_ARM_MTE_COPY_TAGS in kernel order" },
};

const recorded = (recording: Recording, kernel: KernelName): Batch => ({
  suite: "recordings",
  recording,
  kernel,
  source: `recorded on a real kernel: ${recording.file}`,
});

/** The batches of a suite: for one kernel, or for all that it has expectations for. */
export function batchesOf(suite: string, kernel: KernelName | undefined): Batch[] {
  const made = GENERATED[suite];
  if (made) {
    const kernels = kernel === undefined ? KERNEL_NAMES : [kernel];
    return kernels.map((k) => ({ suite, recording: made.generate(k), kernel: k, source: made.source }));
  }
  return shippedRecordings().flatMap((recording) =>
    kernelsOf(recording)
      .filter((k) => kernel === undefined || k === kernel)
      .map((k) => recorded(recording, k)),
  );
}

/** The batches of recordings that the caller names; each on its own kernel, or all on one. */
export const batchesOfFiles = (recordings: readonly Recording[], kernel: KernelName | undefined): Batch[] =>
  recordings.map((recording) => recorded(recording, kernel ?? recording.kernel));

/** The batches with which two targets or kernels are compared: what a recording or a rule says does not count there. */
export function batchesToCompare(suite: string, kernel: KernelName, recordings?: readonly Recording[]): Batch[] {
  const made = GENERATED[suite];
  if (made) return [{ suite, recording: made.generate(kernel), kernel, source: made.source }];
  const from = recordings ?? oncePerName(shippedRecordings());
  return from.map((recording) => ({ ...recorded(recording, kernel), source: `the calls of ${recording.file}` }));
}
