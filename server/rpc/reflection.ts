/** Server reflection, which generic tools use. */

import type { CallContext } from "nice-grpc-common";
import { lazily, rawMethod } from "./lazy_service.ts";

/** The services that reflection tells of. */
const SERVICES = ["kvm.v1.SyscallService", "kvm.v1.KvmService", "kvm.v1.MemoryService", "kvm.v1.InspectService"];

const definition = (version: string) => ({
  serverReflectionInfo: rawMethod(`/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`, {
    requestStream: true,
    responseStream: true,
  } as const),
});

/** v1alpha differs from v1 in its name only, and is what older tools call. */
export const ReflectionDefinitions = [definition("v1"), definition("v1alpha")];

const load = lazily(async () => {
  const { ServerReflection, ServerReflectionService } = await import("nice-grpc-server-reflection");
  const { descriptorSet } = await import("../gen/descriptor.ts");
  return {
    service: ServerReflection(Buffer.from(descriptorSet, "base64"), SERVICES),
    method: ServerReflectionService.serverReflectionInfo,
  };
});

/** Answers with the descriptors of the API. */
export const reflectionService = {
  async *serverReflectionInfo(requests: AsyncIterable<Uint8Array>, context: CallContext) {
    const { service, method } = await load();
    async function* decoded() {
      for await (const request of requests) yield method.requestDeserialize(Buffer.from(request));
    }
    for await (const response of service.serverReflectionInfo(decoded(), context))
      yield method.responseSerialize(response);
  },
};
