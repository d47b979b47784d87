import { type Request, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import {
  A,
  administered,
  administratorOf,
  asked,
  hired,
  hrAdminA,
  otherHrAdminA,
  person,
  type Person,
  pseudonym,
  signedBy,
  staffEntry,
  staffKey,
} from './member-chain.fixture';
import { B, PatientChain, relationship, relationshipKey, usePatientChain } from './patient-chain.fixture';

type Duty = NonNullable<Request<typeof transactions.JoinGroup>['duty']>;

const member = person('AMSP', 'member', ['clinician'], ['internal']);
const group = 'night-team';
const DEFAULT = { provisionIds: ['default'], grantVersions: [] };
const duty: Duty = {
  zone: 'Asia/Shanghai',
  offsets: [{ from: '2026-01-01T00:00:00.000Z', minutes: 480 }],
  until: '2027-01-01T00:00:00.000Z',
  turns: [{ days: [7], from: '16:00', until: '20:00' }],
};
const said = { actorTag: member.actorTag, group, duty };
const at = '2026-03-01T10:00:00.000Z';
const by = (who: Person): object => ({ kind: 'staff', mspId: who.mspId, actorTag: who.actorTag });

/** The member's entry with a membership that says these things. */
const entry = (
  changes: { readonly duty?: object | undefined; readonly group?: string; readonly state?: string; readonly confirmedBy?: object } = {},
): Record<string, string> => {
  const { duty: when, ...rest } = { duty, ...changes };
  const always = when === undefined ? {} : { duty: when };
  const confirmed = changes.state === 'pending' ? {} : { confirmedBy: by(otherHrAdminA) };
  const membership = { group, state: 'active', ...always, saidBy: by(hrAdminA), ...confirmed, changedAt: at, ...rest };
  return { [staffKey('AMSP', 'member')]: staffEntry(member, { memberships: [membership] }) };
};
const joins = (who: Person, writes = entry({ state: 'pending' }), input: object = said): Call =>
  signedBy(who, transactions.JoinGroup, input, writes);
const confirms = (who: Person, writes = entry(), input: object = said): Call =>
  signedBy(who, transactions.ConfirmMembership, input, writes);
const leaves = (who: Person, writes = entry({ state: 'left' })): Call =>
  signedBy(who, transactions.LeaveGroup, { actorTag: member.actorTag, group }, writes);

describe('whether a membership is the word of the member’s organisation', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  beforeEach(async () => {
    chain = used();
    await chain.add(hired(hrAdminA), hired(otherHrAdminA), hired(member));
  });
  /** What a permit of the member's comes to, and which alarms were raised before it. */
  const outcome = async (): Promise<readonly [readonly string[], string]> => {
    const alarms = [...chain.names()];
    await chain.add(asked(member, DEFAULT));
    return [alarms, await chain.wordOn(member, DEFAULT)];
  };

  it('is told of what two have said, of what the administrator has, and of who has left', async () => {
    await chain.add(joins(hrAdminA), confirms(otherHrAdminA));
    expect(chain.names()).toEqual([]);
    await chain.add(leaves(hrAdminA));
    expect(chain.names()).toEqual([]);
    const membership = { group, state: 'active', duty, saidBy: administratorOf('AMSP'), changedAt: at };
    const appointed = { [staffKey('AMSP', 'member')]: staffEntry(member, { memberships: [membership] }) };
    await chain.add(administered('AMSP', transactions.JoinGroup, said, appointed));
    expect(await outcome()).toEqual([[], 'given']);
  });

  it.each<readonly [string, () => readonly Call[], string]>([
    ['others write it', () => [chain.forged(entry())], 'staff-without-command'],
    [
      'another organisation’s administrator says it',
      () => [administered('BMSP', transactions.JoinGroup, said, entry())],
      'staff-without-command',
    ],
    ['one says it and it is written as if two had', () => [joins(hrAdminA, entry())], 'staff-not-as-commanded'],
    ['who said it confirms it', () => [joins(hrAdminA), confirms(hrAdminA)], 'staff-without-command'],
    [
      'the second person says other turns',
      () => [joins(hrAdminA), confirms(otherHrAdminA, entry(), { ...said, duty: { ...duty, zone: 'Asia/Tokyo' } })],
      'staff-without-command',
    ],
    [
      'it is written for another group',
      () => [joins(hrAdminA), confirms(otherHrAdminA, entry({ group: 'board' }))],
      'staff-not-as-commanded',
    ],
    [
      'other turns are written',
      () => [joins(hrAdminA), confirms(otherHrAdminA, entry({ duty: { ...duty, turns: [{ days: [1], from: '00:00', until: '00:00' }] } }))],
      'staff-not-as-commanded',
    ],
    [
      'another offset is written',
      () => [
        joins(hrAdminA),
        confirms(otherHrAdminA, entry({ duty: { ...duty, offsets: [{ from: '2026-01-01T00:00:00.000Z', minutes: 0 }] } })),
      ],
      'staff-not-as-commanded',
    ],
    [
      'no turns are written, as if always on duty',
      () => [joins(hrAdminA), confirms(otherHrAdminA, entry({ duty: undefined }))],
      'staff-not-as-commanded',
    ],
    [
      'who has left is written as a member',
      () => [joins(hrAdminA), confirms(otherHrAdminA), leaves(hrAdminA, entry())],
      'staff-not-as-commanded',
    ],
    [
      'somebody else is written as who has confirmed it',
      () => [joins(hrAdminA), confirms(otherHrAdminA, entry({ confirmedBy: by(member) }))],
      'staff-not-as-commanded',
    ],
    ['the member says it', () => [joins(member, entry())], 'staff-without-command'],
  ])('names it where %s, and releases nothing to the member', async (_what, calls, alarm) => {
    await chain.add(...calls());
    expect(await outcome()).toEqual([[alarm], 'request']);
  });
});

