import { DomainError, type Referral, type ReferralKey, type StaffActor } from '@lianyi/domain';
import { type SaidOfReferral } from '@lianyi/domain/deciding';
import { type ReadScope } from '../scope';

type Ledger = Pick<ReadScope, 'ledger'>;

/** A referral and what has been said of it since; undefined if there is none. */
export async function findReferral({ ledger }: Ledger, key: ReferralKey): Promise<SaidOfReferral | undefined> {
  const [referral, since] = await Promise.all([ledger.referrals.find(key.pseudonym, key.referralId), saidSince({ ledger }, key)]);
  return referral === undefined ? undefined : { referral, ...since };
}

/** @throws {@link DomainError} `NOT_FOUND` */
export async function getReferral(scope: Ledger, key: ReferralKey): Promise<SaidOfReferral> {
  const said = await findReferral(scope, key);
  if (said === undefined) throw noReferral();
  return said;
}

/**
 * A referral of one of the actor's hospitals sides.
 * @param isOf - which side's it has to be
 * @throws {@link DomainError} `NOT_FOUND` — of others as of none
 */
export async function getReferralOf(scope: Ledger, key: ReferralKey, isOf: (referral: Referral) => boolean): Promise<SaidOfReferral> {
  const said = await findReferral(scope, key);
  if (said === undefined || !isOf(said.referral)) throw noReferral();
  return said;
}

export async function withReferralSaidSince(scope: Ledger, referral: Referral): Promise<SaidOfReferral> {
  return { referral, ...(await saidSince(scope, referral)) };
}

/** Whether somebody is of the department that refers. */
export function isReferrer({ mspId, departments }: StaffActor, { fromMspId, fromDepartment }: Referral): boolean {
  return mspId === fromMspId && departments.includes(fromDepartment);
}

/** Whether somebody is of the department that is asked; where none is named, of the hospital. */
export function isReferredTo({ mspId, departments }: StaffActor, { to }: Referral): boolean {
  return mspId === to.mspId && (to.kind !== 'department' || departments.includes(to.name));
}

async function saidSince({ ledger }: Ledger, { pseudonym, referralId }: ReferralKey): Promise<Omit<SaidOfReferral, 'referral'>> {
  const [word, answered, end] = await Promise.all([
    ledger.referralWords.find(pseudonym, referralId),
    ledger.referralAnswers.find(pseudonym, referralId),
    ledger.referralEnds.find(pseudonym, referralId),
  ]);
  return { word, answered, end };
}

function noReferral(): DomainError {
  return new DomainError('NOT_FOUND', undefined, { entity: 'referral' });
}
