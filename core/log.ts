import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

/** One JSON line an event, on standard output unless `to` is given. Callers log ids and codes, never names, headers or bodies. */
export const openLog = (program: string, level: string, to: DestinationStream = pino.destination(1)): Log =>
  pino(
    {
      base: { program },
      level,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['authorization', 'cookie', '*.authorization', '*.cookie'],
    },
    to,
  );
