import {
  type ActorTag,
  addMilliseconds,
  type AssistedProof,
  type AssistedStatement,
  assistedStatementSchema,
  bindingOf,
  canonicalJson,
  type CardToken,
  type CardTokenStatement,
  cardTokenStatementSchema,
  type DelegateProof,
  delegateStatementSchema,
  type DelegationId,
  type GuardianProof,
  guardianStatementSchema,
  hashOfJson,
  hashOfKey,
  type Instant,
  type Introduction,
  type IntroductionStatement,
  introductionStatementSchema,
  type MspId,
  type NetworkIdentity,
  type PatientProof,
  type PinId,
  type PinProof,
  pinStatementSchema,
  patientStatementSchema,
  type Pseudonym,
  type RequestBinding,
  type SlotId,
  type SlotProof,
  slotStatementSchema,
  type StaffProof,
  type StaffStatement,
  staffStatementSchema,
  statementText,
} from '@lianyi/domain';
import { type PrivateKey } from '../crypto/private-key';
import { publicKeyOf, signText } from './p256';
import { newTokenNonce } from './random-id';

/** What is asked: a transaction of the catalogue and its input exactly as it will be sent. */
export type RequestToSign = {
  transaction: { readonly contract: string; readonly name: string };
  /** For a transaction with a transient value, the input that carries its `transientSha256`. */
  input: unknown;
};

/** A member of staff as a signer: the key is the one their staff entry names. */
export type StaffSigner = { network: NetworkIdentity; mspId: MspId; actorTag: ActorTag; privateKey: PrivateKey };

/** A patient as a signer of one command: this one-time key, and the key after it. */
export type PatientSigner = { network: NetworkIdentity; pseudonym: Pseudonym; privateKey: PrivateKey; nextPrivateKey: PrivateKey };

/** How long a signed request may still be committed; the ledger allows staff 600 s and patients 3600 s, and clocks differ. */
const STAFF_LIFETIME_MILLISECONDS = 300_000;
const PATIENT_LIFETIME_MILLISECONDS = 600_000;
/** As long as the ledger allows: the second of the two comes from the ward. */
const ASSISTED_LIFETIME_MILLISECONDS = 600_000;

function bindingFor(network: NetworkIdentity, { transaction, input }: RequestToSign): RequestBinding {
  return bindingOf(network, transaction, hashOfJson(input));
}

/** What {@link signStaffRequest} signs. Without a signature it stands for nothing. */
export function staffStatementFor(signer: Omit<StaffSigner, 'privateKey'>, request: RequestToSign, now: Instant): StaffStatement {
  return staffStatementSchema.parse({
    t: 'lianyi/request/v1',
    ...bindingFor(signer.network, request),
    msp: signer.mspId,
    actorTag: signer.actorTag,
    issuedAt: now,
    notAfter: addMilliseconds(now, STAFF_LIFETIME_MILLISECONDS),
  });
}

/** What two members of staff sign for a patient who has no device; each with {@link coSign}. */
export function assistedStatementFor(
  signer: Pick<AssistedStatement, 'pseudonym' | 'actorTags' | 'after' | 'msp'> & { readonly network: NetworkIdentity },
  request: RequestToSign,
  now: Instant,
): AssistedStatement {
  const { network, ...said } = signer;
  return assistedStatementSchema.parse({
    t: 'lianyi/assisted-command/v1',
    ...bindingFor(network, request),
    ...said,
    issuedAt: now,
    notAfter: addMilliseconds(now, ASSISTED_LIFETIME_MILLISECONDS),
  });
}

/** Signs for a patient as one of two. */
export function coSign(privateKey: PrivateKey, statement: AssistedStatement): AssistedProof['signatures'][number] {
  return { publicKey: publicKeyOf(privateKey), signature: signText(privateKey, canonicalJson(statement)) };
}

/** Signs a request as a member of staff; the member node that carries it cannot change a byte of it. */
export function signStaffRequest(signer: StaffSigner, request: RequestToSign, now: Instant): StaffProof {
  const statement = staffStatementFor(signer, request, now);
  const signature = signText(signer.privateKey, canonicalJson(statement));
  return { kind: 'staff', statement, publicKey: publicKeyOf(signer.privateKey), signature };
}

/** What every statement says that a one-time key signs: for which request, with which key, which comes next, and for how long. */
function ofOneTimeKey(
  { network, privateKey, nextPrivateKey }: Pick<PatientSigner, 'network' | 'privateKey' | 'nextPrivateKey'>,
  request: RequestToSign,
  now: Instant,
): object {
  return {
    ...bindingFor(network, request),
    publicKey: publicKeyOf(privateKey),
    nextKeyHash: hashOfKey(publicKeyOf(nextPrivateKey)),
    issuedAt: now,
    notAfter: addMilliseconds(now, PATIENT_LIFETIME_MILLISECONDS),
  };
}

