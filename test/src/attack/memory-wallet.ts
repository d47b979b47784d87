import { newWalletContent, Wallet, type WalletContent, type WalletStore } from '@lianyi/client/wallet';

/** A wallet kept in memory, as a browser would keep one; a copy of another, if its content is given. */
export function newMemoryWallet(begun: WalletContent = newWalletContent()): Wallet {
  let content = begun;
  const store: WalletStore = {
    read: () => Promise.resolve(content),
    change: (step) => {
      const changed = step(content);
      ({ content } = changed);
      return Promise.resolve(changed.result);
    },
    inTurn: (action) => action(),
  };
  return new Wallet(store);
}
