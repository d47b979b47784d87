import {
  type ChannelBinding,
  DomainError,
  type Ledger,
  type MspId,
  newRequest,
  type OutcomeOf,
  type Output,
  type Pseudonym,
  type RecordId,
  type SignedRequest,
  type TransactionEntry,
  transactions,
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

/**
 * Whether the patient disagrees with a record: they have said so, and its hospital has their statement; or what the ledger has of that cannot be read, so that
 * they may have said so.
 */
export const disagreements = ['none', 'stated', 'unreadable'] as const;
export type Disagreement = (typeof disagreements)[number];

const AT_ONCE = 25;

/**
 * Asks one member whether a record's patient disagrees with it: for whoever knows the record's two random ids.
 * @throws as {@link Ledger.evaluate}
 */
export async function disagreementWith(
  ledger: Pick<Ledger, 'evaluate'>,
  { pseudonym, recordId }: { readonly pseudonym: Pseudonym; readonly recordId: RecordId },
): Promise<Disagreement> {
  let found: Disagreement = 'none';
  let after: string | undefined;
  do {
    const page = await ledger.evaluate(
      newRequest(transactions.ListDisagreements, { pseudonym, recordId, limit: AT_ONCE, ...(after === undefined ? {} : { after }) }),
    );
    if (page.items.length > 0) return 'stated';
    if (page.unreadable !== undefined) found = 'unreadable';
    after = page.next;
  } while (after !== undefined);
  return found;
}

/** Of what several members say, what the reader has to know: one that keeps still hides nothing that another tells. */
export function plainest(said: readonly Disagreement[]): Disagreement {
  if (said.includes('stated')) return 'stated';
  return said.includes('unreadable') ? 'unreadable' : 'none';
}
