/**
 * `npm run bench:alike -- [ROUNDS] [--facade]`, LIANYI_NETWORK=fabric for real Fabric: whether the time of an answer tells what is not there from what is there and
 * forbidden, or another patient's; with `--facade` of the FHIR facade, else of ledger and node. Each round asks everything about all of them, in an order that turns, and what is compared are times of one round.
 */
import { networkKind, Scenario } from '../scenario/scenario';
import { alikeFacadeQuestions } from './alike-facade';
import { type AlikeQuestion, alikeQuestions, type Subject, subjects } from './alike-questions';
import { describeMachine, rank } from './figures';
import { areToldApart, type PairedRatio, pairedRatio } from './paired';

const ROUNDS = 300;
/** Runs of the first use of code and connections, which are not counted. */
const WARM_UP = 20;
/** A longer or shorter answer by less than this is not called one. */
const SHARE = 0.02;

type Times = Map<Subject, number[]>;

/** Asks about each subject once. @throws if one is answered otherwise than another: then their time is no matter */
async function askOnce({ what, about }: AlikeQuestion, round: number): Promise<ReadonlyMap<Subject, number>> {
  const asked = subjects.filter((subject) => about[subject] !== undefined);
  const answers = new Set<string>();
  const millis = new Map<Subject, number>();
  for (let place = 0; place < asked.length; place += 1) {
    // each stands first as often as last, and behind each other one
    const subject = asked[(round % 2 === 0 ? round + place : round + asked.length - place) % asked.length] ?? 'absent';
    const ask = await about[subject]?.();
    if (ask === undefined) continue;
    const begun = performance.now();
    const answer = await ask();
    millis.set(subject, performance.now() - begun);
    answers.add(answer);
  }
  if (answers.size !== 1) throw new Error(`${what}: answered in different ways: ${[...answers].join('; ')}`);
  return millis;
}

async function measure(questions: readonly AlikeQuestion[], rounds: number): Promise<ReadonlyMap<AlikeQuestion, Times>> {
  const measured = new Map<AlikeQuestion, Times>(questions.map((question) => [question, new Map<Subject, number[]>()]));
  for (let round = -WARM_UP; round < rounds; round += 1)
    for (const [question, times] of measured) {
      const millis = await askOnce(question, round + WARM_UP);
      if (round < 0) continue;
      for (const [subject, each] of millis) times.set(subject, [...(times.get(subject) ?? []), each]);
    }
  return measured;
}

const percent = (value: number): string => value.toFixed(3);

/** @returns whether something can be told apart */
function tell({ what }: AlikeQuestion, times: Times): boolean {
  const absent = times.get('absent') ?? [];
  const compared = [...times].filter(([subject]) => subject !== 'absent');
  const ratios = compared.map(([subject, of]): [Subject, PairedRatio] => [
    subject,
    pairedRatio(of.map((each, round) => [each, absent[round] ?? Number.NaN])),
  ]);
  process.stdout.write(`${what.padEnd(38)} absent p50 ${rank(absent, 0.5).toFixed(2)} ms\n`);
  for (const [subject, { ratio, low, high }] of ratios)
    process.stdout.write(`  ${subject.padEnd(12)} ${percent(ratio)} [${percent(low)}, ${percent(high)}]\n`);
  return ratios.some(([, ratio]) => areToldApart(ratio, SHARE));
}

async function main(rounds: number, isOfFacade: boolean): Promise<boolean> {
  const { cores, cpu, loadBefore, node } = describeMachine();
  process.stdout.write(
    `${networkKind}; ${cores} × ${cpu}, Node ${node}; load average before: ${loadBefore}; ${rounds} rounds in turn; median of the ratios to “absent”, 99 % interval\n`,
  );
  const scenario = await Scenario.start('bench-alike');
  try {
    const { questions, stop } = isOfFacade
      ? await alikeFacadeQuestions(scenario)
      : { questions: await alikeQuestions(scenario), stop: () => Promise.resolve() };
    const measured = await measure(questions, rounds).finally(stop);
    const apart = [...measured].filter(([question, times]) => tell(question, times)).map(([{ what }]) => what);
    process.stdout.write(apart.length === 0 ? 'nothing can be told apart by more than 2 %\n' : `told apart: ${apart.join(', ')}\n`);
    return apart.length === 0;
  } finally {
    await scenario.stop();
  }
}

const [rounds = ROUNDS] = process.argv.slice(2).map(Number).filter(Number.isInteger);

void main(rounds, process.argv.includes('--facade')).then(
  (isAlike) => process.exit(isAlike ? 0 : 1), // a gateway stream may still hold the event loop
  (error: unknown) => {
    process.stderr.write(`bench:alike: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
