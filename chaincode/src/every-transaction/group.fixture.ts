import { type directoryArea, type WeeklyDuty } from '@lianyi/domain';
import { membershipTable } from '@lianyi/domain/deciding';
import { type AreaFixture, type Prepared, type States } from './area.fixture';
import { A, C, type Cast, must, type Stage } from './cast.fixture';
import { type Staff } from './consortium.fixture';
import { after, changed, taken, twice } from './refusal-case.fixture';
import { nothing, page } from './sample.fixture';

type Json = Readonly<Record<string, unknown>>;

/** Every night from ten to six, by the clock of a place that is eight hours ahead. */
export const nights = (cast: Cast): Json => ({
  zone: 'Asia/Shanghai',
  offsets: [{ from: cast.instant(-86_400_000), minutes: 480 }],
  until: cast.instant(86_400_000 * 365),
  turns: [{ days: [1, 2, 3, 4, 5, 6, 7] satisfies WeeklyDuty['turns'][number]['days'], from: '22:00', until: '06:00' }],
});

/** A group of an organisation. */
export async function founded(cast: Cast, msp: string = A): Promise<string> {
  const group = cast.id('group');
  must(await cast.invoke('FoundGroup', { group, kind: 'care-team' }, cast.admin(msp)));
  return group;
}

/** A group of A, and a member of staff whom the administrator has made its member. */
export async function appointed(cast: Cast, member: Staff, overrides: Json = {}): Promise<string> {
  const group = await founded(cast, member.msp);
  must(await cast.invoke('JoinGroup', { actorTag: member.actorTag, group, ...overrides }, cast.admin(member.msp)));
  return group;
}

const newcomer = async ({ cast }: Stage): Promise<Json> => ({
  actorTag: (await cast.colleague(A, 'clinician')).actorTag,
  group: await founded(cast),
  duty: nights(cast),
});
const pending = async (stage: Stage): Promise<Json> => {
  const input = await newcomer(stage);
  must(await stage.cast.invoke('JoinGroup', input, stage.cast.staff(A, 'hrAdmin')));
  return input;
};
const revoked = async ({ cast }: Stage, { input }: Prepared): Promise<unknown> =>
  must(await cast.invoke('RevokeStaff', { actorTag: input['actorTag'] }, cast.admin(A)));
const left = async ({ cast }: Stage, { input: { actorTag, group } }: Prepared): Promise<unknown> =>
  must(await cast.invoke('LeaveGroup', { actorTag, group }, cast.admin(A)));
const unknownMember = { actorTag: 'nobody' };
const unknownGroup = { group: 'nothing' };

export const membershipStates: States = {
  table: membershipTable,
  legal: [
    'pending join pending',
    'pending appoint active',
    'pending confirm active',
    'pending leave left',
    'active join pending',
    'active appoint active',
    'active leave left',
    'left join pending',
    'left appoint active',
  ],
};

type Samples = AreaFixture<typeof directoryArea>['transactions'];

