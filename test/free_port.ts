/** A port of the loopback interface that nobody listens on. */

import { createServer } from "node:net";

/** Takes a free port and lets it go again. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}
