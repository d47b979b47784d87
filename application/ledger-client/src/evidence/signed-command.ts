import {
  type AssistedProof,
  assertActsNow,
  assertAssistants,
  assertKeepsAnswer,
  assertKeepsProhibition,
  assertLiving,
  assertMayDelegate,
  assertNotRejected,
  bindingOf,
  checkAssistedSignatures,
  checkDelegateSignature,
  checkPatientStatement,
  delegationScopes,
  DomainError,
  type Instant,
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
  /** The patient's hospital. */
  readonly mspId: string | undefined;
  /** Of an assisted one: the two entries, if their organisation itself has made them. */
  readonly assistants: readonly [Staff, Staff] | undefined;
}

/** What the patient has said before of what a command would change. */
export interface SaidBefore {
  /** Whether it would write over a consent that denies something, as {@link KnownPatients.isDenying} has it, or open more in an emergency. */
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
 * Why a command is not one that the announced key has signed for this transaction; undefined if it is. By the chaincode's own functions.
 *
 * It asks nothing that the chaincode may have known better: whether the patient lives, who is in force, and who works for a hospital, may have
 * reached it otherwise than whoever follows the blocks. Whether they may say this is another question ({@link effectRefusal}): the key is used
 * up all the same, and who took that for nothing would know none of the keys that follow.
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

/**
 * Why nothing comes of a command that is signed as it must be; undefined if whose it is may say this.
 * @param now - when its transaction was proposed
 */
export function effectRefusal(command: Command, announced: Announced, before: SaidBefore, now: Instant): string | undefined {
  try {
    assertMaySpeak(command, announced, now);
    assertMaySay(command, announced, before);
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

/** Nobody speaks for the dead; who acts for somebody speaks while that is in force, and staff if they are whom their hospital has registered. */
function assertMaySpeak({ proof }: Command, announced: Announced, now: Instant): void {
  const { delegation, incapacity, assistants, isDeceased } = announced;
  const of = { ...kindOf(announced), ...lastCommandOf(announced.standing, now), ...(isDeceased ? { isDeceased } : {}) };
  assertLiving(of);
  // the ledger's chain of keys has rolled on where two have said that the patient cannot decide, whether or not that is believed here
  if (delegation !== undefined) assertActsNow(delegation.said, of, now, incapacity);
  if (proof.kind !== 'assisted') return;
  if (assistants === undefined) throw new DomainError('NOT_PERMITTED', 'no such staff entry');
  assertAssistants(proof, assistants, now);
}

function assertMaySay({ entry, proof }: Command, { delegation }: Announced, { isDenying, answer }: SaidBefore): void {
  if (proof.kind === 'patient') {
    if (entry.name === transactions.AcceptRelationship.name) assertNotRejected(answer);
    return;
  }
  const powers = delegation?.said ?? ({ basis: 'assistance', scopes: delegationScopes } as const);
  assertMayDelegate(entry, powers);
  assertKeepsProhibition(powers, isDenying);
  assertKeepsAnswer(powers, answer);
}

type Context = Parameters<typeof checkPatientStatement>[1];

function check({ proof }: Command, context: Context, carrier: string, announced: Announced): void {
  const { nextKeyHash, standing, delegation, mspId } = announced;
  const { pseudonym } = proof.statement;
  const entry = { pseudonym, state: 'active' as const, ...kindOf(announced) };
  switch (proof.kind) {
    case 'patient':
      checkPatientStatement(proof, context, { ...entry, nextKeyHash });
      return;
    case 'delegate':
      if (delegation === undefined) throw new DomainError('NOT_PERMITTED', 'no such delegation');
      checkDelegateSignature(proof, context, delegation.said);
      return;
    case 'assisted':
      checkAssistedSignatures(
        proof,
        { ...context, carrierMspId: mspIdSchema.parse(carrier) },
        { ...entry, mspId: mspIdSchema.parse(mspId), ...lastCommandOf(standing, context.now) },
      );
  }
}

function kindOf({ standing }: Announced): { readonly kind?: 'assisted' } {
  return standing.isAssisted ? { kind: 'assisted' } : {};
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
  const mspId = await known.custodianOf(pseudonym);
  return { nextKeyHash, standing, delegation, mspId, assistants, incapacity, isDeceased };
}

/** The two entries, if their organisation itself has made them. */
async function assistantsOf({ statement }: AssistedProof, known: Pick<KnownMembers, 'staffOf'>): Promise<Announced['assistants']> {
  const { msp, actorTags } = statement;
  const [one, other] = [await known.staffOf(msp, actorTags[0]), await known.staffOf(msp, actorTags[1])];
  const areProven = one?.isProven === true && other?.isProven === true;
  return areProven && one.said !== undefined && other.said !== undefined ? [one.said, other.said] : undefined;
}
