import { type Attack } from '../attack';
import { play } from '../plays';

/**
 * Row A7 of the plan, its first half: every role asks in every purpose and department for the record of a patient whom it has nothing to do with, and has A’s
 * key service asked for the key of what was denied. The other half, emergencies without end, is E1.
 */
export const unrelatedPatients: Attack = {
  id: 'A7',
  title: 'a clinician reads patients whom they have nothing to do with, or nothing any more',
  defences: [
    { file: 'domain/src/relationship/kinds.ts', name: 'readsByDefault', body: 'return true;' },
    { file: 'domain/src/relationship/relationship.ts', name: 'readingExtent', body: "return 'granted-and-default';" },
  ],
  networks: ['embedded'],
  run: () => play('chaincode', 'unrelatedPatients'),
};
