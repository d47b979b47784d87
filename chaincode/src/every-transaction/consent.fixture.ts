import { type consentArea } from '@lianyi/domain';
import { grantTable } from '@lianyi/domain/deciding';
import { type AreaFixture } from './area.fixture';
import { A, B, must } from './cast.fixture';
import { after, changed, manyGrantees, twice } from './refusal-case.fixture';
import { audit, grant, nothing, page } from './sample.fixture';

/** A prohibition for somebody: for nobody, it would only seem to forbid. */
const forbidden = (grantee: object): ReturnType<typeof changed> =>
  changed({ grantee, provisions: [{ provisionId: 'no', effect: 'deny', purposes: 'any' }] });
const ungranted = { grantee: { kind: 'organisation', mspId: B, name: 'all' } };

export const consentFixture = {
  states: { grant: { table: grantTable, legal: ['active amend active', 'active revoke revoked', 'revoked grant active'] } },
  transactions: {
    GrantPolicy: {
      callers: 'P',
      forPatient: 'consents, staff',
      by: 'patient',
      written: ['pseudonym', 'grant', audit],
      events: ['PolicyGranted'],
      again: { refused: 'STALE_KEY' },
      prepare: ({ cast, patient }) => ({
        input: { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit()] },
        as: patient,
      }),
      refusals: [
        ['POLICY_ACTIVE', 'the grantee has a policy', twice],
        ['UNKNOWN_GRANTEE', 'no such organisation', changed({ grantee: { kind: 'organisation', mspId: 'NobodyMSP', name: 'all' } })],
        ['UNKNOWN_GRANTEE', 'no such department', changed({ grantee: { kind: 'department', mspId: B, name: 'cardiolgy' } })],
        [
          'UNKNOWN_GRANTEE',
          'a department of another hospital',
          changed({ grantee: { kind: 'department', mspId: 'AuthorityMSP', name: 'x' } }),
        ],
        ['UNKNOWN_GRANTEE', 'nobody of that tag', changed({ grantee: { kind: 'person', mspId: B, name: 'nobody' } })],
        ['UNKNOWN_GRANTEE', 'a role that a hospital has not', changed({ grantee: { kind: 'role', mspId: B, name: 'regulator' } })],
        [
          'UNKNOWN_GRANTEE',
          'no such organisation, to be forbidden',
          forbidden({ kind: 'organisation', mspId: 'HospitalBMPS', name: 'all' }),
        ],
        ['UNKNOWN_GRANTEE', 'no such department, to be forbidden', forbidden({ kind: 'department', mspId: B, name: 'Cardiology' })],
        ['UNKNOWN_GRANTEE', 'no such group, to be forbidden', forbidden({ kind: 'group', mspId: B, name: 'night-team' })],
        ['UNKNOWN_GRANTEE', 'nobody of that tag, to be forbidden', forbidden({ kind: 'person', mspId: B, name: 'nobody' })],
        ['LIMIT_REACHED', 'the patient has 256 grantees', after(({ cast, patient }) => manyGrantees(cast, patient.pseudonym, 256))],
      ],
    },
    AmendPolicy: {
      callers: 'P',
      forPatient: 'consents',
      by: 'patient',
      written: ['pseudonym', 'grant', 'replacedGrant', audit],
      events: ['PolicyAmended'],
      again: { refused: 'STALE_KEY' },
      prepare: async (stage) => {
        const { cast, patient } = stage;
        await grant(stage, cast.cardiologyOf(B));
        return {
          input: { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), previousVersion: 1, provisions: [cast.permit()] },
          as: patient,
        };
      },
      refusals: [
        ['NOT_FOUND', 'there is none', changed(ungranted)],
        ['VERSION_CONFLICT', 'it has been amended meanwhile', twice],
        [
          'ILLEGAL_STATE',
          'it is revoked',
          after(async ({ cast, patient }, { input }) =>
            must(
              await cast.invoke('RevokePolicy', { pseudonym: patient.pseudonym, grantee: input['grantee'], previousVersion: 1 }, patient),
            ),
          ),
        ],
      ],
    },
    RevokePolicy: {
      callers: 'P',
      forPatient: 'consents, staff',
      by: 'patient',
      written: ['pseudonym', 'grant', 'replacedGrant', audit],
      events: ['PolicyRevoked'],
      again: { refused: 'STALE_KEY' },
      prepare: async (stage) => {
        const { cast, patient } = stage;
        await grant(stage, cast.cardiologyOf(B));
        return { input: { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), previousVersion: 1 }, as: patient };
      },
      refusals: [
        ['NOT_FOUND', 'there is none', changed(ungranted)],
        ['ILLEGAL_STATE', 'it is revoked', twice],
        ['VERSION_CONFLICT', 'another version is meant', changed({ previousVersion: 9 })],
      ],
    },
    GetPolicy: {
      callers: 'P registrar recordAdmin keyService privacyOfficer',
      forPatient: 'consents view',
      by: 'registrar',
      ...nothing,
      prepare: async (stage) => {
        const { cast, patient } = stage;
        await grant(stage, cast.cardiologyOf(B));
        return { input: { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B) }, as: cast.staff(A, 'registrar') };
      },
      refusals: [['NOT_FOUND', 'there is none', changed(ungranted)]],
    },
    ListPolicyVersions: {
      callers: 'P registrar recordAdmin keyService privacyOfficer',
      forPatient: 'consents view',
      by: 'registrar',
      ...nothing,
      prepare: async (stage) => {
        const { cast, patient } = stage;
        await grant(stage, cast.cardiologyOf(B));
        return { input: { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), ...page }, as: cast.staff(A, 'registrar') };
      },
      refusals: [],
    },
    ListPolicies: {
      callers: 'P',
      forPatient: 'consents view, staff',
      by: 'patient',
      ...nothing,
      prepare: ({ patient }) => ({ input: { pseudonym: patient.pseudonym, ...page }, as: patient }),
      refusals: [],
    },
  },
} as const satisfies AreaFixture<typeof consentArea>;
