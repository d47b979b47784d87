import { Scenario } from '../../scenario/scenario';
import { nodeOfA, sendAsStranger } from '../../stalling/strangers';
import { type Attack, type AttackOutcome } from '../attack';

const REQUESTS = 150;

async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-m10');
  try {
    const codes: string[] = [];
    while (codes.length < REQUESTS) codes.push(...(await Promise.all(Array.from({ length: 10 }, () => sendAsStranger(nodeOfA(scenario))))));
    const worked = codes.filter((code) => code !== 'RATE_LIMITED' && code !== 'NODE_BUSY').length;
    return { succeeded: worked === REQUESTS, seen: `peers worked for ${worked} of ${REQUESTS} commands by self-made keys` };
  } finally {
    await scenario.stop();
  }
}

/** Somebody without any registered key has peers and chaincodes endorse as fast as they can send. */
export const selfMadeKeys: Attack = {
  id: 'M10',
  title: 'Strangers make the peers work',
  defences: [{ file: 'application/member-node/src/admission/admission.ts', name: 'Admission.assertKnownSigner', body: '' }],
  networks: ['embedded'],
  run,
};
