import { type Grant, OWN_PROVISION_ID } from '../consent/entities';
import { earliest, type Instant } from '../instant';
import { type RetractionReason } from '../record/entities';
import { combineVerdicts } from './combine';
import { type AccessSource, accessSources, type Decision, type ProvisionUse } from './decision';
import { type AccessFacts, type AccessQuestion, type FactsQuestion, type RecordFacts } from './question';
import { approvals } from './sources/approvals';
import { defaultPolicy } from './sources/default-policy';
import { grants } from './sources/grants';
import { type FactKey, type PolicySource, type Verdict } from './sources/policy-source';
import { prohibitions } from './sources/prohibitions';
import { purposeGate } from './sources/purpose-gate';
import { openRelationship } from './sources/relationship';
import { retraction } from './sources/retraction';
import { withTaken } from './uses';

/**
 * What a decision listens to, in order (ADR 0021). A new source is a file in sources/, a line here and its name in `accessSources`; one that rests on a new kind of entry also
 * names it in `FactKey`, and the compiler then asks for its reader. docs/access-decisions.md says all of it once more; the second implementation
 * (test/reference) follows that page.
 */
const policySources: Readonly<Record<AccessSource, PolicySource>> = {
  purpose: purposeGate,
  retraction,
  relationship: openRelationship,
  prohibitions,
  grants,
  // delegation
  defaultPolicy,
  approvals,
  // emergency, mandate, study
};

/** The entries of the ledger that deciding takes besides the record, each once. */
export function factsNeededFor(question: FactsQuestion): readonly FactKey[] {
  const keys = accessSources.flatMap((source) => policySources[source].needs(question));
  return [...new Map(keys.map((key) => [spelled(key), key])).values()];
}

/** A key as one text: none of its parts holds a space. */
function spelled(key: FactKey): string {
  switch (key.kind) {
    case 'grant':
      return `grant ${key.grantee.kind} ${key.grantee.mspId} ${key.grantee.name}`;
    case 'relationship':
      return `relationship ${key.mspId}`;
    case 'parameter':
      return `parameter ${key.name}`;
    case 'approval':
      return `approval ${key.mspId} ${key.actorTag}`;
  }
}

/**
 * Decides whether an actor may read a record.
 *
 * A deny beats every permit; a permit names the provisions it rests on; `validUntil` is exclusive; the order of grants and
 * provisions does not matter. An unknown record answers exactly as one without consent, so that asking tells nothing about what exists.
 */
export function decideAccess(question: AccessQuestion, facts: AccessFacts): Decision {
  return combineVerdicts(verdictsOn(question, facts).map(({ verdict }) => verdict));
}

/** What each source says, in their order. */
export function verdictsOn(question: AccessQuestion, facts: AccessFacts): readonly SourceVerdict[] {
  return accessSources.map((source) => ({ source, verdict: policySources[source].judge(question, facts) }));
}

type SourceVerdict = { readonly source: AccessSource; readonly verdict: Verdict };

/** A question with what the ledger knows about it. */
export type AskedAccess = { readonly question: AccessQuestion; readonly facts: AccessFacts };

/**
 * Since when a patient has forbidden an actor a record: since the version that says so, or since it began if that is later; undefined: nobody has.
 * A prohibition of something else, beside the one that covers the record, changes nothing.
 * @param grants - whatever of them forbids, in the versions that stand now
 */
export function forbiddenSince(question: AccessQuestion, facts: AccessFacts, grants: readonly Grant[]): Instant | undefined {
  const isForbiddenBy = (grant: Grant): boolean => prohibitions.judge(question, { ...facts, grants: [grant] }).denials?.length === 1;
  const each = grants.flatMap((grant) => grant.provisions.map((provision) => ({ ...grant, provisions: [provision] })));
  return earliest(
    each
      .filter(isForbiddenBy)
      .flatMap(({ changedAt, provisions }) => provisions.map(({ validFrom }) => (validFrom > changedAt ? validFrom : changedAt))),
  );
}

/** Whether a record's hospital would have to approve besides that an actor reads it, and has not. */
export function lacksApproval(question: AccessQuestion, facts: AccessFacts): boolean {
  return (approvals.judge(question, facts).unapproved?.length ?? 0) > 0;
}

/** Decides on each of several records asked for together, in their order: what a permit takes of a consent's uses, a later one does not find. */
export function decideEach(asked: readonly AskedAccess[]): Decision[] {
  const uses: ProvisionUse[] = [];
  return asked.map(({ question, facts }) => {
    const decision = decideAccess(question, { ...facts, grants: facts.grants.map((grant) => withTaken(grant, uses)) });
    if (decision.effect === 'permit' && decision.use !== undefined) uses.push(decision.use);
    return decision;
  });
}

/** What is looked at in a record whose own patient asks. */
export type OwnRecordFacts = Pick<RecordFacts, 'state'> & { readonly version: number; readonly retractionReason?: RetractionReason };

/**
 * Decides whether a patient may read a record of theirs: always (ADR 0055). It asks no policy source, because nothing that patient or hospital
 * say of others' reading is about it: no grant or prohibition, no label or level, and no state of the relationship.
 *
 * What its hospital has retracted the patient still reads, but for what was another person's. An id that is none of theirs answers as one
 * that is nobody's: the record is looked for under the pseudonym.
 */
export function decideOwnAccess(record: OwnRecordFacts | undefined): Decision {
  if (record === undefined) return { effect: 'deny', reasons: ['RECORD_NOT_OWN'] };
  if (record.state === 'retracted' && !isKeptForPatient(record)) return { effect: 'deny', reasons: ['RECORD_RETRACTED'] };
  return { effect: 'permit', provisionIds: [OWN_PROVISION_ID], grantVersions: [] };
}

/** Whether what was retracted was about this patient: of a retired pointer nothing is kept. */
function isKeptForPatient({ retractionReason }: OwnRecordFacts): boolean {
  return retractionReason !== undefined && retractionReason !== 'wrong-patient';
}

/** The version that has what the patient reads: a retraction is a version of its own, whose object was sealed for the one before. */
export function versionForPatient({ state, version }: OwnRecordFacts): number {
  return state === 'retracted' ? version - 1 : version;
}
