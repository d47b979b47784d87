import '../logging-level';
import { askEverythingByEvaluate, unlawful } from './asked-by-evaluate.fixture';
import { newStage } from './cast.fixture';
import { guessIds } from './guessed-ids.fixture';
import { playMaliciousApp } from './malicious-app.fixture';
import { useStolenKeys } from './stolen-key.fixture';
import { readUnrelated } from './unrelated-patients.fixture';

/** Attacks on the chaincode, as `npm run test:attack` plays them on the consortium in memory (test/src/attack). */

interface Outcome {
  readonly succeeded: boolean;
  readonly seen: string;
}

/** How often ids are guessed; over all queries, of which two thirds refuse no outsider; a run before a release takes 300 000, of which more than 100 000 are made. */
const GUESSES = Number(process.env['LIANYI_GUESSES'] ?? 600);

/** @param found - what the attacker got, told by the first */
function outcomeOf(tried: string, found: readonly string[]): Outcome {
  const [first] = found;
  return {
    succeeded: first !== undefined,
    seen: first === undefined ? `${tried}: nothing` : `${tried}: ${found.length}, such as ${found.slice(0, 3).join('; ')}`,
  };
}

export async function unrelatedPatients(): Promise<Outcome> {
  const { cells, leaks } = await readUnrelated(await newStage());
  return outcomeOf(
    `read in ${cells} cells of role, relationship, purpose and department`,
    leaks.map(({ who, relation, purpose }) => `the ${who} reads ${relation} for ${purpose}`),
  );
}

export async function askedByEvaluate(): Promise<Outcome> {
  const { told, calls } = await askEverythingByEvaluate(await newStage());
  return outcomeOf(
    `secrets told by ${calls} evaluations to whom they are not of`,
    unlawful(told).map(({ what, by, to }) => `${what} by ${by} to the ${to}`),
  );
}

export async function guessedIds(): Promise<Outcome> {
  const { questions, differences } = await guessIds(await newStage(), GUESSES);
  return outcomeOf(
    `told apart at ${questions} questions (LIANYI_GUESSES=${GUESSES})`,
    differences.map(({ question, by, why }) => `${question} tells the ${by} ${why}`),
  );
}

export async function stolenKeys(): Promise<Outcome> {
  const { tried, thefts } = await useStolenKeys(await newStage());
  return outcomeOf(
    `done by a stolen key in ${tried} requests`,
    thefts.map(({ what }) => what),
  );
}

export async function maliciousApp(): Promise<Outcome> {
  const { tried, granted, slips } = await playMaliciousApp(await newStage());
  return outcomeOf(
    `not refused of ${tried} requests, and ${granted} grants`,
    slips.map(({ what }) => what),
  );
}
