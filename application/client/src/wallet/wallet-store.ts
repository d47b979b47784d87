import { type WalletContent } from './wallet-content';

/** Where a wallet's content is kept. A browser keeps it in its own database, Node in a sealed file. */
export interface WalletStore {
  read(): Promise<WalletContent>;
  /**
   * Changes the content while nobody else can. What `step` answers is on the disk before this resolves; the same content again
   * writes nothing.
   */
  change<Result>(step: (content: WalletContent) => { content: WalletContent; result: Result }): Promise<Result>;
  /** Runs an action while no other action that was given to this runs, in whatever program. It may take as long as a transaction. */
  inTurn<Result>(action: () => Promise<Result>): Promise<Result>;
}
