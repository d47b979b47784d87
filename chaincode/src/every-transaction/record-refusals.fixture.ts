import { hashOfJson } from '@lianyi/domain';
import { B, must, type Stage } from './cast.fixture';
import { newKey, sha256Of } from './consortium.fixture';
import {
  after,
  type Case,
  changed,
  firstReceiptMissing,
  forgedReceipt,
  otherObject,
  otherTransient,
  retireVault,
  retract,
  suspendRelationship,
  taken,
  twice,
  unknownRecord,
  valid,
} from './refusal-case.fixture';
import { envelopeSecret, type Prepared } from './sample.fixture';

export const recordRefusals: readonly Case[] = [
  ['AnchorRecord', 'ALREADY_EXISTS', 'the record id is taken', taken('AnchorRecord', (cast) => cast.content())],
  ['AnchorRecord', 'NOT_FOUND', 'a vault is retired', after('AnchorRecord', retireVault)],
  ['AnchorRecord', 'ILLEGAL_STATE', 'there is no relationship', changed('AnchorRecord', { pseudonym: 'nobody' })],
  ['AnchorRecord', 'ILLEGAL_STATE', 'the relationship is suspended', after('AnchorRecord', suspendRelationship)],
  ['AnchorRecord', 'RECEIPTS_MISSING', 'a place has not signed', firstReceiptMissing('AnchorRecord')],
  ['AnchorRecord', 'HASH_MISMATCH', 'the receipts are for another object', otherObject('AnchorRecord')],
  ['AnchorRecord', 'BAD_SIGNATURE', 'a receipt is signed by another key', forgedReceipt('AnchorRecord')],
  ['AmendRecord', 'NOT_FOUND', 'there is no such record', changed('AmendRecord', unknownRecord)],
  ['AmendRecord', 'ILLEGAL_STATE', 'it is retracted', after('AmendRecord', retract)],
  ['AmendRecord', 'ILLEGAL_STATE', 'the relationship is suspended', after('AmendRecord', suspendRelationship)],
  ['AmendRecord', 'VERSION_CONFLICT', 'it has been amended meanwhile', taken('AmendRecord', (cast) => cast.content())],
  ['AmendRecord', 'LABEL_LOWERED', 'it would be less protected', changed('AmendRecord', { dataLevel: 1 })],
  ['AmendRecord', 'RECEIPTS_MISSING', 'a place has not signed', firstReceiptMissing('AmendRecord')],
  ['AmendRecord', 'HASH_MISMATCH', 'the receipts are for another object', otherObject('AmendRecord')],
  ['RetractRecord', 'NOT_FOUND', 'there is no such record', changed('RetractRecord', unknownRecord)],
  ['RetractRecord', 'ILLEGAL_STATE', 'it is retracted', taken('RetractRecord', () => ({ previousVersion: 2 }))],
  ['RetractRecord', 'VERSION_CONFLICT', 'another version is meant', changed('RetractRecord', { previousVersion: 2 })],
  ['GetRecord', 'NOT_FOUND', 'there is none', changed('GetRecord', unknownRecord)],
  ['GetRecordVersion', 'NOT_FOUND', 'there is no such version', changed('GetRecordVersion', { version: 2 })],

  ['GrantPolicy', 'ALREADY_EXISTS', 'the grantee has a policy', twice('GrantPolicy')],
  ['AmendPolicy', 'NOT_FOUND', 'there is none', changed('AmendPolicy', { grantee: { kind: 'organisation', mspId: B, name: 'all' } })],
  ['AmendPolicy', 'VERSION_CONFLICT', 'it has been amended meanwhile', twice('AmendPolicy')],
  [
    'AmendPolicy',
    'ILLEGAL_STATE',
    'it is revoked',
    after('AmendPolicy', async ({ cast, patient }, { input }) =>
      must(await cast.invoke('RevokePolicy', { pseudonym: patient.pseudonym, grantee: input['grantee'], previousVersion: 1 }, patient)),
    ),
  ],
  ['RevokePolicy', 'NOT_FOUND', 'there is none', changed('RevokePolicy', { grantee: { kind: 'organisation', mspId: B, name: 'all' } })],
  ['RevokePolicy', 'ILLEGAL_STATE', 'it is revoked', twice('RevokePolicy')],
  ['RevokePolicy', 'VERSION_CONFLICT', 'another version is meant', changed('RevokePolicy', { previousVersion: 9 })],
  ['GetPolicy', 'NOT_FOUND', 'there is none', changed('GetPolicy', { grantee: { kind: 'organisation', mspId: B, name: 'all' } })],

  ['RequestAccess', 'ALREADY_EXISTS', 'the ticket id is taken', taken('RequestAccess', () => ({ ephemeralPublicKey: newKey().publicKey }))],
  ['CloseTicket', 'NOT_FOUND', 'there is none', changed('CloseTicket', { ticketId: 'nothing' })],
  ['CloseTicket', 'ILLEGAL_STATE', 'it is closed', twice('CloseTicket')],
  ['GetDecision', 'NOT_FOUND', 'there is none', changed('GetDecision', { ticketId: 'nothing' })],

  [
    'PutEnvelope',
    'ALREADY_EXISTS',
    'there is another envelope',
    async (stage: Stage): Promise<Prepared> => {
      const prepared = await valid('PutEnvelope', stage);
      must(await stage.cast.invoke('PutEnvelope', prepared.input, prepared.as, prepared.bend));
      const transient = { ...envelopeSecret(), details: { title: 'another' } };
      return { input: { ...prepared.input, transientSha256: hashOfJson(transient) }, as: prepared.as, bend: { transient } };
    },
  ],
  [
    'PutEnvelope',
    'HASH_MISMATCH',
    'the transient value is another',
    otherTransient('PutEnvelope', () => ({ ...envelopeSecret(), details: {} })),
  ],
  ['GetEnvelope', 'NOT_FOUND', 'there is none', changed('GetEnvelope', { keyEpoch: 2 })],
  ['RecordKeyRelease', 'NOT_FOUND', 'there is no such ticket', changed('RecordKeyRelease', { ticketId: 'nothing' })],
  ['RecordKeyRelease', 'ALREADY_EXISTS', 'the release id is taken', taken('RecordKeyRelease', () => ({ sealedSha256: sha256Of('other') }))],
  ['RecordKeyRelease', 'TICKET_CLOSED', 'the record is not of this ticket', changed('RecordKeyRelease', unknownRecord)],
];
