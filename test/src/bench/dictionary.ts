/**
 * `npm run bench:dictionary -- [GUESSES]`: ten million national ids, in every form that somebody might have made of them without a secret, against every
 * byte of every block that a member's peer has. Twenty of them are linked to patients as a registrar does; one is planted as a bare hash,
 * which the attack must find, and nothing else.
 */
import { writeFileSync } from 'node:fs';
import { newRequest, sha256, transactions } from '@lianyi/domain';
import { parseBlock } from '@lianyi/ledger-client';
import { addPatient } from '@lianyi/workbench';
import { newCardId } from '../scenario/owned-ids';
import { blocksOfPeer, chainHeight } from '../scenario/peer-blocks';
import { networkKind, Scenario } from '../scenario/scenario';
import { dictionaryAttack } from './dictionary/attack';
import { Haystack } from './dictionary/haystack';
import { guesses } from './dictionary/national-ids';
import { describeMachine } from './figures';

const GUESSES = 10_000_000;
const LINKED = 20;
const DISTRICT = '310101';
const SYSTEM = 'national-id';

/** Patients of A whose numbers are guessed, each linked by the registrar's command. */
async function linkNumbers(scenario: Scenario, numbers: readonly string[]): Promise<string> {
  const { acts, consortium } = scenario;
  const registrar = await scenario.hire(scenario.a, 'registrar');
  let first = '';
  for (const [index, number] of numbers.entries()) {
    const { pseudonym, nonce, nextKeyHash } = await addPatient(consortium.context, scenario.a, `numbered-${index}`);
    const made = ['--pseudonym', pseudonym, '--nonce', nonce, '--next-key-hash', nextKeyHash];
    await acts.act(registrar.profile, 'patient', 'register', ...made);
    const file = consortium.data.file(`number-${index}.txt`);
    writeFileSync(file, number, { mode: 0o600 });
    await acts.act(registrar.profile, 'identifier', 'link', '--pseudonym', pseudonym, '--system', SYSTEM, '--value-file', file);
    first ||= pseudonym;
  }
  return first;
}

/** What nobody may do: a number's bare hash as the commitment of a card. */
async function plant(scenario: Scenario, pseudonym: string, number: string): Promise<void> {
  const registrar = await scenario.hire(scenario.a, 'registrar');
  const card = newCardId(scenario.a.member.mspId, pseudonym);
  const request = newRequest(transactions.IssueCard, { ...card, pseudonym, holderCommitment: sha256(number) });
  const ledger = await scenario.ledger(scenario.a);
  await ledger.submit({ ...request, proof: await registrar.sign(request.entry, request.input) });
}

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
  const step = Math.floor(count / (LINKED + 2));
  const chosen = [...guesses(DISTRICT, count)].filter((_number, index) => index > 0 && index % step === 0);
  const [planted = '', ...numbers] = chosen.slice(0, LINKED + 1);
  const scenario = await Scenario.start('bench-dictionary');
  try {
    await plant(scenario, await linkNumbers(scenario, numbers), planted);
    const haystack = await everyByte(scenario);
    const begun = performance.now();
    const hits = dictionaryAttack(haystack, guesses(DISTRICT, count), SYSTEM);
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
