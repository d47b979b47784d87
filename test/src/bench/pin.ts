/**
 * `npm run bench:pin`, LIANYI_NETWORK=fabric for real Fabric: how long somebody who comes back by a PIN waits, from the typed PIN to the seed: a
 * guess committed, and answers of as many hospitals as it takes, each checked. What the bar is for is the p95; beside it, until it is committed that
 * the guess was right, which nobody waits for.
 */
import { dealPin, guessPin } from '@lianyi/client/pins';
import { instantOf, mspIdSchema, newRequest, pseudonymSchema, transactions } from '@lianyi/domain';
import { PatientCase } from '../scenario/patient-case';
import { hireRoster } from '../scenario/roster';
import { networkKind, Scenario } from '../scenario/scenario';
import { describeMachine, rank } from './figures';

const ROUNDS = 40;
/** Runs of the first use of code and connections, which are not counted. */
const WARM_UP = 3;
const BAR_MILLIS = 2_000;
const PIN = '271828';
const SEED = new Uint8Array(32).fill(9);

async function main(): Promise<void> {
  const { cores, cpu, loadBefore, node } = describeMachine();
  process.stdout.write(`${networkKind}; ${cores} × ${cpu}, Node ${node}; load average before: ${loadBefore}; ${ROUNDS} recoveries\n`);
  const scenario = await Scenario.start('bench-pin');
  try {
    const known = await PatientCase.related(scenario, await hireRoster(scenario));
    const { client } = known.staff.cardiologistB;
    const { items } = await client.ledger.evaluate(newRequest(transactions.ListOrganisations, { limit: 100 }));
    const hospitals = new Set(scenario.hospitals.map(({ member }) => mspIdSchema.parse(member.mspId)));
    const { code, input } = await dealPin(
      scenario.network,
      { pseudonym: pseudonymSchema.parse(known.pseudonym), seed: SEED, pin: PIN },
      items.filter(({ mspId }) => hospitals.has(mspId)),
    );
    await known.command(transactions.StorePin, input, 'PinStored');
    const asking = { network: scenario.network, ledger: client.ledger, node: client.api, now: () => instantOf(Date.now()) };
    const millis: number[] = [];
    const confirmed: number[] = [];
    for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
      await scenario.catchUp(scenario.b);
      const begun = performance.now();
      const guessed = await guessPin({ pin: PIN, code }, asking);
      const came = performance.now() - begun;
      const unconfirmed = await guessed.unconfirmed;
      if (unconfirmed !== undefined) throw new Error(`not confirmed: ${unconfirmed}`);
      if (round < WARM_UP) continue;
      millis.push(came);
      confirmed.push(performance.now() - begun);
    }
    process.stdout.write(
      `the seed: median ${rank(millis, 0.5).toFixed(0)} ms, p95 ${rank(millis, 0.95).toFixed(0)} ms; bar ${BAR_MILLIS} ms\n`,
    );
    process.stdout.write(`confirmed: median ${rank(confirmed, 0.5).toFixed(0)} ms, p95 ${rank(confirmed, 0.95).toFixed(0)} ms\n`);
    process.exitCode = rank(millis, 0.95) <= BAR_MILLIS ? 0 : 1;
  } finally {
    await scenario.stop();
  }
}

void main();
