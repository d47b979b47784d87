import { type Pseudonym, type Ticket, ticketSchema, type TicketId } from '../index';
import { newKey } from '../signing.fixture';
import { A, B, cardiology, hours, lin, NOW, origin, patient } from '../story.fixture';
import {
  accessEntities,
  askedRecordIdsOf,
  denialsOf,
  groundOf,
  isOwnAsker,
  ofRecord,
  permitObstacles,
  TICKET_LIFETIME_MS,
} from './entities';

const asked = {
  ...{ schemaVersion: 1, ticketId: 't-1', pseudonym: patient, recordIds: ['r-1', 'r-2'], purpose: 'ETREAT', requestedAt: NOW, origin },
  actor: { mspId: B, actorTag: lin, roles: ['clinician'], department: cardiology },
  ephemeralPublicKey: newKey().publicKey,
};
const denied = [{ recordId: 'r-3', reasons: ['NO_CONSENT'] }];
const ground = { provisionIds: ['p1'], grantVersions: [{ grantee: { kind: 'person', mspId: B, name: 'dr-lin' }, version: 3 }] };
const permitted = {
  ...{ ...asked, decision: 'permit', custodianMspId: A, recordVersions: [1, 2], ...ground, expiresAt: hours(1), state: 'open' },
};
const full = {
  ...{ ...permitted, state: 'closed', closed: { at: NOW, by: origin.actor }, denied, retracted: ['r-2'], emergency: { scope: 'full' } },
  grounds: [ground, { provisionIds: ['default'], grantVersions: [] }],
};
const denial = { ...asked, decision: 'deny', reasons: ['EXPIRED'], denied };
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `r-${index}`);
const isTaken = (ticket: object): boolean => ticketSchema.safeParse(ticket).success;
const without = (ticket: object, field: string): object => Object.fromEntries(Object.entries(ticket).filter(([name]) => name !== field));

describe('a ticket', () => {
  it.each([permitted, full, denial, without(denial, 'denied')])('is read as it was written', (ticket) => {
    expect(ticketSchema.parse(ticket)).toEqual(ticket);
  });
  it.each([
    ...[
      'schemaVersion',
      'ticketId',
      'pseudonym',
      'recordIds',
      'actor',
      'purpose',
      'ephemeralPublicKey',
      'requestedAt',
      'origin',
      'decision',
    ],
    ...['custodianMspId', 'recordVersions', 'provisionIds', 'grantVersions', 'expiresAt', 'state'],
  ])('that is permitted has its %s', (field) => {
    expect(isTaken(without(permitted, field))).toBe(false);
  });
  it.each(['recordIds', 'reasons', 'decision'])('that is denied has its %s', (field) => {
    expect(isTaken(without(denial, field))).toBe(false);
  });
  it.each<readonly [string, object]>([
    ['another form', { ...permitted, schemaVersion: 2 }],
    ['a field more', { ...permitted, note: 'x' }],
    ['a decision that is none', { ...permitted, decision: 'perhaps' }],
    ['a state that is none', { ...permitted, state: 'ajar' }],
    ['reasons, though permitted', { ...permitted, reasons: ['EXPIRED'] }],
    ['no record', { ...permitted, recordIds: [] }],
    ['17 records', { ...permitted, recordIds: ids(17) }],
    ['no version', { ...permitted, recordVersions: [] }],
    ['17 versions', { ...permitted, recordVersions: Array(17).fill(1) }],
    ['version 0', { ...permitted, recordVersions: [0, 1] }],
    ['no provision', { ...permitted, provisionIds: [] }],
    ['version 0 of a grant', { ...permitted, grantVersions: [{ ...ground.grantVersions[0], version: 0 }] }],
    ['one ground alone', { ...full, grounds: [ground] }],
    ['17 grounds', { ...full, grounds: Array(17).fill(ground) }],
    ['a ground without a provision', { ...full, grounds: [ground, { provisionIds: [], grantVersions: [] }] }],
    ['a ground with more', { ...full, grounds: [ground, { ...ground, note: 'x' }] }],
    ['none denied, and a list of them', { ...full, denied: [] }],
    ['17 denied', { ...full, denied: ids(17).map((recordId) => ({ recordId, reasons: ['EXPIRED'] })) }],
    ['one denied for nothing', { ...full, denied: [{ recordId: 'r-3', reasons: [] }] }],
    ['one denied of no id', { ...full, denied: [{ reasons: ['EXPIRED'] }] }],
    ['none retracted, and a list of them', { ...full, retracted: [] }],
    ['17 retracted', { ...full, retracted: ids(17) }],
    ['an emergency of no scope', { ...full, emergency: {} }],
    ['closed by nobody', { ...full, closed: { at: NOW } }],
    ['closed at no time', { ...full, closed: { by: origin.actor } }],
    ['a denial without a reason', { ...denial, reasons: [] }],
    ['a denial with a custodian', { ...denial, custodianMspId: A }],
    ['an asker of no hospital', { ...permitted, actor: without(asked.actor, 'mspId') }],
    ['an asker of no department', { ...permitted, actor: without(asked.actor, 'department') }],
    ['an asker of no roles', { ...permitted, actor: without(asked.actor, 'roles') }],
    ['an asker of no name', { ...permitted, actor: without(asked.actor, 'actorTag') }],
    ['a patient of no node', { ...permitted, actor: { kind: 'patient' } }],
    ['a delegate of no delegation', { ...permitted, actor: { kind: 'delegate', mspId: B } }],
    ['a guardian', { ...permitted, actor: { kind: 'guardian', mspId: B } }],
  ])('is none with %s', (_what, ticket) => {
    expect(isTaken(ticket)).toBe(false);
  });
  it('is for 16 records at most, with as many versions, grounds, denials and retractions', () => {
    const many = { recordIds: ids(16), recordVersions: Array(16).fill(1), grounds: Array(16).fill(ground), retracted: ids(16) };
    expect(isTaken({ ...full, ...many, denied: ids(16).map((recordId) => ({ recordId, reasons: ['EXPIRED'] })) })).toBe(true);
    expect(isTaken({ ...permitted, recordIds: ['r-1'], recordVersions: [1], grounds: [ground, ground], retracted: ['r-1'], denied })).toBe(
      true,
    );
  });
  it.each([
    { kind: 'patient', mspId: B },
    { kind: 'delegate', mspId: B, delegationId: 'd-1' },
  ])('may be a patient’s side’s: $kind', (actor) => {
    const ticket = ticketSchema.parse({ ...permitted, actor });
    expect(isOwnAsker(ticket.actor)).toBe(true);
  });
  it('is staff’s otherwise', () => {
    expect(isOwnAsker(ticketSchema.parse(permitted).actor)).toBe(false);
  });
  it('lives a quarter of an hour', () => {
    expect(TICKET_LIFETIME_MS).toBe(900_000);
  });
  it('is kept under its id, as the channel’s', () => {
    const { tickets } = accessEntities;
    const { objectType, summary, key, endorsement } = tickets;
    expect({ objectType, summary, names: key.map(({ name }) => name), endorsement }).toEqual({
      objectType: 'access',
      summary: 'A decision, permit or deny, and what it rested on.',
      names: ['ticketId'],
      endorsement: 'channel',
    });
    expect(tickets.keyOf(ticketSchema.parse(permitted))).toEqual(['t-1' as TicketId]);
  });
  it('has obstacles in one order', () => {
    expect(permitObstacles).toEqual(['denied', 'closed', 'expired', 'asker-revoked', 'consent-changed']);
  });
});

