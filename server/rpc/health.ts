/** The standard health service. It needs no token: what asks is a load balancer. */

import type { CallContext } from "nice-grpc-common";
import type { HealthState } from "nice-grpc-server-health";
import { lazily, rawMethod } from "./lazy_service.ts";

export const HealthDefinition = {
  check: rawMethod("/grpc.health.v1.Health/Check", { requestStream: false, responseStream: false } as const),
  watch: rawMethod("/grpc.health.v1.Health/Watch", { requestStream: false, responseStream: true } as const),
};

/** Whether the server serves, told to whoever asks. */
export class HealthService {
  private serving = true;
  private state: HealthState | undefined;

  /** From now on the answer is NOT_SERVING. */
  stop(): void {
    this.serving = false;
    this.state?.setStatus("unhealthy");
  }

  private readonly load = lazily(async () => {
    const { HealthDefinition: definition, HealthServiceImpl, HealthState } = await import("nice-grpc-server-health");
    this.state = HealthState();
    if (!this.serving) this.state.setStatus("unhealthy");
    return { service: HealthServiceImpl(this.state), ...definition.methods };
  });

  async check(request: Uint8Array, context: CallContext): Promise<Uint8Array> {
    const { service, check } = await this.load();
    const response = await service.check(check.requestType.decode(request), context);
    return check.responseType.encode(response).finish();
  }

  async *watch(request: Uint8Array, context: CallContext): AsyncGenerator<Uint8Array, void, undefined> {
    const { service, watch } = await this.load();
    for await (const response of service.watch(watch.requestType.decode(request), context)) {
      yield watch.responseType.encode(response).finish();
    }
  }
}
