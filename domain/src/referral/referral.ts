import { type GrantUses, type Provision, type ProvisionDraft } from '../consent/entities';
import { hashOfJson } from '../crypto/sha256';
import { DomainError } from '../domain-error';
import { canonicalJson } from '../encoding/canonical-json';
import { type Sha256 } from '../encoding/values';
import { type Pseudonym, type ProvisionId, provisionIdSchema, type RecordId, type ReferralId } from '../ids';
import { addMilliseconds, type Instant } from '../instant';
import { nextState, type StateTable } from '../state-table';
import {
  type AnsweredReferral,
  type Referral,
  type ReferralAnswer,
  type ReferralEnd,
  type ReferralState,
  type ReferralWord,
} from './entities';

/** So long a referral opens something at most, and so long its proposal waits for the patient. */
export const REFERRAL_LASTS_MS = 14 * 24 * 60 * 60 * 1000;

type ReferralCommand = 'agree' | 'accept' | 'decline' | 'attend' | 'giveBack' | 'recall' | 'close' | 'withdraw';
/** The patient may withdraw whatever is not over. What is over by its time leads nowhere. */
export const referralTable: StateTable<ReferralState, ReferralCommand> = {
  proposed: { agree: 'agreed', recall: 'recalled', withdraw: 'withdrawn' },
  agreed: { accept: 'accepted', decline: 'declined', recall: 'recalled', withdraw: 'withdrawn' },
  accepted: { decline: 'declined', attend: 'attended', recall: 'recalled', withdraw: 'withdrawn' },
  attended: { giveBack: 'returned', recall: 'recalled', withdraw: 'withdrawn' },
  returned: { close: 'closed', withdraw: 'withdrawn' },
  declined: {},
  closed: {},
  recalled: {},
  withdrawn: {},
  lapsed: {},
};

/** A referral with what has been said of it since, each part by whose word it is. */
export type SaidOfReferral = {
  readonly referral: Referral;
  readonly word?: ReferralWord | undefined;
  readonly answered?: AnsweredReferral | undefined;
  readonly end?: ReferralEnd | undefined;
};

const saidBy: Readonly<Record<ReferralAnswer['kind'], ReferralCommand>> = {
  accepted: 'accept',
  declined: 'decline',
  attended: 'attend',
  returned: 'giveBack',
};

/** How a referral stands: an end that somebody has said, else what was said last; and whether its time is over. */
export function referralStateOf({ referral, word, answered, end }: SaidOfReferral, now: Instant): ReferralState {
  if (word?.word.kind === 'withdraws') return 'withdrawn';
  if (end !== undefined) return end.state;
  if (word === undefined) return now >= referral.lapsesAt ? 'lapsed' : 'proposed';
  const answer = answered?.answer.kind ?? 'agreed';
  if (answer === 'declined' || now < word.word.validUntil) return answer;
  return answer === 'returned' ? 'closed' : 'lapsed';
}

/**
 * The state after a step.
 * @throws {@link DomainError} `ILLEGAL_STATE`
 */
export function referralAfter(said: SaidOfReferral, command: ReferralCommand, now: Instant): ReferralState {
  return nextState(referralTable, referralStateOf(said, now), command);
}

/** The step that an answer is. */
export const commandOfAnswer = ({ kind }: ReferralAnswer): ReferralCommand => saidBy[kind];

/** The step by which the hospital that has referred ends it. */
export function commandOfEnd(said: SaidOfReferral, now: Instant): 'recall' | 'close' {
  return referralStateOf(said, now) === 'returned' ? 'close' : 'recall';
}

/** When a proposal lapses that is made now. */
export function referralLapsesAt(now: Instant): Instant {
  return addMilliseconds(now, REFERRAL_LASTS_MS);
}

/** The provision of the grantee's policy that a referral is: it has the referral's name. */
export function provisionOfReferral(referralId: ReferralId): ProvisionId {
  return provisionIdSchema.parse(referralId);
}

type Listed = Pick<Referral, 'referralId' | 'recordIds'>;
type PermitDraft = Extract<ProvisionDraft, { effect: 'permit' }>;

/**
 * Holds the policy that a patient would have to the policy as it is, and the referral: one provision more, which opens what it lists and no more.
 * @param present - what the grantee's active policy says; empty if there is none. What has ended by its time may be left out.
 * @returns when it is over
 * @throws {@link DomainError} `REFERRAL_DIFFERS` — details say in what
 */
export function assertAgreesTo(referral: Listed, drafts: readonly ProvisionDraft[], present: readonly Provision[], now: Instant): Instant {
  const provisionId = provisionOfReferral(referral.referralId);
  const [own, others] = apart(drafts, provisionId);
  if (own?.effect !== 'permit') throw differs('provisions');
  assertKept(others, present, now);
  const field = fieldThatDiffers(referral, own, now);
  if (field !== undefined) throw differs(field);
  return own.validUntil;
}

