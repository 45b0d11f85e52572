import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import http2 from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChannelCredentials } from "@grpc/grpc-js";
import { createChannel, createClient, Status } from "nice-grpc";
import { HealthDefinition } from "nice-grpc-server-health";
import { ServerReflectionService } from "nice-grpc-server-reflection";
import { ServerReflectionRequest } from "nice-grpc-server-reflection/lib/proto/grpc/reflection/v1/reflection_pb.js";
import { describe, expect, it } from "vitest";
import { Errno } from "../../clients/typescript/gen/kvm/v1/errno.ts";
import { Syscall } from "../../clients/typescript/gen/kvm/v1/syscall_service.ts";
import { parseTokens } from "../../server/rpc/middleware/auth.ts";
import { codeOf, testServer, withKvm } from "./harness.ts";

const pem = (name: string) => readFileSync(new URL(`./data/${name}`, import.meta.url));
const server = { cert: pem("server.pem"), key: pem("server.key") };
const ca = pem("ca.pem");
const as = (name: string) => ChannelCredentials.createSsl(ca, pem(`${name}.key`), pem(`${name}.pem`));

describe("TLS", () => {
  it("serves clients that trust the certificate, and no others", async () => {
    await using t = await testServer({ tls: server });
    expect(await codeOf(withKvm(t.connect(undefined, ChannelCredentials.createSsl(ca))))).toBe(undefined);
    expect(await codeOf(t.connect(undefined, ChannelCredentials.createSsl()).syscalls.spawn({}))).toBe(
      Status.UNAVAILABLE,
    );
    expect(await codeOf(t.connect().syscalls.spawn({}))).toBe(Status.UNAVAILABLE);
  });

  it("takes a client's certificate for its name", async () => {
    await using t = await testServer({ tls: { ...server, clientCa: ca } });
    const alice = t.connect(undefined, as("alice"));
    const process = await withKvm(alice);
    expect(await codeOf(t.connect(undefined, as("bob")).syscalls.dup({ process, fd: 0 }))).toBe(
      Status.PERMISSION_DENIED,
    );
    expect((await t.connect(undefined, as("alice")).syscalls.dup({ process, fd: 0 })).ret).toBe(1n);
    expect(t.sessions.find(process, "alice").handle).toBe(process);
  });

  it("lets nobody in without a certificate that the CA signed, whatever name is on it or in the metadata", async () => {
    await using t = await testServer({ tls: { ...server, clientCa: ca } });
    expect(await codeOf(t.connect(undefined, as("mallory")).syscalls.spawn({}))).toBe(Status.UNAVAILABLE);
    expect(await codeOf(t.connect(undefined, ChannelCredentials.createSsl(ca)).syscalls.spawn({}))).toBe(
      Status.UNAVAILABLE,
    );
    const bob = t.connect(undefined, as("bob"));
    const { Metadata } = await import("nice-grpc");
    const metadata = Metadata({ "x-tagvisor-certificate-subject": "alice" });
    const { process } = await bob.syscalls.spawn({}, { metadata });
    expect(t.sessions.find(process, "bob").handle).toBe(process);
  });

  it("goes with tokens, which then name the principal", async () => {
    await using t = await testServer({ tls: { ...server, clientCa: ca }, tokens: new Map([["t", "carol"]]) });
    const { process } = await t.connect("t", as("alice")).syscalls.spawn({});
    expect(t.sessions.find(process, "carol").handle).toBe(process);
    expect(await codeOf(t.connect(undefined, as("alice")).syscalls.spawn({}))).toBe(Status.UNAUTHENTICATED);
  });
});

describe("a token file", () => {
  it("has a principal and a token in each line", () => {
    expect([...parseTokens("# who may\nalice abc\n\n bob\tdef \r\n")]).toEqual([
      ["abc", "alice"],
      ["def", "bob"],
    ]);
  });
  it.each(["", "alice", "alice a b", "alice a\nbob a"])("is refused as %j", (text) => {
    expect(() => parseTokens(text)).toThrow();
  });
});

describe("flow control", () => {
  it("lets a client send 8 MiB ahead, on a stream and on the connection", async () => {
    for (const tls of [undefined, server]) {
      await using t = await testServer({ tls });
      const session = http2.connect(`${tls ? "https" : "http"}://localhost:${t.address.split(":").at(-1)}`, { ca });
      const [settings] = (await once(session, "remoteSettings")) as [http2.Settings];
      expect(settings.initialWindowSize).toBe(8 << 20);
      await expect.poll(() => session.state.remoteWindowSize).toBe(8 << 20);
      session.destroy();
    }
    expect(http2.createServer.name).toBe("createServer");
  });
});

