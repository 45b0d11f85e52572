/** What every call passes on its way in: who calls, whether there is room, and where its errors go. Plain functions, as they are on the hot path. */

import { type CallContext, ServerError, Status } from "nice-grpc-common";
import type { Authenticate } from "./middleware/auth.ts";
import type { Limits } from "./middleware/limits.ts";
import type { Log } from "./middleware/log.ts";
import { aboveQuota, internal, stopping } from "./status.ts";

/** Told of the beginning of each call; answers a function that is told of its end. */
export type Observer = (method: string) => (code: Status) => void;

/** Who makes a unary call; `signal` is aborted when the caller gives up or its deadline passes. */
export interface Caller {
  readonly principal: string;
  readonly signal: AbortSignal;
}

/** A stream that is open. */
export interface OpenStream extends Caller {
  /** Runs `end` when the server stops, at once where it has; answers the function that undoes that. */
  onStop(end: () => void): () => void;
  /** Whether the server stops. */
  stopped(): boolean;
  /** The client's messages; asking for one more throws UNAVAILABLE when the server stops. */
  messages<T>(requests: AsyncIterable<T>): AsyncIterable<T>;
}

export class Gate {
  readonly limits: Limits;
  /** Whether a principal may do what concerns the processes of others. */
  readonly isOperator: (principal: string) => boolean;
  private readonly log: Log;
  private readonly authenticate: Authenticate;
  private readonly observers: Observer[] = [];
  private readonly streamsOf = new Map<string, number>();
  private readonly enders = new Set<() => void>();
  private stopped = false;

  constructor(authenticate: Authenticate, limits: Limits, log: Log, isOperator: (principal: string) => boolean) {
    this.isOperator = isOperator;
    this.authenticate = authenticate;
    this.limits = limits;
    this.log = log;
    if (log.level === "debug") this.observe((method) => (code) => log.debug({ method, code: Status[code] }, "call"));
  }

  /** Adds an observer of all calls from now on. */
  observe(observer: Observer): void {
    this.observers.push(observer);
  }

  /** From now on calls are UNAVAILABLE and idle streams end. */
  stop(): void {
    this.stopped = true;
    for (const end of [...this.enders]) end();
  }

  /** Wraps the handler of a unary method. */
  unary<Request, Response>(
    method: string,
    handler: (request: Request, caller: Caller) => Response | Promise<Response>,
  ): (request: Request, context: CallContext) => Promise<Response> {
    const wrapped = (request: Request, context: CallContext): Response | Promise<Response> => {
      const done = this.begin(method);
      try {
        const result = handler(request, { principal: this.admit(context), signal: context.signal });
        if (!(result instanceof Promise)) {
          done?.(Status.OK);
          return result;
        }
        return result.then(
          (response) => {
            done?.(Status.OK);
            return response;
          },
          (error) => {
            throw this.failure(method, error, done);
          },
        );
      } catch (error) {
        throw this.failure(method, error, done);
      }
    };
    // nice-grpc awaits what the handler answers, a promise or not.
    return wrapped as (request: Request, context: CallContext) => Promise<Response>;
  }

  /** Wraps the handler of a method with a stream in either direction. */
  stream<Input, Response>(
    method: string,
    handler: (input: Input, stream: OpenStream) => AsyncGenerator<Response, void, undefined>,
  ): (input: Input, context: CallContext) => AsyncIterable<Response> {
    return (input, context) => {
      const done = this.begin(method);
      try {
        const principal = this.admit(context);
        this.enter(principal);
        const leave = () => this.leave(principal);
        return this.finishing(method, handler(input, this.openStream(principal, context)), leave, done);
      } catch (error) {
        throw this.failure(method, error, done);
      }
    };
  }

  private begin(method: string): ((code: Status) => void) | undefined {
    if (this.observers.length === 0) return undefined;
    const ends = this.observers.map((observe) => observe(method));
    return (code) => {
      for (const end of ends) end(code);
    };
  }

  private admit(context: CallContext): string {
    if (this.stopped) throw stopping();
    return this.authenticate(context.metadata);
  }

  private enter(principal: string): void {
    const open = this.streamsOf.get(principal) ?? 0;
    if (open >= this.limits.streamsPerPrincipal) throw aboveQuota(`more than ${open} open streams of one principal`);
    this.streamsOf.set(principal, open + 1);
  }

  private leave(principal: string): void {
    const open = (this.streamsOf.get(principal) ?? 1) - 1;
    if (open > 0) this.streamsOf.set(principal, open);
    else this.streamsOf.delete(principal);
  }

  private openStream(principal: string, context: CallContext): OpenStream {
    const onStop = (end: () => void) => {
      if (this.stopped) end();
      else this.enders.add(end);
      return () => void this.enders.delete(end);
    };
    const messages = <T>(requests: AsyncIterable<T>) => until(onStop, requests);
    return { principal, signal: context.signal, onStop, stopped: () => this.stopped, messages };
  }

  /** Passes an iterator's results on, and sees its end whichever way it comes. */
  private finishing<T>(
    method: string,
    inner: AsyncGenerator<T, void, undefined>,
    leave: () => void,
    done: ((code: Status) => void) | undefined,
  ): AsyncIterable<T> {
    let open = true;
    const end = (code: Status) => {
      if (!open) return;
      open = false;
      leave();
      done?.(code);
    };
    const watch = (step: Promise<IteratorResult<T, void>>, code: Status) =>
      step.then(
        (result) => {
          if (result.done) end(code);
          return result;
        },
        (error) => {
          throw this.failure(method, error, end);
        },
      );
    const iterator: AsyncIterator<T, void, undefined> = {
      next: () => watch(inner.next(), Status.OK),
      return: () => watch(inner.return(), Status.CANCELLED),
      throw: (error) => watch(inner.throw(error), Status.CANCELLED),
    };
    return { [Symbol.asyncIterator]: () => iterator };
  }

  /** The error that the caller gets. What is no refusal of ours is a defect, and logged. */
  private failure(method: string, error: unknown, done: ((code: Status) => void) | undefined): unknown {
    if (error instanceof ServerError || isAbortError(error)) {
      done?.(error instanceof ServerError ? error.code : Status.CANCELLED);
      return error;
    }
    this.log.error({ method, err: error }, "a handler failed");
    done?.(Status.INTERNAL);
    return internal();
  }
}

const isAbortError = (error: unknown) => error instanceof Error && error.name === "AbortError";

/** The same messages; waiting for one ends with UNAVAILABLE when the server stops. */
function until<T>(onStop: OpenStream["onStop"], requests: AsyncIterable<T>): AsyncIterable<T> {
  const iterator = requests[Symbol.asyncIterator]();
  let fail: (error: unknown) => void = () => {};
  let ended = false;
  const forget = onStop(() => {
    ended = true;
    fail(stopping());
  });
  const finished = <V>(value: V) => {
    forget();
    return value;
  };
  const next = () =>
    new Promise<IteratorResult<T>>((resolve, reject) => {
      fail = reject;
      if (ended) reject(stopping());
      else
        iterator.next().then(
          (result) => resolve(result.done ? finished(result) : result),
          (error) => reject(finished(error)),
        );
    });
  const finish = async (): Promise<IteratorResult<T>> => finished({ done: true, value: undefined });
  return { [Symbol.asyncIterator]: () => ({ next, return: finish }) };
}
