import { transactions } from '@lianyi/domain';
import { carry } from '../../scenario/carry';
import { outcomeOf, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';

/** Whoever has printed or photographed a receipt asks with its code who reads what of the patient; nothing is used up and nobody sees it. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-r5-3');
  try {
    const { a } = scenario;
    const registrar = await scenario.hire(a, 'registrar');
    // the key of a hand-over code is the first of the pseudonym
    const receipt = scenario.newPatient(a);
    const { pseudonym } = receipt;
    const by = { sign: registrar.sign };
    await carry(registrar.client, transactions.RegisterPatient, { ...receipt.registration, kind: 'assisted' }, by);
    await carry(registrar.client, transactions.ProposeRelationship, { pseudonym, type: 'care' }, by);
    const end = await outcomeOf(carry(scenario.client(a), transactions.ListForPatient, { pseudonym, limit: 10 }, { sign: receipt.sign }));
    return { succeeded: end === 'ok', seen: end === 'ok' ? 'the patient’s audit was read with the code' : `refused: ${end}` };
  } finally {
    await scenario.stop();
  }
}

export const codeThatAsks: Attack = {
  id: 'R5-3',
  title: 'Who has seen a hand-over code reads the patient’s audit with it, unnoticed',
  defences: [{ file: 'domain/src/proof/check-proof.ts', name: 'assertOnlyTakesOver', body: '' }],
  networks: ['embedded'],
  run,
};
