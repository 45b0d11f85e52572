/** Who calls: bearer tokens, or the certificates of mutual TLS. */

import { createHash, timingSafeEqual } from "node:crypto";
import { type Metadata as GrpcMetadata, ServerInterceptingCall, type ServerInterceptor } from "@grpc/grpc-js";
import type { Metadata } from "nice-grpc-common";
import { unauthenticated } from "../status.ts";

/** Everybody, where the server knows neither tokens nor certificates. */
const ANYONE = "anyone";
/** Carries a certificate's subject from the connection to the calls on it; what a client sends under this name is dropped. */
const SUBJECT = "x-tagvisor-certificate-subject";

/** Names the caller, or throws UNAUTHENTICATED. */
export type Authenticate = (metadata: Metadata) => string;

/** Tokens with the principals they stand for. */
export type Tokens = ReadonlyMap<string, string>;

const digest = (token: string) => createHash("sha256").update(token).digest();

/** By bearer tokens. All are compared, each in constant time, whatever is presented. */
export function byToken(tokens: Tokens): Authenticate {
  const known = [...tokens].map(([token, principal]) => ({ digest: digest(token), principal }));
  return (metadata) => {
    const presented = /^Bearer (.+)$/i.exec(metadata.get("authorization") ?? "")?.[1];
    if (presented === undefined) throw unauthenticated("the call has no bearer token");
    const hash = digest(presented);
    let principal: string | undefined;
    for (const token of known) if (timingSafeEqual(token.digest, hash)) principal = token.principal;
    if (principal === undefined) throw unauthenticated("the bearer token is not known");
    return principal;
  };
}

/** By the subject of the client's certificate, which the TLS layer has verified. */
export const byCertificate: Authenticate = (metadata) => {
  const subject = metadata.get(SUBJECT);
  if (!subject) throw unauthenticated("the connection has no client certificate");
  return subject;
};

/** Nobody asks. */
export const byNothing: Authenticate = () => ANYONE;

/** Hands a connection's certificate on to byCertificate(). */
export const certificateInterceptor: ServerInterceptor = (_method, call) =>
  new ServerInterceptingCall(call, {
    start: (next) =>
      next({
        onReceiveMetadata: (metadata: GrpcMetadata, nextListener: (metadata: GrpcMetadata) => void) => {
          metadata.remove(SUBJECT);
          const name = call.getAuthContext().sslPeerCertificate?.subject?.CN;
          if (name) metadata.set(SUBJECT, Array.isArray(name) ? name.join(",") : name);
          nextListener(metadata);
        },
      }),
  });

/** Reads a token file: a line is `PRINCIPAL TOKEN`; empty lines and those that start with # don't count. */
export function parseTokens(text: string): Tokens {
  const tokens = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [principal, token, ...rest] = line.trim().split(/\s+/);
    if (!principal || !token || rest.length > 0) throw new Error(`line ${index + 1}: expected "PRINCIPAL TOKEN"`);
    if (tokens.has(token)) throw new Error(`line ${index + 1}: the token stands twice`);
    tokens.set(token, principal);
  }
  if (tokens.size === 0) throw new Error("no token in it");
  return tokens;
}
