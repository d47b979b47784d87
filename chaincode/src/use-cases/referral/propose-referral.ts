import {
  assertOwnId,
  DomainError,
  type Input,
  type Output,
  type Referral,
  referenceTo,
  referralIdOf,
  type transactions,
} from '@lianyi/domain';
import { assertKnownGrantee, assertMemberOf, referralLapsesAt, referralStateOf } from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { assertActiveMember, asStaff, madeBefore, ownActivePseudonym } from '../standing';
import { withReferralSaidSince } from './said-of-referral';

type Propose = typeof transactions.ProposeReferral;

/** A clinician refers a patient of their hospital to another one. It opens nothing. */
export async function ProposeReferral(scope: WriteScope, { nonce, department, ...asked }: Input<Propose>): Promise<Output<Propose>> {
  const { ledger, now } = scope;
  const { mspId, departments } = asStaff(scope.actor);
  const { pseudonym, referralId, to } = asked;
  assertMemberOf({ departments }, department);
  assertOwnId(referralId, referralIdOf({ mspId, pseudonym, nonce }));
  const [existing, relationship] = await Promise.all([
    ledger.referrals.find(pseudonym, referralId),
    ledger.relationships.find(pseudonym, mspId),
    ownActivePseudonym(scope, pseudonym),
    assertReferable(scope, asked),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) return answerOf(repeated, referralStateOf(await withReferralSaidSince(scope, repeated), now));
  if (relationship?.state !== 'active')
    throw new DomainError('ILLEGAL_STATE', undefined, { state: relationship?.state ?? 'none', command: 'propose' });
  const lapsesAt = referralLapsesAt(now);
  const referral: Referral = {
    ...{ schemaVersion: 1, ...asked, fromMspId: mspId, fromDepartment: department, proposedAt: now, lapsesAt },
    ...{ proposedBy: referenceTo(scope.actor), origin: originOf(scope) },
  };
  await Promise.all([
    ledger.referrals.insert(referral),
    ...[mspId, to.mspId].map((of) => ledger.referralsOf.insert({ schemaVersion: 1, mspId: of, proposedAt: now, pseudonym, referralId })),
  ]);
  recordEvent(scope, { name: 'ReferralProposed', pseudonym, referralId }, { recordIds: asked.recordIds, grantee: to });
  return answerOf(referral, 'proposed');
}

/** Checks that there is whom it is to, another hospital, and each record. */
async function assertReferable(
  scope: WriteScope,
  { pseudonym, to, recordIds }: Pick<Referral, 'pseudonym' | 'to' | 'recordIds'>,
): Promise<void> {
  const { ledger, actor } = scope;
  const [organisation, named, records] = await Promise.all([
    ledger.organisations.find(to.mspId),
    to.kind === 'department' ? ledger.departments.find(to.mspId, to.name) : undefined,
    Promise.all(recordIds.map((recordId) => ledger.records.get(pseudonym, recordId))),
  ]);
  if (to.mspId === asStaff(actor).mspId) throw new DomainError('UNKNOWN_GRANTEE', 'not another hospital', { unknown: 'organisation' });
  assertKnownGrantee(to, { organisation, named });
  await assertActiveMember(scope, to.mspId);
  const retracted = records.find(({ state }) => state !== 'current');
  if (retracted !== undefined) throw new DomainError('ILLEGAL_STATE', undefined, { state: retracted.state, command: 'propose' });
}

function answerOf({ pseudonym, referralId, lapsesAt }: Referral, state: Output<Propose>['state']): Output<Propose> {
  return { pseudonym, referralId, state, lapsesAt };
}
