import { type Provision } from '../consent/entities';
import { type DenyReason } from '../errors/table';
import { verdictsOn } from './decide-access';
import { type AccessFacts, type GrantFacts, type KnownQuestion } from './question';
import { openRelationship } from './sources/relationship';
import { prohibitions } from './sources/prohibitions';

/** What a permission may lack of one record and not of another. */
const OF_THE_RECORD: readonly DenyReason[] = ['CLASS_NOT_COVERED', 'LEVEL_NEEDS_APPROVAL', 'LABEL_NOT_COVERED', 'RECORD_NOT_COVERED'];
/** A prohibition that says no more than this is of every record. What it may say besides, of whatever kind, is of some. */
const OF_EVERY_RECORD: readonly string[] = ['provisionId', 'effect', 'purposes', 'validFrom', 'validUntil'];

/**
 * Whether an actor could be permitted some record of the class of the one asked about: false only if none could be, so that of whom the patient has
 * said nothing, whom they have shut out, and of nobody's pseudonym a list is found in the same way, with no look at what there is (ADR 0059).
 * @param question - about a record with nothing special to it; only its class, its custodian and its author count
 */
export function couldPermit(question: KnownQuestion, facts: AccessFacts): boolean {
  const verdicts = verdictsOn(question, facts).map(({ verdict }) => verdict);
  if (verdicts.some(({ refusal }) => refusal !== undefined) || isShutOut(question, facts)) return false;
  return verdicts.some(
    ({ permits = [], shortfalls = [] }) =>
      permits.length > 0 || shortfalls.some(({ lacks }) => lacks.every((reason) => OF_THE_RECORD.includes(reason))),
  );
}

/** Whether something denies that asks nothing of the record. */
function isShutOut(question: KnownQuestion, facts: AccessFacts): boolean {
  const whole = { ...facts, grants: facts.grants.map(withoutRecords) };
  return [openRelationship.judge(question, facts), prohibitions.judge(question, whole)].some(({ denials = [] }) => denials.length > 0);
}

function withoutRecords(grant: GrantFacts): GrantFacts {
  return { ...grant, provisions: grant.provisions.filter(isOfEveryRecord) };
}

function isOfEveryRecord(provision: Provision): boolean {
  return Object.keys(provision).every((key) => OF_EVERY_RECORD.includes(key));
}
