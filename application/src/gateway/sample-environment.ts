import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PeerAddress } from './connection-profile';
import { identityInDirectories, type IdentityFiles } from './identity-files';

/** What Fabric's own sample applications read from the environment. */
export interface SampleConnection {
  readonly channel: string;
  readonly chaincode: string;
  readonly identity: IdentityFiles;
  readonly peer: PeerAddress;
}

/**
 * Reads the variable names of Fabric's application-gateway samples, so that a profile made for those works here.
 * Undefined if `CRYPTO_PATH` is not set.
 * @remarks Source: fabric-samples asset-transfer-basic/application-gateway-typescript/src/app.ts.
 */
export async function connectionFromSampleEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Promise<SampleConnection | undefined> {
  const cryptoPath = env['CRYPTO_PATH'];
  if (cryptoPath === undefined) return undefined;
  const mspId = env['MSP_ID'] ?? 'Org1MSP';
  const alias = env['PEER_HOST_ALIAS'] ?? 'peer0.org1.example.com';
  const user = join(cryptoPath, 'users', 'User1@org1.example.com', 'msp');
  const identity = await identityInDirectories(
    mspId,
    env['CERT_DIRECTORY_PATH'] ?? join(user, 'signcerts'),
    env['KEY_DIRECTORY_PATH'] ?? join(user, 'keystore'),
  );
  const tlsCaFile = env['TLS_CERT_PATH'] ?? join(cryptoPath, 'peers', alias, 'tls', 'ca.crt');
  return {
    channel: env['CHANNEL_NAME'] ?? 'mychannel',
    chaincode: env['CHAINCODE_NAME'] ?? 'basic',
    identity,
    peer: {
      mspId,
      name: alias,
      endpoint: env['PEER_ENDPOINT'] ?? 'localhost:7051',
      tlsCaPem: await readFile(tlsCaFile, 'utf8'),
      serverName: alias,
    },
  };
}
