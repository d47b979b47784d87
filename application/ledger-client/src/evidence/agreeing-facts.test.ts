import {
  actorTagSchema,
  deviceIdSchema,
  granteeSchema,
  mspIdSchema,
  pseudonymSchema,
  recordIdSchema,
  ticketIdSchema,
} from '@lianyi/domain';
import { initialSetting } from '@lianyi/domain/deciding';
import { agreeing } from './agreeing-facts';
import { type MemberFact } from './member-facts';
import { type PatientFact } from './patient-facts';

const pseudonym = pseudonymSchema.parse('psn');
const mspId = mspIdSchema.parse('AMSP');
const grantee = granteeSchema.parse({ kind: 'organisation', mspId: 'BMSP', name: 'all' });
const facts: readonly (MemberFact | PatientFact)[] = [
  {
    kind: 'consent',
    pseudonym,
    grantee,
    version: 1,
    state: 'active',
    isSigned: true,
    effects: { permits: true, denies: false },
    restsOnLate: false,
  },
  {
    ...{ kind: 'relationship', pseudonym, mspId, isSigned: true, command: undefined, restsOnLate: false },
    said: { answer: 'accepted', isSuspended: false, isEnded: false },
  },
  { kind: 'staff', mspId, actorTag: actorTagSchema.parse('tag'), said: undefined, isProven: true },
  { kind: 'device', mspId, deviceId: deviceIdSchema.parse('device'), said: undefined, isProven: true },
  {
    kind: 'record',
    pseudonym,
    recordId: recordIdSchema.parse('record'),
    anchoredAt: undefined,
    version: 1,
    isRetracted: false,
    labels: undefined,
    isProven: true,
  },
  { kind: 'ticket', ticketId: ticketIdSchema.parse('ticket'), isAsked: true },
  { kind: 'approval', pseudonym, mspId, actorTag: actorTagSchema.parse('tag'), isProven: true },
  { kind: 'parameter', name: 'default-policies', said: undefined, written: initialSetting('default-policies') },
];
const isHeld = (fact: MemberFact | PatientFact): boolean =>
  fact.kind === 'parameter' ? fact.written !== undefined : Object.values(fact).includes(true);

describe('the facts of one transaction', () => {
  it('are as they are where each is of another entry', () => {
    expect(agreeing(facts)).toEqual(facts);
  });

  it.each(facts.map((fact) => [fact.kind, fact] as const))('hold nothing of a %s where two are of one', (_kind, fact) => {
    const others = facts.filter((each) => each !== fact);
    for (const order of [
      [fact, ...others, fact],
      [fact, fact, ...others],
    ]) {
      const told = agreeing(order);
      expect(told.filter(({ kind }) => kind === fact.kind).map(isHeld)).toEqual([false, false]);
      expect(told.filter(({ kind }) => kind !== fact.kind)).toEqual(others);
    }
  });

  it('are told as they are where two alarms are of one entry', () => {
    const alarm = { kind: 'alarm', alarm: 'key-of-no-entry', detail: 'grant' } as const;
    expect(agreeing([alarm, alarm])).toEqual([alarm, alarm]);
  });
});
