import {
  type AssistedProof,
  type CommandProof,
  consentArea,
  granteeSchema,
  type Instant,
  instantOf,
  parseArgument,
  type Proof,
  type Pseudonym,
  pseudonymSchema,
  type Sha256,
  statementHashOf,
  transactionByName,
  transactions,
} from '@lianyi/domain';
import { type BlockCall, type BlockWrite } from '../gateway/block-call';
import { agreeing } from './agreeing-facts';
import { type Asked, askedIn } from './asked-by-staff';
import { entryAt } from './composite-key';
import { type AlarmFact, type Command, type KnownPatients, type PatientFact } from './patient-facts';
import { type KnownMembers } from './member-facts';
import { announcedFor, effectRefusal, type SaidBefore, signatureRefusal } from './signed-command';
import { attempt } from './strangers-json';
import { type CommitBounds, type Timeliness } from './timeliness';
import { type AskedFor, delegationFacts, isOfDelegation, keyOfDelegation, unwrittenDelegation } from './written-delegation';
import { auditFacts, isOfAudit, isTold } from './written-audit';
import { commandedBy, commandedConsent, consentFacts, keyOfConsent, nameOfGrantee } from './written-consent';
import { isOfPseudonym, keyOfPseudonym, pseudonymFacts, saidAfter } from './written-pseudonym';
import { firstFacts, type FollowedPatients } from './registration';
import { writtenBeforeFacts } from './written-before';
import { capacityFacts, capacitySaidIn, isOfCapacity } from './written-capacity';
import { correctionFacts, isOfCorrection, unwrittenCorrection } from './written-correction';
import { emergencyChoiceFacts, isOfEmergencyChoice, opensEmergencies, unwrittenEmergencyChoice } from './written-emergency';
import { type AskedForRecovery, endedRecoveries, openAfter, writtenOpenAfter } from './recovery-after';
import { isOfRecovery, newKeyOf, recoveryFacts, namedLate, unwrittenRecovery, vouchedIn } from './written-recovery';
import { ownTicketFacts } from './written-ticket';
import { answered, isOfRelationship, relationshipFacts, unwrittenRelationship } from './written-relationship';

/** What asks for what a transaction writes, and all that it writes. */
type Asking = AskedFor & AskedForRecovery & { readonly call: BlockCall; readonly timeliness: Timeliness };

const NO_COMMAND = { signed: undefined, facts: [] } as const;

/**
 * Follows the chain of one-time keys of each patient through the blocks: a registration announces the first key, and each command is
 * signed by the announced key and announces the next. So is the chain of who acts for a patient, from the word that has appointed them. Anybody with the blocks can do that; no word of an endorser is needed for it.
 *
 * It looks at arguments, which the client has signed, and holds what was written against them.
 */
export class PatientCommands {
  constructor(
    private readonly followed: FollowedPatients,
    private readonly known: KnownPatients &
      Pick<KnownMembers, 'staffOf' | 'staffWithKey' | 'custodianOf' | 'kindsOf' | 'leastCoolingOffOf' | 'ticketOf'>,
  ) {}

