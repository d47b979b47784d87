import { type Decision, ticketSchema } from '../index';
import { decideEach, type TicketOutcome, outcomeOf, usesAfter, withdrawnFrom, withUses } from '../deciding';
import { newKey } from '../signing.fixture';
import { A, B, cardiology, facts, forbid, grant, hours, lin, NOW, patient, permit, question, record } from '../story.fixture';
import { recordIdSchema } from '../ids';
import { taken } from './cases-of-uses.fixture';
import { askedRecordIdsOf, denialsOf, groundOf, ofRecord } from './entities';

const one = recordIdSchema.parse('rec-1');
const two = recordIdSchema.parse('rec-2');
const three = recordIdSchema.parse('rec-3');
const given = grant([permit({ uses: 2 })]);
const aboutEach = (grants: Parameters<typeof facts>[0], records: readonly (object | undefined)[], again = false): string[] =>
  decideEach(
    records.map((each) => ({
      question: question({ record: each && { ...record, ...each }, ...(again ? { again: true } : {}) }),
      facts: facts(grants),
    })),
  ).map((decision) => (decision.effect === 'permit' ? 'permit' : decision.reasons.join(' ')));

describe('records asked for together', () => {
  it('are decided each by itself, as alone', () => {
    const grants = [grant([permit(), forbid({ recordIds: [two] })])];
    const records = [{ recordId: one }, { recordId: two }, { state: 'retracted' }, undefined];
    const alone = records.map((each) => aboutEach(grants, [each])[0]);
    expect(aboutEach(grants, records)).toEqual(alone);
    expect(alone).toEqual(['permit', 'DENIED_BY_PROVISION', 'RECORD_RETRACTED', 'NO_CONSENT']);
  });
  it('take a use each, in their order, and those after the last are denied', () => {
    expect(aboutEach([given], [{}, {}, {}, {}])).toEqual(['permit', 'permit', 'USES_EXHAUSTED', 'USES_EXHAUSTED']);
    expect(aboutEach([taken(given, 1)], [{}, {}])).toEqual(['permit', 'USES_EXHAUSTED']);
  });
  it('take none for what is denied', () => {
    expect(aboutEach([taken(given, 1)], [{ state: 'retracted' }, undefined, {}])).toEqual(['RECORD_RETRACTED', 'NO_CONSENT', 'permit']);
  });
  it('take a use of another grant where one has none left', () => {
    const other = grant([permit({ provisionId: 'p2', uses: 1, validUntil: hours(2) })], 'person');
    expect(aboutEach([grant([permit({ uses: 1 })]), other], [{}, {}, {}])).toEqual(['permit', 'permit', 'USES_EXHAUSTED']);
  });
  it('find no use taken when they are asked about once more', () => {
    expect(aboutEach([taken(given, 2)], [{}, {}, {}], true)).toEqual(['permit', 'permit', 'permit']);
    expect(aboutEach([taken(grant([permit({ uses: 2 }), forbid()]), 2)], [{}], true)).toEqual(['DENIED_BY_PROVISION']);
  });
});

describe('what the ledger keeps of uses', () => {
  const { grantee } = given;
  const use = { grantee, version: 1, provisionId: permit().provisionId };
  const other = { ...use, provisionId: permit({ provisionId: 'p0' }).provisionId };

  it('counts each provision of one version of one grant', () => {
    const after = usesAfter(patient, given, [
      use,
      other,
      use,
      { ...use, version: 2 },
      { ...use, grantee: grant([permit()], 'person').grantee },
    ]);
    expect(after).toMatchObject({
      version: 1,
      taken: [
        { provisionId: 'p0', count: 1 },
        { provisionId: 'p1', count: 2 },
      ],
    });
    expect(usesAfter(patient, { ...given, taken: after.taken }, [use]).taken).toContainEqual({ provisionId: 'p1', count: 3 });
  });
  it('is not of another version: what the patient says anew is good anew', () => {
    const uses = usesAfter(patient, given, [use]);
    expect(withUses(given, uses)).toHaveProperty('taken', uses.taken);
    expect(withUses({ ...given, version: 2 }, uses)).not.toHaveProperty('taken');
    expect(withUses(given, undefined)).not.toHaveProperty('taken');
  });
});

const permitOf = (provisionId: string, until = hours(1)): Decision =>
  ({
    effect: 'permit',
    provisionIds: [provisionId],
    grantVersions: [{ grantee: given.grantee, version: 1 }],
    until,
  }) as unknown as Decision;
const denied = (...reasons: readonly string[]): Decision => ({ effect: 'deny', reasons }) as unknown as Decision;

