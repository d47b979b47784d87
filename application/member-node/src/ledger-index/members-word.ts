import type { Kysely } from 'kysely';
import { DEFAULT_PROVISION_ID, isOwnAsker, type OwnAsker, type PermittedTicket, type StaffAsker } from '@lianyi/domain';
import { recordIn, staffIn, ticketIn } from './member-index';
import { isApprovalProven, isSignatureProven, opensAsSaid } from './parameter-index';
import { emergencysWord, ownSidesWord, patientsWordFor, type PatientsWord } from './patient-index';
import { type IndexTables } from './tables';
import { isWithinUses } from './uses-index';

type Database = Kysely<IndexTables>;

/** What of a permit nobody has said whose word it is: the request, who asks, a record, one use more than were given, what holds where the patient says nothing, who approves besides, or who signs in an emergency. */
export type Unfounded =
  'request' | 'asker' | 'record' | 'uses' | 'default-policy' | 'level-approvers' | 'approval' | 'emergency-signers' | 'signature';

/** Whether what a permit rests on is the word of those whose it is: the patient, who asks, their organisation, the own hospital. */
export type PermitsWord = PatientsWord | { readonly kind: 'unfounded'; readonly part: Unfounded };

/** What is looked at in a permit. */
export type FollowedPermit = Pick<
  PermittedTicket,
  | 'ticketId'
  | 'pseudonym'
  | 'recordIds'
  | 'custodianMspId'
  | 'actor'
  | 'requestedAt'
  | 'provisionIds'
  | 'grantVersions'
  | 'grounds'
  | 'emergency'
>;

/**
 * What a permit rests on, held against what the blocks show that patients and members have said. What it permits is not decided here: the
 * own chaincode decides it anew from the state, and this says that the state it reads was not written by others.
 */
export async function permitsWordFor(db: Database, ownMspId: string, permit: FollowedPermit): Promise<PermitsWord> {
  const { actor } = permit;
  if (isOwnAsker(actor)) return ownWordFor(db, permit, actor);
  const word = await patientsWordFor(db, permit);
  if (word.kind !== 'given') return word;
  if (!(await isAsked(db, permit))) return { kind: 'unfounded', part: 'request' };
  if (!(await isStaffOfTheirs(db, actor))) return { kind: 'unfounded', part: 'asker' };
  const labels = await ownLabels(db, permit);
  if (labels === undefined) return { kind: 'unfounded', part: 'record' };
  // of an emergency, on no consent, so it takes no use of any; what the patient has closed for it is in the prohibitions, looked at above, and here;
  // what the members have closed for it is in the default policies
  if (permit.emergency !== undefined) {
    const part = await unfoundedInEmergency(db, permit, { actor, labels });
    return part === undefined ? emergencysWord(db, permit.pseudonym) : { kind: 'unfounded', part };
  }
  if (!(await isWithinUses(db, permit))) return { kind: 'unfounded', part: 'uses' };
  if (!(await mayRestOnDefault(db, ownMspId, permit, labels))) return { kind: 'unfounded', part: 'default-policy' };
  if (!(await opensAsSaid(db, 'level-approvers', labels.levels))) return { kind: 'unfounded', part: 'level-approvers' };
  return (await isApprovalProven(db, { ...actor, pseudonym: permit.pseudonym })) ? word : { kind: 'unfounded', part: 'approval' };
}

/** What the members have closed, or let a second person sign for, and who has; a permit that names nobody the own chaincode decides by what the members have set. */
async function unfoundedInEmergency(
  db: Database,
  { ticketId, requestedAt, emergency }: FollowedPermit,
  { actor, labels }: { readonly actor: StaffAsker; readonly labels: OwnLabels },
): Promise<Unfounded | undefined> {
  if (!(await opensAsSaid(db, 'default-policies', labels.classes, 'emergency'))) return 'default-policy';
  if (!(await opensAsSaid(db, 'emergency-signers', labels.levels, 'emergency'))) return 'emergency-signers';
  if (emergency?.second === undefined) return undefined;
  const signer = { mspId: actor.mspId, actorTag: emergency.second };
  const isTheirs = (await isSignatureProven(db, { ticketId, requestedAt }, signer)) && (await isStaffOfTheirs(db, signer));
  return isTheirs ? undefined : 'signature';
}

/**
 * A patient's own permit rests on the command of the patient's side, and on the own hospital's record: on no consent, no relationship and no policy.
 * It ends where the patient's side that has asked is the patient's no more.
 */
async function ownWordFor(db: Database, permit: FollowedPermit, asker: OwnAsker): Promise<PermitsWord> {
  const word = await ownSidesWord(db, permit.pseudonym, asker);
  if (word.kind !== 'given') return word;
  if (!(await isAsked(db, permit))) return { kind: 'unfounded', part: 'request' };
  return (await ownLabels(db, permit)) === undefined ? { kind: 'unfounded', part: 'record' } : word;
}

/** Whether who is named in the permit has signed the request for it, with the key it is sealed to. */
async function isAsked(db: Database, { ticketId }: FollowedPermit): Promise<boolean> {
  return (await ticketIn(db, ticketId))?.is_asked === 1;
}

/** Whether the staff entry of who asks is as their own organisation has made it; whether they may act, the chaincode reads there. */
async function isStaffOfTheirs(db: Database, { mspId, actorTag }: Pick<StaffAsker, 'mspId' | 'actorTag'>): Promise<boolean> {
  return (await staffIn(db, mspId, actorTag))?.is_proven === 1;
}

/** Of all records of a permit. */
type OwnLabels = { readonly classes: readonly string[]; readonly levels: readonly string[] };

/** The classes and levels of the records; undefined if class, level, labels and custodian of any of them are not what the own hospital has said. */
async function ownLabels(db: Database, { pseudonym, recordIds }: FollowedPermit): Promise<OwnLabels | undefined> {
  const rows = await Promise.all(recordIds.map((recordId) => recordIn(db, pseudonym, recordId)));
  if (!rows.every((row) => row?.is_proven === 1)) return undefined;
  return { classes: rows.map((row) => String(row?.class)), levels: rows.map((row) => String(row?.data_level)) };
}

/**
 * Where the patient has said nothing, the own hospital's own staff may read, by the policy that a majority of the members has set, and nobody else. A
 * permit that names a consent may rest on the policy beside it, whatever it says: own staff need it as it was set always.
 */
async function mayRestOnDefault(
  db: Database,
  ownMspId: string,
  { actor, provisionIds, grantVersions }: FollowedPermit,
  { classes }: OwnLabels,
): Promise<boolean> {
  if (actor.mspId !== ownMspId) return grantVersions.length > 0 && !provisionIds.includes(DEFAULT_PROVISION_ID);
  return opensAsSaid(db, 'default-policies', classes);
}