export const groupSamples = {
  FoundGroup: {
    callers: 'A hrAdmin',
    by: 'hrAdmin',
    everyHospitalForItself: true,
    written: ['group'],
    events: ['GroupFounded'],
    again: { answers: { kind: 'care-team' } },
    prepare: ({ cast }) => ({ input: { group: cast.id('group'), kind: 'care-team' }, as: cast.staff(A, 'hrAdmin') }),
    refusals: [['ALREADY_EXISTS', 'there is another of this name', taken(() => ({ kind: 'ward' }))]],
  },
  JoinGroup: {
    callers: 'A hrAdmin',
    by: 'hrAdmin',
    written: ['staff'],
    events: ['GroupJoined'],
    again: 'acts',
    prepare: async (stage) => ({ input: await newcomer(stage), as: stage.cast.staff(A, 'hrAdmin') }),
    refusals: [
      ['NOT_FOUND', 'there is no such staff entry', changed(unknownMember)],
      ['NOT_FOUND', 'there is no such group', changed(unknownGroup)],
      ['ILLEGAL_STATE', 'the entry is revoked', after(revoked)],
      [
        'LIMIT_REACHED',
        'they belong to 32 others',
        async (stage, valid) => {
          const prepared = await valid.prepare();
          const { cast } = stage;
          const { actorTag } = prepared.input;
          for (let count = 0; count < 32; count += 1)
            must(await cast.invoke('JoinGroup', { actorTag, group: await founded(cast) }, cast.admin(A)));
          return prepared;
        },
      ],
      ['INVALID_REQUEST', 'a turn is at no hour of a clock', async (_stage, valid) => withTurn(await valid.prepare(), { from: '24:00' })],
      ['INVALID_REQUEST', 'a turn is on the eighth day', async (_stage, valid) => withTurn(await valid.prepare(), { days: [8] })],
      ['INVALID_REQUEST', 'a day is named twice', async (_stage, valid) => withTurn(await valid.prepare(), { days: [1, 1] })],
      [
        'INVALID_REQUEST',
        'the offsets reach beyond the end',
        async (stage, valid) => withDuty(await valid.prepare(), { until: stage.cast.instant(-86_400_001) }),
      ],
      ['INVALID_REQUEST', 'the zone is no name', async (_stage, valid) => withDuty(await valid.prepare(), { zone: '../etc' })],
    ],
  },
  ConfirmMembership: {
    callers: 'A hrAdmin',
    by: 'administrator',
    written: ['staff'],
    events: ['MembershipConfirmed'],
    again: { refused: 'ILLEGAL_STATE' },
    prepare: async (stage) => ({ input: await pending(stage), as: stage.cast.admin(A) }),
    refusals: [
      ['NOT_FOUND', 'there is no such staff entry', changed(unknownMember)],
      ['NOT_FOUND', 'they belong to no such group', changed(unknownGroup)],
      ['ILLEGAL_STATE', 'it is confirmed', twice],
      ['ILLEGAL_STATE', 'they have left', after(left)],
      [
        'SECOND_PERSON_NEEDED',
        'who said it confirms it',
        async ({ cast }, valid) => ({ ...(await valid.prepare()), as: cast.staff(A, 'hrAdmin') }),
      ],
      [
        'SECOND_PERSON_NEEDED',
        'the member confirms it',
        async ({ cast }) => {
          const member = await cast.colleague(A, 'hrAdmin');
          const input = { actorTag: member.actorTag, group: await founded(cast) };
          must(await cast.invoke('JoinGroup', input, cast.staff(A, 'hrAdmin')));
          return { input, as: member };
        },
      ],
      [
        'MEMBERSHIP_DIFFERS',
        'on duty always',
        async (_stage, valid) => {
          const { input, ...prepared } = await valid.prepare();
          const { actorTag, group } = input;
          return { ...prepared, input: { actorTag, group } };
        },
      ],
      ['MEMBERSHIP_DIFFERS', 'in other turns', async (_stage, valid) => withTurn(await valid.prepare(), { from: '21:00' })],
      [
        'MEMBERSHIP_DIFFERS',
        'by another clock',
        async ({ cast }, valid) => withDuty(await valid.prepare(), { offsets: [{ from: cast.instant(-86_400_000), minutes: 540 }] }),
      ],
    ],
  },
  LeaveGroup: {
    callers: 'A hrAdmin',
    by: 'hrAdmin',
    written: ['staff'],
    events: ['MembershipEnded'],
    again: { refused: 'ILLEGAL_STATE' },
    prepare: async (stage) => {
      const { actorTag, group } = await pending(stage);
      return { input: { actorTag, group }, as: stage.cast.staff(A, 'hrAdmin') };
    },
    refusals: [
      ['NOT_FOUND', 'there is no such staff entry', changed(unknownMember)],
      ['NOT_FOUND', 'they belong to no such group', changed(unknownGroup)],
      ['ILLEGAL_STATE', 'they have left', twice],
    ],
  },
  ListGroups: {
    callers: 'M',
    by: 'member',
    ...nothing,
    prepare: () => ({ input: { mspId: A, ...page }, as: { kind: 'member', msp: C } }),
    refusals: [],
  },
} as const satisfies Pick<Samples, 'FoundGroup' | 'JoinGroup' | 'ConfirmMembership' | 'LeaveGroup' | 'ListGroups'>;

function withDuty({ input, ...prepared }: Prepared, fields: Json): Prepared {
  return { ...prepared, input: { ...input, duty: { ...(input['duty'] as Json), ...fields } } };
}

function withTurn(prepared: Prepared, fields: Json): Prepared {
  const { turns } = prepared.input['duty'] as { readonly turns: readonly Json[] };
  return withDuty(prepared, { turns: turns.map((turn) => ({ ...turn, ...fields })) });
}
