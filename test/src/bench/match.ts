/**
 * `npm run bench:match -- [ROUNDS]`, LIANYI_NETWORK=fabric for real Fabric: what it costs that hospitals compare a number by a function that none of them
 * has, beside a bare committed transaction of the same registrar through the same node, in turn. A match is an evaluation, from the blinding to the
 * output: committed, answered by the own node and by another hospital's, each answer checked. What it takes beyond a bare one has a bar. The whole look
 * around it, which would be needed whatever numbers were compared by, is told beside it.
 */
import { ActingLedger } from '@lianyi/client';
import { type ComparingRegistrar, findDuplicates } from '@lianyi/client/matching';
import { actorTagSchema, type Ledger, mspIdSchema, transactions } from '@lianyi/domain';
import { carry } from '../scenario/carry';
import { networkKind, Scenario, type StaffMember } from '../scenario/scenario';
import { guesses } from './dictionary/national-ids';
import { SYSTEM } from './dictionary/numbered-patients';
import { describeMachine, rank } from './figures';
import { linkAndLook, openFunctionKey } from './registrar-disk/compared-numbers';

const ROUNDS = 40;
/** Runs of the first use of code and connections, which are not counted. */
const WARM_UP = 5;
const BAR_MILLIS = 100;
/** What of a look evaluates: the commit, the answers, and the arithmetic of the registrar's program. */
const OF_EVALUATION = ['RequestEvaluation', 'CollectEvaluations', 'here'];

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** What a look has taken, by what it waited for; `here` is the registrar's own program. */
type Steps = Map<string, number>;

/** A registrar whose every question to ledger and node is timed. */
function timedRegistrar(scenario: Scenario, { client, sign, hospital, actorTag }: StaffMember, steps: Steps): ComparingRegistrar {
  const add = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    const begun = performance.now();
    const result = await work();
    steps.set(name, (steps.get(name) ?? 0) + performance.now() - begun);
    return result;
  };
  const acting = new ActingLedger(client.ledger, sign);
  const ledger: Ledger = {
    evaluate: (request) => add('questions', () => acting.evaluate(request)),
    submit: (request) => add(request.entry.name, () => acting.submit(request)),
  };
  const node: ComparingRegistrar['node'] = {
    api: client.api,
    askSigned: (operation, body, by) => add(operation.id, () => client.askSigned(operation, body, by)),
  };
  const mspId = mspIdSchema.parse(hospital.member.mspId);
  return { network: scenario.network, mspId, actorTag: actorTagSchema.parse(actorTag), node, sign, ledger };
}

interface Round {
  readonly bare: number;
  readonly look: number;
  readonly steps: Steps;
}

/** A bare transaction, a look, and another bare one. */
async function round(scenario: Scenario, registrar: StaffMember, number: string): Promise<Round> {
  const { client, sign, hospital } = registrar;
  const bare = (): Promise<number> => {
    const { registration } = scenario.newPatient(hospital);
    return timed(() => carry(client, transactions.RegisterPatient, registration, { sign }));
  };
  const identifier = { system: SYSTEM, value: number } as const;
  const linkId = await client.linkIdOf(identifier, sign);
  const before = await bare();
  const steps: Steps = new Map();
  const by = timedRegistrar(scenario, registrar, steps);
  const look = await timed(async () => {
    const { found } = await findDuplicates(by, identifier, linkId);
    if (found.length !== 1) throw new Error('the other hospital was not found');
  });
  steps.set('here', look - [...steps.values()].reduce((sum, each) => sum + each, 0));
  return { bare: (before + (await bare())) / 2, look, steps };
}

/** Says what was found, and whether the bar is met. */
function isGood(rounds: readonly Round[]): boolean {
  const line = (what: string, values: readonly number[]): void => {
    process.stdout.write(`${what}: median ${rank(values, 0.5).toFixed(0)} ms, p95 ${rank(values, 0.95).toFixed(0)} ms\n`);
  };
  const bare = rounds.map((each) => each.bare);
  const matches = rounds.map(({ steps }) => OF_EVALUATION.reduce((sum, name) => sum + (steps.get(name) ?? 0), 0));
  const beyond = matches.map((match, index) => match - (bare[index] ?? 0));
  line('a bare committed transaction', bare);
  line(
    'a look',
    rounds.map(({ look }) => look),
  );
  for (const name of rounds[0]?.steps.keys() ?? [])
    line(
      `  ${name}`,
      rounds.map(({ steps }) => steps.get(name) ?? 0),
    );
  line('a match', matches);
  line('a match beyond a bare one', beyond);
  process.stdout.write(`the quickest tenth ${rank(beyond, 0.1).toFixed(0)} ms; bar ${BAR_MILLIS} ms, of the median\n`);
  return rank(beyond, 0.5) <= BAR_MILLIS;
}

async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? ROUNDS);
  const { cores, cpu, loadBefore, node } = describeMachine();
  process.stdout.write(`${networkKind}; ${cores} × ${cpu}, Node ${node}; load average before: ${loadBefore}; ${rounds} rounds\n`);
  const scenario = await Scenario.start('bench-match');
  try {
    await openFunctionKey(scenario);
    const { a, b, c } = scenario;
    const registrars = [
      await scenario.hire(a, 'registrar'),
      await scenario.hire(b, 'registrar'),
      await scenario.hire(c, 'registrar'),
    ] as const;
    const [number = ''] = guesses('310101', 1);
    await linkAndLook(scenario, registrars, { own: [number], others: [], atC: 0 });
    const counted: Round[] = [];
    for (let count = 0; count < WARM_UP + rounds; count += 1) {
      const measured = await round(scenario, registrars[0], number);
      if (count >= WARM_UP) counted.push(measured);
    }
    process.exitCode = isGood(counted) ? 0 : 1;
  } finally {
    await scenario.stop();
  }
}

void main();
