// fabric-shim and fabric-contract-api make their loggers when they are first loaded, and write a line a call unless told otherwise.
process.env.CORE_CHAINCODE_LOGGING_LEVEL ??= 'ERROR';
