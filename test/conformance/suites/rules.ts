/** Orders of checks: for each pair of rules that a call violates at once, the error of the one that the kernel asks first. */

/** A rule of a call, and how a call comes to violate it. */
export interface Rule<Call> {
  /** What is refused, in a few words that can stand in a scenario's name. */
  readonly name: string;
  readonly errno: string;
  /** Changes a call so that it violates the rule, whatever else is wrong with it already. */
  readonly violate: (call: Call) => Call;
  /** Names of later rules that no call can violate together with this one. */
  readonly excludes?: readonly string[];
}

/** A call that violates one rule or two, and the error that the kernel answers. */
export interface Violation<Call> {
  readonly name: string;
  readonly call: Call;
  /** The rule that is asked first of those violated. */
  readonly first: Rule<Call>;
}

const pairedWith = <Call>({ excludes }: Rule<Call>, later: readonly Rule<Call>[]) =>
  later.filter(({ name }) => !excludes?.includes(name));

/** Every rule alone and every pair of them; `rules` stand in the kernel's order. */
export function violations<Call>(rules: readonly Rule<Call>[], good: Call): Violation<Call>[] {
  return rules.flatMap((first, i) => [
    { name: first.name, call: first.violate(good), first },
    ...pairedWith(first, rules.slice(i + 1)).map((second) => ({
      name: `${first.name}_before_${second.name}`,
      call: first.violate(second.violate(good)),
      first,
    })),
  ]);
}
