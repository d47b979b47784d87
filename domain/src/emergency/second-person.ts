import { type StaffActor } from '../actor';
import { type Staff } from '../directory/entities';
import { DomainError } from '../domain-error';
import { type Department } from '../ids';
import { addMilliseconds, type Instant } from '../instant';
import { type EmergencySignature } from './entities';

/** So long an emergency may be asked for after it was countersigned. */
const SIGNATURE_MS = 30 * 60_000;

/** Whether somebody is of a department, and of none of these. */
export function isOfOtherDepartments({ departments }: Pick<StaffActor, 'departments'>, theirs: readonly Department[]): boolean {
  return departments.length > 0 && !departments.some((each) => theirs.includes(each));
}

/** Who would open records in an emergency, as their staff entry has them. */
export type EmergencyAsker = Pick<StaffActor, 'mspId' | 'actorTag'> & { readonly departments: readonly Department[] };

/**
 * What a second person says before an emergency.
 * @throws {@link DomainError} `SECOND_PERSON_NEEDED` — who will ask; `NOT_PERMITTED` — somebody of another hospital, or of one of the asker's departments
 */
export function newEmergencySignature(
  said: Pick<EmergencySignature, 'ticketId' | 'pseudonym' | 'recordIds' | 'origin'>,
  asker: EmergencyAsker,
  signer: StaffActor,
  now: Instant,
): EmergencySignature {
  const { mspId, actorTag, departments } = asker;
  if (signer.mspId !== mspId) throw new DomainError('NOT_PERMITTED', 'somebody of the asker’s hospital countersigns');
  if (signer.actorTag === actorTag) throw new DomainError('SECOND_PERSON_NEEDED', undefined, { actorTag });
  if (!isOfOtherDepartments(signer, departments)) throw new DomainError('NOT_PERMITTED', 'another department countersigns');
  const recordIds = [...said.recordIds].sort();
  const until = addMilliseconds(now, SIGNATURE_MS);
  return { schemaVersion: 1, ...said, recordIds, asker: { mspId, actorTag }, signer: signer.actorTag, signedAt: now, until };
}

/**
 * Of which records a countersignature counts for an emergency, as the ledger has it and who has given it now. None for another patient or person, of the asker
 * themself, or where who has given it is on the staff no more, may not give it any more, or has come to be of the asker's departments.
 */
export function countersigned(
  signature: EmergencySignature | undefined,
  { pseudonym, asker, signer }: { readonly pseudonym: string; readonly asker: EmergencyAsker; readonly signer: Staff | undefined },
): Pick<EmergencySignature, 'recordIds' | 'until'> | undefined {
  if (signature === undefined || signer?.state !== 'active' || !maySign(signer)) return undefined;
  const { mspId, actorTag, departments } = asker;
  const isFor = signature.pseudonym === pseudonym && signature.asker.mspId === mspId && signature.asker.actorTag === actorTag;
  const isBySecond = signer.mspId === mspId && signer.actorTag === signature.signer && signer.actorTag !== actorTag;
  if (!isFor || !isBySecond || !isOfOtherDepartments(signer, departments)) return undefined;
  return { recordIds: signature.recordIds, until: signature.until };
}

function maySign({ roles }: Pick<Staff, 'roles'>): boolean {
  return roles.includes('clinician') || roles.includes('privacyOfficer');
}
