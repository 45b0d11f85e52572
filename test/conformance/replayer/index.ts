/** The replayer, for the command line: what reads a recording, what it is replayed against, and what reports. */

export { readKnownFailures } from "./known_failures.ts";
export { LocalServers } from "./local_servers.ts";
export { readRecording } from "./recording.ts";
export { replayAll } from "./replay.ts";
export { RpcTarget } from "./rpc_target.ts";
export { TapReport } from "./tap.ts";