/**
 * Signs a command of a patient with a one-time key and announces the next.
 *
 * Use the wallet: it alone knows which key is next, and it remembers before it signs.
 */
export function signPatientCommand(signer: PatientSigner, request: RequestToSign, now: Instant): PatientProof {
  const statement = patientStatementSchema.parse({
    t: 'lianyi/command/v1',
    ...ofOneTimeKey(signer, request, now),
    pseudonym: signer.pseudonym,
  });
  return { kind: 'patient', statement, signature: signText(signer.privateKey, canonicalJson(statement)) };
}

/**
 * Signs a command of who acts for a patient, with a one-time key of the delegation, and announces the next.
 *
 * Use the wallet, as for {@link signPatientCommand}.
 */
export function signDelegateCommand(
  signer: PatientSigner & { readonly delegationId: DelegationId },
  request: RequestToSign,
  now: Instant,
): DelegateProof {
  const statement = delegateStatementSchema.parse({
    t: 'lianyi/delegate-command/v1',
    ...ofOneTimeKey(signer, request, now),
    pseudonym: signer.pseudonym,
    delegationId: signer.delegationId,
  });
  return { kind: 'delegate', statement, signature: signText(signer.privateKey, canonicalJson(statement)) };
}

/** The owner of a summary slot as a signer of one write. */
export type SlotSigner = { network: NetworkIdentity; slotId: SlotId; privateKey: PrivateKey; nextPrivateKey: PrivateKey };

/** Signs a write of a summary slot with a one-time key of that slot, and announces the next. Use the wallet, which derives both. */
export function signSlotCommand(signer: SlotSigner, request: RequestToSign, now: Instant): SlotProof {
  const statement = slotStatementSchema.parse({
    t: 'lianyi/slot-command/v1',
    ...ofOneTimeKey(signer, request, now),
    slotId: signer.slotId,
  });
  return { kind: 'slot', statement, signature: signText(signer.privateKey, canonicalJson(statement)) };
}

/** Signs a request as somebody whom a patient has named to vouch for them. Use the wallet, which derives the key. */
export function signGuardianCommand(
  { network, pseudonym, privateKey }: Pick<PatientSigner, 'network' | 'pseudonym' | 'privateKey'>,
  request: RequestToSign,
  now: Instant,
): GuardianProof {
  const statement = guardianStatementSchema.parse({
    t: 'lianyi/guardian-command/v1',
    ...bindingFor(network, request),
    pseudonym,
    publicKey: publicKeyOf(privateKey),
    issuedAt: now,
    notAfter: addMilliseconds(now, PATIENT_LIFETIME_MILLISECONDS),
  });
  return { kind: 'guardian', statement, signature: signText(privateKey, canonicalJson(statement)) };
}

/** Signs a guess at a PIN with the key of the recovery code, or that it was right with the key which that makes. */
export function signPinCommand(
  { network, pinId, privateKey }: { readonly network: NetworkIdentity; readonly pinId: PinId; readonly privateKey: PrivateKey },
  request: RequestToSign,
  now: Instant,
): PinProof {
  const statement = pinStatementSchema.parse({
    t: 'lianyi/pin-command/v1',
    ...bindingFor(network, request),
    pinId,
    publicKey: publicKeyOf(privateKey),
    issuedAt: now,
    notAfter: addMilliseconds(now, PATIENT_LIFETIME_MILLISECONDS),
  });
  return { kind: 'pin', statement, signature: signText(privateKey, canonicalJson(statement)) };
}

/** Signs an introduction for both pseudonyms. Use the wallet: it alone has their keys. */
export function signIntroduction(
  keys: readonly { readonly pseudonym: Pseudonym; readonly privateKey: PrivateKey }[],
  said: Omit<IntroductionStatement, 't' | 'notAfter'>,
): Introduction {
  const notAfter = addMilliseconds(said.issuedAt, STAFF_LIFETIME_MILLISECONDS);
  const statement = introductionStatementSchema.parse({ t: 'lianyi/introduction/v1', ...said, notAfter });
  const text = statementText(statement);
  const signatures = keys.map(({ pseudonym, privateKey }) => ({
    ...{ pseudonym, publicKey: publicKeyOf(privateKey), signature: signText(privateKey, text) },
  }));
  return { statement, signatures };
}

/** Signs a token of a card, with a nonce that no other has. Use the wallet: it alone has the card's key. */
export function signCardToken(privateKey: PrivateKey, shown: Omit<CardTokenStatement, 't' | 'nonce'>): CardToken {
  const statement = cardTokenStatementSchema.parse({ t: 'lianyi/card-token/v2', ...shown, nonce: newTokenNonce() });
  return { statement, publicKey: publicKeyOf(privateKey), signature: signText(privateKey, canonicalJson(statement)) };
}