describe('a ticket of several records', () => {
  // asked inside of the tests alone, so that a schema that is at fault fails tests and not this file
  const [whole, denied_] = [() => ticketSchema.parse(full), () => ticketSchema.parse(denial)];
  const of = (ticket: Ticket, index: number): Ticket => {
    const recordId = ticket.recordIds[index];
    if (recordId === undefined) throw new Error('no such record');
    return ofRecord(ticket, recordId);
  };

  it('is, for one of them, that one with its version and ground', () => {
    const { grounds: _grounds, ...rest } = whole() as Ticket & { grounds?: unknown };
    expect(of(whole(), 0)).toStrictEqual({ ...rest, recordIds: ['r-1'], recordVersions: [1], ...ground });
    expect(of(whole(), 1)).toStrictEqual({
      ...rest,
      recordIds: ['r-2'],
      recordVersions: [2],
      provisionIds: ['default'],
      grantVersions: [],
    });
  });
  it('is as it is where it is a denial', () => {
    const ticket = denied_();
    expect(of(ticket, 0)).toBe(ticket);
  });
  it('rests on one ground where no other is named', () => {
    const plain = ticketSchema.parse(permitted);
    if (plain.decision !== 'permit') throw new Error('it is a permit');
    expect(groundOf(plain, 1)).toStrictEqual(ground);
  });
  it('was asked for what it opens and what is denied, sorted', () => {
    const other = ticketSchema.parse({ ...full, recordIds: ['r-9', 'r-1'] });
    if (other.decision !== 'permit') throw new Error('it is a permit');
    expect(askedRecordIdsOf(other)).toEqual(['r-1', 'r-3', 'r-9']);
    expect(askedRecordIdsOf({ recordIds: other.recordIds })).toStrictEqual(['r-1', 'r-9']);
  });
  it('denies what it says, or all for the same', () => {
    expect(denialsOf(whole())).toEqual(denied);
    expect(denialsOf({ recordIds: whole().recordIds })).toEqual([]);
    expect(denialsOf({ recordIds: whole().recordIds, reasons: ['EXPIRED'] })).toEqual([
      { recordId: 'r-1', reasons: ['EXPIRED'] },
      { recordId: 'r-2', reasons: ['EXPIRED'] },
    ]);
    expect(whole().pseudonym).toBe<Pseudonym>(patient);
  });
});
