import {
  assertKeepsProhibition,
  canonicalJson,
  DomainError,
  type Grant,
  type Grantee,
  type Input,
  type Instant,
  type Output,
  type PatientSideActor,
  powersOf,
  type ReferralWord,
  type transactions,
} from '@lianyi/domain';
import {
  amendGrant,
  assertAgreesTo,
  assertLeavesOut,
  assertOwnCeremony,
  isDenying,
  newGrant,
  provisionOfReferral,
  referralAfter,
  revokeGrant,
  type SaidOfReferral,
  usesCarriedOver,
  withGrantee,
} from '@lianyi/domain/deciding';
import { keyOfGrant } from '../consent/grant-key';
import { replaceGrant } from '../consent/replace-grant';
import { recordEvent } from '../record-event';
import { originOf, type WriteScope } from '../scope';
import { asPatientSide } from '../standing';
import { getReferral } from './said-of-referral';

type Agree = typeof transactions.AgreeReferral;
type Withdraw = typeof transactions.WithdrawReferral;

/** The patient agrees to a referral: its records, and no others, are open to whom it names until the end that the patient says. */
export async function AgreeReferral(scope: WriteScope, input: Input<Agree>): Promise<Output<Agree>> {
  const { now, ledger } = scope;
  const { pseudonym, referralId, grantee, previousVersion, evidence, provisions } = input;
  const actor = asPatientSide(scope.actor, pseudonym);
  assertOwnCeremony(evidence, actor.kind === 'assisted');
  const [said, previous] = await Promise.all([getReferral(scope, input), ledger.grants.find(...keyOfGrant(input))]);
  const state = referralAfter(said, 'agree', now);
  assertIsTo(said, grantee);
  const present = previous?.state === 'active' ? previous.provisions : [];
  const validUntil = assertAgreesTo(said.referral, provisions, present, now);
  const grant =
    previousVersion === undefined
      ? newGrant({ pseudonym, grantee, ...agreedIn(input) }, previous, now, originOf(scope))
      : amendGrant(amendable(actor, previous), previousVersion, agreedIn(input), now);
  await writePolicy(scope, { previous, next: grant, actor });
  await say(scope, said, { kind: 'agrees', policyVersion: grant.version, validUntil });
  recordEvent(scope, { name: 'ReferralAgreed', pseudonym, referralId }, { grantee, policyVersion: grant.version });
  return { pseudonym, referralId, state, policyVersion: grant.version };
}

/** The patient wants a referral no more, and closes what it has opened with the same word. */
export async function WithdrawReferral(scope: WriteScope, { policy, ...key }: Input<Withdraw>): Promise<Output<Withdraw>> {
  const { now, ledger } = scope;
  const { pseudonym, referralId } = key;
  const actor = asPatientSide(scope.actor, pseudonym);
  const said = await getReferral(scope, key);
  const { to } = said.referral;
  const state = referralAfter(said, 'withdraw', now);
  const present = await ledger.grants.find(...keyOfGrant({ pseudonym, grantee: to }));
  const isOpen = present?.state === 'active' && present.provisions.some((each) => each.provisionId === provisionOfReferral(referralId));
  if (isOpen !== (policy !== undefined)) throw new DomainError('REFERRAL_DIFFERS', undefined, { field: 'policy' });
  if (policy !== undefined && present !== undefined) {
    assertIsTo(said, policy.grantee);
    assertLeavesOut(said.referral, policy.provisions, present.provisions, now);
    await writePolicy(scope, { previous: present, next: without(present, policy, now), actor });
  }
  await say(scope, said, { kind: 'withdraws' });
  recordEvent(scope, { name: 'ReferralCancelled', pseudonym, referralId }, { grantee: to });
  return { pseudonym, referralId, state };
}

function without(present: Grant, { previousVersion, provisions }: NonNullable<Input<Withdraw>['policy']>, now: Instant): Grant {
  return provisions === undefined ? revokeGrant(present, previousVersion, now) : amendGrant(present, previousVersion, { provisions }, now);
}

/** Two of the hospital make a policy for a patient and change none, as in all else. */
function amendable(actor: PatientSideActor, previous: Grant | undefined): Grant {
  if (previous === undefined) throw new DomainError('NOT_FOUND', undefined, { entity: 'grant' });
  if (actor.kind === 'assisted') throw new DomainError('POLICY_ACTIVE', undefined, { version: previous.version });
  return previous;
}

function agreedIn({ provisions, evidence }: Input<Agree>): Pick<Input<Agree>, 'provisions' | 'evidence'> {
  return { provisions, ...(evidence === undefined ? {} : { evidence }) };
}

function assertIsTo({ referral: { to } }: SaidOfReferral, grantee: Grantee): void {
  if (canonicalJson(to) !== canonicalJson(grantee)) throw new DomainError('REFERRAL_DIFFERS', undefined, { field: 'grantee' });
}

type Change = { readonly previous: Grant | undefined; readonly next: Grant; readonly actor: PatientSideActor };

/** Writes the policy as every command of the patient does; what was taken of other provisions stays taken. */
async function writePolicy({ ledger }: WriteScope, { previous, next, actor }: Change): Promise<void> {
  if (previous === undefined) {
    const entry = await ledger.pseudonyms.get(next.pseudonym);
    await Promise.all([
      ledger.grants.insert(next),
      ledger.pseudonyms.replace(withGrantee(entry, next.provisions, actor.kind === 'patient')),
    ]);
    return;
  }
  const powers = powersOf(actor);
  if (powers !== undefined) assertKeepsProhibition(powers, isDenying(previous));
  const before = await ledger.grantUses.find(...keyOfGrant(next));
  const isCarried = previous.state === 'active' && next.state === 'active' && before?.version === previous.version;
  const uses = isCarried ? usesCarriedOver(next, before.taken) : undefined;
  if (uses !== undefined) await ledger.grantUses.put(uses);
  await replaceGrant(ledger, previous, next);
}

async function say(scope: WriteScope, { referral }: SaidOfReferral, word: ReferralWord['word']): Promise<void> {
  const { pseudonym, referralId } = referral;
  await scope.ledger.referralWords.put({ schemaVersion: 1, pseudonym, referralId, word, at: scope.now, origin: originOf(scope) });
}