  /** @param call - of a transaction that the peer has as VALID; to be told in the order of the blocks */
  async factsOf(call: BlockCall | 'unreadable', timeliness: Timeliness, bounds: CommitBounds): Promise<readonly PatientFact[]> {
    if (call === 'unreadable') return [{ kind: 'alarm', alarm: 'transaction-not-readable' }];
    const first = await firstFacts(call, this.followed, this.known);
    const command = commandIn(call);
    const { signed, facts } = command === undefined ? NO_COMMAND : await this.#judge(call, command, timeliness, bounds);
    const written: PatientFact[] = [...first.written];
    const at = instantOf(call.proposedAtMillis);
    // nobody asks anything at a time that has not come
    const asked = (): Promise<Asked | undefined> =>
      timeliness === 'ahead' ? Promise.resolve(undefined) : askedIn(call, this.followed, this.known);
    const vouched = await vouchedIn(call, { timeliness, bounds }, this.followed, asked, this.known);
    const capacity = await capacitySaidIn(call, timeliness, asked, this.known);
    const seenAt = timeliness === 'ahead' ? undefined : instantOf(Math.max(call.proposedAtMillis, bounds.seenMillis));
    const asking: Asking = { call, own: signed, at, timeliness, asked, isTold: (line) => isTold(call, line), vouched, capacity, seenAt };
    for (const write of call.writes) written.push(...(await this.#factsOfWrite(write, asking)));
    written.push(...(await ownTicketFacts(call, { own: signed, at, timeliness }, this.followed, this.known)));
    const unwritten = signed === undefined ? [] : await this.#notCarriedOut(signed, at, call.writes);
    const told = timeliness === 'late' ? namedLate([...written, ...unwritten]) : [];
    const found = [...first.found, ...facts, ...written, ...unwritten, ...told];
    return agreeing([...found, ...(await endedRecoveries(found, call.writes, asking, this.known))]);
  }

  /** Whether a command is its patient's, or of who acts for them; nothing is said of a patient who is not followed. */
  async #judge(
    call: BlockCall,
    command: Command,
    timeliness: Timeliness,
    bounds: CommitBounds,
  ): Promise<{ readonly signed: Command | undefined; readonly facts: readonly PatientFact[] }> {
    const { pseudonym } = command.proof.statement;
    const present = await this.known.keyOf(pseudonym);
    if (present === undefined) return NO_COMMAND;
    // nothing is completed at a time that has not come yet
    const newKey = timeliness === 'ahead' ? undefined : await newKeyOf(command, call.proposedAtMillis, bounds, this.known);
    const key = newKey ?? present;
    const announced = await announcedFor(command, key, this.known);
    const refusal = signatureRefusal(call, this.followed, command, announced);
    if (refusal !== undefined) return { signed: undefined, facts: [notOf('command-not-signed', pseudonym, refusal)] };
    // who has signed with the announced key has used it up, whatever they may say
    const beyond = effectRefusal(command, announced, await this.#saidBefore(command), instantOf(call.proposedAtMillis));
    const isAllowed = beyond === undefined;
    const first = await this.#firstGrantIn(command, isAllowed ? undefined : call.writes);
    const signed = { ...command, restsOnLate: announced.delegation?.isLate === true, isAllowed, ...first };
    const used = usedUp(signed, key);
    return { signed, facts: beyond === undefined ? [used] : [used, notOf('command-not-allowed', pseudonym, beyond)] };
  }

  /** What the patient has said of what a command would change: a consent for somebody, or the answer to a relationship. */
  async #saidBefore(command: Command): Promise<SaidBefore> {
    const { proof, entry, input } = command;
    const { pseudonym } = proof.statement;
    const mspId = answered(entry, input);
    const answer = mspId === undefined ? undefined : (await this.known.relationshipOf(pseudonym, mspId))?.answer;
    const grantee = commandedConsent(entry, input, 0)?.grantee;
    const isDenying = grantee !== undefined && (await this.known.isDenying(pseudonym, grantee));
    return { isDenying: isDenying || (await opensEmergencies(command, this.known)), answer: answer ?? 'none' };
  }

  /**
   * Whether a command grants somebody something for the first time: what was not carried out is none. Where nothing comes of it, it takes a place
   * only if it is written: the chaincode, which may have known better, has counted it.
   */
  async #firstGrantIn({ entry, input, proof }: Command, nothingButWritten?: readonly BlockWrite[]): Promise<Pick<Command, 'firstGrantBy'>> {
    const { pseudonym } = proof.statement;
    const isGrant = entry.name === transactions.GrantPolicy.name || entry.name === transactions.AgreeReferral.name;
    const grantee = isGrant ? commandedConsent(entry, input, 0)?.grantee : undefined;
    if (grantee !== undefined && nothingButWritten?.every(({ key }) => key !== keyOfConsent(pseudonym, grantee)) === true) return {};
    if (grantee === undefined || ((await this.known.versionOf(pseudonym, grantee)) ?? 0) > 0) return {};
    return { firstGrantBy: proof.kind === 'patient' ? 'patient' : 'others' };
  }

