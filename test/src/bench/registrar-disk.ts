/**
 * `npm run bench:registrar-disk -- [GUESSES] [GUESSES OF THE FUNCTION]`: the disk of a registrar's hospital, with all that a member's peer has, is
 * taken; ten million national ids, those that other hospitals have linked among them, are looked for in it in every form that somebody can make
 * of them with what lies there. Found must be what is planted and the hospital's own numbers, and nobody else's.
 */
import { type MspId, mspIdSchema } from '@lianyi/domain';
import { networkKind, Scenario } from '../scenario/scenario';
import { dictionaryAttack, type Hit } from './dictionary/attack';
import { Haystack } from './dictionary/haystack';
import { guesses, spread } from './dictionary/national-ids';
import { plant, SYSTEM } from './dictionary/numbered-patients';
import { describeMachine } from './figures';
import { type KnownNumbers, linkAndLook, openFunctionKey } from './registrar-disk/compared-numbers';
import { functionForms, type HeldShare, heldShareOf } from './registrar-disk/held-share';
import { attackOnThreads } from './registrar-disk/attack-threads';
import { stealDisk, type StolenDisk } from './registrar-disk/stolen-disk';

const GUESSES = 10_000_000;
/** An evaluation of the function takes a thousand times as long as a hash. */
const FUNCTION_GUESSES = 2_000;
const DISTRICT = '310101';
const OWN = 3;
const OTHERS = 20;
const AT_C = 2;

interface Experiment {
  readonly known: KnownNumbers;
  readonly planted: string;
  readonly disk: StolenDisk;
  readonly haystack: Haystack;
  readonly mspIds: readonly MspId[];
  readonly ownShare: HeldShare;
  /** Which no thief has: that the function's forms are seen where somebody has enough of it. */
  readonly othersShare: HeldShare;
}

async function prepare(scenario: Scenario, count: number): Promise<Experiment> {
  const [planted = '', ...numbers] = spread(DISTRICT, count, 1 + OWN + OTHERS);
  const known: KnownNumbers = { own: numbers.slice(0, OWN), others: numbers.slice(OWN), atC: AT_C };
  const keyId = await openFunctionKey(scenario);
  const { a, b, c } = scenario;
  const registrars = [
    await scenario.hire(a, 'registrar'),
    await scenario.hire(b, 'registrar'),
    await scenario.hire(c, 'registrar'),
  ] as const;
  await plant(scenario, await linkAndLook(scenario, registrars, known), planted);
  await scenario.catchUp(a);
  const disk = stealDisk(scenario, a, [registrars[0]]);
  return {
    ...{ known, planted, disk, haystack: new Haystack(disk.parts) },
    mspIds: scenario.hospitals.map(({ member }) => mspIdSchema.parse(member.mspId)),
    ownShare: await heldShareOf(scenario, a, keyId),
    othersShare: await heldShareOf(scenario, b, keyId),
  };
}

/** Everything that follows from the disk. */
async function attack(experiment: Experiment, count: number, ofFunction: number): Promise<readonly Hit[]> {
  const { disk, haystack, mspIds, ownShare, known, planted } = experiment;
  const means = { system: SYSTEM, mspIds, keys: [...disk.keys, Buffer.from(ownShare.share)], salts: disk.salts };
  const byKeys = await attackOnThreads({ parts: disk.parts, means, district: DISTRICT, count }, showProgress);
  const tried = [...new Set([planted, ...known.own, ...known.others, ...guesses(DISTRICT, ofFunction)])];
  const forms = functionForms(tried, [ownShare], mspIds);
  return [...byKeys, ...dictionaryAttack(haystack, tried, (number) => forms.get(number) ?? [])];
}

function showProgress(tried: number, count: number): void {
  const minutes = performance.now() / 60_000;
  process.stderr.write(`${tried} of ${count} guesses tried after ${minutes.toFixed(1)} min\n`);
}

/** What must be found, or the attack sees nothing: the planted hash, the own links, and own tags by as many shares as it takes. */
function unseenOf({ known, planted, haystack, mspIds, ownShare, othersShare }: Experiment, hits: readonly Hit[]): readonly string[] {
  const isFound = (number: string, form: string): boolean => hits.some((hit) => hit.number === number && hit.form === form);
  const [own = ''] = mspIds;
  const enough = functionForms(known.own, [ownShare, othersShare], mspIds);
  const byTwo = dictionaryAttack(haystack, known.own, (number) => enough.get(number) ?? []);
  return [
    ...(isFound(planted, 'sha256(number)') ? [] : ['the planted hash']),
    ...known.own.filter((number) => !isFound(number, 'plain')).map(() => 'an own number in the own private data'),
    ...known.own.filter((number) => !isFound(number, `link id of ${own}`)).map(() => 'an own link by the own secret'),
    ...known.own.filter((number) => !byTwo.some((hit) => hit.number === number)).map(() => 'an own tag by two shares'),
  ];
}

async function main(): Promise<void> {
  const [count = GUESSES, ofFunction = FUNCTION_GUESSES] = process.argv.slice(2).map(Number);
  const { cpu, cores, loadBefore } = describeMachine();
  process.stdout.write(`${cpu}, ${cores} cores, load ${loadBefore}; ${count} guesses, ${ofFunction} of the function\n`);
  if (networkKind !== 'embedded') throw new Error('this benchmark reads the database of the embedded network');
  const scenario = await Scenario.start('bench-registrar-disk');
  try {
    const experiment = await prepare(scenario, count);
    const { disk, haystack, known, planted } = experiment;
    process.stdout.write(`${haystack.size} places, ${disk.keys.length} private keys, a share, ${disk.salts.length} salts\n`);
    const begun = performance.now();
    const hits = await attack(experiment, count, ofFunction);
    process.stdout.write(`${((performance.now() - begun) / 1_000).toFixed(0)} s\n`);
    const others = hits.filter(({ number }) => number !== planted && !known.own.includes(number));
    for (const { number, form } of others) process.stdout.write(`FOUND ${form} of ${number}\n`);
    const unseen = unseenOf(experiment, hits);
    for (const what of unseen) process.stdout.write(`NOT SEEN ${what}\n`);
    process.stdout.write(
      `planted and own: ${hits.length - others.length} hits; others’ ${known.others.length} numbers: ${others.length} hits\n`,
    );
    process.exitCode = others.length === 0 && unseen.length === 0 ? 0 : 1;
  } finally {
    await scenario.stop();
  }
}

void main();
