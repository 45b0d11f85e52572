/** The flow-control windows of HTTP/2 connections to a grpc-js server. */

import http2, {
  type Http2Server,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerOptions,
} from "node:http2";

type Create<Options> = (options: Options) => Http2Server;

/** Makes servers with a window of `bytes`, for each stream and for the connection as a whole. */
function widened<Options extends ServerOptions>(create: Create<Options>, bytes: number): Create<Options> {
  return (options) => {
    const settings = { ...options.settings, initialWindowSize: bytes };
    const server = create({ ...options, settings });
    return server.on("session", (session: ServerHttp2Session) => session.setLocalWindowSize(bytes));
  };
}

async function binding<T>(bytes: number, bind: () => Promise<T>): Promise<T> {
  const { createServer, createSecureServer } = http2;
  const plain = widened<ServerOptions>(createServer, bytes);
  const secure = widened<SecureServerOptions>(createSecureServer as Create<SecureServerOptions>, bytes);
  Object.assign(http2, { createServer: plain, createSecureServer: secure });
  try {
    return await bind();
  } finally {
    Object.assign(http2, { createServer, createSecureServer });
  }
}

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `bind`, in which grpc-js makes its HTTP/2 server, so that clients may send `bytes` ahead of what was read.
 * grpc-js has an option for that, grpc-node.flow_control_window, and heeds it in its clients only: with HTTP/2's
 * own 64 KiB both sides of a bulk write are idle three quarters of the time. One server is bound at a time.
 */
export function withReceiveWindow<T>(bytes: number, bind: () => Promise<T>): Promise<T> {
  const bound = last.then(() => binding(bytes, bind));
  last = bound.catch(() => {});
  return bound;
}
