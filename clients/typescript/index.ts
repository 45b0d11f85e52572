/**
 * A client for tagvisor: a Linux process that is elsewhere, and /dev/kvm in it.
 *
 * `connect` gives a connection, `spawn` a process on it, and a process gives descriptors and memory as Linux would.
 */

export { ClientError, Status } from "nice-grpc-common";
export { Batch, Pending } from "./batch.ts";
export type { CopyOptions, Progress, Source } from "./bulk.ts";
export * as calls from "./calls.ts";
export { type Call, type IoctlName, Ref } from "./calls.ts";
export { connect, type SpawnOptions, Tagvisor } from "./connection.ts";
export { AttributedDescriptor, Descriptor, Eventfd, OpenFile } from "./descriptor.ts";
export { KvmError } from "./error.ts";
export type { Kernel, PageRun, Process as ProcessInfo, TraceEntry } from "./gen/kvm/v1/inspect_service.ts";
export { PageFlag } from "./gen/kvm/v1/inspect_service.ts";
export type { KvmRun } from "./gen/kvm/v1/kvm.ts";
export { Signal } from "./gen/kvm/v1/memory_service.ts";
export { Device, Kvm, Vcpu, Vm } from "./kvm.ts";
export { Mapping } from "./mapping.ts";
export { Process } from "./process.ts";
export { fromBytes, registerName, registerSize, toBytes } from "./registers.ts";
export type { RunOptions } from "./run.ts";
export type { Init, Struct } from "./struct.ts";
export type { ConnectOptions, Services, TlsOptions } from "./transport.ts";
export * from "./uapi.ts";
