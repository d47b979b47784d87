import { type delegationArea, delegationTable } from '@lianyi/domain';
import { type AreaFixture, type Prepared } from './area.fixture';
import { A, C, must, type Stage } from './cast.fixture';
import { newKey, sha256Of } from './consortium.fixture';
import { after, changed, twice } from './refusal-case.fixture';
import { audit, nothing, page } from './sample.fixture';

const keyOf = ({ input }: Pick<Prepared, 'input'>): Prepared['input'] => ({
  pseudonym: input['pseudonym'],
  delegationId: input['delegationId'],
});
const appointed = async ({ cast, patient }: Stage): Promise<Prepared> => {
  const { input } = cast.delegation(patient);
  must(await cast.invoke('AppointDelegate', input, patient));
  return { input: keyOf({ input }), as: patient };
};
/** A parent's, for a child of A who has no wallet. */
const parents = async ({ cast }: Stage): Promise<Prepared> => {
  const { input } = cast.delegation(await cast.newPatient(A, 'assisted'), { evidence: sha256Of('birth certificate') });
  return { input, as: cast.staff(A, 'registrar') };
};
const proposed = async (stage: Stage): Promise<Prepared> => {
  const { input, as } = await parents(stage);
  must(await stage.cast.invoke('ProposeDelegation', input, as));
  return { input, as: await stage.cast.colleague(A, 'registrar') };
};
const noSuch = { delegationId: 'nothing' };

