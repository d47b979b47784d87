import { newRequest, transactions } from '@lianyi/domain';
import { outcomeOf, Scenario } from '../../scenario/scenario';
import { hireRoster } from '../../scenario/roster';
import { PatientCase, permission } from '../../scenario/patient-case';
import { type Attack, type AttackOutcome } from '../attack';

/** A user of hospital B, with a certificate that is no member node's, commits a patient's command past B's node. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-l7');
  try {
    const known = await PatientCase.related(scenario, await hireRoster(scenario));
    const { pseudonym, cardiology: grantee } = known;
    const input = { pseudonym, grantee, provisions: [permission()] };
    const proof = await known.patient.sign(transactions.GrantPolicy, input);
    const ledger = await scenario.ledger(scenario.b, 'User1');
    const end = await outcomeOf(ledger.submit(newRequest(transactions.GrantPolicy, input, { proof })));
    return { succeeded: end === 'ok', seen: end === 'ok' ? 'a user’s certificate wrote a consent' : `refused: ${end}` };
  } finally {
    await scenario.stop();
  }
}

export const anyCertificateCarries: Attack = {
  id: 'L7',
  title: 'a member’s client that is no node carries a patient’s command',
  defences: [{ file: 'chaincode/src/dispatch/resolve-actor.ts', name: 'assertMayCarry', body: '' }],
  networks: ['embedded', 'fabric'],
  run,
};
