import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { encodeBase64url, type Endpoint, hashOfVersion, instantOf, type Proof, pseudonymSchema, type Receipt } from '@lianyi/domain';
import { recordIdSchema, receiptStatementSchema, sha256, statementText, versionIdentityOf } from '@lianyi/domain';
import { newPrivateKey, signText } from '@lianyi/client';
import { fingerprintOf } from '@lianyi/member-node';
import { ReplicaClient } from '@lianyi/member-node/testing';
import { outcomeOf } from '../../scenario/scenario';
import { good, mute as liar, own, replicationOf, startOneVault, vaultEntry } from '../../stalling/one-vault';
import { newAuthority } from '../../support/test-certificates';
import { type Attack, type AttackOutcome } from '../attack';
import { anchorOf, nonce, reportOf, sealed, standIn } from '../stand-in-nodes';

const network = { channel: 'emr', genesis: sha256('block 0') };
const ids = { pseudonym: pseudonymSchema.parse('patient-1'), recordId: recordIdSchema.parse('record-1') };
const version = versionIdentityOf(network, { ...ids, version: 1 });
const report = reportOf('what is to be published');

interface Vault {
  readonly entry: Endpoint;
  readonly caPem: string;
  stop(): void;
}

/** A vault that signs for each object that it has one byte of it. */
async function startLiar(): Promise<Vault> {
  const authority = await newAuthority('tlsca.liar');
  const pair = await authority.issue('node');
  const key = newPrivateKey();
  const server = createServer(pair, (request, response) => {
    const object = { objectSha256: request.url?.split('/').at(-1), versionHash: request.headers['lianyi-record-version'] };
    const place = { mspId: liar, endpointId: 'vault', storedAt: instantOf(Date.now()) };
    request.resume().on('end', () => {
      const statement = receiptStatementSchema.parse({ t: 'lianyi/receipt/v1', ...object, ...place, sizeBytes: 1 });
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ statement, signature: signText(key, statementText(statement)) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address is no string
  const entry = vaultEntry(liar, 'vault', port, fingerprintOf(new X509Certificate(pair.cert)), key);
  return { entry, caPem: authority.pem, stop: () => void server.close() };
}

/** What the publisher's program makes of what its node has prepared. */
async function published(object: Awaited<ReturnType<typeof sealed>>, receipts: readonly Receipt[]): Promise<string> {
  const locators = receipts.map(({ statement: { mspId, endpointId } }) => ({ mspId, endpointId }));
  const input = { ...(await anchorOf(object, version)), receipts: [...receipts], locators };
  const prepared = { transaction: 'AnchorRecord', input, contentSalt: encodeBase64url(object.salt) as never } as const;
  const signed: unknown[] = [];
  const signing = (_transaction: unknown, toSign: unknown): Proof => {
    signed.push(toSign);
    return {} as Proof; // the stand-in for a node looks at no proof
  };
  const outcome = await outcomeOf(standIn({}).publishRecord({ network, ...ids, nonce, bytes: report }, prepared, signing)).catch(String);
  return signed.length > 0 ? 'signed' : outcome;
}

async function run(): Promise<AttackOutcome> {
  const [vault, theirs] = [await startOneVault(), await startLiar()];
  try {
    const object = await sealed(report, version);
    const replicas = new ReplicaClient({ ...vault.tls, ca: [...vault.tls.ca, theirs.caPem] });
    const honest = [own, good].map((mspId) => vaultEntry(mspId, 'vault', vault.port, vault.tlsSha256));
    const endpoints = [theirs.entry, ...honest];
    const replication = replicationOf({ vault: vault.vault, mspId: own, replicas, endpoints });
    const versionHash = hashOfVersion(version);
    const { objectSha256, receipts } = await replication.store(object.ciphertext, versionHash, [liar, good]);
    const outcome = await published(object, receipts);
    const isKept = await replication.areCurrent({ objectSha256, versionHash, sizeBytes: object.ciphertext.length }, receipts);
    return {
      succeeded: outcome !== 'signed' && isKept,
      seen: `beside a vault that signs for one byte, the publisher’s program: ${outcome}; the receipts ${isKept ? 'stay' : 'go'}`,
    };
  } finally {
    theirs.stop();
    await vault.stop();
  }
}

/** The node takes a receipt that its publisher refuses, and prepares with it until the preparation ends after a day. */
export const wrongSize: Attack = {
  id: 'R13-2',
  title: 'One member’s vault signs wrong sizes, and the others’ documents are not published',
  defences: [{ file: 'application/member-node/src/vault/receipt.ts', name: 'assertSaysJust', body: '' }],
  networks: ['embedded'],
  run,
};
