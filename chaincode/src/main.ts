import './logging-level';
import { readFileSync } from 'node:fs';
import { type ChaincodeServerTLSProperties, Shim } from 'fabric-shim';
import { LianyiChaincode } from './dispatch/router';
import { watchCapabilities } from './ledger/native-batch';

/**
 * Starts the chaincode the two ways that Fabric knows.
 *
 * Without an argument the peer has launched this process and says where it listens (`shim.start`; CORE_PEER_ADDRESS,
 * CORE_CHAINCODE_ID_NAME and, with TLS, CORE_TLS_CLIENT_KEY_PATH and CORE_TLS_CLIENT_CERT_PATH). With `server` it is a service that
 * peers connect to (CORE_CHAINCODE_ID, CORE_CHAINCODE_ADDRESS and the CORE_CHAINCODE_TLS_* files).
 *
 * @remarks Source: fabric-shim lib/cmds/startCommand.js and serverCommand.js, whose variable names these are.
 */
async function main(mode: string | undefined): Promise<void> {
  if (!watchCapabilities()) {
    process.stderr.write('this fabric-shim has another inside than expected: the ledger is read and written key by key\n');
  }
  const chaincode = new LianyiChaincode();
  if (mode === 'server') {
    await startServer(chaincode);
  } else {
    Shim.start(chaincode);
  }
}

async function startServer(chaincode: LianyiChaincode): Promise<void> {
  const tls = tlsFiles();
  const server = Shim.server(chaincode, {
    ccid: required('CORE_CHAINCODE_ID'),
    address: required('CORE_CHAINCODE_ADDRESS'),
    // Fabric's own start command lifts grpc-js's limit of 4 MB; the peer bounds the messages.
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
    // the shim wants all three or nothing; its types know only the three
    ...(tls === undefined ? {} : { tlsProps: tls }),
  } as Parameters<typeof Shim.server>[1]);
  await server.start();
  // The one line on standard output: whoever started this process waits for it.
  process.stdout.write(`chaincode ${required('CORE_CHAINCODE_ID')} listens on ${required('CORE_CHAINCODE_ADDRESS')}\n`);
}

function tlsFiles(): ChaincodeServerTLSProperties | undefined {
  const {
    CORE_CHAINCODE_TLS_KEY_FILE: key,
    CORE_CHAINCODE_TLS_CERT_FILE: cert,
    CORE_CHAINCODE_TLS_CLIENT_CACERT_FILE: clientCa,
  } = process.env;
  if (key === undefined && cert === undefined) {
    return undefined;
  }
  if (key === undefined || cert === undefined) {
    throw new Error('CORE_CHAINCODE_TLS_KEY_FILE and CORE_CHAINCODE_TLS_CERT_FILE are set together or not at all');
  }
  return {
    key: readFileSync(key),
    cert: readFileSync(cert),
    ...(clientCa === undefined ? {} : { clientCACerts: readFileSync(clientCa) }),
  } as ChaincodeServerTLSProperties; // clientCACerts is optional in the shim's code, not in its types
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`${name} is not set`);
  }
  return value;
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
