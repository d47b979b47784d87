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

/** Where news of a patient is waited for. */
export interface PatientNews {
  /** The newest block that a node has, by its own word; undefined: none answers. */
  newest(): Promise<bigint | undefined>;
  /**
   * Waits until something happens to the patient in a block after this one, as far as one of the nodes says: each holds its answer for a while.
   * @returns the block; undefined: nothing has happened meanwhile, or no node answers
   */
  after(block: bigint): Promise<bigint | undefined>;
}

/**
 * News of a patient, for the patient and for who acts for them. That something has happened is all that is told: what it is, they read as always. Two members are
 * asked, since one could be silent.
 *
 * The question that is held is what may be opened in an emergency: whoever may ask it may be told that something has happened, and its answer says nothing of health.
 */
export function newsOf(pseudonym: Pseudonym, { wallet, network, now, asked }: NewsOptions): PatientNews {
  const request = newRequest(transactions.GetEmergencyChoice, { pseudonym });
  return {
    newest: () =>
      firstOf(
        asked.map(async ({ node }) => {
          const heights = Object.values((await node.health()).blocks).map((height) => BigInt(height) - 1n);
          return heights.reduce<bigint | undefined>((least, height) => (least === undefined || height < least ? height : least), undefined);
        }),
      ),
    after: (block) =>
      firstOf(
        asked.map(async ({ node }) => {
          const { entry, input } = request;
          const proof = await wallet.signQuery(network, pseudonym, { transaction: entry, input }, now());
          return node.ledger.news({ ...request, proof }, block);
        }),
      ),
  };
}

/** The first that somebody says; undefined if nobody does. */
async function firstOf(said: readonly Promise<bigint | undefined>[]): Promise<bigint | undefined> {
  const spoken = said.map(async (each) => (await each) ?? Promise.reject(new Error('nothing')));
  return Promise.any(spoken).catch(() => undefined);
}
