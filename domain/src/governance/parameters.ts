import { type ActorReference, type Origin } from '../actor';
import { hashOfJson } from '../crypto/sha256';
import { DomainError } from '../domain-error';
import { type Sha256 } from '../encoding/values';
import { type MspId } from '../ids';
import { addMilliseconds, type Instant } from '../instant';
import { nextState, type StateTable } from '../state-table';
import { recordClasses } from '../vocabulary';
import {
  type AccessParameter,
  type DefaultPolicies,
  type ImplicitPolicy,
  type OrganisationList,
  type ParameterName,
  type ParameterProposal,
  type ParameterSetting,
} from './transactions';

type ProposalCommand = 'approve' | 'adopt' | 'withdraw';
export const parameterProposalTable: StateTable<ParameterProposal['state'], ProposalCommand> = {
  open: { approve: 'open', adopt: 'adopted', withdraw: 'withdrawn' },
  adopted: {},
  withdrawn: {},
};

/** How long a proposal may be approved. */
const PROPOSAL_LIFETIME_MS = 14 * 24 * 60 * 60_000;

/** One policy for every class. */
export function policiesOf(policy: ImplicitPolicy): DefaultPolicies {
  const entries = recordClasses.map((each) => [each, policy] as const);
  return Object.fromEntries(entries) as DefaultPolicies; // Object.fromEntries cannot say that every class stands there
}

/** A parameter of a name, and its value. */
export type SettingOf<Name extends ParameterName> = Extract<ParameterSetting, { readonly name: Name }>;
const initialSettings: { readonly [Name in ParameterName]: SettingOf<Name> } = {
  'default-policies': { name: 'default-policies', value: policiesOf('basic-normal') },
  'level-approvers': { name: 'level-approvers', value: { '1': 'none', '2': 'none', '3': 'none', '4': 'none', '5': 'none' } },
};

/** What a parameter is as long as nobody has set it. */
export function initialSetting<Name extends ParameterName>(name: Name): SettingOf<Name> {
  return initialSettings[name];
}

/** SHA-256 of all that a proposal says. */
export function hashOfProposal({
  setting,
  number,
  mspId,
  proposedAt,
  lapsesAt,
}: Pick<ParameterProposal, 'setting' | 'number' | 'mspId' | 'proposedAt' | 'lapsesAt'>): Sha256 {
  return hashOfJson(['lianyi/parameter-proposal/v1', setting.name, number, setting.value, mspId, proposedAt, lapsesAt]);
}

/** Who votes: somebody of an organisation. */
export type Voter = { readonly mspId: MspId; readonly by: ActorReference };

/** The first vote for it is its proposer's. */
export function newProposal(
  { setting, number }: Pick<ParameterProposal, 'setting' | 'number'>,
  { mspId, by }: Voter,
  now: Instant,
  origin: Origin,
): ParameterProposal {
  const lapsesAt = addMilliseconds(now, PROPOSAL_LIFETIME_MS);
  return { schemaVersion: 1, setting, number, mspId, proposedAt: now, lapsesAt, state: 'open', votes: [{ mspId, by, at: now }], origin };
}

/**
 * Checks that a proposal may follow the one before it: of each parameter one is open at a time.
 * @param before - undefined if there is none of the number before
 * @throws {@link DomainError} `VERSION_CONFLICT` — a number was left out; `ILLEGAL_STATE` — the one before is open still
 */
export function assertMayFollow(before: ParameterProposal | undefined, number: number, now: Instant): void {
  if (number === 1) return;
  if (before === undefined) throw new DomainError('VERSION_CONFLICT', 'there is no proposal before it', { claimed: number });
  if (isOpen(before, now)) throw new DomainError('ILLEGAL_STATE', 'the proposal before it is open', { state: 'open', command: 'propose' });
}

function isOpen({ state, lapsesAt }: ParameterProposal, now: Instant): boolean {
  return state === 'open' && now < lapsesAt;
}

/**
 * The proposal with one organisation's approval more.
 * @throws {@link DomainError} `ILLEGAL_STATE` — it is adopted, withdrawn or lapsed, or the organisation has approved it; `HASH_MISMATCH` —
 * it says something else than what is approved
 */
export function approveProposal(
  proposal: ParameterProposal,
  { mspId, by, proposalSha256 }: Voter & { readonly proposalSha256: string },
  now: Instant,
): ParameterProposal {
  const state = nextState(parameterProposalTable, proposal.state, 'approve');
  if (now >= proposal.lapsesAt) throw new DomainError('ILLEGAL_STATE', undefined, { state: 'lapsed', command: 'approve' });
  if (proposalSha256 !== hashOfProposal(proposal)) throw new DomainError('HASH_MISMATCH', undefined, { path: 'input.proposalSha256' });
  if (proposal.votes.some((vote) => vote.mspId === mspId))
    throw new DomainError('ILLEGAL_STATE', 'the organisation has approved it', { state, command: 'approve' });
  return { ...proposal, state, votes: [...proposal.votes, { mspId, by, at: now }] };
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — it is adopted or withdrawn; `NOT_PERMITTED` — another organisation has proposed it */
export function withdrawProposal(proposal: ParameterProposal, mspId: MspId): ParameterProposal {
  if (mspId !== proposal.mspId) throw new DomainError('NOT_PERMITTED', 'another organisation has proposed it');
  return { ...proposal, state: nextState(parameterProposalTable, proposal.state, 'withdraw') };
}

/** What a vote comes to. */
export type Settled = { readonly proposal: ParameterProposal; readonly adopted?: AccessParameter };

/**
 * Adopts a proposal if more than half of the active organisations have approved it. Of an organisation that is not active neither the vote
 * nor the lack of one counts.
 * @param present - the parameter as it is set now; undefined if nobody has set it
 */
export function settleProposal(
  proposal: ParameterProposal,
  active: readonly MspId[],
  present: Pick<AccessParameter, 'version'> | undefined,
  now: Instant,
): Settled {
  const counting = proposal.votes.filter(({ mspId }) => active.includes(mspId));
  if (counting.length * 2 <= active.length) return { proposal };
  const { setting, number } = proposal;
  const adopted: AccessParameter = { schemaVersion: 1, setting, version: (present?.version ?? 1) + 1, number, adoptedAt: now };
  return { proposal: { ...proposal, state: nextState(parameterProposalTable, proposal.state, 'adopt') }, adopted };
}

/** The list of organisations with one more. */
export function withOrganisation(list: OrganisationList | undefined, mspId: MspId): OrganisationList {
  return { schemaVersion: 1, mspIds: [...(list?.mspIds ?? []), mspId] };
}
