import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { canonicalJson, type Decision, type DenyReason } from '@lianyi/domain';
import { decideEach, decideEmergencyAccess } from '@lianyi/domain/deciding';
import { Random } from './random';
import { type World, worldsOf } from './random-worlds';

/** The rule once more, in Python, made from docs/access-decisions.md alone. */
export const REFERENCE = join(__dirname, '../../reference/access_decision.py');

/** Characters, of which a line has some thousands: a write of its own for each costs as much as half of deciding it. */
const LEAST_WRITTEN = 32_768;

/** What is decided here and not yet there, by how many were asked before it. */
type Decided = Map<number, readonly Decision[]>;
/** A question that the two decide differently, by how many were asked before it, and both decisions. */
export interface Difference {
  readonly number: number;
  readonly here: string;
  readonly there: string;
}
/** How often each was decided, of several records together each; every reason of a denial counts. */
export interface Comparison {
  readonly permits: number;
  readonly limitedPermits: number;
  /** Permits that take one of so many uses. */
  readonly countedPermits: number;
  /** Permits that say what may be done with a copy. */
  readonly boundPermits: number;
  /** Questions about more than one record. */
  readonly several: number;
  readonly denials: number;
  readonly reasons: ReadonlyMap<DenyReason, number>;
  readonly differences: readonly Difference[];
}

/**
 * Asks both implementations the same random questions.
 * @param seed the same seed asks the same questions
 * @throws when the second one cannot be run, fails, or answers less than it was asked
 */
export async function compare(count: number, seed: number): Promise<Comparison> {
  const reference = spawn('python3', [REFERENCE], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(reference, 'exit');
  const decided: Decided = new Map();
  const tally = new Tally();
  const [answered] = await Promise.all([
    tallied(reference.stdout, decided, tally),
    pipeline(Readable.from(questions(decided, { count, seed })), reference.stdin).catch(() => undefined) /* told by exit code and count */,
  ]);
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`${REFERENCE} ended with exit code ${String(code)}`);
  if (answered !== count) throw new Error(`${REFERENCE} answered ${answered} of ${count}`);
  return tally;
}

/** The question of a difference, made once more. */
export function questionOf({ number }: Difference, seed: number): string {
  const random = new Random(seed);
  for (let before = 0; before < number; before += 1) worldsOf(random);
  return spelled(worldsOf(random));
}

/** The questions, a line each, many lines at once; what is decided here is kept until the answer comes. */
function* questions(decided: Decided, { count, seed }: { readonly count: number; readonly seed: number }): Generator<string> {
  const random = new Random(seed);
  let lines = '';
  for (let number = 0; number < count; number += 1) {
    const worlds = worldsOf(random);
    decided.set(number, decidedHere(worlds));
    lines += `${spelled(worlds)}\n`;
    if (lines.length < LEAST_WRITTEN) continue;
    yield lines;
    lines = '';
  }
  if (lines !== '') yield lines;
}

/** Of several records the glass is broken for all or for none. */
function decidedHere(worlds: readonly World[]): readonly Decision[] {
  const emergency = worlds[0]?.emergency;
  return emergency === undefined
    ? decideEach(worlds)
    : worlds.map(({ question, facts }) => decideEmergencyAccess(question, facts, emergency));
}

/** One as it is, several as a list. */
function spelled(each: readonly object[]): string {
  return JSON.stringify(each.length === 1 ? each[0] : each);
}

/** @returns how many answers came */
async function tallied(answers: Readable, decided: Decided, tally: Tally): Promise<number> {
  let count = 0;
  for await (const there of createInterface({ input: answers })) {
    const decision = decided.get(count);
    if (decision === undefined) throw new Error(`${REFERENCE} answers what it was not asked`);
    decided.delete(count);
    tally.add(count, decision, there);
    count += 1;
  }
  return count;
}

class Tally implements Comparison {
  permits = 0;
  limitedPermits = 0;
  countedPermits = 0;
  boundPermits = 0;
  several = 0;
  denials = 0;
  readonly reasons = new Map<DenyReason, number>();
  readonly differences: Difference[] = [];

  add(number: number, decisions: readonly Decision[], there: string): void {
    const [only, ...others] = decisions;
    const here = canonicalJson(others.length === 0 ? only : decisions);
    if (here !== there) this.differences.push({ number, here, there });
    if (others.length > 0) this.several += 1;
    for (const decision of decisions) this.#count(decision);
  }

  #count(decision: Decision): void {
    if (decision.effect === 'permit') {
      this.permits += 1;
      if (decision.until !== undefined) this.limitedPermits += 1;
      if (decision.use !== undefined) this.countedPermits += 1;
      if (decision.copy !== undefined) this.boundPermits += 1;
      return;
    }
    this.denials += 1;
    for (const reason of decision.reasons) this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
  }
}
