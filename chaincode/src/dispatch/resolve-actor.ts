import {
  type Actor,
  type AssistedProof,
  assertActiveOrganisation,
  assertMayAct,
  bindingOf,
  checkAssistedStatement,
  checkDelegateStatement,
  checkGuardianStatement,
  checkPatientStatement,
  checkPinStatement,
  checkSlotStatement,
  checkStaffStatement,
  type DelegateProof,
  DomainError,
  type GuardianProof,
  hashOfKey,
  NETWORK_PARAMETER,
  type NetworkParameter,
  noteAssistance,
  type PatientProof,
  type PinProof,
  type Proof,
  type PseudonymEntry,
  type RequestContext,
  rollKey,
  type Sha256,
  type SlotProof,
  staffActor,
  type StaffProof,
  type TransactionEntry,
  transactions,
  withNewKey,
} from '@lianyi/domain';
import { type Repositories } from '../ledger/repositories';
import { type Call } from './call';

/** One request on its way to being somebody's. */
export type Asking = {
  readonly call: Call;
  readonly entry: TransactionEntry;
  readonly input: unknown;
  readonly ledger: Repositories;
  readonly proof: Proof | undefined;
  readonly requestHash: Sha256;
};

/**
 * Says who asks; the only place that does.
 *
 * By the signature where there is one: a staff member's, carried by their own organisation, or that of a patient, of who acts for them, of
 * a slot's owner, a guardian or who has a recovery code, carried by any active member. Else by the certificate of the carrier. Never by a field of the request.
 */
export function resolveActor(asking: Asking): Promise<Actor> {
  const { proof } = asking;
  if (proof !== undefined) {
    assertMayCarry(asking);
  }
  switch (proof?.kind) {
    case 'staff':
      return staffByProof(asking, proof);
    case 'patient':
      return patientByProof(asking, proof);
    case 'delegate':
      return delegateByProof(asking, proof);
    case 'assisted':
      return assistedByProof(asking, proof);
    case 'slot':
      return slotOwnerByProof(asking, proof);
    case 'guardian':
      return guardianByProof(asking, proof);
    case 'pin':
      return pinHolderByProof(asking, proof);
    case undefined:
      return byCertificate(asking);
  }
}

/**
 * A signed command comes into the ledger through a member node, which keeps its rate limits and its log; any other client of a member may
 * only ask.
 * @throws {@link DomainError} `NOT_PERMITTED` — a command, and the certificate is no member node's.
 */
function assertMayCarry({ entry, call }: Asking): void {
  if (entry.kind === 'submit' && !call.carrier.isNode) {
    throw new DomainError('NOT_PERMITTED', 'a signed command is carried by a member node');
  }
}

/** Every staff transaction reads the staff entry, so revoking it also stops those already endorsed (MVCC). */
async function staffByProof(asking: Asking, proof: StaffProof): Promise<Actor> {
  const { ledger, call } = asking;
  const { msp, actorTag } = proof.statement;
  if (msp !== call.carrier.mspId) {
    throw new DomainError('NOT_PERMITTED', 'a staff request is carried by its own organisation');
  }
  const [network, organisation, staff] = await Promise.all([
    ledger.parameters.find(NETWORK_PARAMETER),
    ledger.organisations.find(msp),
    ledger.staff.find(msp, actorTag),
  ]);
  assertActiveOrganisation(organisation);
  if (staff === undefined) {
    throw new DomainError('NOT_PERMITTED', 'no such staff entry');
  }
  checkStaffStatement(proof, { ...contextOf(asking, network), carrierMspId: call.carrier.mspId }, staff);
  return staffActor(staff);
}

async function patientByProof(asking: Asking, proof: PatientProof): Promise<Actor> {
  const { ledger, call, entry } = asking;
  const [network, organisation, pseudonym] = await Promise.all([
    ledger.parameters.find(NETWORK_PARAMETER),
    ledger.organisations.find(call.carrier.mspId),
    ledger.pseudonyms.find(proof.statement.pseudonym),
  ]);
  assertActiveOrganisation(organisation);
  if (pseudonym === undefined) {
    throw new DomainError('NOT_PERMITTED', 'no such pseudonym');
  }
  const announced = await asKeyFinds(asking, pseudonym);
  checkPatientStatement(proof, { ...contextOf(asking, network), kind: entry.kind }, announced);
  if (entry.kind === 'submit') {
    // used up when the command commits; a refused command leaves the key good
    await ledger.pseudonyms.replace(rollKey(announced, proof.statement, call.now));
  }
  return { kind: 'patient', pseudonym: pseudonym.pseudonym, carrierMspId: call.carrier.mspId };
}

/** The new key's first command finds the pseudonym as the open recovery that it names would have it; whether that is due, its use case says. */
async function asKeyFinds({ ledger, entry, input }: Asking, pseudonym: PseudonymEntry): Promise<PseudonymEntry> {
  if (entry.name !== transactions.CompleteRecovery.name) return pseudonym;
  const { caseId } = transactions.CompleteRecovery.request.parse(input);
  if (pseudonym.recoveries?.includes(caseId) !== true) return pseudonym;
  return withNewKey(pseudonym, await ledger.recoveryCases.get(pseudonym.pseudonym, caseId));
}

/** Whom the patient has named is known by a key that opens nothing besides. */
async function guardianByProof(asking: Asking, proof: GuardianProof): Promise<Actor> {
  const { ledger, call } = asking;
  const { pseudonym, publicKey } = proof.statement;
  const [network, organisation, named] = await Promise.all([
    ledger.parameters.find(NETWORK_PARAMETER),
    ledger.organisations.find(call.carrier.mspId),
    ledger.guardianSets.find(pseudonym),
  ]);
  assertActiveOrganisation(organisation);
  checkGuardianStatement(proof, contextOf(asking, network), named);
  return { kind: 'guardian', pseudonym, keyHash: hashOfKey(publicKey), carrierMspId: call.carrier.mspId };
}

