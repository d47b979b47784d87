/**
 * `npm run bench:linkage -- [PATIENTS]`: an attack on what the ledger of synthetic patients at three hospitals shows to a member. Fails if ids, keys,
 * hashes, signatures or sizes tell whose pseudonyms and summary slots are one patient's. What time alone tells is printed beside it and
 * fails nothing: nobody hides when something was written.
 */
import { describeMachine } from './figures';
import { experiment } from './linkage/experiment';
import { networkKind, Scenario } from '../scenario/scenario';

const PATIENTS = 1_000;
const BAR = 0.01;
const STEP = 100;

async function main(): Promise<void> {
  const patients = Number(process.argv[2] ?? PATIENTS);
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const { cpu, cores, loadBefore } = describeMachine();
  say(`${cpu}, ${cores} cores, load ${loadBefore}; ${networkKind} network; ${patients} patients at three hospitals`);
  const begun = performance.now();
  const scenario = await Scenario.start('bench-linkage');
  try {
    const found = await experiment(scenario, patients, (visits) => {
      if (visits % STEP === 0) process.stderr.write(`${visits} visits, ${((performance.now() - begun) / 1_000).toFixed(0)} s\n`);
    });
    say(`${found.things} pseudonyms and slots, ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
    say(`ids, keys, hashes, signatures that two of them share: ${found.shared.length} ${found.shared.slice(0, 5).join(' ')}`);
    const row = (what: string, value: number, bar?: number): void => {
      say(`${what.padEnd(60)} ${value.toFixed(4).padStart(8)}${bar === undefined ? '' : `  at most ${bar}`}`);
    };
    say('adjusted Rand index (0 chance, 1 everybody found out)');
    row('by ids, keys, hashes and signatures', found.byTokens, BAR);
    row('by sizes', found.bySizes, BAR);
    row('by time alone, pseudonyms with pseudonyms, slots with slots', found.byTime);
    row('by time alone, which slot is of which pseudonym', found.slotsByTime);
    process.exitCode = found.shared.length === 0 && found.byTokens <= BAR && found.bySizes <= BAR ? 0 : 1;
  } finally {
    await scenario.stop();
  }
}

void main();
