import { dekCommitment, newDataKey, newPrivateKey, publicKeyOf, type ReleaseAttestation } from '@lianyi/client';
import {
  addMilliseconds,
  type Envelope,
  instantOf,
  type MspId,
  mspIdSchema,
  permittedTicketSchema,
  provisionIdSchema,
  recordIdSchema,
  sha256,
  ticketIdSchema,
  Unavailable,
} from '@lianyi/domain';
import { KeyService, type KeyServicePorts, type PermitsWord, type TicketStanding } from '@lianyi/member-node/testing';
import { refusedWith } from './staff';

const A = mspIdSchema.parse('HospitalAMSP');
const B = mspIdSchema.parse('HospitalBMSP');
const C = mspIdSchema.parse('HospitalCMSP');
const ticketId = ticketIdSchema.parse('ticket');
const recordId = recordIdSchema.parse('record');
const genesis = sha256('block 0');

/** What A's key service sees of the ledger, which B and C may change between two of its steps. */
export interface Seen {
  /** Called when A's key service has its release committed. */
  readonly meanwhile: () => void;
  readonly word: () => PermitsWord;
  /** What A's own chaincode says last; rejects while it is out of service. */
  readonly standing: () => Promise<Partial<TicketStanding>>;
  /** What else than that it is there one member's peer says of a transaction; left out: nothing. */
  readonly sighted?: (whose: 'own' | 'witness', transactionId: 'decision' | 'release') => 'valid' | 'invalid' | 'hidden';
  /** Whether one member's peer shows another ticket than the one that there is. */
  readonly showsAnother?: (whose: 'own' | 'witness') => boolean;
}

const INVALIDATED = 11; // MVCC_READ_CONFLICT

function portsOf(dataKey: Uint8Array, { meanwhile, word, standing, sighted, showsAnother }: Seen): KeyServicePorts {
  const now = instantOf(Date.now());
  const actor = { mspId: B, actorTag: 'cardiologist' };
  const ticket = permittedTicketSchema.parse({
    ...{ schemaVersion: 1, ticketId, pseudonym: 'psn', recordIds: [recordId], purpose: 'TREAT', requestedAt: now, decision: 'permit' },
    ...{ actor: { ...actor, roles: ['clinician'], department: 'cardiology' }, ephemeralPublicKey: publicKeyOf(newPrivateKey()) },
    ...{ origin: { requestHash: sha256('request'), actor: { kind: 'staff', ...actor } }, custodianMspId: A, recordVersions: [1] },
    ...{ provisionIds: ['p1'], grantVersions: [], expiresAt: addMilliseconds(now, 600_000), state: 'open' },
  });
  const seen = (transactionId: 'decision' | 'release') =>
    (
      [
        [A, 'own'],
        [C, 'witness'],
      ] as const
    ).flatMap(([source, whose]) => {
      const said = sighted?.(whose, transactionId) ?? 'valid';
      return said === 'hidden' ? [] : [{ source, transactionId, blockNumber: 5n, validationCode: said === 'valid' ? 0 : INVALIDATED }];
    });
  const of = { pseudonym: ticket.pseudonym, recordId, version: 1 };
  const committed = dekCommitment(dataKey, { channel: 'emr', genesis, ...of });
  const another = { ...ticket, provisionIds: [provisionIdSchema.parse('p2')] };
  const view = (mspId: MspId, whose: 'own' | 'witness') => ({
    mspId,
    ticket: () => Promise.resolve(showsAnother?.(whose) === true ? another : ticket),
  });
  return {
    witness: {
      decisionsOn: () => Promise.resolve(seen('decision').map((sighting) => ({ ...sighting, event: 'AccessPermitted' }))),
      transaction: () => Promise.resolve(seen('release')),
      height: () => Promise.resolve(9n),
      waitFor: (look) => look(),
      permitsWordFor: () => Promise.resolve(word()),
    },
    views: [view(A, 'own'), view(C, 'witness')],
    ticketWithKey: async () => {
      const record = { ...of, keyEpoch: 1, cipherSha256: sha256('object'), dekCommitment: committed };
      // sealed to nobody
      return { ticket: await view(A, 'own').ticket(), kept: { record, envelope: {} as Envelope } };
    },
    openEnvelope: () => Promise.resolve(dataKey.slice()),
    standing: async () => ({ ticket, changedRecordIds: [], ...(await standing()) }),
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

/** B has asked A's key service for a key. @returns why none left; undefined if it did */
export function askForKey(seen: Seen): Promise<string | undefined> {
  const service = new KeyService({ mspId: A, channel: 'emr', genesis }, portsOf(newDataKey(), seen));
  return refusedWith(service.release({ ticketId, recordId }, B)).catch((error: unknown) => {
    if (error instanceof Unavailable) return error.message;
    throw error;
  });
}
