import { type delegationArea, delegationTable } from '@lianyi/domain';
import { type AreaFixture, type Prepared } from './area.fixture';
import { A, C, must, type Stage } from './cast.fixture';
import { newKey } from './consortium.fixture';
import { changed, twice } from './refusal-case.fixture';
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
const noSuch = { delegationId: 'nothing' };

export const delegationFixture = {
  states: {
    delegation: { table: delegationTable, legal: ['proposed confirm active', 'proposed end ended', 'active end ended'] },
  },
  transactions: {
    AppointDelegate: {
      callers: 'P',
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
    EndDelegation: {
      callers: 'P registrar',
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
