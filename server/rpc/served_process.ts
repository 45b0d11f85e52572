/** A process that a stream serves: held for as long as the stream does, its calls made on a thread of their own. */

import type { Task } from "../kernel/process.ts";
import type { OpenStream } from "./gate.ts";
import type { Session, Sessions } from "./session.ts";
import { unknownProcess } from "./status.ts";

/** A process in the hands of a stream. */
export class ServedProcess {
  readonly session: Session;
  readonly thread: Task;
  private readonly signal: AbortSignal;
  private readonly unhold: () => void;

  private constructor(session: Session, signal: AbortSignal) {
    this.session = session;
    this.signal = signal;
    this.thread = session.takeThread();
    this.unhold = session.hold();
  }

  /**
   * The process that a message names: the one the stream serves already, or another, for which that
   * one is let go. 0 stands for the one before.
   */
  static of(served: ServedProcess | undefined, process: bigint, sessions: Sessions, stream: OpenStream): ServedProcess {
    if (served && (process === 0n || served.session.handle === process)) {
      if (served.session.ended) throw unknownProcess();
      return served;
    }
    const session = sessions.find(process, stream.principal);
    served?.release();
    return new ServedProcess(session, stream.signal);
  }

  /** Waits for a call that sleeps; the client's cancelling kills its thread. */
  readonly sleep = <T>(result: Promise<T>): Promise<T> => this.session.asleep(this.signal, this.thread, result);

  /** Session.turn() for the stream. */
  turn(): Promise<void> {
    return this.session.turn(this.signal);
  }

  release(): void {
    this.session.giveThread(this.thread);
    this.unhold();
  }
}
