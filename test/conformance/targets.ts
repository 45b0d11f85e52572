/** The recordings under test and the targets that they are replayed against. */

import { KernelTarget } from "./replayer/kernel_target.ts";
import { LocalServers } from "./replayer/local_servers.ts";
import type { Recording } from "./replayer/recording.ts";
import type { Target } from "./replayer/target.ts";
import { dataFile, shippedRecordings } from "./suites/recordings.ts";

/** All recordings of the data directory. */
export const RECORDINGS: readonly Recording[] = shippedRecordings();

/** `KVM_CHECK_EXTENSION` and `KVM_ENABLE_CAP` 0 to 300 on real kernels. */
export const CAPS_FILE = dataFile("arm64-caps.json");

/** Each way to reach a kernel, by its name. */
export const TARGETS: Readonly<Record<string, () => Promise<Target>>> = {
  "in process": async () => new KernelTarget(),
  "raw RPC": async () => new LocalServers(),
};
