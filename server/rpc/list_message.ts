/** SyscallsResponse as bytes, straight from the results: a list's answer is the hottest message there is. */

import { isErrno } from "../abi/errno.ts";
import type { SyscallsResponse } from "../gen/kvm/v1/syscall_service.ts";
import type { Result } from "./syscall_list.ts";
import { LEN, tag, VARINT, varintLength, writeVarint } from "./wire.ts";

const RESULTS = tag(1, LEN);
const RET = tag(1, VARINT);
const ERROR = tag(2, VARINT);
const DATA = tag(3, LEN);
/** RET of -1: zigzag 1. */
const MINUS_ONE = 1;

/** A response that stands for the results that it is made of. */
interface ListResponse {
  readonly outcomes: readonly Result[];
}

/** The response to a list, to be sent by encodeListResponse(). */
export const listResponse = (outcomes: readonly Result[]) =>
  ({ outcomes }) as ListResponse as unknown as SyscallsResponse;

const retOf = (result: Result) => (typeof result === "number" ? result : result.ret);
const bytesIn = (result: Result) => (typeof result === "number" ? 0 : result.data.length);

/** A result as a sint64, -1 for every errno. */
const zigzag = (ret: number) => (isErrno(ret) ? MINUS_ONE : ret < 0 ? -2 * ret - 1 : 2 * ret);

/** The length of a SyscallResult; members that are 0 or empty are left out. */
function resultLength(result: Result): number {
  const ret = retOf(result);
  const bytes = bytesIn(result);
  const number = ret === 0 ? 0 : 1 + varintLength(zigzag(ret)) + (isErrno(ret) ? 1 + varintLength(-ret) : 0);
  return number + (bytes > 0 ? 1 + varintLength(bytes) + bytes : 0);
}

function writeResult(to: Uint8Array, offset: number, result: Result): number {
  const ret = retOf(result);
  if (ret !== 0) {
    to[offset++] = RET;
    offset = writeVarint(to, offset, zigzag(ret));
  }
  if (isErrno(ret)) {
    to[offset++] = ERROR;
    offset = writeVarint(to, offset, -ret);
  }
  if (typeof result === "number" || result.data.length === 0) return offset;
  to[offset++] = DATA;
  offset = writeVarint(to, offset, result.data.length);
  to.set(result.data, offset);
  return offset + result.data.length;
}

/** The bytes of a listResponse(). */
export function encodeListResponse(response: SyscallsResponse): ArrayBuffer {
  const { outcomes } = response as unknown as ListResponse;
  let size = 0;
  for (const result of outcomes) {
    const length = resultLength(result);
    size += 1 + varintLength(length) + length;
  }
  const buffer = new ArrayBuffer(size);
  const bytes = new Uint8Array(buffer);
  let offset = 0;
  for (const result of outcomes) {
    bytes[offset++] = RESULTS;
    offset = writeVarint(bytes, offset, resultLength(result));
    offset = writeResult(bytes, offset, result);
  }
  return buffer;
}
