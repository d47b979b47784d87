import { type directoryArea, staffTable } from '@lianyi/domain';
import { type AreaFixture, type Prepared } from './area.fixture';
import { A, C, LEAST_COOLING_OFF_MINUTES, must, type Stage } from './cast.fixture';
import { groupSamples, membershipStates } from './group.fixture';
import { newKey, sha256Of } from './consortium.fixture';
import { after, changed, seventeenthEndpoint, taken, twice, unknownTag } from './refusal-case.fixture';
import { nothing, page } from './sample.fixture';

const suspendOrganisation = async ({ cast }: Stage, { as }: Prepared): Promise<void> => {
  // no transaction of this release suspends one
  const msp = as.kind === 'administrator' ? as.msp : '';
  const [key, text] = [...cast.state.dump({ kind: 'public' })].find(([at]) => at.startsWith(`\u0000organisation\u0000${msp}`)) ?? ['', ''];
  const value = Buffer.from(text.replace('"status":"active"', '"status":"suspended"'));
  await cast.state.apply([{ kind: 'put', space: { kind: 'public' }, key, value }]);
};

export const directoryFixture = {
  states: {
    staff: {
      table: staffTable,
      legal: [
        'pending confirm active',
        'pending updateDuty pending',
        'pending revoke revoked',
        'active updateDuty active',
        'active revoke revoked',
      ],
    },
    membership: membershipStates,
  },
  transactions: {
    ...groupSamples,
    RegisterOrganisation: {
      callers: 'A',
      by: 'administrator',
      written: ['organisation', 'organisationList'],
      events: ['OrganisationRegistered'],
      again: { after: suspendOrganisation, answers: { status: 'suspended' } },
      prepare: ({ cast }) => ({
        input: {
          kinds: ['hospital'],
          genesis: cast.genesis,
          encapsulationKeys: [{ epoch: 1, publicKey: newKey().publicKey }],
          leastCoolingOffMinutes: LEAST_COOLING_OFF_MINUTES,
        },
        as: cast.admin('DeltaMSP'),
      }),
      refusals: [
        ['ALREADY_EXISTS', 'it is registered with other keys', taken(() => ({ kinds: ['laboratory'] }))],
        ['GENESIS_MISMATCH', 'it stands in front of another network', changed({ genesis: sha256Of('another block 0') })],
        ['COOLING_OFF_DIFFERS', 'it would leave the old key less time', changed({ leastCoolingOffMinutes: LEAST_COOLING_OFF_MINUTES - 1 })],
        ['COOLING_OFF_DIFFERS', 'it would leave the old key more time', changed({ leastCoolingOffMinutes: LEAST_COOLING_OFF_MINUTES + 1 })],
        ['COOLING_OFF_DIFFERS', 'it states no time, which means a week', changed({ leastCoolingOffMinutes: undefined })],
        ['INVALID_REQUEST', 'it states no minute', changed({ leastCoolingOffMinutes: 0 })],
        ['INVALID_REQUEST', 'it states more than a patient may choose', changed({ leastCoolingOffMinutes: 43_201 })],
      ],
    },
    UpdateEndpoint: {
      callers: 'A orgAdmin',
      by: 'orgAdmin',
      everyHospitalForItself: true,
      written: ['endpoint'],
      events: ['EndpointUpdated'],
      again: 'acts',
      prepare: ({ cast }) => ({ input: { ...cast.endpointInput(A), port: 9_999 }, as: cast.staff(A, 'orgAdmin') }),
      refusals: [['LIMIT_REACHED', 'the organisation has sixteen others', seventeenthEndpoint]],
    },
    RegisterStaff: {
      callers: 'A hrAdmin',
      by: 'hrAdmin',
      everyHospitalForItself: true,
      written: ['staff', 'staffKey'],
      events: ['StaffRegistered'],
      again: {
        after: async ({ cast }, { input }) => must(await cast.invoke('RevokeStaff', { actorTag: input['actorTag'] }, cast.admin(A))),
        answers: { state: 'revoked' },
      },
      prepare: ({ cast }) => ({ input: cast.staffInput(['nurse']).input, as: cast.staff(A, 'hrAdmin') }),
      refusals: [
        ['NOT_PERMITTED', 'staff would make a key service', changed({ roles: ['keyService'] })],
        ['NOT_PERMITTED', 'staff would make their like', changed({ roles: ['nurse', 'hrAdmin'] })],
        ['ALREADY_EXISTS', 'the tag is taken', taken(() => ({ publicKeyHash: newKey().hash }))],
        ['ROLE_NOT_ASSERTABLE', 'a hospital asserts a regulator', changed({ roles: ['clinician', 'regulator'] })],
        ['STAFF_KEY_TAKEN', 'the key has an entry under another tag', taken((cast) => ({ actorTag: cast.id('tag') }))],
      ],
    },
    ConfirmStaff: {
      callers: 'A hrAdmin',
      by: 'administrator',
      written: ['staff'],
      events: ['StaffConfirmed'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: async ({ cast }) => {
        const { input } = cast.staffInput(['clinician', 'nurse']);
        must(await cast.invoke('RegisterStaff', input, cast.staff(A, 'hrAdmin')));
        const { actorTag, roles, departments, publicKeyHash } = input;
        return { input: { actorTag, roles, departments, publicKeyHash }, as: cast.admin(A) };
      },
      refusals: [
        ['NOT_FOUND', 'there is no such entry', changed(unknownTag)],
        ['ILLEGAL_STATE', 'it is confirmed', twice],
        [
          'SECOND_PERSON_NEEDED',
          'who made it confirms it',
          async ({ cast }, valid) => ({ ...(await valid.prepare()), as: cast.staff(A, 'hrAdmin') }),
        ],
        ['STAFF_ENTRY_DIFFERS', 'it names another key', changed({ publicKeyHash: newKey().hash })],
        ['STAFF_ENTRY_DIFFERS', 'it names another role', changed({ roles: ['clinician', 'lab'] })],
        ['STAFF_ENTRY_DIFFERS', 'it names a further department', changed({ departments: [] })],
      ],
    },
    UpdateStaffDuty: {
      callers: 'A hrAdmin',
      by: 'hrAdmin',
      written: ['staff'],
      events: ['StaffDutyUpdated'],
      again: 'acts',
      prepare: ({ cast }) => ({
        input: { actorTag: cast.staff(A, 'nurse').actorTag, dutyWindows: [{ from: cast.instant(), until: cast.instant(3_600_000) }] },
        as: cast.staff(A, 'hrAdmin'),
      }),
      refusals: [
        ['NOT_FOUND', 'there is no such entry', changed(unknownTag)],
        [
          'ILLEGAL_STATE',
          'it is revoked',
          after(async ({ cast }, { input }) => must(await cast.invoke('RevokeStaff', { actorTag: input['actorTag'] }, cast.admin(A)))),
        ],
      ],
    },
    RevokeStaff: {
      callers: 'A hrAdmin',
      by: 'hrAdmin',
      written: ['staff'],
      events: ['StaffRevoked'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: ({ cast }) => ({ input: { actorTag: cast.staff(A, 'nurse').actorTag }, as: cast.staff(A, 'hrAdmin') }),
      refusals: [
        ['NOT_FOUND', 'there is no such entry', changed(unknownTag)],
        ['ILLEGAL_STATE', 'it is revoked', twice],
      ],
    },
    GetOrganisation: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: () => ({ input: { mspId: A }, as: { kind: 'member', msp: C } }),
      refusals: [['NOT_FOUND', 'there is none', changed({ mspId: 'NobodyMSP' })]],
    },
    ListOrganisations: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: () => ({ input: page, as: { kind: 'member', msp: C } }),
      refusals: [],
    },
    ListEndpoints: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: () => ({ input: { mspId: A, ...page }, as: { kind: 'member', msp: C } }),
      refusals: [],
    },
    GetStaff: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: ({ cast }) => ({ input: { mspId: A, actorTag: cast.staff(A, 'nurse').actorTag }, as: { kind: 'member', msp: C } }),
      refusals: [['NOT_FOUND', 'there is no such entry', changed(unknownTag)]],
    },
    ListStaff: {
      callers: 'A hrAdmin orgAdmin privacyOfficer',
      by: 'hrAdmin',
      everyHospitalForItself: true,
      ...nothing,
      prepare: ({ cast }) => ({ input: page, as: cast.staff(A, 'hrAdmin') }),
      refusals: [],
    },
  },
} as const satisfies AreaFixture<typeof directoryArea>;
