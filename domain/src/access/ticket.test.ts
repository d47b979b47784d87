import {
  type AskedAgain,
  assertMemberOf,
  assertReleasable,
  assertTicketOpens,
  closeTicket,
  permitObstacle,
  type ReleaseClaim,
  ticketExpiry,
  ticketObstacle,
  ticketTable,
  type TicketUse,
} from '../deciding';
import { actorTagSchema, type Decision, departmentSchema, type Instant, type Ticket, ticketSchema } from '../index';
import { expectRefusal } from '../refusals.fixture';
import { newKey } from '../signing.fixture';
import { recordIdSchema } from '../ids';
import { A, B, cardiology, hours, labReport, lin, NOW, patient } from '../story.fixture';

const asked = {
  schemaVersion: 1,
  ticketId: 'ticket-1',
  pseudonym: patient,
  recordIds: ['rec-other', 'rec-lab'],
  actor: { mspId: B, actorTag: lin, roles: ['clinician'], department: cardiology },
  purpose: 'TREAT',
  ephemeralPublicKey: newKey().publicKey,
  requestedAt: NOW,
  origin: { requestHash: 'A'.repeat(43), actor: { kind: 'staff', mspId: B, actorTag: 'dr-lin' } },
};
const grantVersion = { grantee: { kind: 'department', mspId: B, name: 'cardiology' }, version: 1 };
const ticket = ticketSchema.parse({
  ...asked,
  decision: 'permit',
  custodianMspId: A,
  recordVersions: [1, 2],
  provisionIds: ['p1'],
  grantVersions: [grantVersion],
  expiresAt: hours(0, 900_000),
  state: 'open',
});
const onTwo = ticketSchema.parse({ ...ticket, provisionIds: ['p1', 'p2'] });
const denial = ticketSchema.parse({ ...asked, decision: 'deny', reasons: ['NO_CONSENT'] });
const first = recordIdSchema.parse('rec-other');
const decisionNow = { effect: 'permit', provisionIds: ['p1', 'p2'], grantVersions: [grantVersion] } as unknown as Decision; // brands only
const now = (...decisionsNow: readonly object[]): Pick<AskedAgain, 'decisionsNow'> => ({
  decisionsNow: decisionsNow as readonly Decision[],
});
/** Of both records of the ticket. */
const both = (each: object): Pick<AskedAgain, 'decisionsNow'> => now(each, each);
const asIt = { ...both(decisionNow), isAskerActive: true };
const claim: ReleaseClaim = { now: NOW, serviceMspId: A, recordId: labReport, recordVersion: 2, ...asIt };

describe('ticketExpiry', () => {
  const permit = { effect: 'permit', provisionIds: [], grantVersions: [] } as const;
  it('is a quarter of an hour at most', () => {
    expect(ticketExpiry({ ...permit, until: hours(24) } as never, NOW)).toBe(hours(0.25));
    expect(ticketExpiry(permit as never, NOW)).toBe(hours(0.25));
  });
  it('is the permit’s end when that is sooner', () => {
    expect(ticketExpiry({ ...permit, until: hours(0.1) } as never, NOW)).toBe(hours(0.1));
  });
  it('is, of an emergency, the permit’s end however late, and without one a quarter of an hour', () => {
    const emergency = { emergency: { scope: 'full' } } as const;
    for (const until of [hours(0.1), hours(24)]) expect(ticketExpiry({ ...permit, until } as never, NOW, emergency)).toBe(until);
    expect(ticketExpiry(permit as never, NOW, emergency)).toBe(hours(0.25));
  });
});

