import { type Grant, type GrantUses } from '../consent/entities';
import { type Membership } from '../directory/entities';
import { type AccessApproval, type DefaultPolicies, type LevelApprovers } from '../governance/transactions';
import { type ActorTag, type Department, type MspId } from '../ids';
import { type Instant } from '../instant';
import { type MedicalRecord } from '../record/entities';
import { type Relationship } from '../relationship/transactions';
import { type Purpose, type Role } from '../vocabulary';

/** Who would read; `department` is the one they act for, `departments` are all that their staff entry names. */
export type AskingActor = {
  readonly mspId: MspId;
  readonly actorTag: ActorTag;
  readonly roles: readonly Role[];
  readonly department: Department;
  readonly departments: readonly Department[];
  /** The groups that their staff entry names, those they have left included; left out: none. */
  readonly groups?: readonly Pick<Membership, 'group' | 'state' | 'duty'>[];
};
/** What a decision looks at in a record. */
export type RecordFacts = Pick<
  MedicalRecord,
  | 'recordId'
  | 'class'
  | 'dataLevel'
  | 'confidentiality'
  | 'custodianMspId'
  | 'authorMspId'
  | 'careMonths'
  | 'encounter'
  | 'anchoredAt'
  | 'state'
>;
/** May this actor read this record for this purpose at this instant? No record: an id the ledger does not know. */
export type AccessQuestion = {
  readonly at: Instant;
  readonly actor: AskingActor;
  readonly purpose: Purpose;
  readonly record: RecordFacts | undefined;
  /** A permit that was given is asked about once more: what it has taken of a consent's uses it has taken, and no use is counted. */
  readonly again?: true;
};
export type GrantFacts = Pick<Grant, 'grantee' | 'version' | 'state' | 'provisions'> & {
  /** What has been taken of the uses of its provisions, under this version; left out: nothing. */
  readonly taken?: GrantUses['taken'];
};
/** What the ledger knows: the relationship with the custodian, the grants of `granteesOf`, and what the members have set. */
export type AccessFacts = {
  readonly relationship: Pick<Relationship, 'type' | 'state' | 'suspendedBy' | 'group'> | undefined;
  readonly grants: readonly GrantFacts[];
  readonly defaultPolicies: DefaultPolicies;
  readonly levelApprovers: LevelApprovers;
  /** What the patient's hospital has approved for the actor. */
  readonly approval: Pick<AccessApproval, 'state' | 'levels' | 'until'> | undefined;
};
/**
 * What says which entries a decision reads besides the record. For a record that does not exist the asker's own hospital stands in for its
 * custodian, so that it costs the same reads as one that does.
 */
export type FactsQuestion = Pick<AccessQuestion, 'actor'> & Pick<RecordFacts, 'custodianMspId'>;
/** A question about a record that exists. */
export type KnownQuestion = AccessQuestion & { readonly record: RecordFacts };
