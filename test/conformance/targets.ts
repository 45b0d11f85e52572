/** The recordings under test and the targets that they are replayed against. */

import { fileURLToPath } from "node:url";
import { KernelTarget } from "./replayer/kernel_target.ts";
import { LocalServers } from "./replayer/local_servers.ts";
import { type Recording, readRecording } from "./replayer/recording.ts";
import type { Target } from "./replayer/target.ts";

const dataFile = (name: string) => fileURLToPath(new URL(`./data/${name}`, import.meta.url));

/** All recordings of the data directory. */
export const RECORDINGS: readonly Recording[] = [
  "arm64-generic-6.1.jsonl",
  "arm64-generic-6.12.jsonl",
  "arm64-mte-6.1.jsonl",
  "arm64-mte-6.12.jsonl",
  "arm64-regs-6.1.json",
  "arm64-regs-6.12.json",
  "x86-generic-6.18.jsonl",
].map((name) => readRecording(dataFile(name)));

/** `KVM_CHECK_EXTENSION` and `KVM_ENABLE_CAP` 0 to 300 on real kernels. */
export const CAPS_FILE = dataFile("arm64-caps.json");

/** Each way to reach a kernel, by its name. */
export const TARGETS: Readonly<Record<string, () => Promise<Target>>> = {
  "in process": async () => new KernelTarget(),
  "raw RPC": async () => new LocalServers(),
};
