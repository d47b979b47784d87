import {
  type AskingActor,
  decideAccess,
  type Decision,
  granteesOf,
  initialDefaultPolicy,
  type Instant,
  type MedicalRecord,
  mergeDecisions,
  type Pseudonym,
  type Purpose,
  type RecordId,
} from '@lianyi/domain';
import { type ReadLedger } from '../../ledger/ledger';

/** May this actor read these records for this purpose at this instant? */
export type AccessInquiry = {
  readonly pseudonym: Pseudonym;
  readonly recordIds: readonly RecordId[];
  readonly purpose: Purpose;
  readonly at: Instant;
  readonly actor: AskingActor;
};

/** `records` stand in the order of the inquiry's `recordIds`. */
export type Decided = { readonly decision: Decision; readonly records: readonly (MedicalRecord | undefined)[] };

/**
 * Reads what a decision rests on, by key alone, and asks the rule.
 *
 * Two rounds of reads: the records and the grants that could cover the actor; then the relationship with the custodian and the default
 * policies of the classes. For a record or pseudonym that does not exist the second round asks for as much, so that neither the answer
 * nor the pattern tells it from one without consent (security.md I9).
 */
export async function decide(ledger: ReadLedger, inquiry: AccessInquiry): Promise<Decided> {
  const { pseudonym, actor, purpose, at } = inquiry;
  const [records, grants] = await Promise.all([
    Promise.all(inquiry.recordIds.map((recordId) => ledger.records.find(pseudonym, recordId))),
    Promise.all(granteesOf(actor).map(({ kind, mspId, name }) => ledger.grants.find(pseudonym, kind, mspId, name))),
  ]);
  // a pseudonym is one hospital's, so all its records have one custodian
  const custodian = records.find((record) => record !== undefined)?.custodianMspId ?? actor.mspId;
  const classes = records.map((record) => record?.class ?? 'other');
  const [relationship, policies] = await Promise.all([
    ledger.relationships.find(pseudonym, custodian),
    Promise.all(classes.map((recordClass) => ledger.defaultPolicies.find(recordClass))),
  ]);
  const decisions = records.map((record, index) =>
    decideAccess(
      { at, actor, purpose, record },
      {
        relationship: relationship?.state,
        grants: grants.filter((grant) => grant !== undefined),
        defaultPolicy: policies[index] ?? initialDefaultPolicy(classes[index] ?? 'other'),
      },
    ),
  );
  return { decision: mergeDecisions(decisions), records };
}
