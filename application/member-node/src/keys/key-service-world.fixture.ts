import { randomBytes } from 'node:crypto';
import { dekCommitment, newPrivateKey, publicKeyOf, type ReleaseAttestation, type ReleaseStatement, signText } from '@lianyi/client';
import {
  canonicalJson,
  type Envelope,
  type Instant,
  instantSchema,
  type MspId,
  mspIdSchema,
  type PermittedTicket,
  permittedTicketSchema,
  recordIdSchema,
  type RecordVersion,
  sha256,
  type Ticket,
  ticketIdSchema,
  versionIdentityOf,
} from '@lianyi/domain';
import { type Sighting } from '../ledger-index/ledger-index';
import { type PermitsWord } from '../ledger-index/members-word';
import { type TicketStanding } from '../ledger-reader';
import { type BlockWitness, type KeyServicePorts, type TicketWithKey } from './key-service';

const NOW = instantSchema.parse('2026-03-01T10:00:00.000Z');
export const own = mspIdSchema.parse('HospitalAMSP');
export const other = mspIdSchema.parse('HospitalCMSP');
export const requester = mspIdSchema.parse('HospitalBMSP');
export const ticketId = ticketIdSchema.parse('ticket-1');
export const recordId = recordIdSchema.parse('record-1');
export const ephemeralKey = newPrivateKey();
export const genesis = sha256('block 0');
const serviceKey = newPrivateKey();
export const dataKey = randomBytes(32);
export const TX_DECISION = 'd'.repeat(64);
export const TX_RELEASE = 'e'.repeat(64);

export const permit: PermittedTicket = permittedTicketSchema.parse({
  schemaVersion: 1,
  ticketId,
  pseudonym: 'pseudonym-1',
  recordIds: [recordId],
  actor: { mspId: requester, actorTag: 'cardiologist-1', roles: ['clinician'], department: 'cardiology' },
  purpose: 'TREAT',
  ephemeralPublicKey: publicKeyOf(ephemeralKey),
  requestedAt: '2026-03-01T09:59:00.000Z',
  origin: { requestHash: sha256('request'), actor: { kind: 'staff', mspId: requester, actorTag: 'cardiologist-1' } },
  decision: 'permit',
  custodianMspId: own,
  recordVersions: [1],
  provisionIds: ['treatment'],
  grantVersions: [],
  expiresAt: '2026-03-01T10:14:00.000Z',
  state: 'open',
});

const { pseudonym, recordIds, actor, purpose, ephemeralPublicKey, requestedAt, origin } = permit;
export const denial: Ticket = {
  schemaVersion: 1,
  ticketId,
  pseudonym,
  recordIds,
  actor,
  purpose,
  ephemeralPublicKey,
  requestedAt,
  origin,
  decision: 'deny',
  reasons: ['NO_CONSENT'],
};

export const version = versionIdentityOf({ channel: 'emr', genesis }, { pseudonym, recordId, version: 1 });
// only the fields the service reads
export const record = {
  pseudonym: 'pseudonym-1',
  recordId,
  version: 1,
  keyEpoch: 1,
  cipherSha256: sha256('sealed document'),
  dekCommitment: dekCommitment(dataKey, version),
} as RecordVersion;

export const sighting = (source: string, transactionId: string, validationCode = 0, event?: string): Sighting => ({
  source,
  transactionId,
  blockNumber: 5n,
  validationCode,
  ...(event === undefined ? {} : { event }),
});
export const permittedOn = (source: string, validationCode = 0): Sighting =>
  sighting(source, TX_DECISION, validationCode, 'AccessPermitted');

/** A world in which everything is as it should be; each test spoils one thing. */
export class Ports implements KeyServicePorts {
  decisions: Sighting[] = [permittedOn(own), permittedOn(other)];
  releases: Sighting[] = [sighting(own, TX_RELEASE), sighting(other, TX_RELEASE)];
  tickets = new Map<string, Ticket | undefined>([
    [own, permit],
    [other, permit],
  ]);
  at = NOW;
  word: PermitsWord = { kind: 'given' };
  alarms: PermitsWord[] = [];
  alarm = (_ticket: PermittedTicket, word: PermitsWord): void => void this.alarms.push(word);
  recorded: unknown[] = [];
  outcome: () => Promise<{ transactionId: string }> = () => Promise.resolve({ transactionId: TX_RELEASE });
  opened: Buffer[] = [];
  blocks = 7n;

  readonly witness: BlockWitness = {
    decisionsOn: () => Promise.resolve(this.decisions),
    transaction: () => Promise.resolve(this.releases),
    height: () => Promise.resolve(this.blocks),
    waitFor: (look) => look(),
    permitsWordFor: () => Promise.resolve(this.word),
  };
  readonly views = [own, other].map((mspId) => ({ mspId, ticket: () => Promise.resolve(this.tickets.get(mspId)) }));
  known: readonly MspId[] = [own, other, requester];
  members = (): readonly MspId[] => this.known;
  // the fixture's key is sealed to nobody
  kept: TicketWithKey['kept'] = { record, envelope: { recordId } as Envelope };
  ticketWithKey = (): Promise<TicketWithKey | undefined> => {
    const ticket = this.tickets.get(own);
    return Promise.resolve(ticket && { ticket, ...(this.kept === undefined ? {} : { kept: this.kept }) });
  };
  openEnvelope = (): Promise<Buffer> => {
    const key = Buffer.from(dataKey);
    this.opened.push(key);
    return Promise.resolve(key);
  };
  ownSays: Partial<TicketStanding> = {};
  standing = (): Promise<TicketStanding | undefined> => {
    const ticket = this.tickets.get(own);
    return Promise.resolve(ticket && { ticket, changedRecordIds: [], ...this.ownSays });
  };
  recordRelease = (release: unknown): Promise<{ transactionId: string }> => {
    this.recorded.push(release);
    return this.outcome();
  };
  attested = 0;
  attest = (statement: ReleaseStatement): ReleaseAttestation => {
    this.attested += 1;
    return { statement, publicKey: publicKeyOf(serviceKey), signature: signText(serviceKey, canonicalJson(statement)) };
  };
  now = (): Instant => this.at;
  setTicket(ticket: Ticket | undefined): void {
    this.tickets = new Map([
      [own, ticket],
      [other, ticket],
    ]);
  }
}
