/** An address at which a server vanishes under its clients. */

import { connect, createServer, type Socket } from "node:net";

const LIFE_MS = 1000;

/** Listens on a port of its own for a server elsewhere, and breaks each connection a second after it was made. */
export async function goneServer(address: string): Promise<AsyncDisposable & { readonly address: string }> {
  const [host = "", port = ""] = address.split(/:(?=\d+$)/);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), host);
    client.pipe(upstream).pipe(client);
    const end = () => {
      clearTimeout(timer);
      for (const socket of [client, upstream]) {
        sockets.delete(socket);
        socket.destroy();
      }
    };
    const timer = setTimeout(end, LIFE_MS);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("close", end).on("error", end);
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    address: `127.0.0.1:${(server.address() as { port: number }).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
