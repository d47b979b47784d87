import { type governanceArea } from '@lianyi/domain';
import { accessApprovalTable, parameterProposalTable, policiesOf } from '@lianyi/domain/deciding';
import { type AreaFixture, type Prepared } from './area.fixture';
import { A, AUTHORITY, B, C, type Cast, HOSPITALS, must, type Stage } from './cast.fixture';
import { sha256Of } from './consortium.fixture';
import { after, changed, closePseudonym, taken, twice } from './refusal-case.fixture';
import { audit, nothing, page } from './sample.fixture';

type Json = Readonly<Record<string, unknown>>;

/** Default policies: one for every class. */
export const setting = (policy: Parameters<typeof policiesOf>[0]): Json => ({ name: 'default-policies', value: policiesOf(policy) });
const named = { name: 'default-policies', number: 1 };

/** A proposal of an organisation's; answers how it is approved. */
export async function proposeSetting(cast: Cast, msp: string, of = setting('break-glass-only'), number = 1): Promise<Json> {
  const { answer } = must(await cast.invoke('ProposeParameter', { number, setting: of }, cast.admin(msp)));
  return { name: of['name'], number, proposalSha256: answer?.['proposalSha256'] };
}

/** All hospitals agree: three of four members. */
export async function adopt(cast: Cast, of: Json, number = 1): Promise<void> {
  const approval = await proposeSetting(cast, A, of, number);
  for (const msp of HOSPITALS.slice(1)) must(await cast.invoke('ApproveParameter', approval, cast.admin(msp)));
}

/** Two of four have approved it: one more is a majority. */
async function halfApproved({ cast }: Stage): Promise<Prepared> {
  const input = await proposeSetting(cast, C);
  must(await cast.invoke('ApproveParameter', input, cast.admin(AUTHORITY)));
  return { input, as: cast.staff(A, 'orgAdmin') };
}
const lapse = ({ cast }: Stage): Promise<void> => {
  cast.now += 14 * 24 * 60 * 60_000;
  return Promise.resolve();
};
const withdraw = async ({ cast }: Stage): Promise<unknown> => must(await cast.invoke('WithdrawProposal', named, cast.admin(C)));
/** As in a network that is older than the list of its organisations. */
const forgetList = async ({ cast }: Stage): Promise<void> => {
  const key = '\u0000organisationList\u0000all\u0000';
  await cast.state.apply([{ kind: 'delete', space: { kind: 'public' }, key }]);
};

/** A's officer approves that B's clinician reads what is of level 5. */
const approving = ({ cast, patient }: Stage, changes: Json = {}): Prepared => {
  const { msp, actorTag } = cast.staff(B, 'clinician');
  const of = { pseudonym: patient.pseudonym, asker: { mspId: msp, actorTag }, levels: [5], until: cast.instant(86_400_000) };
  return { input: { ...of, previousVersion: 0, ...changes }, as: cast.staff(A, 'privacyOfficer') };
};
const approve = async (stage: Stage): Promise<Prepared> => {
  const { input, as } = approving(stage);
  must(await stage.cast.invoke('ApproveAccess', input, as));
  return { input: { pseudonym: input['pseudonym'], asker: input['asker'] }, as };
};

