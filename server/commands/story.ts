/** `tagvisor story`: a point of the review, told as calls to a host of its own, with what each kernel answers. */

import { type Command, Option } from "commander";
import { KERNEL_NAMES, type KernelName } from "../abi/versions.ts";
import { mustBe, play, STORIES, type Story } from "../stories/index.ts";
import { orSay } from "./expected.ts";
import { wrap } from "./text.ts";

interface Options {
  readonly kernel?: KernelName;
  readonly list?: boolean;
}

const HELP = `
A story runs on a host of its own in this process, under each kernel by itself. Where kernels differ, each answer
has the kernels that gave it. The exit code is 1 where anything is not as it must be.

Examples:
  $ tagvisor story --list
  $ tagvisor story swapoff-prot-none
  $ tagvisor story dirty-log --kernel 6.12`;

/** Adds the command to the command line. */
export function register(program: Command): void {
  program
    .command("story")
    .summary("tell a point of the review as calls, and what each kernel answers")
    .description(
      "Tells a point of the review of the MTE series as calls, and holds each kernel to what it must answer.",
    )
    .argument("[name]", "the story; all of them for the name all")
    .addOption(new Option("-k, --kernel <name>", "under this kernel only").choices(KERNEL_NAMES))
    .option("-l, --list", "list the stories")
    .addHelpText("after", HELP)
    .action((name: string | undefined, { kernel, list }: Options, command: Command) =>
      orSay(command, async () => {
        if (list || name === undefined) {
          process.stdout.write(listStories());
          return;
        }
        const kernels = kernel ? [kernel] : KERNEL_NAMES;
        for (const story of named(name)) {
          const { text, wrong } = await tell(story, kernels);
          process.stdout.write(`${text}\n`);
          if (wrong > 0) process.exitCode = 1;
        }
      }),
    );
}

function named(name: string): readonly Story[] {
  const found = name === "all" ? STORIES : STORIES.filter((story) => story.name === name);
  if (found.length === 0) throw new Error(`no story is named "${name}"; --list names them`);
  return found;
}

/** The stories, a line each. */
export function listStories(): string {
  const width = Math.max(...STORIES.map(({ name }) => name.length));
  return STORIES.map(({ name, title }) => `${name.padEnd(width)}  ${title}\n`).join("");
}

/** Runs a story under some kernels and tells it; `wrong` is how often something was not as it must be. */
export async function tell(
  story: Story,
  kernels: readonly KernelName[],
): Promise<{ readonly text: string; readonly wrong: number }> {
  const seen = new Map<KernelName, string[]>();
  for (const kernel of kernels) seen.set(kernel, await play(story, kernel));
  const lines = [story.title, "", wrap(story.narration)];
  let wrong = 0;
  for (const [i, { tell, must }] of story.acts.entries()) {
    lines.push("", `${`${i + 1}.`.padEnd(4)}${wrap(tell, "    ")}`);
    const answers = new Map<string, KernelName[]>();
    for (const kernel of kernels) {
      const was = seen.get(kernel)?.[i] ?? "";
      const right = was === mustBe(must, kernel);
      if (!right) wrong++;
      const answer = right ? was : `${was}, which must be: ${mustBe(must, kernel)}`;
      answers.set(answer, [...(answers.get(answer) ?? []), kernel]);
    }
    lines.push(...tellAnswers(answers));
  }
  const under = kernels.length === KERNEL_NAMES.length ? "every kernel" : kernels.join(", ");
  const verdict = wrong === 0 ? "All is as it must be" : `${wrong} answers are not as they must be`;
  lines.push("", `${verdict}, under ${under}.`, "");
  return { text: lines.join("\n"), wrong };
}

/** Each answer with the kernels that gave it, where there is more than one. */
function tellAnswers(answers: ReadonlyMap<string, readonly KernelName[]>): string[] {
  if (answers.size === 1) return [...answers.keys()].map((answer) => `    > ${answer}`);
  const width = Math.max(...[...answers.values()].map((kernels) => kernels.join(", ").length));
  return [...answers].map(([answer, kernels]) => `    > ${kernels.join(", ").padEnd(width)}  ${answer}`);
}
