import {
  type AssistedProof,
  assertTwoRoles,
  DomainError,
  type Ledger,
  mayCall,
  type OutcomeOf,
  type Output,
  qualifiedName,
  type SignedRequest,
  type Staff,
  staffActor,
  type TransactionEntry,
} from '@lianyi/domain';
import { type StaffWitness } from './staff-witness';

/** Whether others may be of the own organisation by the channel's configuration, without its word. */
export interface OwnName {
  ownNameTaken(): Promise<{ readonly definition: string } | undefined>;
}

/**
 * A ledger into which nothing is carried, and from which nothing is read, for staff whom others have written.
 *
 * The own chaincode takes a staff entry as the ledger has it; a purge of record keys needs no other member, and neither does a look into
 * the own private data: whoever is written as staff by a majority of others would do here whatever that staff may. Nor is anything written
 * into that private data while others bear the own name: their peers would be sent it.
 */
export class OwnStaffLedger implements Ledger {
  constructor(
    private readonly ledger: Ledger,
    private readonly witness: Pick<StaffWitness, 'entryOf' | 'entryOfNow'>,
    private readonly name: OwnName,
  ) {}

  /** @throws as {@link submit} */
  async evaluate<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry>> {
    await this.#assertTheirStaff(request);
    return this.ledger.evaluate(request);
  }

  /**
   * @throws as {@link Ledger}; {@link DomainError} `STAFF_UNPROVEN`, `STAFF_UNSEEN`, `NOT_PERMITTED` — of who asks, by the entry that their
   * organisation has written; `SECOND_PERSON_NEEDED` — of two who act for a patient, likewise; `OWN_NAME_TAKEN`
   */
  async submit<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>> {
    await this.#assertTheirStaff(request);
    if (request.entry.endorsement === 'owner') await assertOwnName(this.name);
    return this.ledger.submit(request);
  }

  async #assertTheirStaff<Entry extends TransactionEntry>({ entry, proof }: SignedRequest<Entry>): Promise<void> {
    if (proof?.kind === 'assisted') await this.#assertTheirTwo(proof);
    if (proof?.kind !== 'staff') return;
    const isOwnersAlone = entry.endorsement === 'owner';
    const staff = await (isOwnersAlone ? this.witness.entryOfNow(proof) : this.witness.entryOf(proof));
    if (!mayCall(entry, staffActor(staff)))
      throw new DomainError('NOT_PERMITTED', undefined, { transaction: qualifiedName(entry), actor: 'staff' });
  }

  /** Two who act for a patient without a device: each by the entry that their organisation has written, and of the two kinds of role. */
  async #assertTheirTwo({ statement, signatures }: AssistedProof): Promise<void> {
    const { msp, actorTags } = statement;
    const entryOf = (index: 0 | 1): Promise<Staff> =>
      this.witness.entryOf({ statement: { msp, actorTag: actorTags[index] }, publicKey: signatures[index].publicKey });
    assertTwoRoles([await entryOf(0), await entryOf(1)]);
  }
}

/** @throws {@link DomainError} `OWN_NAME_TAKEN` */
export async function assertOwnName(name: OwnName): Promise<void> {
  const taken = await name.ownNameTaken();
  if (taken !== undefined) throw new DomainError('OWN_NAME_TAKEN', undefined, { definition: taken.definition });
}
