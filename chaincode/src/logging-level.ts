// Imported before the shim: its loggers take their level from the environment when they are made. At INFO they write a line for each
// transaction and decorator, which costs more than the transaction (performance.md §3).
process.env['CORE_CHAINCODE_LOGGING_LEVEL'] ??= 'WARNING';
