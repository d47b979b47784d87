import { type ActorTag, assertMayAct, DomainError, hashOfKey, instantOf, type MspId, type Staff, type StaffProof } from '@lianyi/domain';
import { type KnownStaff } from '@lianyi/ledger-client';
import { type FollowedHeight, type OwnPeer, PATIENCE_MILLIS, untilAbreast } from './abreast';

/** Who says that they have signed, and with which key; that it is the signature's, others check. */
export type StaffSignature = Pick<StaffProof, 'publicKey'> & { readonly statement: Pick<StaffProof['statement'], 'msp' | 'actorTag'> };

/** What the blocks followed show of staff entries. */
export interface StaffIndex extends FollowedHeight {
  /** undefined while the blocks followed have no such entry. */
  staffShown(mspId: MspId, actorTag: ActorTag): Promise<KnownStaff | undefined>;
}

/**
 * Says who somebody is by what their own organisation has said of them, as the blocks show it.
 *
 * The own peer takes a staff entry as the ledger has it, whoever wrote it; and it has a block before the index has it. So a proof is held
 * against the entry that the index has judged, key and roles, and never against the peer's alone.
 */
export class StaffWitness {
  constructor(
    private readonly index: StaffIndex,
    private readonly peer: OwnPeer,
    private readonly patienceMillis = PATIENCE_MILLIS,
  ) {}

  /**
   * The entry by which somebody asks for what each member judges for itself afterwards: a decision of the channel.
   * @throws {@link DomainError} `STAFF_UNPROVEN` — others have written it; `STAFF_UNSEEN` — no block followed shows an entry with the proof's
   * key: the index is behind, and nobody knows yet
   */
  async entryOf(proof: StaffSignature): Promise<Staff> {
    const { msp: mspId, actorTag } = proof.statement;
    const keyHash = hashOfKey(proof.publicKey);
    const look = async (): Promise<KnownStaff | undefined> => {
      const shown = await this.index.staffShown(mspId, actorTag);
      return shown?.isProven === true && shown.said?.publicKeyHash !== keyHash ? undefined : shown;
    };
    const shown = await this.index.waitFor(look, this.patienceMillis);
    if (shown === undefined) throw new DomainError('STAFF_UNSEEN', undefined, { actorTag });
    if (!shown.isProven || shown.said === undefined) throw new DomainError('STAFF_UNPROVEN', undefined, { actorTag });
    return shown.said;
  }

  /**
   * The entry by which somebody asks for what no other member judges: own private data, a purge, what the node does by itself. The index
   * must have each block that the own peer has by now.
   * @throws {@link DomainError} as {@link entryOf}; `STAFF_REVOKED`, `STAFF_PENDING`, `OFF_DUTY`
   */
  async entryOfNow(proof: StaffSignature): Promise<Staff> {
    await this.#untilAbreast(proof.statement.actorTag);
    const staff = await this.entryOf(proof);
    assertMayAct(staff, instantOf(Date.now()));
    return staff;
  }

  #untilAbreast(actorTag: ActorTag): Promise<void> {
    return untilAbreast(
      this.index,
      this.peer,
      this.patienceMillis,
      (problem, cause) => new DomainError('STAFF_UNSEEN', problem, { actorTag }, { cause }),
    );
  }
}