export const delegationFixture = {
  states: {
    delegation: {
      table: delegationTable,
      legal: ['proposed confirm active', 'proposed end ended', 'active confirm active', 'active end ended'],
    },
  },
  transactions: {
    AppointDelegate: {
      callers: 'P',
      forPatient: '-',
      by: 'patient',
      written: ['pseudonym', 'delegation', audit],
      events: ['DelegateAppointed'],
      again: { refused: 'STALE_KEY' },
      prepare: ({ cast, patient }) => ({ input: cast.delegation(patient).input, as: patient }),
      refusals: [
        ['ALREADY_EXISTS', 'the patient has appointed them already', twice],
        ['ID_MISMATCH', 'the id was made for another key', changed({ nextKeyHash: newKey().hash })],
        [
          'ID_MISMATCH',
          'the id was made for another patient',
          async ({ cast, patient }) => ({
            input: { ...cast.delegation(await cast.newPatient()).input, pseudonym: patient.pseudonym },
            as: patient,
          }),
        ],
        [
          'DELEGATION_TERM',
          'it would be over',
          ({ cast, patient }) => ({
            input: cast.delegation(patient, { validUntil: cast.instant() }).input,
            as: patient,
          }),
        ],
        [
          'DELEGATION_TERM',
          'it would last for more than five years',
          ({ cast, patient }) => ({
            input: cast.delegation(patient, { validUntil: cast.instant(1_827 * 86_400_000 + 1) }).input,
            as: patient,
          }),
        ],
      ],
    },
    ProposeDelegation: {
      callers: 'registrar',
      by: 'registrar',
      written: ['delegation', audit],
      events: ['DelegationProposed'],
      again: { answers: { state: 'proposed' } },
      prepare: parents,
      refusals: [
        [
          'ALREADY_EXISTS',
          'a colleague has proposed it',
          async (stage, valid) => {
            const { input, as } = await valid.prepare();
            must(await stage.cast.invoke('ProposeDelegation', input, as));
            return { input, as: await stage.cast.colleague(A, 'registrar') };
          },
        ],
        ['ID_MISMATCH', 'the id was made for another key', changed({ nextKeyHash: newKey().hash })],
        [
          'NOT_FOUND',
          'there is no such patient',
          ({ cast }) => ({
            input: { ...cast.delegation({ pseudonym: 'nobody', carrier: A }).input, evidence: sha256Of('anything') },
            as: cast.staff(A, 'registrar'),
          }),
        ],
        [
          'ILLEGAL_STATE',
          'the patient has a wallet',
          ({ cast, patient }) => ({
            input: { ...cast.delegation(patient).input, evidence: sha256Of('anything') },
            as: cast.staff(A, 'registrar'),
          }),
        ],
        [
          'DELEGATION_TERM',
          'it would last for more than a year and a day',
          async ({ cast }) => ({
            input: {
              ...cast.delegation(await cast.newPatient(A, 'assisted'), { validUntil: cast.instant(366 * 86_400_000 + 1) }).input,
              evidence: sha256Of('anything'),
            },
            as: cast.staff(A, 'registrar'),
          }),
        ],
      ],
    },
    ConfirmDelegation: {
      callers: 'registrar',
      by: 'registrar',
      written: ['delegation', audit],
      events: ['DelegationConfirmed'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: proposed,
      refusals: [
        ['NOT_FOUND', 'there is none', changed(noSuch)],
        ['ILLEGAL_STATE', 'it is confirmed', twice],
        [
          'ILLEGAL_STATE',
          'a colleague has confirmed it, and it is a parent’s',
          async (stage, valid) => {
            const { input, as } = await valid.prepare();
            must(await stage.cast.invoke('ConfirmDelegation', input, as));
            return { input, as: await stage.cast.colleague(A, 'registrar') };
          },
        ],
        [
          'ILLEGAL_STATE',
          'it has ended',
          after(async ({ cast }, { input }) => must(await cast.invoke('EndDelegation', keyOf({ input }), cast.staff(A, 'registrar')))),
        ],
        [
          'ILLEGAL_STATE',
          'the patient has taken the pseudonym over',
          after(async ({ cast }, { input }) =>
            must(await cast.invoke('TakeOverPseudonym', { pseudonym: input['pseudonym'] }, cast.patientOf(input['pseudonym']))),
          ),
        ],
        [
          'SECOND_PERSON_NEEDED',
          'by who has proposed it',
          async (stage, valid) => ({ ...(await valid.prepare()), as: stage.cast.staff(A, 'registrar') }),
        ],
        ['HASH_MISMATCH', 'who confirms was shown something else', changed({ evidence: sha256Of('another certificate') })],
        ['DELEGATION_DIFFERS', 'who confirms was shown fewer scopes', changed({ scopes: ['view'] })],
        ['DELEGATION_DIFFERS', 'who confirms was shown an earlier end', changed({ validUntil: '2026-01-01T00:00:00.000Z' })],
        ['DELEGATION_DIFFERS', 'who confirms was shown another right', changed({ basis: 'court' })],
        ['DELEGATION_DIFFERS', 'who confirms was shown another key', changed({ nextKeyHash: newKey().hash })],
        ['DELEGATION_DIFFERS', 'who confirms was shown another offer', changed({ nonce: `${'B'.repeat(21)}A` })],
        [
          'DELEGATION_NOT_IN_FORCE',
          'its time is over',
          after(({ cast }) => {
            cast.now += 86_400_000;
            return Promise.resolve();
          }),
        ],
      ],
    },
    EndDelegation: {
      callers: 'P registrar',
      forPatient: 'own',
      by: 'patient',
      written: ['pseudonym', 'delegation', audit],
      events: ['DelegationEnded'],
      again: { refused: 'STALE_KEY' },
      prepare: appointed,
      refusals: [
        ['NOT_FOUND', 'there is none', changed(noSuch)],
        ['ILLEGAL_STATE', 'it has ended', twice],
      ],
    },
    GetDelegation: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async (stage) => ({ ...(await appointed(stage)), as: { kind: 'member', msp: C } }),
      refusals: [['NOT_FOUND', 'there is none', changed(noSuch)]],
    },
    ListDelegations: {
      callers: 'P registrar',
      forPatient: 'view',
      by: 'registrar',
      ...nothing,
      prepare: async (stage) => {
        await appointed(stage);
        return { input: { pseudonym: stage.patient.pseudonym, ...page }, as: stage.cast.staff(A, 'registrar') };
      },
      refusals: [],
    },
  },
} as const satisfies AreaFixture<typeof delegationArea>;
