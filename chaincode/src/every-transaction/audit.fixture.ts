import { type auditArea } from '@lianyi/domain';
import { type AreaFixture } from './area.fixture';
import { nothing, page } from './sample.fixture';

export const auditFixture = {
  states: {},
  transactions: {
    ListForPatient: {
      callers: 'P',
      forPatient: 'view, staff',
      by: 'patient',
      ...nothing,
      prepare: ({ patient }) => ({ input: { pseudonym: patient.pseudonym, ...page }, as: patient }),
      refusals: [],
    },
    ListOwnersActs: {
      callers: 'P',
      forPatient: 'view, staff',
      by: 'patient',
      ...nothing,
      prepare: ({ patient }) => ({ input: { pseudonym: patient.pseudonym, ...page }, as: patient }),
      refusals: [],
    },
    ListDisclosures: {
      callers: 'P',
      forPatient: 'view, staff',
      by: 'patient',
      ...nothing,
      prepare: ({ patient }) => ({ input: { pseudonym: patient.pseudonym, ...page }, as: patient }),
      refusals: [],
    },
  },
} as const satisfies AreaFixture<typeof auditArea>;