describe('ticketObstacle', () => {
  const closed = closeTicket(ticket, { kind: 'patient', pseudonym: patient }, NOW);
  const requester = { mspId: B, holder: { kind: 'staff', mspId: B, actorTag: lin } } as const;
  const use: TicketUse = { now: NOW, requester, custodian: A, recordId: labReport, version: 2 };

  it('is none for a live ticket of the requester, about the record and its version', () => {
    expect(ticketObstacle(ticket, use)).toBeUndefined();
    expect(ticketObstacle(ticket, { now: hours(0.25, -1) })).toBeUndefined();
    expect(ticketObstacle(ticket, { now: NOW, requester: { mspId: B } })).toBeUndefined();
    expect(ticketObstacle(ticket, { now: NOW, recordId: labReport })).toBeUndefined();
    expect(ticketObstacle(ticket, { ...use, recordId: first, version: 1 })).toBeUndefined();
  });
  it.each<readonly [string, Ticket, Partial<TicketUse>]>([
    ['other-requester', ticket, { requester: { ...requester, mspId: A } }],
    ['other-requester', ticket, { requester: { mspId: B, holder: { ...requester.holder, actorTag: actorTagSchema.parse('dr-wu') } } }],
    ['denied', denial, {}],
    ['closed', closed, {}],
    ['expired', ticket, { now: hours(0.25) }],
    ['other-custodian', ticket, { custodian: B }],
    ['other-record', ticket, { recordId: 'rec-unasked' as typeof labReport }],
    ['record-changed', ticket, { version: 1 }],
    ['record-changed', ticket, { recordId: first, version: 2 }],
  ])('is %s', (obstacle, of, changes) => {
    expect(ticketObstacle(of, { ...use, ...changes })).toBe(obstacle);
  });
  it('tells a stranger nothing of the ticket', () => {
    expect(ticketObstacle(denial, { ...use, requester: { mspId: A } })).toBe('other-requester');
    const asStranger = { ...use, ticketId: ticket.ticketId, requester: { mspId: A } };
    for (const of of [undefined, ticket, closed, denial])
      expectRefusal(
        'NOT_PERMITTED',
        () => {
          assertTicketOpens(of, asStranger, 'no ticket of yours');
        },
        { ticketId: 'ticket-1' },
      );
  });
  it('opens what it is for, and closes what is not open any more, and names the obstacle', () => {
    expect(() => {
      assertTicketOpens(ticket, { ...use, ticketId: ticket.ticketId }, '');
    }).not.toThrow();
    expectRefusal(
      'TICKET_CLOSED',
      () => {
        assertTicketOpens(closed, { ...use, ticketId: ticket.ticketId }, '');
      },
      { ticketId: 'ticket-1', obstacle: 'closed' },
    );
  });
});

describe('assertReleasable', () => {
  const obstacleOf = (of: Ticket, changes: Partial<ReleaseClaim> = {}): unknown => {
    try {
      assertReleasable(of, { ...claim, ...changes });
      return 'none';
    } catch (error) {
      expect(error).toMatchObject({ code: 'TICKET_CLOSED' });
      return (error as { details: { obstacle: string } }).details.obstacle;
    }
  };

  it('releases to a live permit whose basis stands', () => {
    expect(obstacleOf(ticket)).toBe('none');
    expect(obstacleOf(onTwo)).toBe('none');
  });
  it.each([
    ['denied', denial, {}],
    ['closed', closeTicket(ticket, { kind: 'patient', pseudonym: patient }, NOW), {}],
    ['expired', ticket, { now: hours(0.25) }],
    ['other-custodian', ticket, { serviceMspId: B }],
    ['other-record', ticket, { recordId: 'rec-unasked' as typeof labReport }],
    ['record-changed', ticket, { recordVersion: 1 }],
    ['consent-changed', ticket, both({ effect: 'deny', reasons: ['POLICY_REVOKED'] })],
    ['consent-changed', ticket, both({ ...decisionNow, grantVersions: [{ ...grantVersion, version: 2 }] })],
    ['consent-changed', ticket, both({ ...decisionNow, grantVersions: [] })],
    ['consent-changed', ticket, both({ ...decisionNow, provisionIds: ['p2'] })],
    ['consent-changed', onTwo, both({ ...decisionNow, provisionIds: ['p1'] })],
    ['consent-changed', onTwo, both({ ...decisionNow, provisionIds: ['p2'] })],
    ['consent-changed', ticket, now(decisionNow, { effect: 'deny', reasons: ['RECORD_NOT_COVERED'] })],
    ['consent-changed', ticket, now(decisionNow)],
    ['asker-revoked', ticket, { isAskerActive: false }],
  ])('refuses: %s', (obstacle, of, changes) => {
    expect(obstacleOf(of, changes)).toBe(obstacle);
  });
  it('releases until a millisecond before the end', () => {
    expect(obstacleOf(ticket, { now: hours(0.25, -1) })).toBe('none');
  });
});

