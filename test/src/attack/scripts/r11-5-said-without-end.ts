import { newSalt } from '@lianyi/client';
import { confirmRecovery, encodeBase64url, openByRegistrar, reProofingCommitment, saltSchema, sha256 } from '@lianyi/domain';
import { type Attack, type AttackOutcome } from '../attack';
import { type Hired } from '../hospital-in-memory';
import { RecoveryInMemory } from '../recovery-in-memory';
import { refusedWith } from '../staff';

const ROUNDS = 10;

/**
 * A registrar of A who lies has opened a case, and two of C confirm it in turns, by the chaincode's rule: each confirmation writes the case, so
 * that a veto of the old key that was endorsed before it is in vain. At last a registrar of B, who is nobody's accomplice, says it once more.
 */
async function run(): Promise<AttackOutcome> {
  const { hospital, thief } = await RecoveryInMemory.start();
  try {
    const evidence = reProofingCommitment(thief.draft, { shown: 'a passport', salt: saltSchema.parse(encodeBase64url(newSalt())) });
    const { reference: actor } = await hospital.hire('a', 'registrar');
    let recovery = openByRegistrar(thief.draft, evidence, undefined, {
      now: hospital.at(),
      origin: { requestHash: sha256('a request'), actor },
      leastCoolingOffMinutes: 1,
    });
    const isHeard = async ({ reference }: Hired): Promise<boolean> => {
      const confirmed = Promise.resolve().then(() => {
        recovery = confirmRecovery(recovery, reference, evidence, hospital.at());
      });
      return (await refusedWith(confirmed)) === undefined;
    };
    const [one, other] = [await hospital.hire('c', 'registrar'), await hospital.hire('c', 'registrar')];
    let written = 0;
    for (let round = 0; round < ROUNDS; round += 1) if (await isHeard(round % 2 === 0 ? one : other)) written += 1;
    const isOtherHeard = await isHeard(await hospital.hire('b', 'registrar'));
    return {
      succeeded: written > 2 || !isOtherHeard,
      seen: `two of C have written the case ${written} times of ${ROUNDS}; B is ${isOtherHeard ? '' : 'not '}heard`,
    };
  } finally {
    await hospital.close();
  }
}

export const saidWithoutEnd: Attack = {
  id: 'R11-5',
  title: 'two of one hospital say what was said once more in turns, without end, and write what the patient’s refusal has to read',
  defences: [
    {
      file: 'domain/src/state-table.ts',
      name: 'saidOnceMore',
      body: 'return first === undefined ? { first: by, again } : { first, again: [...again, by] };',
    },
  ],
  networks: ['embedded'],
  run,
};