export const governanceFixture = {
  states: {
    accessApproval: { table: accessApprovalTable, legal: ['given withdraw withdrawn'] },
    parameterProposal: {
      table: parameterProposalTable,
      legal: ['open approve open', 'open adopt adopted', 'open withdraw withdrawn', 'adopted approve adopted'],
    },
  },
  transactions: {
    ProposeParameter: {
      callers: 'A orgAdmin',
      by: 'orgAdmin',
      everyHospitalForItself: true,
      written: ['parameterProposal'],
      events: ['ParameterProposed'],
      again: {
        after: async ({ cast }) => must(await cast.invoke('WithdrawProposal', named, cast.admin(A))),
        answers: { state: 'withdrawn' },
      },
      prepare: ({ cast }) => ({ input: { number: 1, setting: setting('deny-all') }, as: cast.staff(A, 'orgAdmin') }),
      refusals: [
        ['ALREADY_EXISTS', 'the proposal says something else', taken(() => ({ setting: setting('all-normal') }))],
        ['VERSION_CONFLICT', 'there is no proposal before it', changed({ number: 2 })],
        ['ILLEGAL_STATE', 'the own one before is open', taken(() => ({ number: 2 }))],
        ['ILLEGAL_STATE', 'nobody can count the members', after(forgetList)],
        ['INVALID_REQUEST', 'a class has no policy', changed({ setting: { name: 'default-policies', value: { other: 'deny-all' } } })],
        ['INVALID_REQUEST', 'PCF has no such policy', changed({ setting: { ...setting('deny-all'), name: 'default-policy' } })],
      ],
    },
    ApproveParameter: {
      callers: 'A orgAdmin',
      by: 'orgAdmin',
      everyHospitalForItself: true,
      written: ['accessParameter', 'parameterProposal'],
      events: ['ParameterApproved', 'ParameterAdopted'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: halfApproved,
      refusals: [
        ['NOT_FOUND', 'there is none', changed({ number: 2 })],
        ['HASH_MISMATCH', 'it says something else', changed({ proposalSha256: sha256Of('another proposal') })],
        ['ILLEGAL_STATE', 'it is adopted', twice],
        ['ILLEGAL_STATE', 'it is withdrawn', after(withdraw)],
        ['ILLEGAL_STATE', 'it has lapsed', after(lapse)],
        [
          'ILLEGAL_STATE',
          'who proposed it approves it',
          async ({ cast }, valid) => ({ ...(await valid.prepare()), as: cast.staff(C, 'orgAdmin') }),
        ],
      ],
    },
    WithdrawProposal: {
      callers: 'A orgAdmin',
      by: 'orgAdmin',
      written: ['parameterProposal'],
      events: ['ParameterProposalCancelled'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: async ({ cast }) => {
        await proposeSetting(cast, A);
        return { input: named, as: cast.staff(A, 'orgAdmin') };
      },
      refusals: [
        ['NOT_FOUND', 'there is none', changed({ number: 2 })],
        ['ILLEGAL_STATE', 'it is withdrawn', twice],
        [
          'NOT_PERMITTED',
          'another organisation has proposed it',
          async ({ cast }, valid) => ({ ...(await valid.prepare()), as: cast.staff(B, 'orgAdmin') }),
        ],
      ],
    },
    ApproveAccess: {
      callers: 'privacyOfficer recordAdmin',
      by: 'privacyOfficer',
      written: ['accessApproval', audit],
      events: ['AccessApproved'],
      again: {
        after: async ({ cast }, { input: { pseudonym, asker } }) =>
          must(await cast.invoke('WithdrawApproval', { pseudonym, asker }, cast.staff(A, 'recordAdmin'))),
        answers: { state: 'withdrawn' },
      },
      prepare: (stage) => approving(stage),
      refusals: [
        ['NOT_FOUND', 'nobody is known by that tag', changed({ asker: { mspId: B, actorTag: 'nobody' } })],
        ['VERSION_CONFLICT', 'there is an approval', taken(() => ({ levels: [4, 5] }))],
        ['ILLEGAL_STATE', 'the pseudonym is closed', after(closePseudonym)],
        [
          'SECOND_PERSON_NEEDED',
          'somebody approves themself',
          async ({ cast }, valid) => {
            const { input, as } = await valid.prepare();
            return { input: { ...input, asker: { mspId: A, actorTag: cast.staff(A, 'privacyOfficer').actorTag } }, as };
          },
        ],
        ['INVALID_REQUEST', 'it is over already', changed({ until: '2020-01-01T00:00:00.000Z' })],
        ['INVALID_REQUEST', 'it is for longer than 30 days', changed({ until: '2090-01-01T00:00:00.000Z' })],
      ],
    },
    WithdrawApproval: {
      callers: 'privacyOfficer recordAdmin',
      by: 'privacyOfficer',
      written: ['accessApproval', audit],
      events: ['AccessApprovalCancelled'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: approve,
      refusals: [
        ['NOT_FOUND', 'there is none', changed({ asker: { mspId: B, actorTag: 'nobody' } })],
        ['ILLEGAL_STATE', 'it is withdrawn', twice],
      ],
    },
    ListApprovals: {
      callers: 'P privacyOfficer recordAdmin',
      forPatient: 'consents view',
      by: 'privacyOfficer',
      ...nothing,
      prepare: async (stage) => ({ input: { pseudonym: stage.patient.pseudonym, ...page }, as: (await approve(stage)).as }),
      refusals: [],
    },
    GetParameter: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: () => ({ input: { name: 'default-policies' }, as: { kind: 'member', msp: C } }),
      refusals: [],
    },
    ListProposals: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: () => ({ input: { name: 'default-policies', ...page }, as: { kind: 'member', msp: C } }),
      refusals: [],
    },
  },
} as const satisfies AreaFixture<typeof governanceArea>;
