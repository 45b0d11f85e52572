/** The conformance kit, for the command line. */

export { itemsOf, type Plan, run } from "./kit.ts";
export { NO_KNOWN_FAILURES, readKnownFailures } from "./replayer/known_failures.ts";
export { LocalServers } from "./replayer/local_servers.ts";
export { readRecording } from "./replayer/recording.ts";
export { RpcTarget } from "./replayer/rpc_target.ts";
export { HtmlReport } from "./report/html.ts";
export { JunitReport } from "./report/junit.ts";
export type { Report } from "./report/result.ts";
export { TapReport } from "./report/tap.ts";
export { TerminalReport } from "./report/terminal.ts";
export { type Case, loadCase } from "./sequences/index.ts";
export { GENERATED } from "./suites/index.ts";
export { isGenerator } from "./suites/sequences.ts";
