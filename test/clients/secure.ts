/** A server that encrypts and asks for a token, and what a client's test has to know of it. */

import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerProcess } from "../bench/servers.ts";

/** Starts one with the certificate of `data`, the folder of the TLS tests of rpc/. */
export async function secureServer(data: string): Promise<Disposable & { readonly env: NodeJS.ProcessEnv }> {
  const directory = mkdtempSync(join(tmpdir(), "tagvisor-"));
  const tokens = join(directory, "tokens");
  const token = randomUUID();
  writeFileSync(tokens, `tester ${token}\n`);
  const certificate = ["--tls-cert", join(data, "server.pem"), "--tls-key", join(data, "server.key")];
  try {
    const server = await ServerProcess.tagvisor(...certificate, "--token-file", tokens);
    return {
      env: {
        TAGVISOR_TLS_ADDRESS: server.address,
        TAGVISOR_TLS_CA: join(data, "ca.pem"),
        TAGVISOR_TOKEN: token,
      },
      [Symbol.dispose]: () => server[Symbol.dispose](),
    };
  } finally {
    // The server has read it.
    rmSync(directory, { recursive: true });
  }
}
