import { type recoveryArea } from '@lianyi/domain';
import { type AreaFixture } from './area.fixture';
import { B, C, LEAST_COOLING_OFF_MINUTES } from './cast.fixture';
import { type Guardian, newKey, sha256Of } from './consortium.fixture';
import { changed } from './refusal-case.fixture';
import { audit, nothing } from './sample.fixture';

/** Who vouches for a patient. */
export const guardianTransactions = {
  SetGuardians: {
    callers: 'P',
    forPatient: '-',
    by: 'patient',
    written: ['pseudonym', 'guardianSet', audit],
    events: ['GuardiansChanged'],
    again: { refused: 'STALE_KEY' },
    prepare: ({ cast, patient }) => {
      const named = [newKey(), newKey()].map((key): Guardian => ({ kind: 'guardian', pseudonym: patient.pseudonym, carrier: B, key }));
      return { input: cast.guardiansInput(patient, named), as: patient };
    },
    refusals: [
      ['GUARDIAN_THRESHOLD', 'one guardian alone would be enough', changed({ threshold: 1 })],
      ['GUARDIAN_THRESHOLD', 'more would be needed than there are', changed({ threshold: 3 })],
      ['GUARDIAN_THRESHOLD', 'nobody is named and somebody is needed', changed({ guardians: [], threshold: 2 })],
      ['GUARDIAN_THRESHOLD', 'somebody is named and nobody is needed', changed({ threshold: 0 })],
      ['INVALID_REQUEST', 'one guardian is named twice', changed({ guardians: [sha256Of('one'), sha256Of('one')] })],
      ['INVALID_REQUEST', 'there are more than seven', changed({ guardians: ['1', '2', '3', '4', '5', '6', '7', '8'].map(sha256Of) })],
      [
        'COOLING_OFF_TOO_SHORT',
        'the old key could veto for a minute less than the members have agreed on',
        changed({ coolingOffMinutes: LEAST_COOLING_OFF_MINUTES - 1 }),
      ],
      ['COOLING_OFF_TOO_SHORT', 'the old key could veto for a minute', changed({ coolingOffMinutes: 1 })],
      ['INVALID_REQUEST', 'the old key could veto for no minute', changed({ coolingOffMinutes: 0 })],
      ['INVALID_REQUEST', 'the old key could veto for more than thirty days', changed({ coolingOffMinutes: 43_201 })],
    ],
  },
  GetGuardians: {
    callers: 'M',
    by: 'member',
    ...nothing,
    prepare: async ({ cast, patient }) => {
      await cast.nameGuardians(patient);
      return { input: { pseudonym: patient.pseudonym }, as: { kind: 'member', msp: C } };
    },
    refusals: [['NOT_FOUND', 'the patient has named nobody', changed({ pseudonym: 'nobody' })]],
  },
} as const satisfies Partial<AreaFixture<typeof recoveryArea>['transactions']>;
