import {
  type AccessParameter,
  canonicalJson,
  governanceArea,
  type Input,
  type MspId,
  type ParameterName,
  parameterNameSchema,
  type ParameterProposal,
  type ParameterSetting,
  referenceTo,
  transactions,
} from '@lianyi/domain';
import {
  approveProposal,
  hashOfProposal,
  initialSetting,
  newProposal,
  type Settled,
  settleProposal,
  unvotedProposal,
  withdrawProposal,
} from '@lianyi/domain/deciding';
import { type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { compositeKey, entryAt } from './composite-key';
import { type KnownMembers, type ParameterFact, type ProposalFact } from './member-facts';
import { type AlarmFact } from './patient-facts';
import { attempt, jsonOf } from './strangers-json';

const { accessParameters, parameterProposals } = governanceArea.entities;
type Known = Pick<KnownMembers, 'parameterOf' | 'proposalOf' | 'registeredMspIds'>;
type Fact = ProposalFact | ParameterFact | AlarmFact;

/** Whether a key is one of a parameter of access, or of a proposal about one. */
export function isOfParameter(type: string | undefined): boolean {
  return type === accessParameters.objectType || type === parameterProposals.objectType;
}

/**
 * What a transaction makes of a parameter of access and of the proposals about it, held against what organisations say in it. What they have said
 * is kept whatever is written: a parameter is what the last proposal says that more than half of the organisations have approved which their own
 * administrators have registered, and nothing else.
 * @param writes - those of one parameter's name
 */
export async function parameterFacts(
  writes: readonly BlockWrite[],
  name: string,
  asked: Asked | undefined,
  known: Known,
): Promise<readonly Fact[]> {
  const parsed = parameterNameSchema.safeParse(name).data;
  if (parsed === undefined) return [{ kind: 'alarm', alarm: 'parameter-without-command' }];
  const ofParameter = writes.filter(({ key }) => entryAt(key)?.objectType === accessParameters.objectType);
  const ofProposals = writes.filter((write) => !ofParameter.includes(write));
  const said = asked === undefined ? undefined : await saidIn(asked, parsed, { known, ofProposals });
  return [
    ...ofProposals.flatMap((write) => proposalFacts(write, said?.proposal)),
    ...(await settingFacts(ofParameter, parsed, said?.adopted, known)),
  ];
}

/** What is known, and what is written of proposals. */
interface About {
  readonly known: Known;
  readonly ofProposals: readonly BlockWrite[];
}

/** What a command makes of a proposal about a parameter, by the chaincode's own rules; undefined if the transaction has none. */
async function saidIn(asked: Asked, name: ParameterName, about: About): Promise<Settled | undefined> {
  const { known } = about;
  const { entry, input } = asked;
  if (entry.name === transactions.ProposeParameter.name) {
    const { number, setting } = transactions.ProposeParameter.request.parse(input);
    const isNew = setting.name === name && (await known.proposalOf(name, number)) === undefined;
    return isNew ? settled(proposed(asked, { number, setting }), asked, known) : undefined;
  }
  if (entry.name === transactions.ApproveParameter.name) return approvedIn(asked, name, about);
  if (entry.name !== transactions.WithdrawProposal.name) return undefined;
  const named = transactions.WithdrawProposal.request.parse(input);
  const before = named.name === name ? await known.proposalOf(name, named.number) : undefined;
  const withdrawn = before && attempt(() => withdrawProposal(before, asked.mspId));
  return withdrawn && { proposal: withdrawn };
}

/** A proposal that its proposer has not said in time is none of theirs; who approves it by the hash of what it says has said so much. */
async function approvedIn(asked: Asked, name: ParameterName, { known, ofProposals }: About): Promise<Settled | undefined> {
  const { proposalSha256, ...named } = transactions.ApproveParameter.request.parse(asked.input);
  if (named.name !== name) return undefined;
  const before = (await known.proposalOf(name, named.number)) ?? writtenProposal(ofProposals, named, asked);
  const vote = { mspId: asked.mspId, by: referenceTo(asked.actor), proposalSha256 };
  const approved = before && attempt(() => approveProposal(before, vote, asked.at));
  return approved && settled(approved, asked, known);
}

/** What is written as a proposal of that name and number, as if nobody had voted. */
function writtenProposal(
  writes: readonly BlockWrite[],
  { name, number }: { readonly name: ParameterName; readonly number: number },
  { at }: Asked,
): ParameterProposal | undefined {
  const all = writes.map(({ value }) => parameterProposals.schema.safeParse(jsonOf(value)).data);
  const written = all.find((each) => each?.setting.name === name && each.number === number);
  return written && unvotedProposal(written, at);
}

function proposed(
  { requestHash, actor, at, mspId }: Asked,
  input: Input<typeof transactions.ProposeParameter>,
): ReturnType<typeof newProposal> {
  const by = referenceTo(actor);
  return newProposal(input, { mspId, by }, at, { requestHash, actor: by });
}

/** Those who count are whoever their own administrators have registered: no transaction makes one less of them. */
async function settled(proposal: ParameterProposal, { at }: Asked, known: Known): Promise<Settled | undefined> {
  const registered: readonly MspId[] = await known.registeredMspIds();
  const present = await known.parameterOf(proposal.setting.name);
  return attempt(() => settleProposal(proposal, registered, present, at));
}

function proposalFacts({ key, value }: BlockWrite, said: ParameterProposal | undefined): readonly (ProposalFact | AlarmFact)[] {
  const [name = '', number = ''] = entryAt(key)?.parts ?? [];
  const detail = `${name}/${String(Number(number))}`;
  if (said === undefined || key !== keyOf(said)) return [{ kind: 'alarm', alarm: 'proposal-without-command', detail }];
  const fact: ProposalFact = { kind: 'proposal', said };
  const written = parameterProposals.schema.safeParse(jsonOf(value)).data;
  return isSameProposal(written, said) ? [fact] : [fact, { kind: 'alarm', alarm: 'proposal-not-as-commanded', detail }];
}

function keyOf({ setting, number }: ParameterProposal): string {
  return compositeKey(parameterProposals.objectType, setting.name, parameterProposals.key[1].spell(number));
}

/** By which request it was made decides nothing, nor in which order they have voted: one that was heard late was said again. */
function isSameProposal(written: ParameterProposal | undefined, said: ParameterProposal): boolean {
  const whatCounts = ({ state, votes, ...proposal }: ParameterProposal): unknown => [
    hashOfProposal(proposal),
    state,
    votes.toSorted((one, other) => (one.mspId < other.mspId ? -1 : 1)),
  ];
  return written !== undefined && canonicalJson(whatCounts(written)) === canonicalJson(whatCounts(said));
}

/** What is written of the parameter itself. That a majority has adopted something and it was not written is told, too. */
async function settingFacts(
  writes: readonly BlockWrite[],
  name: ParameterName,
  adopted: AccessParameter | undefined,
  known: Known,
): Promise<readonly (ParameterFact | AlarmFact)[]> {
  if (writes.length === 0 && adopted === undefined) return [];
  const said = adopted ?? (await known.parameterOf(name));
  const setting = said?.setting ?? initialSetting(name);
  const written = writtenSetting(writes, name);
  const fact: ParameterFact = { kind: 'parameter', name, said, ...(writes.length > 0 && { written }) };
  // versions and times decide nothing; what is deleted is nobody's word, though it sets what the program has
  const isWritten = writes.every(({ value }) => value !== undefined);
  if (isWritten && written !== undefined && canonicalJson(written) === canonicalJson(setting)) return [fact];
  const alarm = adopted === undefined ? 'parameter-without-command' : 'parameter-not-as-commanded';
  return [fact, { kind: 'alarm', alarm, detail: name }];
}

/** What the chaincode reads from then on: where nothing stands, what the program has. */
function writtenSetting(writes: readonly BlockWrite[], name: ParameterName): ParameterSetting | undefined {
  const [write, ...more] = writes;
  if (write === undefined || more.length > 0) return undefined;
  if (write.value === undefined) return initialSetting(name);
  const setting = accessParameters.schema.safeParse(jsonOf(write.value)).data?.setting;
  return setting?.name === name ? setting : undefined;
}
