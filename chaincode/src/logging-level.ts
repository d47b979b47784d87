// Imported before the shim: its loggers take their level from the environment when they are made. At INFO they write a line for each
// transaction and decorator, which costs more than the transaction itself, and INFO is also what the shim makes of a word
// that it does not know, such as `warn` (fabric-shim lib/logger.js).
const known = ['CRITICAL', 'ERROR', 'WARNING', 'INFO', 'DEBUG'];
const wanted = process.env['CORE_CHAINCODE_LOGGING_LEVEL']?.toUpperCase() ?? '';
process.env['CORE_CHAINCODE_LOGGING_LEVEL'] = known.includes(wanted) ? wanted : 'WARNING';
