/** `tagvisor conformance`: replays recordings of real kernels through the raw RPC and prints TAP. */

import { type Command, Option } from "commander";
import { KERNEL_NAMES, type KernelName } from "../abi/versions.ts";
import { orSay } from "./expected.ts";

interface Options {
  readonly target?: string;
  readonly token?: string;
  readonly kernel?: KernelName;
  readonly filter: string;
}

/** Adds the command to the command line. */
export function register(program: Command): void {
  program
    .command("conformance")
    .summary("replay recordings of real kernels and compare every answer")
    .description(
      "Replays every scenario of the recordings in a process of its own, through the raw RPC, and prints TAP 14: a line a " +
        "scenario with its first differing step, and a summary by family. Exits with 1 where a result is not as expected.",
    )
    .argument("<file...>", "recordings, as in test/conformance/data: JSON lines, gzipped or not")
    .option("--target <address>", "the server, host:port or an https:// URL; without it one is started for the run")
    .option("--token <token>", "the bearer token that the server wants")
    .addOption(
      new Option("--kernel <version>", "the kernel to replay on; without it the one in the file's name").choices(
        KERNEL_NAMES,
      ),
    )
    .option("--filter <text>", "only scenarios with this text in their names", "")
    .action((files: string[], options: Options, command: Command) =>
      orSay(command, async () => {
        process.exitCode = (await conformance(files, options)) ? 0 : 1;
      }),
    );
}

/** Replays the files; answers whether all results are as expected. */
async function conformance(files: readonly string[], options: Options): Promise<boolean> {
  const { readRecording, replayAll, readKnownFailures, TapReport, RpcTarget, LocalServers } = await import(
    "../../test/conformance/replayer/index.ts"
  );
  const recordings = files.map(readRecording);
  const target = options.target === undefined ? new LocalServers() : new RpcTarget(options.target, options.token);
  const report = new TapReport((line) => process.stdout.write(`${line}\n`), readKnownFailures());
  try {
    for (const recording of recordings) {
      const kernel = options.kernel ?? recording.kernel;
      report.comment(`${recording.file} on ${kernel}, ${target.name}`);
      for await (const outcome of replayAll(target, recording, kernel, options.filter)) report.add(outcome, kernel);
    }
  } finally {
    await target.close();
  }
  return report.end();
}
