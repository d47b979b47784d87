import { mayCall } from '../catalogue/authorise';
import { type TransactionEntry } from '../catalogue/entry';
import { type Organisation, type Staff } from '../directory/entities';
import { staffActor, whyIdle } from '../directory/staff';
import { type Department } from '../ids';
import { type Instant } from '../instant';
import { combineVerdicts } from './combine';
import { verdictsOn } from './decide-access';
import { type AccessExplanation, type SourceSaying } from './decision';
import { type AccessFacts, type AccessQuestion } from './question';
import { type PermitBasis, type Verdict } from './sources/policy-source';
import { accessArea, type AskerRefusal } from './transactions';

/**
 * Decides as {@link decideAccess} does, and tells what the decision comes from: of each source what it has said, and of which provision of which
 * version of which grant.
 *
 * It tells what the patient has forbidden, to whom. It is for the patient, and for who keeps their records; who asks to read is told reasons only.
 */
export function explainAccess(question: AccessQuestion, facts: AccessFacts): AccessExplanation {
  return accessExplanationOf(question, verdictsOn(question, facts));
}

/** What has been said, by whom. */
export type SaidBy = { readonly source: SourceSaying['source']; readonly verdict: Verdict };

/** The decision that verdicts come to, and what each has said. */
export function accessExplanationOf({ record }: Pick<AccessQuestion, 'record'>, said: readonly SaidBy[]): AccessExplanation {
  return {
    decision: combineVerdicts(said.map(({ verdict }) => verdict)),
    isRecordKnown: record !== undefined,
    sources: said.map(({ source, verdict }) => sayingOf(source, verdict)),
  };
}

/** A verdict without what it does not say: an empty list says no more than none. */
function sayingOf(source: SourceSaying['source'], verdict: Verdict): SourceSaying {
  const { addressed, refusal, denials, forbiddenBy, permits, shortfalls, remarks, revoked, unapproved, ends } = verdict;
  return {
    source,
    ...(addressed === true ? { addressed } : {}),
    ...(refusal === undefined ? {} : { refusal }),
    ...(isSaid(denials) ? { denials: [...denials] } : {}),
    ...(isSaid(forbiddenBy) ? { forbiddenBy: [...forbiddenBy] } : {}),
    ...(isSaid(permits) ? { bases: permits.map(basisOf) } : {}),
    ...(isSaid(shortfalls) ? { shortfalls: shortfalls.map(({ lacks, ...from }) => ({ ...from, lacks: [...lacks] })) } : {}),
    ...(isSaid(remarks) ? { remarks: [...remarks] } : {}),
    ...(isSaid(revoked) ? { revoked: [...revoked] } : {}),
    ...(isSaid(unapproved) ? { unapproved: [...unapproved] } : {}),
    ...(isSaid(ends) ? { ends: [...ends] } : {}),
  };
}

function isSaid<Item>(items: readonly Item[] | undefined): items is readonly Item[] {
  return items !== undefined && items.length > 0;
}

function basisOf({ use, ...basis }: PermitBasis): NonNullable<SourceSaying['bases']>[number] {
  return { ...basis, ...(use === undefined ? {} : { isCounted: true as const }) };
}

/** What the ledger knows of who would ask, and for which of their departments they would. */
export type ExplainedAsker = {
  readonly staff: Staff;
  readonly organisation: Pick<Organisation, 'status'> | undefined;
  readonly department: Department;
};

/**
 * As what a request of theirs would be refused, before anything is decided: by what their entry says now, and their duty at that instant.
 * @param entry - what they would ask by
 */
export function refusalOfAsker(
  { staff, organisation, department }: ExplainedAsker,
  at: Instant,
  entry: TransactionEntry = accessArea.transactions.RequestAccess,
): AskerRefusal | undefined {
  if (organisation?.status !== 'active') return 'NOT_ACTIVE_ORGANISATION';
  const isAsker = mayCall(entry, staffActor(staff)) && staff.departments.includes(department);
  return whyIdle(staff, at) ?? (isAsker ? undefined : 'NOT_PERMITTED');
}
