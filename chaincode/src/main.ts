import './logging-level';
import { readFileSync } from 'node:fs';
import { type ChaincodeServerTLSProperties, Shim } from 'fabric-shim';
import { newChaincode } from './chaincode';
import { type LianyiChaincode } from './dispatch/router';
import { watchCapabilities } from './ledger/native-batch';

/**
 * Starts the chaincode the two ways that Fabric knows.
 *
 * With `server` it is a service that peers connect to (CORE_CHAINCODE_ID, CORE_CHAINCODE_ADDRESS and the CORE_CHAINCODE_TLS_* files;
 * CHAINCODE_ID and CHAINCODE_SERVER_ADDRESS are what Fabric's test network sets). Otherwise a peer has launched this process and says
 * by `--peer.address` where it listens (`Shim.start`; CORE_CHAINCODE_ID_NAME and, with TLS, CORE_PEER_TLS_ROOTCERT_FILE,
 * CORE_TLS_CLIENT_KEY_PATH and CORE_TLS_CLIENT_CERT_PATH, of which the last two hold base64).
 *
 * @remarks Source: fabric-shim lib/cmds/startCommand.js and serverCommand.js, whose variable names these are; fabric
 * core/container/dockercontroller (GetEnv); fabric-samples test-network/scripts/deployCCAAS.sh.
 */
async function main(mode: string | undefined): Promise<void> {
  if (!watchCapabilities()) {
    process.stderr.write('this fabric-shim has another inside than expected: the ledger is read and written key by key\n');
  }
  const chaincode = newChaincode();
  if (mode === 'server') {
    await startServer(chaincode);
  } else {
    Shim.start(chaincode);
    // The peer ends what it launched by a signal. To end by itself, because the peer cannot be reached or is gone, is a failure.
    process.exitCode = 1;
  }
}

async function startServer(chaincode: LianyiChaincode): Promise<void> {
  const tls = tlsFiles();
  const id = required('CORE_CHAINCODE_ID', 'CHAINCODE_ID');
  const address = required('CORE_CHAINCODE_ADDRESS', 'CHAINCODE_SERVER_ADDRESS');
  const server = Shim.server(chaincode, {
    ccid: id,
    address,
    // Fabric's own start command lifts grpc-js's limit of 4 MB; the peer bounds the messages.
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
    // the shim wants all three or nothing; its types know only the three
    ...(tls === undefined ? {} : { tlsProps: tls }),
  } as Parameters<typeof Shim.server>[1]);
  await server.start();
  // The one line on standard output: whoever started this process waits for it.
  process.stdout.write(`chaincode ${id} listens on ${address}\n`);
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

function required(name: string, otherName: string): string {
  const value = [process.env[name], process.env[otherName]].find((given) => given !== undefined && given !== '');
  if (value === undefined) {
    throw new Error(`${name} is not set`);
  }
  return value;
}

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