  async #factsOfWrite(
    write: BlockWrite,
    { call, own: signed, at, timeliness, asked, isTold: told, vouched, capacity, seenAt }: Asking,
  ): Promise<readonly PatientFact[]> {
    const { objectType, parts = [] } = entryAt(write.key) ?? {};
    const pseudonym = pseudonymSchema.safeParse(parts[0]);
    if (!pseudonym.success) return [];
    if ((await this.known.keyOf(pseudonym.data)) === undefined) return writtenBeforeFacts(objectType, pseudonym.data);
    const own = signed?.proof.statement.pseudonym === pseudonym.data ? signed : undefined;
    if (isOfPseudonym(objectType)) {
      const isByOthers = isSaidOf(pseudonym.data, { vouched, capacity });
      const recoveries = await openAfter({ own, at, vouched, capacity, seenAt }, pseudonym.data, this.known);
      const writtenOpen = await writtenOpenAfter(pseudonym.data, call.writes, this.known);
      const said = await saidAfter({ own, isByOthers, capacity, recoveries, writtenOpen }, pseudonym.data, this.known);
      return pseudonymFacts(write, pseudonym.data, said);
    }
    const saidByOthers = await this.#factsOfOthers(
      write,
      { objectType, pseudonym: pseudonym.data, caseId: parts[1] },
      { call, own, at, timeliness, vouched, capacity, seenAt },
    );
    if (saidByOthers !== undefined) return saidByOthers;
    if (isOfDelegation(objectType))
      return delegationFacts(write, { pseudonym: pseudonym.data, delegationId: parts[1] }, { own, at, asked, isTold: told }, this.known);
    if (isOfRelationship(objectType)) return relationshipFacts(write, { pseudonym: pseudonym.data, mspId: parts[1] }, own, this.known);
    if (objectType !== consentArea.entities.grants.objectType) return [];
    return this.#factsOfConsent(write, { pseudonym: pseudonym.data, parts, at }, own);
  }

  /** Of the patient's audit, emergencies, who vouches for a patient, recoveries, capacity and death; undefined of all else. */
  async #factsOfOthers(
    write: BlockWrite,
    about: { readonly objectType: string | undefined; readonly pseudonym: Pseudonym; readonly caseId: string | undefined },
    asking: AskedForRecovery & Pick<Asking, 'call' | 'timeliness'>,
  ): Promise<readonly PatientFact[] | undefined> {
    const { objectType, pseudonym, caseId } = about;
    if (objectType === undefined) return undefined;
    if (isOfAudit(objectType)) return auditFacts(asking.call, write, pseudonym);
    if (isOfEmergencyChoice(objectType)) return emergencyChoiceFacts(write, pseudonym, asking, this.known);
    if (isOfCorrection(objectType))
      return correctionFacts(write, pseudonym, { ...asking, custodianMspId: await this.known.custodianOf(pseudonym) });
    if (isOfCapacity(objectType)) return capacityFacts(write, { objectType, pseudonym }, asking.capacity, this.known);
    return isOfRecovery(objectType) ? recoveryFacts(write, { objectType, pseudonym, caseId }, asking, this.known) : undefined;
  }

  async #factsOfConsent(
    write: BlockWrite,
    { pseudonym, parts, at }: { readonly pseudonym: Pseudonym; readonly parts: readonly string[]; readonly at: Instant },
    own: Command | undefined,
  ): Promise<readonly PatientFact[]> {
    const grantee = granteeSchema.safeParse({ kind: parts[1], mspId: parts[2], name: parts[3] });
    if (!grantee.success) return [{ kind: 'alarm', alarm: 'consent-without-command', pseudonym }];
    const previous = (await this.known.versionOf(pseudonym, grantee.data)) ?? 0;
    return consentFacts(write, { pseudonym, grantee: grantee.data, previous, at }, own);
  }

  /** A command uses its key up once: what it says and the transaction does not write, nothing will ever write. */
  async #notCarriedOut(signed: Command, at: Instant, writes: readonly BlockWrite[]): Promise<readonly PatientFact[]> {
    const { pseudonym } = signed.proof.statement;
    if (!signed.isAllowed) return [];
    const grantee = commandedBy(signed, 0)?.grantee;
    if (grantee === undefined)
      return [
        ...unwrittenEmergencyChoice(signed, writes),
        ...unwrittenCorrection(signed, { at, custodianMspId: await this.known.custodianOf(pseudonym) }, writes),
        ...(await unwrittenRelationship(signed, writes, this.known)),
        ...(await unwrittenDelegation(signed, at, writes, this.known)),
        ...(await unwrittenRecovery(signed, at, writes, this.known)),
      ];
    if (writes.some(({ key }) => key === keyOfConsent(pseudonym, grantee))) return [];
    const version = (await this.known.versionOf(pseudonym, grantee)) ?? 0;
    const effects = { permits: false, denies: false };
    return [
      { kind: 'consent', pseudonym, grantee, version, state: 'revoked', isSigned: false, effects, restsOnLate: false },
      { kind: 'alarm', alarm: 'command-not-carried-out', pseudonym, detail: nameOfGrantee(grantee) },
    ];
  }
}

