/** The log: pino, loaded a moment after the first line is written, so that it does not delay the first call. */

import type { Logger } from "pino";

export const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
type Line = Exclude<LogLevel, "silent">;

/** Writes one line of a level: fields, then a sentence. */
type Write = (fields: object, message: string) => void;

/** Writers by level; one below the level does nothing. */
export type Log = Readonly<Record<Line, Write>> & {
  readonly level: LogLevel;
  /** Resolves when the lines so far are written. */
  flush(): Promise<void>;
};

const ignore: Write = () => {};

const LOAD_AFTER_MS = 100;
const moment = () => new Promise<void>((resolve) => setTimeout(resolve, LOAD_AFTER_MS));

/** A log to standard error. Lines wait for pino in order. */
export function createLog(level: LogLevel): Log {
  let logger: Promise<Pick<Logger, Line>> | undefined;
  const load = () =>
    import("pino").then(({ pino }) => pino({ level, base: null }, pino.destination({ fd: 2, sync: true })));
  const at = (line: Line): Write => {
    if (LOG_LEVELS.indexOf(line) > LOG_LEVELS.indexOf(level)) return ignore;
    return (fields, message) => {
      const ready = (logger ??= moment().then(load));
      void ready.then((pino) => pino[line](fields, message));
    };
  };
  const flush = async () => void (await logger);
  return { level, error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug"), flush };
}