describe("a unix socket", () => {
  it("is for its owner, and is gone when the server is", async () => {
    const directory = mkdtempSync(join(tmpdir(), "tagvisor-"));
    const path = join(directory, "socket");
    {
      await using t = await testServer({ address: `unix:${path}` });
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(await withKvm(t.connect())).toBeGreaterThan(0n);
    }
    expect(existsSync(path)).toBe(false);
    rmSync(directory, { recursive: true });
  });
});

describe("a server that cannot listen", () => {
  it("says so and leaves nothing behind", async () => {
    await using t = await testServer();
    await expect(testServer({ address: t.address })).rejects.toThrow();
    await expect(testServer({ address: "unix:/nowhere/at/all" })).rejects.toThrow();
  });
});

describe("stopping", () => {
  it("lets a call end that is on its way, wakes those that sleep, ends streams, then all processes", async () => {
    await using t = await testServer({ limits: { graceMs: 3000 } });
    const c = t.connect();
    const { process } = await c.syscalls.spawn({});
    const { ret } = await c.syscalls.eventfd2({ process });
    const fd = Number(ret);
    async function* lists() {
      yield { process, calls: [Syscall.create({ call: { $case: "dup", value: { fd } } })] };
      await new Promise(() => {});
    }
    const stream = c.syscalls.syscalls(lists())[Symbol.asyncIterator]();
    await stream.next();
    const follow = c.inspect.trace({ process, follow: true })[Symbol.asyncIterator]();
    await follow.next();
    const asleep = c.syscalls.read({ process, fd, count: 8n });
    const session = t.sessions.find(process, "anyone");
    await expect.poll(() => session.holders).toBe(3);

    const began = Date.now();
    const stopped = t.server.stop();
    expect(await asleep).toMatchObject({ ret: -1n, error: Errno.ERRNO_EINTR });
    expect(await codeOf(stream.next())).toBe(Status.UNAVAILABLE);
    for (let result = await follow.next(); !result.done; result = await follow.next());
    await stopped;
    expect(Date.now() - began).toBeLessThan(2500);
    expect([t.host.taskCount, t.sessions.size]).toEqual([0, 0]);
    expect(await codeOf(c.syscalls.spawn({}))).toBe(Status.UNAVAILABLE);
  });

  it("does not wait for a client that keeps on", async () => {
    await using t = await testServer({ limits: { graceMs: 200 } });
    const health = createClient(HealthDefinition, createChannel(t.address));
    const watch = health.watch({ service: "" })[Symbol.asyncIterator]();
    await watch.next();
    const began = Date.now();
    await t.server.stop();
    expect(Date.now() - began).toBeLessThan(2000);
    await expect(watch.next().then(() => watch.next())).rejects.toThrow();
  });
});

describe("the standard services", () => {
  it("tell of health without a token", async () => {
    await using t = await testServer({ tokens: new Map([["t", "alice"]]) });
    const health = createClient(HealthDefinition, createChannel(t.address));
    expect((await health.check({ service: "" })).status).toBe(1);
  });

  it("describe the API to tools", async () => {
    await using t = await testServer();
    const reflection = createClient(ServerReflectionService, createChannel(t.address));
    async function* questions() {
      yield new ServerReflectionRequest().setListServices("");
      yield new ServerReflectionRequest().setFileContainingSymbol("kvm.v1.KvmService");
    }
    const answers = [];
    for await (const answer of reflection.serverReflectionInfo(questions())) answers.push(answer);
    const names = answers[0]
      ?.getListServicesResponse()
      ?.getServiceList()
      .map((service) => service.getName());
    expect(names).toEqual([
      "kvm.v1.SyscallService",
      "kvm.v1.KvmService",
      "kvm.v1.MemoryService",
      "kvm.v1.InspectService",
    ]);
    const [file] = answers[1]?.getFileDescriptorResponse()?.getFileDescriptorProtoList_asU8() ?? [];
    expect(Buffer.from(file ?? []).toString("latin1")).toContain("ArmMteCopyTags");
  });

  it("count calls for Prometheus", async () => {
    await using t = await testServer({ metrics: { host: "127.0.0.1", port: 0 } });
    const c = t.connect();
    const process = await withKvm(c);
    await codeOf(c.syscalls.dup({ process: 1n }));
    for await (const _ of c.inspect.trace({ process })) break;
    const text = await (await fetch(`http://127.0.0.1:${t.server.metrics?.port}/metrics`)).text();
    expect(text).toContain('tagvisor_calls_total{method="SyscallService/openat",code="OK"} 1');
    expect(text).toContain('tagvisor_calls_total{method="SyscallService/dup",code="NOT_FOUND"} 1');
    expect(text).toContain("tagvisor_processes 1");
    expect((await fetch(`http://127.0.0.1:${t.server.metrics?.port}/`)).status).toBe(404);
  });
});