/**
 * A command of a patient, or of who acts for one, that the transaction commits. A question uses no key up; nor do arguments that anybody
 * copied into a transaction which does not write the next key.
 */
function commandIn({ args, writes }: BlockCall): Command | undefined {
  const [name = '', argument = ''] = args;
  const entry = transactionByName(name);
  if (entry?.kind !== 'submit') return undefined;
  const parsed = attempt(() => parseArgument(entry, argument));
  if (parsed?.proof === undefined || !isOfChain(parsed.proof)) return undefined;
  const { input, proof } = parsed;
  return writes.some(({ key }) => key === keyOfChain(proof)) ? { entry, input, proof, restsOnLate: false, isAllowed: false } : undefined;
}

/** Whether a proof is of a patient's side; the others roll no key of a pseudonym or delegation. */
function isOfChain(proof: Proof): proof is Command['proof'] {
  return proof.kind === 'patient' || proof.kind === 'delegate' || proof.kind === 'assisted';
}

/** A command that its announced key has signed. */
function usedUp({ entry, proof, firstGrantBy }: Command, key: Sha256): Extract<PatientFact, { kind: 'command' }> {
  const { pseudonym } = proof.statement;
  const by = proof.kind === 'delegate' ? { delegationId: proof.statement.delegationId } : {};
  const nextKeyHash = proof.kind === 'assisted' ? key : proof.statement.nextKeyHash;
  const first = firstGrantBy === undefined ? {} : { firstGrantBy };
  return {
    kind: 'command',
    pseudonym,
    ...by,
    transaction: entry.name,
    nextKeyHash,
    statementHash: statementHashOf(proof.statement),
    ...first,
  };
}

function notOf(alarm: 'command-not-signed' | 'command-not-allowed', pseudonym: Pseudonym, detail: string): AlarmFact {
  return { kind: 'alarm', alarm, pseudonym, detail };
}

/** The key in which a command rolls its one-time key. */
function keyOfChain({ kind, statement }: CommandProof | AssistedProof): string {
  return kind === 'delegate' ? keyOfDelegation(statement.pseudonym, statement.delegationId) : keyOfPseudonym(statement.pseudonym);
}

/** Whether others than the patient say something in the transaction for which the patient's entry is written. */
function isSaidOf(pseudonym: Pseudonym, { vouched, capacity }: Pick<Asking, 'vouched' | 'capacity'>): boolean {
  return vouched?.said.pseudonym === pseudonym || (capacity?.kind === 'death' && capacity.pseudonym === pseudonym);
}
