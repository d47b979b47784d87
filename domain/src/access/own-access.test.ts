import { addMilliseconds, instantSchema, mspIdSchema, sha256Schema, ticketSchema } from '../index';
import { decideOwnAccess, type OwnRecordFacts, versionForPatient } from './decide-access';
import { closeTicket, ticketHolderOf, isStillPatients, type OwnSide, ticketObstacle, type TicketHolder } from './ticket';
import { expectRefusal } from '../refusals.fixture';
import { newKey } from '../signing.fixture';
import { delegationIdSchema, actorTagSchema, pseudonymSchema } from '../ids';

const ephemeralPublicKey = newKey().publicKey;
const now = instantSchema.parse('2026-03-01T10:00:00.000Z');
const [A, B] = [mspIdSchema.parse('AMSP'), mspIdSchema.parse('BMSP')];
const pseudonym = pseudonymSchema.parse('p-1');
const delegationId = delegationIdSchema.parse('d-1');

describe('whether a patient reads a record of their own', () => {
  it.each<readonly [string, OwnRecordFacts | undefined, string]>([
    ['a current one', { state: 'current', version: 3 }, 'own'],
    ['one that was entered in error', { state: 'retracted', version: 3, retractionReason: 'entered-in-error' }, 'own'],
    ['one that its author has withdrawn', { state: 'retracted', version: 3, retractionReason: 'withdrawn-by-author' }, 'own'],
    ['one that was retracted for another reason', { state: 'retracted', version: 3, retractionReason: 'other' }, 'own'],
    ['one that was another person’s', { state: 'retracted', version: 3, retractionReason: 'wrong-patient' }, 'RECORD_RETRACTED'],
    ['a pointer that is retired, of which nothing is kept', { state: 'retracted', version: 3 }, 'RECORD_RETRACTED'],
    ['one that is not there', undefined, 'RECORD_NOT_OWN'],
  ])('is decided of %s', (_what, record, expected) => {
    expect(decideOwnAccess(record)).toEqual(
      expected === 'own' ? { effect: 'permit', provisionIds: ['own'], grantVersions: [] } : { effect: 'deny', reasons: [expected] },
    );
  });

  it('is of the version that has a content: a retraction is one of its own, which nothing was sealed for', () => {
    expect(versionForPatient({ state: 'current', version: 3 })).toBe(3);
    expect(versionForPatient({ state: 'retracted', version: 3 })).toBe(2);
  });
});

const own = (actor: object) =>
  ticketSchema.parse({
    ...{ schemaVersion: 1, ticketId: 't-1', pseudonym, recordIds: ['r-1'], actor, purpose: 'PATRQT', ephemeralPublicKey },
    ...{ requestedAt: now, origin: { requestHash: sha256Schema.parse('A'.repeat(43)), actor: { kind: 'patient', pseudonym } } },
    ...{ decision: 'permit', custodianMspId: A, recordVersions: [1], provisionIds: ['own'], grantVersions: [], state: 'open' },
    expiresAt: addMilliseconds(now, 60_000),
  });
const patients = own({ kind: 'patient', mspId: B });
const delegates = own({ kind: 'delegate', mspId: B, delegationId });

