import { type Actor, type Input, isPatientSide, type Output, type Referral, speaksFor, type transactions } from '@lianyi/domain';
import { referralStateOf, type SaidOfReferral } from '@lianyi/domain/deciding';
import { ledTo } from '../led-to';
import { type ReadScope } from '../scope';
import { assertConcerns, asPatientSide, asStaff } from '../standing';
import { findReferral, getReferralOf, isReferredTo, isReferrer, withReferralSaidSince } from './said-of-referral';

type Get = typeof transactions.GetReferral;
type List = typeof transactions.ListReferrals;
type ListOfHospital = typeof transactions.ListReferralsOfHospital;

export async function GetReferral(scope: ReadScope, key: Input<Get>): Promise<Output<Get>> {
  if (isPatientSide(scope.actor)) asPatientSide(scope.actor, key.pseudonym);
  return shown(scope, await getReferralOf(scope, key, (referral) => isOneOf(scope.actor, referral)));
}

export async function ListReferrals(scope: ReadScope, { pseudonym, ...page }: Input<List>): Promise<Output<List>> {
  await assertConcerns(scope, pseudonym);
  const { items, ...rest } = await ledTo(
    await scope.ledger.referrals.list([pseudonym], page),
    (referral) => withReferralSaidSince(scope, referral),
    () => true,
  );
  return { items: items.map((said) => shown(scope, said)), ...rest };
}

export async function ListReferralsOfHospital(scope: ReadScope, page: Input<ListOfHospital>): Promise<Output<ListOfHospital>> {
  const staff = asStaff(scope.actor);
  const { items, ...rest } = await ledTo(
    await scope.ledger.referralsOf.list([staff.mspId], page),
    (line) => findReferral(scope, line),
    ({ referral }) => referral.fromMspId === staff.mspId || referral.to.mspId === staff.mspId,
  );
  return { items: items.filter(({ referral }) => isOneOf(staff, referral)).map((said) => shown(scope, said)), ...rest };
}

/** Whether a referral is of whoever asks: the patient's, or of one of the two departments. */
function isOneOf(actor: Actor, referral: Referral): boolean {
  if (actor.kind === 'staff') return isReferrer(actor, referral) || isReferredTo(actor, referral);
  return speaksFor(actor, referral.pseudonym);
}

function shown({ now }: ReadScope, said: SaidOfReferral): Output<Get> {
  const { referral, word, answered, end } = said;
  const since = {
    ...(word === undefined ? {} : { word }),
    ...(answered === undefined ? {} : { answered }),
    ...(end === undefined ? {} : { end }),
  };
  return { referral, ...since, state: referralStateOf(said, now) };
}
