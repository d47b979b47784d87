import { canonicalJson } from '../encoding/canonical-json';
import { combineVerdicts } from './combine';
import { type Decision } from './decision';
import { type AccessFacts, type AccessQuestion, type FactsQuestion } from './question';
import { defaultPolicy } from './sources/default-policy';
import { grants } from './sources/grants';
import { type FactKey, type PolicySource } from './sources/policy-source';
import { prohibitions } from './sources/prohibitions';
import { purposeGate } from './sources/purpose-gate';
import { openRelationship } from './sources/relationship';
import { retraction } from './sources/retraction';

/**
 * What a decision listens to, in order (ADR 0021). A new source is a file in sources/ and a line here; one that rests on a new kind of entry also
 * names it in `FactKey`, and the compiler then asks for its reader. docs/access-decisions.md says all of it once more; the second implementation
 * (test/reference) follows that page.
 */
const policySources: readonly PolicySource[] = [
  purposeGate,
  retraction,
  openRelationship,
  prohibitions,
  grants,
  // delegation
  defaultPolicy,
  // emergency, mandate, study
];

/** The entries of the ledger that deciding these questions takes, each once, without those already read. */
export function factsNeededFor(questions: readonly FactsQuestion[], read: readonly FactKey[] = []): readonly FactKey[] {
  const keys = questions.flatMap((question) => policySources.flatMap((source) => source.needs(question)));
  const needed = new Map(keys.map((key) => [canonicalJson(key), key]));
  for (const key of read) needed.delete(canonicalJson(key));
  return [...needed.values()];
}

/**
 * Decides whether an actor may read a record.
 *
 * A deny beats every permit; a permit names the provisions it rests on; `validUntil` is exclusive; the order of grants and
 * provisions does not matter. An unknown record answers exactly as one without consent, so that asking tells nothing about what exists.
 */
export function decideAccess(question: AccessQuestion, facts: AccessFacts): Decision {
  return combineVerdicts(policySources.map((source) => source.judge(question, facts))).decision;
}
