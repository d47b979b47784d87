import {
  type ChannelBinding,
  DomainError,
  type Ledger,
  type MspId,
  type OutcomeOf,
  type Output,
  type SignedRequest,
  type TransactionEntry,
} from '@lianyi/domain';

/** A node as far as its word of the ledger goes. */
export interface Teller {
  /** Whose node it is, and which channel it follows, by its own word. */
  network(): Promise<ChannelBinding & { readonly mspId: MspId }>;
  readonly ledger: Ledger;
}

/** Whom a witness must be another member than, and which channel it must follow. */
export interface Witnessed {
  readonly mspId: MspId;
  readonly network: ChannelBinding;
  /** What the refusal calls a witness of that same member. */
  readonly obstacle: 'own-organisation' | 'carriers-organisation';
}

/**
 * Asks a witness whose it is.
 * @returns whose
 * @throws {@link DomainError} `WITNESS_UNAVAILABLE` — it does not answer (its cause tells why), is of the same member, or of another channel
 */
export async function memberOfWitness(client: Pick<Teller, 'network'>, { mspId, network: asked, obstacle }: Witnessed): Promise<MspId> {
  const network = await client.network().catch((cause: unknown) => {
    throw witnessUnavailable('silent', cause);
  });
  if (network.mspId === mspId) throw witnessUnavailable(obstacle);
  if (network.channel !== asked.channel || network.genesis !== asked.genesis) throw witnessUnavailable('other-channel');
  return network.mspId;
}

/** @param obstacle - why there is none; no value that could be secret */
export function witnessUnavailable(obstacle: string, cause?: unknown): DomainError {
  return new DomainError('WITNESS_UNAVAILABLE', undefined, { obstacle }, { cause });
}

/** The ledger by the word of another member than the one that carries: a carrier is no witness of itself. */
export class WitnessLedger implements Ledger {
  #isOther = false;

  constructor(
    private readonly teller: Teller,
    private readonly witnessed: Omit<Witnessed, 'obstacle'>,
  ) {}

  /**
   * Refuses a witness that is of the carrier's member, before anything is sent. One that is silent now is asked again when its word is needed.
   * @throws {@link DomainError} `WITNESS_UNAVAILABLE` — of the carrier's member, or of another channel
   */
  async assertNotCarriers(): Promise<void> {
    try {
      await this.#assertOther();
    } catch (error) {
      if (!isSilence(error)) throw error;
    }
  }

  async evaluate<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry>> {
    await this.#assertOther();
    return this.teller.ledger.evaluate(request);
  }

  async submit<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>> {
    await this.#assertOther();
    return this.teller.ledger.submit(request);
  }

  async #assertOther(): Promise<void> {
    if (this.#isOther) return;
    await memberOfWitness(this.teller, { ...this.witnessed, obstacle: 'carriers-organisation' });
    this.#isOther = true;
  }
}

function isSilence(error: unknown): boolean {
  return error instanceof DomainError && error.details['obstacle'] === 'silent';
}
