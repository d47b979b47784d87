import { dekCommitment, newDataKey, newPrivateKey, publicKeyOf, type ReleaseAttestation } from '@lianyi/client';
import {
  addMilliseconds,
  instantOf,
  type MspId,
  mspIdSchema,
  permittedTicketSchema,
  recordIdSchema,
  type RecordVersion,
  sha256,
  ticketIdSchema,
} from '@lianyi/domain';
import { KeyService, type KeyServicePorts } from '@lianyi/member-node/testing';
import { type Attack, type AttackOutcome } from '../attack';
import { refusedWith } from '../staff';

const A = mspIdSchema.parse('HospitalAMSP');
const B = mspIdSchema.parse('HospitalBMSP');
const C = mspIdSchema.parse('HospitalCMSP');
const ticketId = ticketIdSchema.parse('ticket');
const recordId = recordIdSchema.parse('record');
const genesis = sha256('block 0');

/** What A's key service sees of the ledger, on which B and C write whatever they like between two of its steps. */
function portsOf(dataKey: Uint8Array, meanwhile: () => void, isSigned: () => boolean): KeyServicePorts {
  const now = instantOf(Date.now());
  const actor = { mspId: B, actorTag: 'cardiologist' };
  const ticket = permittedTicketSchema.parse({
    ...{ schemaVersion: 1, ticketId, pseudonym: 'psn', recordIds: [recordId], purpose: 'TREAT', requestedAt: now, decision: 'permit' },
    ...{ actor: { ...actor, roles: ['clinician'], department: 'cardiology' }, ephemeralPublicKey: publicKeyOf(newPrivateKey()) },
    ...{ origin: { requestHash: sha256('request'), actor: { kind: 'staff', ...actor } }, custodianMspId: A, recordVersions: [1] },
    ...{ provisionIds: ['p1'], grantVersions: [], expiresAt: addMilliseconds(now, 600_000), state: 'open' },
  });
  const seen = (transactionId: string) => [A, C].map((source) => ({ source, transactionId, blockNumber: 5n, validationCode: 0 }));
  const of = { pseudonym: ticket.pseudonym, recordId, version: 1 };
  const committed = dekCommitment(dataKey, { channel: 'emr', genesis, ...of });
  const view = (mspId: MspId) => ({ mspId, ticket: () => Promise.resolve(ticket) });
  return {
    witness: {
      decisionsOn: () => Promise.resolve(seen('decision').map((sighting) => ({ ...sighting, event: 'AccessPermitted' }))),
      transaction: (transactionId) => Promise.resolve(seen(transactionId)),
      waitFor: (look) => look(),
      permitsWordFor: () => Promise.resolve(isSigned() ? { kind: 'given' } : { kind: 'unproven' }),
    },
    views: [view(A), view(C)],
    // only the fields that the service reads
    recordVersion: () => Promise.resolve({ ...of, keyEpoch: 1, cipherSha256: sha256('object'), dekCommitment: committed } as RecordVersion),
    dataKey: () => Promise.resolve(dataKey.slice()),
    recordRelease: () => {
      meanwhile();
      return Promise.resolve({ transactionId: 'release' });
    },
    // nobody looks at it here
    attest: (statement) => ({ statement }) as ReleaseAttestation,
    now: () => now,
    alarm: () => undefined,
    members: () => [A, B, C],
  };
}

/** B has asked for a key; B and C write over the patient's prohibition before the ledger decides the release. */
async function run(): Promise<AttackOutcome> {
  let isSigned = true;
  const writeOver = (): void => {
    isSigned = false;
  };
  const ports = portsOf(newDataKey(), writeOver, () => isSigned);
  const service = new KeyService({ mspId: A, channel: 'emr', genesis }, ports);
  const code = await refusedWith(service.release({ ticketId, recordId }, B));
  return { succeeded: code === undefined, seen: code === undefined ? 'the key left by what two hospitals wrote' : `no key: ${code}` };
}

export const writtenOverMeanwhile: Attack = {
  id: 'H2e',
  title: 'two hospitals write over a patient’s prohibition while the release that they have asked for is under way',
  defences: [
    { file: 'application/member-node/src/keys/key-service.ts', name: 'KeyService.#assertStillFounded', body: 'return Promise.resolve();' },
  ],
  networks: ['embedded'],
  run,
};
