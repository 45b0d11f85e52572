/** `tagvisor explore`: a scenario of racing CPUs in every order of their steps, or in one. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { connect } from "../../clients/typescript/index.ts";
import { DEFAULT_KERNEL, KERNEL_NAMES } from "../abi/versions.ts";
import type { ExploreResponse, ExploreScenario, ExploreStep } from "../gen/kvm/v1/inspect_service.ts";
import { explore } from "../rpc/explore.ts";
import { orSay } from "./expected.ts";
import { COLUMNS, wrap } from "./text.ts";

interface Options {
  readonly kernel: string;
  readonly seed?: bigint;
  readonly limit?: number;
  readonly address?: string;
  readonly token?: string;
}

/** What is asked: all orders where seed is 0, as many as there may be where limit is 0. */
interface Request {
  readonly scenario: string;
  readonly kernel: string;
  readonly seed: bigint;
  readonly limit: number;
}

const HELP = `
An order is one way in which the CPUs' steps can follow each other. Of those that break the scenario's property,
the one with the fewest changes of CPU is printed, a column for each CPU; of every outcome, a seed that leads there.
The exit code is 1 where the property is broken.

Examples:
  $ tagvisor explore
  $ tagvisor explore swap-in-race --kernel seed-v10
  $ tagvisor explore swap-in-race --kernel 6.12
  $ tagvisor explore swap-in-race --kernel seed-v10 --seed 4`;

/** Adds the command to the command line. */
export function register(program: Command): void {
  program
    .command("explore")
    .summary("run CPUs that race in every order of their steps")
    .description(
      "Runs a small scenario of two CPUs, which go through the kernel's own code, in every order of their steps, and tells " +
        "in which of them its property does not hold. Without a scenario: lists them.",
    )
    .argument("[scenario]", "its name", "")
    .addOption(new Option("-k, --kernel <name>", "the kernel").choices(KERNEL_NAMES).default(DEFAULT_KERNEL))
    .option("--seed <number>", "this order alone, and print it", wholeNumber)
    .option("--limit <number>", "orders to run at most", (text) => Number(wholeNumber(text)))
    .option("--address <address>", "ask a server that runs; by default it is done here")
    .addOption(new Option("--token <token>", "the bearer token that the server wants").env("TAGVISOR_TOKEN"))
    .addHelpText("after", HELP)
    .action((scenario: string, options: Options, command: Command) =>
      orSay(command, async () => {
        const { kernel, seed = 0n, limit = 0 } = options;
        const { text, broken } = await explored({ scenario, kernel, seed, limit }, options);
        process.stdout.write(text);
        if (broken) process.exitCode = 1;
      }),
    );
}

function wholeNumber(text: string): bigint {
  if (!/^[1-9]\d{0,18}$/.test(text)) throw new InvalidArgumentError("It is a whole number from 1 on.");
  return BigInt(text);
}

/** What the command prints, and whether the property is broken. */
export async function explored(
  { scenario, kernel, seed, limit }: Request,
  { address, token }: Pick<Options, "address" | "token"> = {},
): Promise<{ readonly text: string; readonly broken: boolean }> {
  const idle = new AbortController().signal;
  const here = (request: Request) => explore(request, idle, DEFAULT_KERNEL);
  await using tagvisor = address === undefined ? undefined : await connect(address, { token });
  const ask: (request: Request) => Promise<ExploreResponse> = tagvisor ? tagvisor.services.inspect.explore : here;
  const { scenarios } = await ask({ scenario: "", kernel: "", seed: 0n, limit: 0 });
  if (scenario === "") return { text: scenarios.map(listed).join("\n"), broken: false };
  const found = await ask({ scenario, kernel, seed, limit });
  const known = scenarios.find(({ name }) => name === scenario) as ExploreScenario;
  const parts = [header(known, kernel), columns(found.steps, known.cpus.length), summary(found, seed)];
  return { text: `${parts.filter((part) => part !== "").join("\n\n")}\n`, broken: found.broken > 0n };
}

function listed({ name, description }: ExploreScenario): string {
  return `${name}\n  ${wrap(description, "  ", COLUMNS)}\n`;
}

function header({ name, description, property, cpus }: ExploreScenario, kernel: string): string {
  const lines = cpus.map((does, cpu) => `CPU ${cpu + 1}  ${wrap(does, "       ")}`);
  return [`${name}, ${kernel}`, "", wrap(description), "", ...lines, `must   ${wrap(property, "       ")}`].join("\n");
}

/** The widest step, "test_and_set PG_mte_tagged". */
const STEP_COLUMNS = 27;

/** Each CPU's steps in a column of its own, and the state on the right. */
function columns(steps: readonly ExploreStep[], cpus: number): string {
  if (steps.length === 0) return "";
  const line = (cells: readonly string[], state: string) =>
    `${cells.map((cell) => cell.padEnd(STEP_COLUMNS)).join("")}${state}`.trimEnd();
  const each = (cell: (cpu: number) => string) => Array.from({ length: cpus }, (_, cpu) => cell(cpu));
  return [
    line(
      each((cpu) => `CPU ${cpu + 1}`),
      "then",
    ),
    ...steps.map(({ cpu, step, state }) =>
      line(
        each((column) => (column === cpu ? step : "")),
        state,
      ),
    ),
  ].join("\n");
}

function summary({ orders, exhaustive, broken, outcomes }: ExploreResponse, seed: bigint): string {
  const counted = (count: bigint) => count.toLocaleString("en-US");
  const all = exhaustive ? "all there are" : "there are more";
  const verdict = broken > 0n ? `in ${counted(broken)} the property is broken` : "the property holds in each";
  const rows = outcomes.map(
    ({ description, holds, orders: of, seed: one }) =>
      `${holds ? "holds " : "BROKEN"} ${counted(of).padStart(9)}  ${description.padEnd(36)}  --seed ${one}`,
  );
  const title = seed !== 0n ? `the order of seed ${seed}` : `${counted(orders)} orders, ${all}; ${verdict}`;
  return [title, ...rows].join("\n");
}
