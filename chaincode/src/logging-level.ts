/* eslint-disable @typescript-eslint/no-require-imports -- the loggers are not in the shim's typed surface, and the level is set before they are made */
// Imported before the shim: its loggers take their level from the environment when they are made. At INFO they write a line for each
// transaction and decorator, which costs more than the transaction itself, and INFO is also what the shim makes of a word
// that it does not know, such as `warn` (fabric-shim lib/logger.js).
const known = ['CRITICAL', 'ERROR', 'WARNING', 'INFO', 'DEBUG'];
const wanted = process.env['CORE_CHAINCODE_LOGGING_LEVEL']?.toUpperCase() ?? '';
process.env['CORE_CHAINCODE_LOGGING_LEVEL'] = known.includes(wanted) ? wanted : 'WARNING';

/** The levels of winston that the shim writes at, with the name of the method that tells whether a logger writes at it. */
const levels = [
  ['debug', 'isDebugEnabled'],
  ['info', 'isInfoEnabled'],
] as const;
type ShimLogger = Record<(typeof levels)[number][0], (...said: unknown[]) => unknown> &
  Readonly<Record<(typeof levels)[number][1], () => boolean>>;
type LoggerModule = { getLogger: (name?: string) => ShimLogger };

// A line that nobody is to see is dated, coloured and put together all the same before it is thrown away, several for each message of a peer: a tenth of
// a transaction's time. So each logger is asked first whether it writes at the level.
const shimLoggers = require('fabric-shim/lib/logger') as LoggerModule;
const guarded = new WeakSet<ShimLogger>();
const { getLogger } = shimLoggers;
shimLoggers.getLogger = (name) => {
  const logger = getLogger(name);
  if (guarded.has(logger)) return logger;
  guarded.add(logger);
  for (const [level, isEnabled] of levels) {
    const write = logger[level].bind(logger);
    logger[level] = (...said) => (logger[isEnabled]() ? write(...said) : logger);
  }
  return logger;
};
