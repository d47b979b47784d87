import {
  type ActorTag,
  type DelegationId,
  hashOfKey,
  type Ledger,
  type MspId,
  newRequest,
  qualifiedName,
  type PinId,
  type Proof,
  type Pseudonym,
  type PublicKey,
  Refused,
  type SlotId,
  slotIdOf,
  type Sha256,
  transactions,
} from '@lianyi/domain';
import { Recent } from './recent';

/** What the ledger has of a signer: the key, and the hospital that has registered the pseudonym that it is about. */
interface KnownSigner {
  readonly keyHash: Sha256;
  readonly hospital?: MspId;
}

/** What the ledger has of a signer, and whether that is the key of the proof for which it was read. */
interface KeyRead {
  readonly key: Sha256 | undefined;
  readonly isKnown: boolean;
}

/** Does a read when the peers have time for it. */
type InTurn = (read: () => Promise<KeyRead>) => Promise<KeyRead>;

/** Whom a proof says it is from, and with which key it was signed. */
type Claim = { readonly keyHash: Sha256; readonly id: string } & (
  | { readonly kind: 'staff'; readonly mspId: MspId; readonly actorTag: ActorTag }
  | { readonly kind: 'patient'; readonly pseudonym: Pseudonym }
  | { readonly kind: 'delegate'; readonly pseudonym: Pseudonym; readonly delegationId: DelegationId }
  | { readonly kind: 'slot'; readonly slotId: SlotId }
  | { readonly kind: 'guardian'; readonly pseudonym: Pseudonym }
  | { readonly kind: 'pin'; readonly pinId: PinId }
  /** The new key of an open recovery, which completes it. */
  | { readonly kind: 'recovering'; readonly pseudonym: Pseudonym }
);

const COMPLETE = qualifiedName(transactions.CompleteRecovery);
const REMEMBERED_SIGNERS = 10_000;
/** One signer's key is not read more often than this, however many proofs claim to be theirs. */
const READ_SPACING_MILLIS = 250;

/**
 * The keys that the ledger knows of those who sign, as far as this node has seen them.
 *
 * What is remembered only lets a proof through to the chaincode, which decides; it never refuses one. A key that is not the remembered
 * one is read from the ledger first, after the proof has arrived, so that a key that has just rolled or was just registered is known.
 */
export class KnownKeys {
  readonly #signers = new Recent<KnownSigner>(REMEMBERED_SIGNERS);
  readonly #readAt = new Recent<number>(REMEMBERED_SIGNERS);
  readonly #scheduled = new Map<string, Promise<KeyRead>>();

  constructor(
    private readonly ledger: Pick<Ledger, 'evaluate'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Whether the proof is by the key that is remembered of its signer. */
  remembers(proof: Proof): boolean {
    const { id, keyHash } = claimOf(proof);
    return this.#signers.get(id)?.keyHash === keyHash;
  }

  /** Which hospital has registered the patient whom a proof is about, whichever of their keys made it; undefined: this node has not seen it. */
  hospitalOf(proof: Proof): MspId | undefined {
    return this.#signers.get(claimOf(proof).id)?.hospital;
  }

  /**
   * What the ledger says, read after this call: `known`, another key, or nobody of that name.
   * @param caller - who share a read: it waits for its turn as one of theirs
   */
  async ask(proof: Proof, caller: string, inTurn: InTurn): Promise<'known' | 'other-key' | 'unknown'> {
    const claim = claimOf(proof);
    const { key } = await this.#scheduledRead(claim, `${caller} ${claim.id}`, inTurn);
    if (key === undefined) return 'unknown';
    return key === claim.keyHash ? 'known' : 'other-key';
  }

  /** A command was committed: the key it announced is the next one. */
  rolled(proof: Proof): void {
    if (proof.kind !== 'patient' && proof.kind !== 'delegate' && proof.kind !== 'slot') return;
    // a recovery that is completed makes its key the patient's own
    const id = proof.kind === 'patient' ? `patient ${proof.statement.pseudonym}` : claimOf(proof).id;
    const hospital = this.hospitalOf(proof);
    this.#signers.set(id, { keyHash: proof.statement.nextKeyHash, ...(hospital === undefined ? {} : { hospital }) });
  }

  /** The ledger did not take the key that was remembered. */
  forget(proof: Proof): void {
    this.#signers.delete(claimOf(proof).id);
  }

  /** One read for all of a caller who wait for the same signer; it begins after the last of them has come. */
  #scheduledRead(claim: Claim, slot: string, inTurn: InTurn): Promise<KeyRead> {
    const scheduled = this.#scheduled.get(slot);
    if (scheduled !== undefined) return scheduled;
    const release = (): void => {
      if (this.#scheduled.get(slot) === reading) this.#scheduled.delete(slot);
    };
    const reading = this.#spaced(claim)
      .then(() =>
        inTurn(() => {
          release();
          return this.#read(claim);
        }),
      )
      .finally(release);
    this.#scheduled.set(slot, reading);
    return reading;
  }

  /** Before a turn is asked for: whoever claims one signer often keeps no place at the peers meanwhile. */
  async #spaced({ id }: Claim): Promise<void> {
    const waitMillis = (this.#readAt.get(id) ?? -Infinity) + READ_SPACING_MILLIS - this.now();
    if (waitMillis > 0) await new Promise((resolve) => setTimeout(resolve, waitMillis));
  }

  async #read(claim: Claim): Promise<KeyRead> {
    const { id, keyHash } = claim;
    this.#readAt.set(id, this.now());
    const signer = await this.#signerOf(claim);
    const key = signer?.keyHash;
    if (signer === undefined) this.#signers.delete(id);
    else this.#signers.set(id, signer);
    // who makes a slot is a stranger, though nobody else could: it is charged
    if (key === undefined && isMadeBy(claim)) return { key: keyHash, isKnown: false };
    return { key, isKnown: key === keyHash };
  }

