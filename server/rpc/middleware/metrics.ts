/** Prometheus metrics on a port of their own. This file, and prom-client with it, is loaded only where they are asked for. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Status } from "nice-grpc-common";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Host } from "../../kernel/host.ts";
import type { Gate } from "../gate.ts";
import type { Sessions } from "../session.ts";

const PAGE_BYTES = 4096;

/** A metrics endpoint. */
export interface MetricsEndpoint {
  readonly port: number;
  close(): void;
}

/** Counts the calls at the gate and serves /metrics. */
export async function serveMetrics(
  address: { host: string; port: number },
  gate: Gate,
  sessions: Sessions,
  host: Host,
): Promise<MetricsEndpoint> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const labels = { registers: [registry], labelNames: ["method", "code"] as const };
  const calls = new Counter({ name: "tagvisor_calls_total", help: "Calls by method and gRPC status.", ...labels });
  const seconds = new Histogram({
    name: "tagvisor_call_seconds",
    help: "How long calls take, streams from their first message to their last.",
    buckets: [0.0001, 0.0005, 0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
    labelNames: ["method"],
  });
  addGauge(registry, "tagvisor_processes", "Processes of clients.", () => sessions.size);
  addGauge(registry, "tagvisor_memory_bytes", "Memory of the emulated board.", () => host.pages.total * PAGE_BYTES);
  addGauge(
    registry,
    "tagvisor_memory_free_bytes",
    "Memory of the board that is free.",
    () => host.pages.free * PAGE_BYTES,
  );
  gate.observe((method) => {
    const end = seconds.startTimer({ method });
    return (code) => {
      end();
      calls.inc({ method, code: Status[code] });
    };
  });
  return listen(registry, address);
}

function addGauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}

function listen(registry: Registry, { host, port }: { host: string; port: number }): Promise<MetricsEndpoint> {
  const server = createServer((request, response) => {
    if (request.url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { "content-type": registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.unref();
      resolve({ port: (server.address() as AddressInfo).port, close: () => void server.close() });
    });
  });
}
