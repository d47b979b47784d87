import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { authorityIn, type PeerAddress } from './connection-profile';

/** What Fabric's own sample applications read from the environment. */
export interface SampleConnection {
  readonly mspId: string;
  readonly channel: string;
  readonly chaincode: string;
  /** `signcerts` and `keystore` of whoever acts. */
  readonly certDirectory: string;
  readonly keyDirectory: string;
  readonly peer: PeerAddress;
}

export interface SampleUser {
  /** Folder of the user below `users`, without the organisation's domain: the samples are `User1`. */
  readonly user: string;
  /** Relative paths in the environment start here. */
  readonly cwd: string;
}

/** The organisation that all of the samples' defaults are for. */
const SAMPLE_ORGANISATION = 'org1.example.com';

/**
 * Reads the variable names of Fabric's application-gateway samples, so that what was exported for those works here. CRYPTO_PATH is
 * the organisation's folder (`organizations/peerOrganizations/org1.example.com`); for another than org1, MSP_ID and PEER_ENDPOINT
 * must be set, too. CHAINCODE_NAME has our own default.
 * @throws Error — one sentence: which variable is missing.
 * @remarks Source: fabric-samples asset-transfer-basic/application-gateway-typescript/src/app.ts.
 */
export async function connectionFromSampleEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  { user, cwd }: SampleUser,
): Promise<SampleConnection> {
  const set = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const cryptoPath = set('CRYPTO_PATH');
  const domain = cryptoPath === undefined ? SAMPLE_ORGANISATION : basename(cryptoPath);
  const path = (name: string, ...below: readonly string[]): string => {
    const given = set(name) ?? (cryptoPath === undefined ? undefined : join(cryptoPath, ...below));
    if (given === undefined) throw new Error(`set CRYPTO_PATH, or ${name}`);
    return resolve(cwd, given);
  };
  const own = (name: string, ofSample: string): string => {
    const given = set(name) ?? (domain === SAMPLE_ORGANISATION ? ofSample : undefined);
    if (given === undefined) throw new Error(`set ${name}: there is no default for ${domain}`);
    return given;
  };
  const mspId = own('MSP_ID', 'Org1MSP');
  const alias = set('PEER_HOST_ALIAS') ?? `peer0.${domain}`;
  const msp = ['users', `${user}@${domain}`, 'msp'];
  const [certDirectory, keyDirectory] = [path('CERT_DIRECTORY_PATH', ...msp, 'signcerts'), path('KEY_DIRECTORY_PATH', ...msp, 'keystore')];
  const authority = path('TLS_CERT_PATH', 'peers', `peer0.${domain}`, 'tls', 'ca.crt');
  return {
    mspId,
    channel: set('CHANNEL_NAME') ?? 'mychannel',
    chaincode: set('CHAINCODE_NAME') ?? 'emr',
    certDirectory,
    keyDirectory,
    peer: {
      mspId,
      name: alias,
      endpoint: own('PEER_ENDPOINT', 'localhost:7051'),
      tlsCaPem: authorityIn(await readFile(authority, 'utf8'), authority, 'TLS_CERT_PATH'),
      serverName: alias,
    },
  };
}
