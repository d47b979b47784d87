import {
  type AssistedProof,
  assertKeepsAnswer,
  assertKeepsProhibition,
  assertMayDelegate,
  assertNotRejected,
  assertOffStandby,
  bindingOf,
  checkAssistedStatement,
  checkDelegateStatement,
  checkPatientStatement,
  delegationScopes,
  DomainError,
  instantOf,
  mspIdSchema,
  parseArgument,
  type Incapacity,
  isDead,
  type Sha256,
  type Staff,
  transactions,
} from '@lianyi/domain';
import { type BlockCall } from '../gateway/block-call';
import { type KnownMembers } from './member-facts';
import { type Command, type KnownDelegation, type KnownPatients, type KnownStanding, type RelationshipWord } from './patient-facts';
import { lastCommandOf } from './written-capacity';

/** What a command is held against: what the transactions before have told of who may speak for the patient. */
export interface Announced {
  readonly nextKeyHash: Sha256;
  readonly standing: KnownStanding;
  /** Of a delegate's command: the delegation. */
  readonly delegation: KnownDelegation | undefined;
  /** What two clinicians have said of the patient's capacity. */
  readonly incapacity: Incapacity | undefined;
  /** Whether a death of the patient is recorded. */
  readonly isDeceased: boolean;
  /** Of an assisted one: the two entries, and whose patient it is. */
  readonly assistants: { readonly staff: readonly [Staff, Staff]; readonly mspId: string } | undefined;
}

/** What the patient has said before of what a command would change. */
export interface SaidBefore {
  /** Whether it would write over a consent that denies something, as {@link KnownPatients.isDenying} has it. */
  readonly isDenying: boolean;
  /** What the relationship has for an answer that it would answer. */
  readonly answer: RelationshipWord['answer'];
}

/** Which network a command must be signed for. */
interface Network {
  readonly chaincode: string;
  readonly genesis: Sha256;
}

/**
 * Why a command is not one that the patient, or who acts for them, has signed for this transaction with the announced key; undefined if it is.
 * By the chaincode's own functions. Whether they may say this is another question ({@link effectRefusal}): the key is used up all the same.
 */
export function signatureRefusal(
  call: BlockCall,
  { chaincode, genesis }: Network,
  command: Command,
  announced: Announced,
): string | undefined {
  const { requestHash } = parseArgument(command.entry, call.args[1] ?? '');
  const binding = bindingOf({ channel: call.channel, chaincode, genesis }, command.entry, requestHash);
  try {
    check(command, { ...binding, now: instantOf(call.proposedAtMillis), kind: 'submit' }, call.creatorMspId, announced);
    return undefined;
  } catch (error) {
    // the times of a statement may be such that no window can be reckoned from them: that is no patient's either
    return error instanceof DomainError ? error.code : 'unreadable';
  }
}

/** Why nothing comes of a command that is signed as it must be; undefined if whose it is may say this. */
export function effectRefusal(command: Command, announced: Announced, before: SaidBefore): string | undefined {
  try {
    assertMaySay(command, announced, before);
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

function assertMaySay({ entry, proof }: Command, announced: Announced, { isDenying, answer }: SaidBefore): void {
  const { delegation, standing, incapacity } = announced;
  if (proof.kind === 'patient') {
    if (entry.name === transactions.AcceptRelationship.name) assertNotRejected(answer);
    return;
  }
  // the ledger's chain of keys has rolled on where two have said that the patient cannot decide, whether or not that is believed here
  if (delegation !== undefined) assertOffStandby(delegation.said, lastCommandOf(standing, proof.statement.issuedAt), incapacity);
  const powers = delegation?.said ?? ({ basis: 'assistance', scopes: delegationScopes } as const);
  assertMayDelegate(entry.name, powers);
  assertKeepsProhibition(powers, isDenying);
  assertKeepsAnswer(powers, answer);
}

type Context = Parameters<typeof checkPatientStatement>[1];

function check({ proof }: Command, context: Context, carrier: string, announced: Announced): void {
  const { nextKeyHash, standing, delegation } = announced;
  const { pseudonym } = proof.statement;
  const kind = { ...(standing.isAssisted ? ({ kind: 'assisted' } as const) : {}), ...deceased(announced) };
  switch (proof.kind) {
    case 'patient':
      checkPatientStatement(proof, context, { pseudonym, nextKeyHash, state: 'active', ...kind });
      return;
    case 'delegate':
      if (delegation === undefined) throw new DomainError('NOT_PERMITTED', 'no such delegation');
      // whether the case is there that the patient has appointed them for, says nothing of the signature
      checkDelegateStatement(proof, context, besidesCapacity(delegation.said), kind);
      return;
    case 'assisted':
      checkAssistants(proof, context, carrier, announced);
  }
}

function besidesCapacity(said: KnownDelegation['said']): KnownDelegation['said'] {
  const besides = { ...said };
  delete besides.onIncapacity;
  return besides;
}

function deceased({ isDeceased }: Announced): { readonly isDeceased?: true } {
  return isDeceased ? { isDeceased } : {};
}

function checkAssistants(proof: AssistedProof, context: Context, carrier: string, announced: Announced): void {
  const { assistants, standing } = announced;
  if (assistants === undefined) throw new DomainError('NOT_PERMITTED', 'no such staff entry');
  checkAssistedStatement(proof, { ...context, carrierMspId: mspIdSchema.parse(carrier) }, assistants.staff, {
    ...{ pseudonym: proof.statement.pseudonym, mspId: mspIdSchema.parse(assistants.mspId), state: 'active' },
    ...(standing.isAssisted ? { kind: 'assisted' } : {}),
    ...lastCommandOf(standing, context.now),
    ...deceased(announced),
  });
}

/** What is known of who signed a command for a patient. */
export async function announcedFor(
  { proof }: Command,
  nextKeyHash: Sha256,
  known: KnownPatients & Pick<KnownMembers, 'staffOf' | 'custodianOf'>,
): Promise<Announced> {
  const { pseudonym } = proof.statement;
  const standing = await known.standingOf(pseudonym);
  const delegation = proof.kind === 'delegate' ? await known.delegationOf(pseudonym, proof.statement.delegationId) : undefined;
  const assistants = proof.kind === 'assisted' ? await assistantsOf(proof, known) : undefined;
  const incapacity = delegation?.said.onIncapacity === true ? await known.incapacityOf(pseudonym) : undefined;
  const isDeceased = isDead(await known.deathOf(pseudonym));
  return { nextKeyHash, standing, delegation, assistants, incapacity, isDeceased };
}

/** The two entries, if their organisation itself has made them. */
async function assistantsOf(
  { statement }: AssistedProof,
  known: Pick<KnownMembers, 'staffOf' | 'custodianOf'>,
): Promise<Announced['assistants']> {
  const { msp, actorTags, pseudonym } = statement;
  const [one, other, mspId] = [
    await known.staffOf(msp, actorTags[0]),
    await known.staffOf(msp, actorTags[1]),
    await known.custodianOf(pseudonym),
  ];
  const areProven = one?.isProven === true && other?.isProven === true;
  return areProven && one.said !== undefined && other.said !== undefined && mspId !== undefined
    ? { staff: [one.said, other.said], mspId }
    : undefined;
}
