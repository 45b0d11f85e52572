/** Where an answer becomes data and a refusal becomes a gRPC error: the API's contract of errors, in one place. */

import { ServerError, Status } from "nice-grpc-common";
import { isErrno } from "../abi/errno.ts";
import { Errno } from "../gen/kvm/v1/errno.ts";

/** What every system-call-like response carries. */
export type Answer = {
  ret: bigint;
  error: Errno;
};

/** What the kernel answered, as data: -1 and the errno where it is one. */
export function answer(ret: number): Answer {
  return isErrno(ret) ? { ret: -1n, error: -ret as Errno } : { ret: BigInt(ret), error: Errno.ERRNO_UNSPECIFIED };
}

/** No process has this handle. */
export const unknownProcess = () =>
  new ServerError(Status.NOT_FOUND, "no process has this handle: it ended, or never was");

/** The process belongs to another principal. */
export const notYours = () => new ServerError(Status.PERMISSION_DENIED, "the process belongs to somebody else");

/** What concerns the processes of others. */
export const notOperator = () =>
  new ServerError(Status.PERMISSION_DENIED, "it concerns all processes: only the principal named operator may");

/** A limit of the server; `what` says which. */
export const aboveQuota = (what: string) => new ServerError(Status.RESOURCE_EXHAUSTED, what);

/** The request contradicts the protos' comments; `what` says how. */
export const malformed = (what: string) => new ServerError(Status.INVALID_ARGUMENT, what);

/** The server takes no more calls. */
export const stopping = () => new ServerError(Status.UNAVAILABLE, "the server is shutting down");

/** Without a token that the server knows. */
export const unauthenticated = (what: string) => new ServerError(Status.UNAUTHENTICATED, what);

/** A defect of the server: the log has it, the caller gets no details. */
export const internal = () => new ServerError(Status.INTERNAL, "internal error; the server's log has the details");
