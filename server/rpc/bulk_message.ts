/**
 * ReadMemoryResponse and ReadTagsResponse, which have the same fields, as bytes: the message is laid out around
 * its payload, so that the kernel writes the payload to where it is sent from.
 */

import { FIXED64, LEN, tag, VARINT, varintLength, writeVarint } from "./wire.ts";

const ADDRESS = tag(1, FIXED64);
const PAYLOAD = tag(2, LEN);
const RET = tag(3, VARINT);
const BYTES_DONE = tag(5, FIXED64);
const TAG_AND_FIXED64 = 1 + 8;
/** So many chunks of a stream are on their way at most. */
const MAX_UNSENT = 4;

/** A successful response in the making. */
export interface BulkMessage {
  /** The whole message. */
  readonly frame: ArrayBuffer;
  /** Where the payload belongs. */
  readonly payload: Uint8Array;
}

/**
 * A stream's responses. Their memory is used again once they are sent: the garbage of a bulk stream costs
 * more to collect than its bytes cost to move.
 */
export class BulkMessages {
  private readonly sent: ArrayBuffer[] = [];
  private readonly signal: AbortSignal;
  private unsent = 0;
  private wake = () => {};

  /** `signal` ends the stream. */
  constructor(signal: AbortSignal) {
    this.signal = signal;
    signal.addEventListener("abort", () => this.wake(), { once: true });
  }

  /** Waits while too many responses have not been sent: gRPC's own queue holds sixteen. */
  async room(): Promise<void> {
    while (this.unsent >= MAX_UNSENT && !this.signal.aborted)
      await new Promise<void>((resolve) => (this.wake = resolve));
  }

  /** A response without an error, whose payload has `length` bytes and whose `ret` is not 0. */
  message(address: bigint, length: number, ret: number, bytesDone: bigint): BulkMessage {
    const size = TAG_AND_FIXED64 + 1 + varintLength(length) + length + 1 + varintLength(2 * ret) + TAG_AND_FIXED64;
    const frame = this.take(size);
    const bytes = new Uint8Array(frame);
    const view = new DataView(frame);
    bytes[0] = ADDRESS;
    view.setBigUint64(1, address, true);
    bytes[TAG_AND_FIXED64] = PAYLOAD;
    const start = writeVarint(bytes, TAG_AND_FIXED64 + 1, length);
    bytes[start + length] = RET;
    const end = writeVarint(bytes, start + length + 1, 2 * ret);
    bytes[end] = BYTES_DONE;
    view.setBigUint64(end + 1, bytesDone, true);
    return { frame, payload: bytes.subarray(start, start + length) };
  }

  /** What a response carries so that it is sent as its frame. */
  framed({ frame }: BulkMessage): Framed {
    this.unsent++;
    const release = () => {
      this.unsent--;
      this.sent.push(frame);
      this.wake();
    };
    return { frame, release };
  }

  private take(size: number): ArrayBuffer {
    const frame = this.sent.pop();
    return frame?.byteLength === size ? frame : new ArrayBuffer(size);
  }
}

interface Framed {
  readonly frame: ArrayBuffer;
  release(): void;
}

/** The frame that a response carries, if it does, to be sent now: it is copied before anything else runs. */
export function frameOf(message: object): ArrayBuffer | undefined {
  const { frame, release } = message as Partial<Framed>;
  if (release) queueMicrotask(release);
  return frame;
}