/** Who has a recovery code is known by the key that it makes, and who has guessed the PIN by the key that this makes. */
async function pinHolderByProof(asking: Asking, proof: PinProof): Promise<Actor> {
  const { ledger, call } = asking;
  const { pinId, publicKey } = proof.statement;
  const [network, organisation, pin] = await Promise.all([
    ledger.parameters.find(NETWORK_PARAMETER),
    ledger.organisations.find(call.carrier.mspId),
    ledger.pins.find(pinId),
  ]);
  assertActiveOrganisation(organisation);
  checkPinStatement(proof, contextOf(asking, network), pin);
  return { kind: 'pin', pinId, keyHash: hashOfKey(publicKey), carrierMspId: call.carrier.mspId };
}

/** A delegate has a chain of keys of their own: their commands leave the patient's key alone, and the patient's leave theirs. */
async function delegateByProof(asking: Asking, proof: DelegateProof): Promise<Actor> {
  const { ledger, call, entry } = asking;
  const { statement } = proof;
  const [network, organisation, pseudonym, delegation] = await Promise.all([
    ledger.parameters.find(NETWORK_PARAMETER),
    ledger.organisations.find(call.carrier.mspId),
    ledger.pseudonyms.find(statement.pseudonym),
    ledger.delegations.find(statement.pseudonym, statement.delegationId),
  ]);
  assertActiveOrganisation(organisation);
  if (pseudonym === undefined || delegation === undefined) {
    throw new DomainError('NOT_PERMITTED', 'no such delegation');
  }
  const incapacity = delegation.onIncapacity === true ? await ledger.incapacities.find(statement.pseudonym) : undefined;
  checkDelegateStatement(proof, { ...contextOf(asking, network), kind: entry.kind }, delegation, pseudonym, incapacity);
  if (pseudonym.state !== 'active') {
    throw new DomainError('NOT_PERMITTED', 'the pseudonym is closed');
  }
  if (entry.kind === 'submit') {
    await ledger.delegations.replace(rollKey(delegation, statement, call.now));
  }
  const { delegationId, basis, scopes } = delegation;
  return { kind: 'delegate', pseudonym: pseudonym.pseudonym, delegationId, basis, scopes, carrierMspId: call.carrier.mspId };
}

/** Two of the patient's hospital, for one who has no device; each of the two entries is read, so that revoking either stops it. */
async function assistedByProof(asking: Asking, proof: AssistedProof): Promise<Actor> {
  const { ledger, call, entry } = asking;
  const { msp, actorTags, pseudonym } = proof.statement;
  const [network, organisation, known, one, other] = await Promise.all([
    ledger.parameters.find(NETWORK_PARAMETER),
    ledger.organisations.find(call.carrier.mspId),
    ledger.pseudonyms.find(pseudonym),
    ledger.staff.find(msp, actorTags[0]),
    ledger.staff.find(msp, actorTags[1]),
  ]);
  assertActiveOrganisation(organisation);
  if (known === undefined || one === undefined || other === undefined) {
    throw new DomainError('NOT_PERMITTED', 'no such pseudonym or staff entry');
  }
  checkAssistedStatement(proof, { ...contextOf(asking, network), carrierMspId: call.carrier.mspId }, [one, other], known);
  if (entry.kind === 'submit') {
    await ledger.pseudonyms.replace(noteAssistance(known, proof.statement, call.now));
  }
  return { kind: 'assisted', pseudonym, mspId: msp, actorTags };
}

/** Nobody knows whose a slot is; its use case alone changes it, and announces the next key with it. */
async function slotOwnerByProof(asking: Asking, proof: SlotProof): Promise<Actor> {
  const { ledger, call } = asking;
  const { slotId, nextKeyHash } = proof.statement;
  const [network, organisation, slot] = await Promise.all([
    ledger.parameters.find(NETWORK_PARAMETER),
    ledger.organisations.find(call.carrier.mspId),
    ledger.summarySlots.find(slotId),
  ]);
  assertActiveOrganisation(organisation);
  checkSlotStatement(proof, contextOf(asking, network), slot);
  return { kind: 'slot', slotId, nextKeyHash, carrierMspId: call.carrier.mspId };
}

/** A certificate names a staff member only if the staff entry in turn names the certificate's key. */
async function byCertificate({ call, ledger }: Asking): Promise<Actor> {
  const { mspId, role, keyHash, actorTag } = call.carrier;
  if (role === 'admin') {
    return { kind: 'administrator', mspId, keyHash };
  }
  if (actorTag === undefined) {
    return { kind: 'member', mspId };
  }
  const [organisation, staff] = await Promise.all([ledger.organisations.find(mspId), ledger.staff.find(mspId, actorTag)]);
  if (staff?.publicKeyHash !== keyHash) {
    return { kind: 'member', mspId };
  }
  assertActiveOrganisation(organisation);
  assertMayAct(staff, call.now);
  return staffActor(staff);
}

function contextOf({ call, entry, requestHash }: Asking, network: NetworkParameter | undefined): RequestContext {
  if (network === undefined) {
    throw new DomainError('PROOF_MISMATCH', undefined, { field: 'genesis' });
  }
  const { channel, chaincode, now } = call;
  return { ...bindingOf({ channel, chaincode, genesis: network.genesis }, entry, requestHash), now };
}
