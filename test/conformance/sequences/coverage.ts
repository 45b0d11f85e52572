/** How much of the kernel sequences reach: for each request of the table its errors, and the rules that refused. */

import { errnoName, isErrno } from "../../../server/abi/errno.ts";
import type { FdKind } from "../../../server/abi/ioctl.ts";
import { IOCTLS, ioctlByRequest } from "../../../server/abi/kvm_ioctl.ts";
import type { Task } from "../../../server/kernel/process.ts";
import type { TraceEntry } from "../../../server/kernel/trace.ts";

/** What was seen of a row of the table: "0" for a success, the names of errors, and how often each. */
export type Seen = Map<string, number>;

/** Counts what the processes of a kernel in this process do. */
export class Coverage {
  /** By the C name of the request. */
  readonly rows = new Map<string, Seen>(IOCTLS.map(({ name }) => [name, new Map()]));
  /** By "ERRNO, the rule's sentence". */
  readonly rules = new Map<string, number>();
  calls = 0;

  /** Counts the calls of a process from now on. */
  readonly follow = (task: Task): void => {
    task.trace.follow((entry) => this.add(entry));
  };

  private add({ call, args, ret, rule }: TraceEntry): void {
    this.calls++;
    const error = isErrno(ret) ? errnoName(-ret) : "0";
    if (rule) count(this.rules, `${error}, ${rule}`);
    if (call !== "ioctl") return;
    const [, request, , kind] = args;
    const row = ioctlByRequest(kind as FdKind, request as number);
    // On another kind of descriptor the number is what counts: it stands for the request that it is elsewhere.
    const names = row ? [row] : IOCTLS.filter((other) => other.request === request);
    for (const { name } of names) count(this.rows.get(name) as Seen, error);
  }

  /** The requests that were never granted, though arm64 grants them to some caller. */
  neverGranted(): string[] {
    return IOCTLS.filter(({ name, returns }) => returns !== "EINVAL" && !this.rows.get(name)?.has("0")).map(
      ({ name }) => name,
    );
  }
}

function count(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}

/** Rules as the sources of the kernel have them; one with `${…}` in it stands for all that it can become. */
export function rulesIn(sources: readonly string[]): Map<string, RegExp> {
  const pattern = /refuse\(\s*([A-Z0-9_]+),\s*(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)/g;
  const rules = new Map<string, RegExp>();
  for (const source of sources) {
    for (const [, errno = "", plain, template] of source.matchAll(pattern)) {
      const text = `${errno}, ${plain ?? template}`;
      const parts = text.split(/\$\{(?:[^{}]|\{[^}]*\})*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
      rules.set(text, new RegExp(`^${parts.join(".*")}$`));
    }
  }
  return rules;
}

/** The rules that no call has met. */
export function neverReached(rules: ReadonlyMap<string, RegExp>, reached: Iterable<string>): string[] {
  const seen = [...reached];
  return [...rules].filter(([, matches]) => !seen.some((text) => matches.test(text))).map(([text]) => text);
}