  async #signerOf(claim: Claim): Promise<KnownSigner | undefined> {
    try {
      if (claim.kind === 'patient') {
        const { nextKeyHash, mspId } = await this.ledger.evaluate(newRequest(transactions.GetPseudonym, { pseudonym: claim.pseudonym }));
        return { keyHash: nextKeyHash, hospital: mspId };
      }
      if (claim.kind === 'recovering') return await this.#newKeyOf(claim);
      const keyHash = await this.#keyOf(claim);
      if (keyHash === undefined) return undefined;
      // who claims another's name has one read
      const isActing = keyHash === claim.keyHash && (claim.kind === 'delegate' || claim.kind === 'guardian');
      return isActing ? { keyHash, hospital: await this.#hospitalOf(claim.pseudonym) } : { keyHash };
    } catch (error) {
      if (error instanceof Refused && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  }

  async #hospitalOf(pseudonym: Pseudonym): Promise<MspId> {
    return (await this.ledger.evaluate(newRequest(transactions.GetPseudonym, { pseudonym }))).mspId;
  }

  async #keyOf(claim: Exclude<Claim, { kind: 'patient' | 'recovering' }>): Promise<Sha256 | undefined> {
    switch (claim.kind) {
      case 'delegate': {
        const { pseudonym, delegationId } = claim;
        return (await this.ledger.evaluate(newRequest(transactions.GetDelegation, { pseudonym, delegationId }))).nextKeyHash;
      }
      case 'guardian': {
        const { guardians } = await this.ledger.evaluate(newRequest(transactions.GetGuardians, { pseudonym: claim.pseudonym }));
        return guardians.find((each) => each === claim.keyHash);
      }
      case 'pin':
        return this.#keyOfPin(claim);
      case 'slot': {
        const { slots } = await this.ledger.evaluate(newRequest(transactions.ListSummarySlots, { slotIds: [claim.slotId] }));
        return slots[0]?.nextKeyHash;
      }
      case 'staff': {
        const { mspId, actorTag } = claim;
        return (await this.ledger.evaluate(newRequest(transactions.GetStaff, { mspId, actorTag }))).publicKeyHash;
      }
    }
  }

  /** Both keys of a PIN are known: which of them may ask for what, the chaincode says. */
  async #keyOfPin({ pinId, keyHash }: Extract<Claim, { kind: 'pin' }>): Promise<Sha256> {
    const { finderKeyHash, vault } = await this.ledger.evaluate(newRequest(transactions.GetPin, { pinId }));
    return keyHash === vault?.openKeyHash ? keyHash : finderKeyHash;
  }

  /** The claimed key, if a recovery is open for it; else the pseudonym's own, so that the answer of a repeated command is `STALE_KEY`. */
  async #newKeyOf({ pseudonym, keyHash }: Extract<Claim, { kind: 'recovering' }>): Promise<KnownSigner> {
    const {
      recoveries = [],
      nextKeyHash,
      mspId: hospital,
    } = await this.ledger.evaluate(newRequest(transactions.GetPseudonym, { pseudonym }));
    const open = await Promise.all(
      recoveries.map((caseId) => this.ledger.evaluate(newRequest(transactions.GetRecovery, { pseudonym, caseId }))),
    );
    return { keyHash: open.some(({ newKeyHash }) => newKeyHash === keyHash) ? keyHash : nextKeyHash, hospital };
  }
}

/** Whether the key of a claim is the one that makes the slot. */
function isMadeBy(claim: Claim): boolean {
  return claim.kind === 'slot' && slotIdOf(claim.keyHash) === claim.slotId;
}

function claimOf(proof: Proof): Claim {
  if (proof.kind === 'slot') {
    const { slotId, publicKey } = proof.statement;
    return { kind: 'slot', id: `slot ${slotId}`, slotId, keyHash: hashOfKey(publicKey) };
  }
  if (proof.kind === 'guardian') {
    const { pseudonym, publicKey } = proof.statement;
    const keyHash = hashOfKey(publicKey);
    return { kind: 'guardian', id: `guardian ${pseudonym} ${keyHash}`, pseudonym, keyHash };
  }
  if (proof.kind === 'pin') {
    const { pinId, publicKey } = proof.statement;
    const keyHash = hashOfKey(publicKey);
    return { kind: 'pin', id: `pin ${pinId} ${keyHash}`, pinId, keyHash };
  }
  if (proof.kind === 'patient') {
    const { pseudonym, publicKey, transaction } = proof.statement;
    if (transaction === COMPLETE) return { kind: 'recovering', id: `recovering ${pseudonym}`, pseudonym, keyHash: hashOfKey(publicKey) };
    return { kind: 'patient', id: `patient ${pseudonym}`, pseudonym, keyHash: hashOfKey(publicKey) };
  }
  if (proof.kind === 'delegate') {
    const { pseudonym, delegationId, publicKey } = proof.statement;
    return { kind: 'delegate', id: `delegate ${pseudonym} ${delegationId}`, pseudonym, delegationId, keyHash: hashOfKey(publicKey) };
  }
  if (proof.kind === 'assisted') return staffClaim(proof.statement.msp, proof.statement.actorTags[1], proof.signatures[1].publicKey);
  return staffClaim(proof.statement.msp, proof.statement.actorTag, proof.publicKey);
}

function staffClaim(mspId: MspId, actorTag: ActorTag, publicKey: PublicKey): Claim {
  return { kind: 'staff', id: `staff ${mspId} ${actorTag}`, mspId, actorTag, keyHash: hashOfKey(publicKey) };
}
