/** Server reflection, which generic tools use. Its library is loaded by the first call: most servers never get one. */

import type { CallContext } from "nice-grpc-common";

/** The services that reflection tells of. */
const SERVICES = ["kvm.v1.SyscallService", "kvm.v1.KvmService", "kvm.v1.MemoryService", "kvm.v1.InspectService"];

const asItIs = (bytes: Uint8Array) => bytes;

/** The one method, its messages left as bytes. v1alpha differs from v1 in its name only, and is what older tools call. */
function definition(version: string) {
  return {
    serverReflectionInfo: {
      path: `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
      requestStream: true,
      responseStream: true,
      requestSerialize: asItIs,
      requestDeserialize: asItIs,
      responseSerialize: asItIs,
      responseDeserialize: asItIs,
      options: {},
    },
  } as const;
}

export const ReflectionDefinitions = [definition("v1"), definition("v1alpha")];

export const reflectionService = {
  async *serverReflectionInfo(requests: AsyncIterable<Uint8Array>, context: CallContext) {
    const [{ ServerReflection, ServerReflectionService }, { descriptorSet }] = await Promise.all([
      import("nice-grpc-server-reflection"),
      import("../gen/descriptor.ts"),
    ]);
    const service = ServerReflection(Buffer.from(descriptorSet, "base64"), SERVICES);
    const { requestDeserialize, responseSerialize } = ServerReflectionService.serverReflectionInfo;
    async function* decoded() {
      for await (const request of requests) yield requestDeserialize(Buffer.from(request));
    }
    for await (const response of service.serverReflectionInfo(decoded(), context)) yield responseSerialize(response);
  },
};
