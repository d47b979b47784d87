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
  type Approver,
  type DefaultPolicies,
  type DisplayProfiles,
  type DisplayRequirement,
  type EmergencySigner,
  type ImplicitPolicy,
  type OrganisationList,
  type ParameterName,
  type ParameterProposal,
  type ParameterSetting,
  profiledClasses,
  type RetentionPeriod,
  type RetentionPeriods,
} from './transactions';

type ProposalCommand = 'approve' | 'adopt' | 'withdraw';
export const parameterProposalTable: StateTable<ParameterProposal['state'], ProposalCommand> = {
  open: { approve: 'open', adopt: 'adopted', withdraw: 'withdrawn' },
  adopted: { approve: 'adopted' },
  withdrawn: {},
};

/** How long a proposal may be approved. */
const PROPOSAL_LIFETIME_MS = 14 * 24 * 60 * 60_000;
/** How soon an organisation says its vote again: what is in force is written with it, and that conflicts with the requests of its block. */
const VOTE_AGAIN_AFTER_MS = 10 * 60_000;

/** One policy for every class. */
export function policiesOf(policy: ImplicitPolicy): DefaultPolicies {
  const entries = recordClasses.map((each) => [each, policy] as const);
  return Object.fromEntries(entries) as DefaultPolicies; // Object.fromEntries cannot say that every class stands there
}

/** What the program says of how long records are kept: law differs by place, so the members say it. */
function unsaidPeriods(): RetentionPeriods {
  const entries = recordClasses.map((each) => [each, 'unsaid'] as const);
  return Object.fromEntries(entries) as RetentionPeriods; // as above
}

/** Documents are published whatever their form, until the members say which they show alike. */
function anyProfiles(): DisplayProfiles {
  const entries = profiledClasses.map((each) => [each, 'any'] as const);
  return Object.fromEntries(entries) as DisplayProfiles; // as above
}