describe('the outcome of a request', () => {
  const of = (...decisions: readonly Decision[]): TicketOutcome => outcomeOf([one, two, three], decisions);

  it('opens what is permitted, and says of the others why not', () => {
    expect(of(permitOf('p1', hours(2)), denied('NO_CONSENT'), permitOf('p2'))).toMatchObject({
      decision: 'permit',
      permitted: [0, 2],
      permit: { provisionIds: ['p1', 'p2'], until: hours(1), grantVersions: [{ version: 1 }] },
      grounds: [{ provisionIds: ['p1'] }, { provisionIds: ['p2'] }],
      denied: [{ recordId: two, reasons: ['NO_CONSENT'] }],
    });
  });
  it('names no grounds where all rest on the same, and no denials where there are none', () => {
    const outcome = of(permitOf('p1'), permitOf('p1', hours(3)), permitOf('p1'));
    expect(outcome).toMatchObject({ decision: 'permit', permitted: [0, 1, 2] });
    expect(outcome).not.toHaveProperty('grounds');
    expect(outcome).not.toHaveProperty('denied');
  });
  it('is a denial where nothing is permitted: each reason once, and each record’s where they differ', () => {
    const reasons = ['NO_CONSENT', 'EXPIRED'];
    expect(of(denied('EXPIRED'), denied('NO_CONSENT'), denied('EXPIRED'))).toEqual({
      decision: 'deny',
      reasons,
      denied: [one, two, three].map((recordId, place) => ({ recordId, reasons: [place === 1 ? 'NO_CONSENT' : 'EXPIRED'] })),
    });
    expect(of(denied('EXPIRED'), denied('EXPIRED'), denied('EXPIRED'))).toEqual({ decision: 'deny', reasons: ['EXPIRED'] });
  });
  it('denies what nobody has decided', () => {
    expect(of(permitOf('p1'))).toMatchObject({
      permitted: [0],
      denied: [two, three].map((recordId) => ({ recordId, reasons: ['NO_CONSENT'] })),
    });
    expect(outcomeOf([one], [])).toEqual({ decision: 'deny', reasons: ['NO_CONSENT'] });
  });
});

describe('a ticket for several records', () => {
  const grantVersion = { grantee: given.grantee, version: 1 };
  const ticket = ticketSchema.parse({
    ...{ schemaVersion: 1, ticketId: 'ticket-1', pseudonym: patient, recordIds: [one, three], purpose: 'TREAT', requestedAt: NOW },
    actor: { mspId: B, actorTag: lin, roles: ['clinician'], department: cardiology },
    ephemeralPublicKey: newKey().publicKey,
    origin: { requestHash: 'A'.repeat(43), actor: { kind: 'staff', mspId: B, actorTag: lin } },
    ...{ decision: 'permit', custodianMspId: A, recordVersions: [1, 2], provisionIds: ['default', 'p1'], grantVersions: [grantVersion] },
    grounds: [
      { provisionIds: ['default'], grantVersions: [] },
      { provisionIds: ['p1'], grantVersions: [grantVersion] },
    ],
    ...{ denied: [{ recordId: two, reasons: ['NO_CONSENT'] }], expiresAt: hours(0.25), state: 'open' },
  });
  if (ticket.decision !== 'permit') throw new Error('no permit');

  it('is, for one of them, what that one’s permit rests on', () => {
    expect(ofRecord(ticket, three)).toMatchObject({
      recordIds: [three],
      recordVersions: [2],
      provisionIds: ['p1'],
      grantVersions: [grantVersion],
    });
    expect(ofRecord(ticket, one)).toMatchObject({ recordIds: [one], recordVersions: [1], provisionIds: ['default'], grantVersions: [] });
    expect(ofRecord(ticket, one)).not.toHaveProperty('grounds');
    expect(groundOf({ ...ofRecord(ticket, three) }, 0)).toEqual({ provisionIds: ['p1'], grantVersions: [grantVersion] });
  });
  it('stays as it is for what it does not open', () => {
    expect(ofRecord(ticket, two)).toBe(ticket);
  });
  it('knows what it was asked for, and what is denied of it', () => {
    expect(askedRecordIdsOf(ticket)).toEqual([one, two, three]);
    expect(denialsOf(ticket)).toEqual([{ recordId: two, reasons: ['NO_CONSENT'] }]);
    expect(denialsOf({ recordIds: [one, two], reasons: ['EXPIRED'] })).toEqual(
      [one, two].map((recordId) => ({ recordId, reasons: ['EXPIRED'] })),
    );
    expect(denialsOf({ recordIds: [one], reasons: [] })).toEqual([]);
  });
  const byDefault = { effect: 'permit', provisionIds: ['default'], grantVersions: [] } as unknown as Decision;
  it.each<readonly [string, readonly Decision[], readonly string[]]>([
    ['nothing while both grounds stand', [byDefault, permitOf('p1')], []],
    ['the one whose consent is revoked', [byDefault, denied('POLICY_REVOKED')], [three]],
    ['the one whose ground is gone, though another’s would do', [permitOf('p1'), permitOf('p1')], [one]],
    ['both when neither is permitted', [denied('NO_CONSENT'), denied('NO_CONSENT')], [one, three]],
    ['what was not decided', [byDefault], [three]],
    ['what is decided in another’s place', [permitOf('p1'), byDefault], [one, three]],
  ])('has withdrawn from it %s', (_what, decisionsNow, withdrawn) => {
    expect(withdrawnFrom(ticket, decisionsNow)).toEqual(withdrawn);
  });
});
