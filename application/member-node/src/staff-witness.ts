import { type ActorTag, assertMayAct, DomainError, hashOfKey, instantOf, type MspId, type Staff, type StaffProof } from '@lianyi/domain';
import { type KnownStaff } from '@lianyi/ledger-client';

/** Who says that they have signed, and with which key; that it is the signature's, others check. */
export type StaffSignature = Pick<StaffProof, 'publicKey'> & { readonly statement: Pick<StaffProof['statement'], 'msp' | 'actorTag'> };

/** What the blocks followed show of staff entries. */
export interface StaffIndex {
  /** undefined while the blocks followed have no such entry. */
  staffShown(mspId: MspId, actorTag: ActorTag): Promise<KnownStaff | undefined>;
  /** How many blocks of the own peer were followed. */
  height(): Promise<bigint>;
  waitFor<Found>(look: () => Promise<Found | undefined>, timeoutMillis: number): Promise<Found | undefined>;
}

/** The own peer, which may be some blocks ahead of the index. */
export interface OwnPeer {
  /** Number of its newest block. */
  newest(withinMillis: number): Promise<bigint>;
}

/** A block takes its time from the peer, which knows whom somebody has just hired, to the index; on a busy machine a long one. */
const PATIENCE_MILLIS = 20_000;
const ANSWER_MILLIS = 5_000;

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

  async #untilAbreast(actorTag: ActorTag): Promise<void> {
    const newest = await this.peer.newest(ANSWER_MILLIS).catch((cause: unknown) => {
      throw new DomainError('STAFF_UNSEEN', 'the own peer does not tell its newest block', { actorTag }, { cause });
    });
    const look = async (): Promise<true | undefined> => ((await this.index.height()) > newest ? true : undefined);
    if ((await this.index.waitFor(look, this.patienceMillis)) === undefined) throw new DomainError('STAFF_UNSEEN', undefined, { actorTag });
  }
}