describe('permitObstacle', () => {
  const changedNow = both({ effect: 'deny', reasons: ['POLICY_REVOKED'] });

  it('finds none in a live permit whose basis stands, until a millisecond before its end', () => {
    expect(permitObstacle(ticket, hours(0.25, -1), asIt)).toBeUndefined();
  });
  it.each<readonly [string, Ticket, Instant, Partial<AskedAgain>]>([
    ['denied', denial, NOW, { isAskerActive: false }],
    ['closed', closeTicket(ticket, { kind: 'patient', pseudonym: patient }, NOW), hours(1), changedNow],
    ['expired', ticket, hours(0.25), { isAskerActive: false }],
    ['asker-revoked', ticket, NOW, { isAskerActive: false, ...changedNow }],
    ['consent-changed', ticket, NOW, changedNow],
  ])('names the first: %s', (obstacle, of, now, changes) => {
    expect(permitObstacle(of, now, { ...asIt, ...changes })).toBe(obstacle);
  });
});

describe('closeTicket', () => {
  const asker = { kind: 'staff', mspId: B, actorTag: lin } as const;

  it('closes for the person who asked and for the patient, and says who and when', () => {
    expect(closeTicket(ticket, asker, NOW)).toMatchObject({ state: 'closed', closed: { at: NOW, by: asker } });
    expect(closeTicket(ticket, { kind: 'patient', pseudonym: patient }, NOW).state).toBe('closed');
  });
  const delegate = { kind: 'delegate', pseudonym: patient, delegationId: 'd-1' };
  const two = { kind: 'assisted', pseudonym: patient, mspId: A, actorTags: ['x', 'y'] };
  it.each([delegate, two])('closes for whoever acts for the patient: $kind', (by) => {
    expect(closeTicket(ticket, by as never, NOW)).toMatchObject({ state: 'closed', closed: { at: NOW, by } });
  });
  it.each([
    ['a colleague', { ...asker, actorTag: 'dr-wu' }],
    ['somebody of the same name elsewhere', { ...asker, mspId: A }],
    ['another patient', { kind: 'patient', pseudonym: 'psn-2' }],
    ['who acts for another patient', { ...delegate, pseudonym: 'psn-2' }],
    ['two of the staff for another patient', { ...two, pseudonym: 'psn-2' }],
    ['an administrator', { kind: 'administrator', mspId: B, keyHash: 'A'.repeat(43) }],
  ])('is refused to %s', (_who, by) => {
    expectRefusal('NOT_PERMITTED', () => closeTicket(ticket, by as never, NOW));
  });
  it('is refused for a denial and for a closed ticket', () => {
    expectRefusal('ILLEGAL_STATE', () => closeTicket(denial, asker, NOW), { state: 'denied', command: 'close' });
    expect(() => closeTicket(denial, asker, NOW)).toThrow('a denial has nothing to close');
    expectRefusal('ILLEGAL_STATE', () => closeTicket(closeTicket(ticket, asker, NOW), asker, NOW), { state: 'closed', command: 'close' });
  });
  it('is the one step there is', () => {
    expect(ticketTable).toStrictEqual({ open: { close: 'closed' }, closed: {} });
  });
});

describe('assertMemberOf', () => {
  it('lets nobody ask for a department that is not theirs', () => {
    expect(() => {
      assertMemberOf({ departments: [cardiology] }, cardiology);
    }).not.toThrow();
    const asOther = (): void => {
      assertMemberOf({ departments: [cardiology] }, departmentSchema.parse('urology'));
    };
    expectRefusal('NOT_PERMITTED', asOther, { path: 'input.department' });
    expect(asOther).toThrow('not a member of the department');
  });
});