function fieldThatDiffers({ recordIds }: Listed, draft: PermitDraft, now: Instant): string | undefined {
  const { purposes, recordIds: opened = [], validFrom = now, validUntil, uses, onward } = draft;
  if (canonicalJson(purposes) !== canonicalJson(['TREAT'])) return 'purposes';
  if (canonicalJson([...opened].sort()) !== canonicalJson([...recordIds].sort())) return 'recordIds';
  if (validFrom > now) return 'validFrom';
  if (validUntil <= now || validUntil > addMilliseconds(now, REFERRAL_LASTS_MS)) return 'validUntil';
  if (uses === undefined) return 'uses';
  return onward === undefined ? undefined : 'onward';
}

/**
 * Holds the policy that a patient would have to the policy as it is, without a referral's provision.
 * @param drafts - undefined: it would be revoked, because nothing is left
 * @throws {@link DomainError} `REFERRAL_DIFFERS`
 */
export function assertLeavesOut(
  { referralId }: Pick<Referral, 'referralId'>,
  drafts: readonly ProvisionDraft[] | undefined,
  present: readonly Provision[],
  now: Instant,
): void {
  const [own, others] = apart(present, provisionOfReferral(referralId));
  if (own === undefined) throw differs('policy');
  assertKept(drafts ?? [], others, now);
}

function apart<Of extends ProvisionDraft>(provisions: readonly Of[], provisionId: ProvisionId): [Of | undefined, Of[]] {
  return [provisions.find((each) => each.provisionId === provisionId), provisions.filter((each) => each.provisionId !== provisionId)];
}

/** All that is in force, letter by letter, and nothing new. */
function assertKept(drafts: readonly ProvisionDraft[], present: readonly Provision[], now: Instant): void {
  const said = new Set(drafts.map((each) => canonicalJson(each)));
  const known = new Set(present.map((each) => canonicalJson(each)));
  const lacks = present.some((each) => (each.validUntil === undefined || each.validUntil > now) && !said.has(canonicalJson(each)));
  if (lacks || [...said].some((each) => !known.has(each))) throw differs('provisions');
}

function differs(field: string): DomainError {
  return new DomainError('REFERRAL_DIFFERS', undefined, { field });
}

type Counted = Pick<GrantUses, 'pseudonym' | 'grantee'> & { readonly version: number; readonly provisions: readonly Provision[] };

/**
 * What has been taken of a policy's uses once a referral is over: all of its own, so that no new permit rests on it.
 * @param before - of this version of the policy
 * @returns undefined if the policy has no such provision
 */
export function usesUpReferral(
  { pseudonym, grantee, version, provisions }: Counted,
  referralId: ReferralId,
  before: GrantUses['taken'] = [],
): GrantUses | undefined {
  const provisionId = provisionOfReferral(referralId);
  const own = provisions.find((each) => each.provisionId === provisionId);
  if (own?.effect !== 'permit' || own.uses === undefined) return undefined;
  const taken = [...before.filter((each) => each.provisionId !== provisionId), { provisionId, count: own.uses }];
  return { schemaVersion: 1, pseudonym, grantee, version, taken: inOrder(taken) };
}

/**
 * What has been taken of a policy's uses in its next version, which says what it said before and something of a referral: what was taken stays so.
 * @returns undefined if nothing was
 */
export function usesCarriedOver(next: Counted, before: GrantUses['taken'] = []): GrantUses | undefined {
  const { pseudonym, grantee, version, provisions } = next;
  const taken = before.filter(({ provisionId }) => provisions.some((each) => each.provisionId === provisionId));
  return taken.length === 0 ? undefined : { schemaVersion: 1, pseudonym, grantee, version, taken: inOrder(taken) };
}

/** In the order of the provisions' ids, so that the same uses are the same bytes. */
function inOrder(taken: GrantUses['taken']): GrantUses['taken'] {
  return [...taken].sort((one, other) => (one.provisionId < other.provisionId ? -1 : 1));
}

/** What the ledger has of a summary: nobody without the salt learns under which other pseudonym it stands. */
export function summaryCommitmentOf(of: {
  readonly referralId: ReferralId;
  readonly summaryPseudonym: Pseudonym;
  readonly summaryRecordId: RecordId;
  readonly salt: string;
}): Sha256 {
  const { referralId, summaryPseudonym, summaryRecordId, salt } = of;
  return hashOfJson(['lianyi/referral-summary/v1', referralId, summaryPseudonym, summaryRecordId, salt]);
}