describe('whether the group of a relationship is the one that the patient has accepted', () => {
  let chain: PatientChain;
  afterEach(async () => {
    await chain.index.close();
    jest.restoreAllMocks();
  });
  const withGroup = (named?: string): string => {
    // written by the fixture as canonical JSON
    const written = JSON.parse(relationship('active', undefined, 'care')) as object;
    return JSON.stringify({ ...written, ...(named === undefined ? {} : { group: named }) });
  };
  const chainOf = async (written?: string, accepted?: string): Promise<PatientChain> => {
    const clock = jest.spyOn(Date, 'now');
    const made = new PatientChain();
    clock.mockImplementation(() => made.now);
    const input = { pseudonym, mspId: A, ...(accepted === undefined ? {} : { group: accepted }) };
    await made.begin(() => made.command(transactions.AcceptRelationship, input, { [relationshipKey]: withGroup(written) }));
    await made.say(made.granted());
    return made;
  };
  const word = (): Promise<string> => chain.word({ grantee: B, version: 1 });

  it.each([[group], [undefined]])('is told of %s', async (named) => {
    chain = await chainOf(named, named);
    expect([await word(), chain.names()]).toEqual(['given', []]);
  });
  it.each<readonly [string | undefined, string | undefined]>([
    [group, undefined],
    [undefined, group],
    ['board', group],
  ])('is not told of %s where the patient has accepted %s', async (written, accepted) => {
    chain = await chainOf(written, accepted);
    expect([await word(), chain.names()]).toEqual(['unproven', ['relationship-not-as-commanded']]);
  });
  it('is not told any more once others take the group away, so that all of the hospital would read', async () => {
    chain = await chainOf(group, group);
    await chain.add(chain.forged({ [relationshipKey]: withGroup() }));
    expect([await word(), chain.names()]).toEqual(['unproven', ['relationship-without-command']]);
  });
});
