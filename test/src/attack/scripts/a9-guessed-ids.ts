import { type Attack } from '../attack';
import { play } from '../plays';

/**
 * Row A9: somebody who has nothing to do with a patient asks every question of the catalogue about ids that name something and about ids that name nothing, and
 * compares the bytes of what comes back; of the commands, he has access decided. What other commands refuse is of entries that any member reads by a query or in its peer’s state. `LIANYI_GUESSES=300000` makes the 100 000 guesses of the plan.
 */
export const guessedIds: Attack = {
  id: 'A9',
  title: 'an outsider guesses ids, and tells by the refusals which of them there are',
  defences: [
    {
      file: 'chaincode/src/use-cases/standing.ts',
      name: 'assertConcerns',
      // as one writes it who does not think of it: read, then compare
      body: `const entry = await scope.ledger.pseudonyms.get(pseudonym);
        if (isPatientSide(scope.actor)) asPatientSide(scope.actor, pseudonym);
        else if (entry.mspId !== asStaff(scope.actor).mspId) throw new DomainError('NOT_PERMITTED');`,
    },
  ],
  networks: ['embedded'],
  run: () => play('chaincode', 'guessedIds'),
};
