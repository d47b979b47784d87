/**
 * `npm run bench:dictionary -- [GUESSES]`: ten million national ids, in every form that somebody might have made of them without a secret, against every
 * byte of every block that a member's peer has. Twenty of them are linked to patients as a registrar does; one is planted as a bare hash,
 * which the attack must find, and nothing else.
 */
import { parseBlock } from '@lianyi/ledger-client';
import { blocksOfPeer, chainHeight } from '../scenario/peer-blocks';
import { networkKind, Scenario } from '../scenario/scenario';
import { dictionaryAttack, formsOf } from './dictionary/attack';
import { Haystack } from './dictionary/haystack';
import { guesses, spread } from './dictionary/national-ids';
import { linkNumbers, plant, SYSTEM } from './dictionary/numbered-patients';
import { describeMachine } from './figures';

const GUESSES = 10_000_000;
const LINKED = 20;
const DISTRICT = '310101';

async function everyByte(scenario: Scenario): Promise<Haystack> {
  const { channel } = scenario.network;
  await scenario.catchUp(scenario.c);
  const peer = await scenario.session(scenario.c);
  const blocks = await blocksOfPeer(peer, channel, 0, (await chainHeight(peer, channel)) - 1);
  return new Haystack(blocks.flatMap((block) => parseBlock(block).transactions.map(({ envelope }) => envelope)));
}

async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? GUESSES);
  const { cpu, cores, loadBefore } = describeMachine();
  process.stdout.write(`${cpu}, ${cores} cores, load ${loadBefore}; ${networkKind} network; ${count} guesses\n`);
  const [planted = '', ...numbers] = spread(DISTRICT, count, LINKED + 1);
  const scenario = await Scenario.start('bench-dictionary');
  try {
    await plant(scenario, await linkNumbers(scenario, await scenario.hire(scenario.a, 'registrar'), numbers), planted);
    const haystack = await everyByte(scenario);
    const begun = performance.now();
    const hits = dictionaryAttack(haystack, guesses(DISTRICT, count), (number) => formsOf(number, SYSTEM));
    const seconds = (performance.now() - begun) / 1_000;
    process.stdout.write(`${haystack.size} places of the ledger, ${numbers.length} numbers linked, ${seconds.toFixed(0)} s\n`);
    const isPlanted = ({ number }: { readonly number: string }): boolean => number === planted;
    for (const { number, form } of hits)
      process.stdout.write(`FOUND ${form}${number === planted ? ' (the planted one)' : ` of ${number}`}\n`);
    const others = hits.filter((hit) => !isPlanted(hit)).length;
    process.stdout.write(`planted one found: ${hits.some(isPlanted)}; others found: ${others}\n`);
    process.exitCode = hits.some(isPlanted) && others === 0 ? 0 : 1;
  } finally {
    await scenario.stop();
  }
}

void main();
