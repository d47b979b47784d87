import { type Instant, type NetworkIdentity, newRequest, type Pseudonym, transactions } from '@lianyi/domain';
import { type MemberNodeClient } from '../member-api/member-node-client';
import { type Wallet } from '../wallet/wallet';

/** Who asks about a patient, and whom. */
export interface NewsOptions {
  readonly wallet: Wallet;
  readonly network: NetworkIdentity;
  readonly now: () => Instant;
  readonly asked: readonly { readonly node: MemberNodeClient }[];
}

/** Where news of a patient is waited for, at one member. */
export interface PatientNews {
  /** The newest block that the node has, by its own word; undefined: it does not answer. */
  newest(): Promise<bigint | undefined>;
  /**
   * Waits until something happens to the patient in a block after this one, as far as the node says: it holds its answer for a while.
   * @returns the block; undefined: nothing has happened meanwhile, or it does not answer
   */
  after(block: bigint): Promise<bigint | undefined>;
}

/**
 * News of a patient, for the patient and for who acts for them. That something has happened is all that is told: what it is, they read as always. Each member is
 * waited for by itself, from its own place on: one could be silent, and what one says of its blocks is nothing to ask another from.
 *
 * The question that is held is what may be opened in an emergency: whoever may ask it may be told that something has happened, and its answer says nothing of health.
 */
export function newsOf(pseudonym: Pseudonym, { wallet, network, now, asked }: NewsOptions): readonly PatientNews[] {
  const request = newRequest(transactions.GetEmergencyChoice, { pseudonym });
  const unlessSilent = (said: Promise<bigint | undefined>): Promise<bigint | undefined> => said.catch(() => undefined);
  return asked.map(({ node }) => ({
    newest: () =>
      unlessSilent(
        node.health().then(({ blocks }) => {
          const heights = Object.values(blocks).map((height) => BigInt(height) - 1n);
          return heights.reduce<bigint | undefined>((least, height) => (least === undefined || height < least ? height : least), undefined);
        }),
      ),
    after: (block) => {
      const { entry, input } = request;
      const signed = wallet.signQuery(network, pseudonym, { transaction: entry, input }, now());
      return unlessSilent(signed.then((proof) => node.ledger.news({ ...request, proof }, block)));
    },
  }));
}
