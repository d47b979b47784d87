import { permittedTicketSchema, type PermittedTicket } from '../access/entities';
import { emergencySchema } from '../emergency/entities';
import { sha256 } from '../crypto/sha256';
import { instantSchema } from '../instant';
import { newKey } from '../signing.fixture';
import { disclosureOf, isDisclosure, isOfPeriod } from './disclosures';
import { accessEventSchema, type AccessEvent, disclosureSchema } from './transactions';

const at = (minute: number) => instantSchema.parse(`2026-05-01T08:0${minute}:00.000Z`);
const keyService = { kind: 'staff', mspId: 'HospitalAMSP', actorTag: 'key-service-a' };
const asker = { mspId: 'HospitalBMSP', actorTag: 'tag-b', department: 'cardiology' };
const origin = { requestHash: sha256('a request'), actor: keyService };
const line = (event: string, more: object = {}): AccessEvent => {
  const named = { schemaVersion: 1, pseudonym: 'patient-1', txId: 'tx-1', n: 0, at: at(1), actor: keyService };
  return accessEventSchema.parse({ ...named, event, ticketId: 'ticket-1', recordIds: ['record-1'], purpose: 'TREAT', ...more });
};
const permit = (more: object = {}): PermittedTicket =>
  permittedTicketSchema.parse({
    ...{ schemaVersion: 1, ticketId: 'ticket-1', pseudonym: 'patient-1', recordIds: ['record-1', 'record-2'], purpose: 'TREAT', origin },
    ...{ ephemeralPublicKey: newKey().publicKey, requestedAt: at(0), expiresAt: at(9), state: 'open', custodianMspId: 'HospitalAMSP' },
    ...{
      actor: { ...asker, roles: ['clinician'] },
      decision: 'permit',
      recordVersions: [1, 1],
      provisionIds: ['p-1', 'p-2'],
      grantVersions: [],
    },
    ...more,
  });
const grounds = ['p-1', 'p-2'].map((id) => ({ provisionIds: [id], grantVersions: [] }));
const told = { at: at(1), txId: 'tx-1', ticketId: 'ticket-1', recordIds: ['record-1'], purpose: 'TREAT' };

describe('the accounting of disclosures', () => {
  it('names for each key that left: when, to whom, what for, under which rule', () => {
    const disclosed = disclosureOf(line('KeyReleased'), { ticket: permit() });
    expect(disclosed).toEqual({ ...told, kind: 'released', to: asker, provisionIds: ['p-1', 'p-2'] });
    expect(disclosureSchema.parse(disclosed)).toEqual(disclosed);
  });

  it('names of several records under one permit the rules of the one that left', () => {
    const ticket = permit({ grounds });
    expect(disclosureOf(line('KeyReleased', { recordIds: ['record-2'] }), { ticket }).provisionIds).toEqual(['p-2']);
  });

  it('names the emergency, and why nobody could be asked', () => {
    const emergency = emergencySchema.parse({
      ...{ schemaVersion: 1, ticketId: 'ticket-1', pseudonym: 'patient-1', custodianMspId: 'HospitalAMSP', asker, reason: 'no-time' },
      ...{
        opening: { scope: 'dataset' },
        narrativeCommitment: sha256('what happened'),
        openedAt: at(0),
        endsAt: at(9),
        reviewDueAt: at(9),
      },
      ...{ state: 'open', origin },
    });
    expect(disclosureOf(line('KeyReleased'), { ticket: permit(), emergency })).toMatchObject({ emergency: 'no-time' });
  });

  it('names who has handed a copy on, and to whom', () => {
    const receiver = { mspId: 'HospitalCMSP', actorTag: 'tag-c', department: 'oncology' };
    const actor = { kind: 'staff', mspId: 'HospitalBMSP', actorTag: 'tag-b' };
    const disclosed = disclosureOf(line('CopyDisclosed', { receiver, actor }), { ticket: permit({ grounds }) });
    expect(disclosed).toEqual({ ...told, kind: 'handed-on', handedOnBy: 'HospitalBMSP', to: receiver, provisionIds: ['p-1'] });
  });

  it('names a patient’s own reading as theirs', () => {
    const ticket = permit({ actor: { kind: 'patient', mspId: 'HospitalAMSP' } });
    expect(disclosureOf(line('KeyReleased'), { ticket }).to).toEqual({ mspId: 'HospitalAMSP', own: 'patient' });
  });

  it('is told without a name where the permit is gone, and never left out', () => {
    expect(disclosureOf(line('KeyReleased'), {})).toEqual({ ...told, kind: 'released' });
  });

  it.each([
    ['KeyReleased', true],
    ['CopyDisclosed', true],
    ['AccessPermitted', false],
    ['AccessDenied', false],
    ['CopyAnswered', false],
    ['PolicyGranted', false],
  ])('counts %s: %s', (event, counts) => {
    expect(isDisclosure(line(event))).toBe(counts);
  });

  it('takes a period’s beginning in and leaves its end out', () => {
    const period = { since: at(2), until: at(3) };
    expect([1, 2, 3].map((minute) => isOfPeriod(at(minute), period))).toEqual([false, true, false]);
    expect(isOfPeriod(at(1), {})).toBe(true);
  });
});