/** A parameter of a name, and its value. */
export type SettingOf<Name extends ParameterName> = Extract<ParameterSetting, { readonly name: Name }>;
const initialSettings: { readonly [Name in ParameterName]: SettingOf<Name> } = {
  'default-policies': { name: 'default-policies', value: policiesOf('basic-normal') },
  'level-approvers': { name: 'level-approvers', value: { '1': 'none', '2': 'none', '3': 'none', '4': 'none', '5': 'none' } },
  'emergency-signers': { name: 'emergency-signers', value: { '1': 'alone', '2': 'alone', '3': 'alone', '4': 'alone', '5': 'closed' } },
  'retention-periods': { name: 'retention-periods', value: unsaidPeriods() },
  'display-profiles': { name: 'display-profiles', value: anyProfiles() },
  'recognised-items': { name: 'recognised-items', value: { items: [] } },
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
 * Checks that a proposal may follow the one before it: no organisation has two open in a row, and none waits for another's.
 * @param before - undefined if there is none of the number before
 * @throws {@link DomainError} `VERSION_CONFLICT` — a number was left out; `ILLEGAL_STATE` — the one before is open still, and the same organisation's
 */
export function assertMayFollow(
  before: ParameterProposal | undefined,
  { number, mspId }: Pick<ParameterProposal, 'number' | 'mspId'>,
  now: Instant,
): void {
  if (number === 1) return;
  if (before === undefined) throw new DomainError('VERSION_CONFLICT', 'there is no proposal before it', { claimed: number });
  if (before.mspId === mspId && isOpen(before, now))
    throw new DomainError('ILLEGAL_STATE', 'the own proposal before it is open', { state: 'open', command: 'propose' });
}

function isOpen({ state, lapsesAt }: ParameterProposal, now: Instant): boolean {
  return state === 'open' && now < lapsesAt;
}

/**
 * What a written proposal says, without the votes: for whoever did not hear its proposer in time, and hears others approve it by its hash.
 * @returns undefined if it lapses otherwise than proposals do
 */
export function unvotedProposal(written: ParameterProposal, now: Instant): ParameterProposal | undefined {
  const { proposedAt, lapsesAt } = written;
  const isTimely = proposedAt <= now && lapsesAt === addMilliseconds(proposedAt, PROPOSAL_LIFETIME_MS);
  return isTimely ? { ...written, state: 'open', votes: [] } : undefined;
}

/**
 * The proposal with one organisation's approval more, or with one that is said again, also where it is adopted: an index that has not heard a
 * vote in time hears it so.
 * @throws {@link DomainError} `ILLEGAL_STATE` — it is withdrawn or lapsed, or the organisation has approved it a moment ago; `HASH_MISMATCH` —
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
  const own = proposal.votes.find((vote) => vote.mspId === mspId);
  if (own !== undefined && now < addMilliseconds(own.at, VOTE_AGAIN_AFTER_MS))
    throw new DomainError('ILLEGAL_STATE', 'the organisation has just approved it', { state, command: 'approve' });
  return { ...proposal, state, votes: [...proposal.votes.filter((vote) => vote !== own), { mspId, by, at: now }] };
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
 * nor the lack of one counts. One that is adopted sets again what it has set.
 * @param present - the parameter as it is set now; undefined if nobody has set it
 * @throws {@link DomainError} `ILLEGAL_STATE` — a later one is adopted
 */
export function settleProposal(
  proposal: ParameterProposal,
  active: readonly MspId[],
  present: AccessParameter | undefined,
  now: Instant,
): Settled {
  const { setting, number } = proposal;
  if (present !== undefined && present.number > number)
    throw new DomainError('ILLEGAL_STATE', 'a later proposal is adopted', { state: 'superseded', command: 'approve' });
  if (proposal.state === 'adopted') return { proposal, ...(present && { adopted: present }) };
  const counting = proposal.votes.filter(({ mspId }) => active.includes(mspId));
  if (counting.length * 2 <= active.length) return { proposal };
  const adopted: AccessParameter = { schemaVersion: 1, setting, version: (present?.version ?? 1) + 1, number, adoptedAt: now };
  return { proposal: { ...proposal, state: nextState(parameterProposalTable, proposal.state, 'adopt') }, adopted };
}

/** What some value of some parameter is. */
type ParameterValue = ImplicitPolicy | Approver | EmergencySigner | RetentionPeriod | DisplayRequirement;
/** How long something is kept, and how it must be written to be published, opens nothing. */
const opensNothing = {
  ...{ unsaid: 0, '6-years': 0, '15-years': 0, '30-years': 0 },
  ...{ any: 0, 'version-1-or-unstructured': 0, 'version-1': 0, 'version-2-or-unstructured': 0, 'version-2': 0 },
} as const;
/** How much each value opens, to whoever reads and in an emergency: the first nothing, each as much as those before it at least. */
const opened = {
  reading: {
    ...{ 'deny-all': 0, 'break-glass-only': 0, 'basic-normal': 1, 'all-normal': 2, custodian: 0, none: 1 },
    alone: 0,
    countersigned: 0,
    ...opensNothing,
  },
  emergency: {
    ...{ 'deny-all': 0, 'break-glass-only': 1, 'basic-normal': 1, 'all-normal': 1, custodian: 0, none: 0 },
    alone: 1,
    countersigned: 0,
    ...opensNothing,
  },
} as const satisfies Record<string, Record<Exclude<ParameterValue, 'closed'>, number>>;

/** What is compared of two values of a parameter: to whom they open, and of which classes or levels. */
export type ComparedOpening = { readonly to: keyof typeof opened; readonly of: readonly string[] };

/** Whether one value of a parameter opens nothing of some classes or levels that another does not; of what either does not know, it does. */
export function opensNoMore(one: ParameterSetting, other: ParameterSetting, { to, of }: ComparedOpening): boolean {
  // of which item is equal to which, nobody reads more
  if (one.name === 'recognised-items' || other.name === 'recognised-items') return true;
  const [values, least] = [one, other].map(({ value }) => new Map<string, ParameterValue>(Object.entries(value)));
  return of.every((each) => {
    // as {@link valueOfClass}: what was set before the class was there says of it what it says of imaging reports
    const place = (of: ReadonlyMap<string, ParameterValue> | undefined): ParameterValue | undefined =>
      of?.get(each) ?? (each === 'imaging-index' ? of?.get('imaging-report') : undefined);
    const [value, known] = [place(values), place(least)];
    if (value === undefined || known === undefined || value === known) return value !== undefined && value === known;
    // what is closed is closed where the patient has said nothing; where they have let it, a second person closes more
    return value !== 'closed' && known !== 'closed' && opened[to][value] <= opened[to][known];
  });
}

/** The list of organisations with one more. */
export function withOrganisation(list: OrganisationList | undefined, mspId: MspId): OrganisationList {
  return { schemaVersion: 1, mspIds: [...(list?.mspIds ?? []), mspId] };
}
