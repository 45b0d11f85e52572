/** A recording as it lies in its file: one scenario a line, in the format that data/README.md defines. */

import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import { DEFAULT_KERNEL, isKernelName, type KernelName } from "../../../server/abi/versions.ts";
import { type RegisterLists, registerScenarios } from "./register_scenarios.ts";

/** A number, the address of a region plus an offset, the number of a descriptor, or a saved variable plus a number. */
export type Value =
  | string
  | { readonly region: string; readonly off: string }
  | { readonly fd: string }
  | { readonly var: string; readonly add: number };

/** One member of a structure: a value, or a byte that fills it. */
export interface Field {
  readonly n: string;
  readonly o: number;
  readonly s: number;
  readonly v?: Value;
  readonly fill?: string;
  /** In `out`: the name of the descriptor that the call wrote here. */
  readonly as?: string;
}

/** A structure by its members, which cover all of its bytes. */
export interface Struct {
  readonly struct: string;
  readonly size: number;
  readonly fields: readonly Field[];
}

/** What a call answered: `ret` is -1 where `errno` names an error or a signal. */
export interface Answer {
  readonly ret: number | "fd" | "addr";
  readonly errno: string | null;
}

/** One operation with its answer. What belongs to one operation only is read by that operation. */
export interface Step extends Answer {
  readonly op: string;
  readonly scope?: "x86";
  readonly arm64?: Answer & { readonly src: string };
  readonly since?: string;
  readonly as?: string;
  readonly save?: string;
  readonly in?: "fork" | "vfork" | "thread";
  readonly note?: string;
  readonly [key: string]: unknown;
}

/** Steps that start in a new process without descriptors, regions or variables. */
export interface Scenario {
  readonly name: string;
  readonly scope: "generic" | "x86" | "arm64";
  readonly needs: readonly string[];
  readonly doc: string;
  readonly why: string;
  /** What it is counted with; without it, its name tells. Only generated scenarios have it. */
  readonly family?: string;
  readonly steps: readonly Step[];
}

/** Where a recording was made; an arm64 one holds answers, an x86 one predictions for arm64. */
export interface Recording {
  readonly file: string;
  readonly machine: "arm64" | "x86";
  /** The kernel that the file's name says it was recorded on, where a process can run under that one. */
  readonly kernel: KernelName;
  readonly scenarios: readonly Scenario[];
}

/** Reads a recording, or a list of registers, gzipped or not. Its name tells the machine and the kernel: `arm64-mte-6.12.jsonl`. */
export function readRecording(file: string): Recording {
  const name = basename(file).replace(/\.gz$/, "");
  const bytes = readFileSync(file);
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  const version = /-([^-]+)\.jsonl?$/.exec(name)?.[1] ?? "";
  return {
    file: name,
    machine: name.startsWith("x86") ? "x86" : "arm64",
    kernel: isKernelName(version) ? version : DEFAULT_KERNEL,
    scenarios: name.endsWith(".json") ? parseRegisters(text, name) : parseLines(name, text),
  };
}

function parseLines(name: string, text: string): Scenario[] {
  return text.split("\n").flatMap((line, i) => (line.trim() ? [parseScenario(line, `${name}:${i + 1}`)] : []));
}

function parseScenario(line: string, where: string): Scenario {
  const scenario = parseJson(line, where) as Partial<Scenario> | null;
  if (typeof scenario?.name !== "string" || !Array.isArray(scenario.steps)) {
    throw new Error(`${where}: not a scenario: it has no name or no steps`);
  }
  return scenario as Scenario;
}

function parseRegisters(text: string, where: string): Scenario[] {
  const lists = parseJson(text, where) as Partial<RegisterLists> | null;
  if (typeof lists?.variants !== "object" || lists.variants === null) {
    throw new Error(`${where}: neither a list of registers, which has variants, nor a kept sequence, which has sides`);
  }
  return registerScenarios(lists as RegisterLists);
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${where}: not JSON: ${(error as Error).message}`);
  }
}

/** The family of a scenario: its own word for it, else the first word of its name, two for what a guest runs (`g_check`). */
export function familyOf(scenario: Scenario): string {
  if (scenario.family !== undefined) return scenario.family;
  const words = scenario.name.split("_");
  return words.slice(0, words[0] === "g" ? 2 : 1).join("_");
}
