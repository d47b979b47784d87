import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newPrivateKey, signText } from '@lianyi/client';
import { instantOf, type MspId, type Receipt, receiptStatementSchema, Refused, sha256, statementText } from '@lianyi/domain';
import { blamedFor, FileVault, receiptGiversOf, placesOf, type ReplicaClient } from '@lianyi/member-node/testing';
import { good, mute as retiring, own, replicationOf, vaultEntry } from '../../stalling/one-vault';
import { type Attack, type AttackOutcome } from '../attack';

/** How often the publisher's program tries. */
const TRIES = 5;
const versionHash = sha256('a version');
const object = Buffer.from('a sealed object');
const keys = new Map([retiring, good].map((mspId) => [mspId, newPrivateKey()] as const));
const endpoints = [
  vaultEntry(own, 'vault', 1, sha256(own)),
  ...[...keys].map(([mspId, key]) => vaultEntry(mspId, 'vault', 1, sha256(mspId), key)),
];

/** Each member stores what it is asked to store, and signs for it. */
const replicas: Pick<ReplicaClient, 'put'> = {
  put: ({ mspId, endpointId }, { objectSha256 }): Promise<Receipt> => {
    const place = { mspId, endpointId, storedAt: instantOf(Date.now()) };
    const text = { t: 'lianyi/receipt/v1', objectSha256, versionHash, ...place, sizeBytes: object.length };
    const statement = receiptStatementSchema.parse(text);
    const key = keys.get(mspId) ?? newPrivateKey();
    return Promise.resolve({ statement, signature: signText(key, statementText(statement)) });
  },
};

/** What the ledger says while the member's vault is retired for the block in which the anchor is looked at: it is there before and after it. */
function refusalOf(members: readonly MspId[]): Refused | undefined {
  if (!members.includes(retiring)) return undefined;
  return new Refused('NOT_FOUND', 'no such active vault with a receipt key', { mspId: retiring, endpointId: 'vault' });
}

async function run(): Promise<AttackOutcome> {
  const dir = mkdtempSync(join(tmpdir(), 'lianyi-retired-'));
  try {
    const replication = replicationOf({ vault: await FileVault.open(dir), mspId: own, replicas: replicas as ReplicaClient, endpoints });
    let { objectSha256, receipts } = await replication.store(object, versionHash, [retiring, good]);
    for (let tried = 1; tried <= TRIES; tried += 1) {
      if (!(await replication.areCurrent({ objectSha256, versionHash, sizeBytes: object.length }, receipts)))
        ({ objectSha256, receipts } = await replication.store(object, versionHash, []));
      const members = receiptGiversOf(placesOf(receipts));
      const refusal = refusalOf(members);
      if (refusal === undefined) return { succeeded: false, seen: `published at try ${tried}, with a copy at another member` };
      replication.learn(blamedFor(refusal, members), 'unkept');
    }
    return { succeeded: true, seen: `refused ${TRIES} times, each time because of the same member` };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The member answers each deposit rightly, and retires its vault while the anchor is looked at. */
export const retiredAfterEach: Attack = {
  id: 'R17-2',
  title: 'One member retires its vault after each deposit, and the others’ documents are not published',
  defences: [{ file: 'application/member-node/src/services/member-health.ts', name: 'MemberHealth.hasUnkept', body: 'return false;' }],
  networks: ['embedded'],
  run,
};