describe('the ticket of a patient’s side', () => {
  it('names who has asked: the patient, or who acts for them', () => {
    expect(ticketHolderOf(patients)).toEqual({ kind: 'patient', pseudonym });
    expect(ticketHolderOf(delegates)).toEqual({ kind: 'delegate', pseudonym, delegationId });
  });

  it('names nobody besides: a staff member’s tag and the patient’s kind do not go together', () => {
    expect(() => own({ kind: 'patient', mspId: B, actorTag: 'dr-lin', roles: [], department: 'cardiology' })).toThrow();
    expect(() => own({ kind: 'assisted', mspId: B })).toThrow();
    expect(() => own({ mspId: B })).toThrow();
  });

  const staff: TicketHolder = { kind: 'staff', mspId: B, actorTag: actorTagSchema.parse('dr-lin') };
  const otherPseudonym = pseudonymSchema.parse('p-2');
  it.each<readonly [string, TicketHolder | undefined, string, string | undefined]>([
    ['the patient, through the node that carried the command', { kind: 'patient', pseudonym }, 'BMSP', undefined],
    ['that node for whoever asks there', undefined, 'BMSP', undefined],
    ['the patient, through another node', { kind: 'patient', pseudonym }, 'AMSP', 'other-requester'],
    ['another patient', { kind: 'patient', pseudonym: otherPseudonym }, 'BMSP', 'other-requester'],
    ['who acts for the patient', { kind: 'delegate', pseudonym, delegationId }, 'BMSP', 'other-requester'],
    ['staff of the node that carried the command', staff, 'BMSP', 'other-requester'],
  ])('opens to %s as it should', (_who, holder, mspId, obstacle) => {
    const requester = { mspId: mspIdSchema.parse(mspId), ...(holder === undefined ? {} : { holder }) };
    expect(ticketObstacle(patients, { now, requester })).toBe(obstacle);
  });

  const entry = { state: 'active' } as const;
  const parent = { basis: 'parent', state: 'active', validUntil: addMilliseconds(now, 60_000) } as const;
  const child = { ...entry, kind: 'assisted' } as const;
  const [before, after] = [addMilliseconds(now, -1), addMilliseconds(now, 1)];
  it.each<readonly [string, typeof patients, OwnSide, boolean]>([
    ['the patient as they were', patients, { entry, delegation: undefined }, true],
    ['a patient who got a new key before', patients, { entry: { ...entry, recoveredAt: before }, delegation: undefined }, true],
    ['a patient who got a new key at that very time', patients, { entry: { ...entry, recoveredAt: now }, delegation: undefined }, false],
    ['a patient who has got a new key since', patients, { entry: { ...entry, recoveredAt: after }, delegation: undefined }, false],
    ['a patient who has died', patients, { entry: { ...entry, isDeceased: true }, delegation: undefined }, false],
    ['a patient whose pseudonym is closed', patients, { entry: { state: 'closed' }, delegation: undefined }, false],
    ['a patient of whom nothing is there', patients, { entry: undefined, delegation: undefined }, false],
    ['a parent', delegates, { entry: child, delegation: parent }, true],
    ['a parent of a child whose key was recovered', delegates, { entry: { ...child, recoveredAt: after }, delegation: parent }, true],
    ['a parent whose delegation has ended', delegates, { entry: child, delegation: { ...parent, state: 'ended' } }, false],
    ['a parent whose time is over', delegates, { entry: child, delegation: { ...parent, validUntil: now } }, false],
    ['a parent of a child who has a wallet by now', delegates, { entry, delegation: parent }, false],
    ['a parent of a child who has died', delegates, { entry: { ...child, isDeceased: true }, delegation: parent }, false],
    ['a delegate of whom nothing is there', delegates, { entry: child, delegation: undefined }, false],
  ])('is still the patient’s of %s: as it should be', (_who, ticket, of, stands) => {
    expect(isStillPatients(ticket, of, now)).toBe(stands);
  });
  it('is not found out where the program is at fault: that is no refusal', () => {
    const delegation = Object.defineProperty({ ...parent }, 'state', {
      get: () => {
        throw new TypeError('at fault');
      },
    });
    expect(() => isStillPatients(delegates, { entry: child, delegation }, now)).toThrow(TypeError);
  });
});

describe('a ticket of a patient’s side', () => {
  const delegates = own({ kind: 'delegate', mspId: B, delegationId });
  const patient = { kind: 'patient', pseudonym } as const;
  const delegate = { kind: 'delegate', pseudonym, delegationId } as const;
  const proxy = { kind: 'delegate', pseudonym, delegationId: delegationIdSchema.parse('d-2') } as const;
  const two = { kind: 'assisted', pseudonym, mspId: A, actorTags: [actorTagSchema.parse('x'), actorTagSchema.parse('y')] } as const;
  const stranger = { kind: 'patient', pseudonym: pseudonymSchema.parse('p-2') } as const;

  it('is closed by who asked, and by the patient', () => {
    expect([
      closeTicket(patients, patient, now),
      closeTicket(delegates, delegate, now),
      closeTicket(delegates, patient, now),
    ]).toMatchObject([{ state: 'closed' }, { state: 'closed' }, { state: 'closed' }]);
  });
  it.each([
    ['the patient’s, by a delegate', patients, delegate],
    ['the patient’s, by two of the staff', patients, two],
    ['the patient’s, by another patient', patients, stranger],
    ['a delegate’s, by another one', delegates, proxy],
    ['a delegate’s, by two of the staff', delegates, two],
  ])('is not closed: %s', (_whose, ticket, by) => {
    expectRefusal('NOT_PERMITTED', () => closeTicket(ticket, by as never, now));
  });
});
