import {
  DomainError,
  type Input,
  type MspId,
  type Output,
  ORGANISATION_LIST,
  type ParameterName,
  type ParameterProposal,
  referenceTo,
  type transactions,
} from '@lianyi/domain';
import {
  approveProposal,
  assertMayFollow,
  hashOfProposal,
  initialSetting,
  newProposal,
  settleProposal,
  withdrawProposal,
} from '@lianyi/domain/deciding';
import { recordEvent } from '../record-event';
import { mspOf, originOf, type ReadScope, type WriteScope } from '../scope';
import { madeBefore, ownActiveOrganisation } from '../standing';

type Propose = typeof transactions.ProposeParameter;
type Approve = typeof transactions.ApproveParameter;
type Withdraw = typeof transactions.WithdrawProposal;
type Get = typeof transactions.GetParameter;
type List = typeof transactions.ListProposals;

/** Proposes what a parameter is set to; the proposer's organisation has approved it thereby. */
export async function ProposeParameter(scope: WriteScope, input: Input<Propose>): Promise<Output<Propose>> {
  const { mspId } = await ownActiveOrganisation(scope);
  const { parameterProposals } = scope.ledger;
  const { number, setting } = input;
  const [existing, before] = await Promise.all([
    parameterProposals.find(setting.name, number),
    number === 1 ? undefined : parameterProposals.find(setting.name, number - 1),
  ]);
  const repeated = madeBefore(scope, existing);
  if (repeated !== undefined) return answerOf(repeated);
  assertMayFollow(before, { number, mspId }, scope.now);
  const proposal = newProposal(input, { mspId, by: referenceTo(scope.actor) }, scope.now, originOf(scope));
  recordEvent(scope, { name: 'ParameterProposed', ...proposalOf(proposal), mspId });
  return settle(scope, proposal);
}

/** Approves a proposal for the caller's organisation, or says that again: whoever heard it late hears it then. */
export async function ApproveParameter(scope: WriteScope, input: Input<Approve>): Promise<Output<Approve>> {
  const { mspId } = await ownActiveOrganisation(scope);
  const { name, number, proposalSha256 } = input;
  const present = await scope.ledger.parameterProposals.get(name, number);
  const approved = approveProposal(present, { mspId, by: referenceTo(scope.actor), proposalSha256 }, scope.now);
  recordEvent(scope, { name: 'ParameterApproved', ...proposalOf(approved), mspId });
  return settle(scope, approved);
}

/** Withdraws an open proposal of the caller's organisation, which may be suspended: what only closes asks for nothing more than it must. */
export async function WithdrawProposal(scope: WriteScope, { name, number }: Input<Withdraw>): Promise<Output<Withdraw>> {
  const withdrawn = withdrawProposal(await scope.ledger.parameterProposals.get(name, number), mspOf(scope.actor));
  await scope.ledger.parameterProposals.replace(withdrawn);
  recordEvent(scope, { name: 'ParameterProposalCancelled', ...proposalOf(withdrawn) });
  return answerOf(withdrawn);
}

/** What a parameter is set to. */
export async function GetParameter(scope: ReadScope, { name }: Input<Get>): Promise<Output<Get>> {
  const found = await scope.ledger.accessParameters.find(name);
  if (found === undefined) return { setting: initialSetting(name), version: 1 };
  const { setting, version, number, adoptedAt } = found;
  return { setting, version, number, adoptedAt };
}

/** The proposals about a parameter. */
export async function ListProposals(scope: ReadScope, input: Input<List>): Promise<Output<List>> {
  const { items, ...rest } = await scope.ledger.parameterProposals.list([input.name], input);
  return { items: items.map((proposal) => ({ ...proposal, proposalSha256: hashOfProposal(proposal) })), ...rest };
}

/** Writes a proposal after a vote; with the vote that makes the majority, also what it sets. */
async function settle(scope: WriteScope, voted: ParameterProposal): Promise<Output<Propose>> {
  const { accessParameters, parameterProposals } = scope.ledger;
  const [active, present] = await Promise.all([activeOrganisations(scope), accessParameters.find(voted.setting.name)]);
  const { proposal, adopted } = settleProposal(voted, active, present, scope.now);
  await parameterProposals.put(proposal);
  if (adopted !== undefined) {
    await accessParameters.put(adopted);
    if (voted.state !== 'adopted') recordEvent(scope, { name: 'ParameterAdopted', ...proposalOf(proposal), version: adopted.version });
  }
  return answerOf(proposal);
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — the network is older than the list of its organisations */
async function activeOrganisations({ ledger }: ReadScope): Promise<readonly MspId[]> {
  const list = await ledger.organisationLists.find(ORGANISATION_LIST);
  if (list === undefined) throw new DomainError('ILLEGAL_STATE', 'the network has no list of its organisations', { state: 'uncounted' });
  const organisations = await Promise.all(list.mspIds.map((mspId) => ledger.organisations.find(mspId)));
  return organisations.flatMap((each) => (each?.status === 'active' ? [each.mspId] : []));
}

function proposalOf({ setting, number }: ParameterProposal): { readonly parameter: ParameterName; readonly number: number } {
  return { parameter: setting.name, number };
}

function answerOf(proposal: ParameterProposal): Output<Propose> {
  const { setting, number, state } = proposal;
  return { name: setting.name, number, state, proposalSha256: hashOfProposal(proposal) };
}
