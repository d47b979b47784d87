import fc from 'fast-check';
import { DomainError } from '../domain-error';
import { type PseudonymEntry } from '../registrar/entities';
import { withGrantee } from './grant';

/** As much of an entry as the rule reads. */
const NOBODY = {} as PseudonymEntry;
const [PERMIT, DENY] = [[{ effect: 'permit' }], [{ effect: 'deny' }]] as const;
type First = typeof PERMIT | typeof DENY;

/** The entry after as many grants as go through. */
function granted(entry: PseudonymEntry, times: number, first: First, isPatient: boolean): { entry: PseudonymEntry; count: number } {
  for (let count = 0; count < times; count += 1) {
    try {
      entry = withGrantee(entry, first, isPatient);
    } catch (error) {
      expect(error).toBeInstanceOf(DomainError);
      return { entry, count };
    }
  }
  return { entry, count: times };
}

const byOthers = fc.array(fc.record({ first: fc.constantFrom<First>(PERMIT, DENY), times: fc.nat({ max: 700 }) }), { maxLength: 6 });

describe('the places for grantees', () => {
  it('of a patient are there whatever those who act for the patient have filled: 256 for permits, 1,024 in all', () => {
    fc.assert(
      fc.property(byOthers, (runs) => {
        const filled = runs.reduce((entry, { first, times }) => granted(entry, times, first, false).entry, NOBODY);
        const permitted = granted(filled, 2_000, PERMIT, true);
        expect(permitted.count).toBe(256);
        expect(granted(permitted.entry, 2_000, DENY, true).count).toBe(1_024 - 256);
      }),
      { numRuns: 40, examples: [[[{ first: DENY, times: 512 }]], [[{ first: DENY, times: 256 }]], [[{ first: PERMIT, times: 128 }]]] },
    );
  });

  it('of those who act for a patient are 128 for permits and 512 in all, whatever the patient and they have filled', () => {
    fc.assert(
      fc.property(byOthers, fc.nat({ max: 1_100 }), (runs, own) => {
        const start = granted(NOBODY, own, DENY, true).entry;
        const filled = runs.reduce((entry, { first, times }) => granted(entry, times, first, false).entry, start);
        const all = granted(granted(filled, 2_000, PERMIT, false).entry, 2_000, DENY, false).entry;
        expect(all.granteesByOthers).toBe(512);
        expect(all.grantees).toBe(512 + Math.min(own, 1_024));
      }),
      { numRuns: 40 },
    );
  });
});
