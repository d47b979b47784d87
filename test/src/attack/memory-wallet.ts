import { newWalletContent, Wallet, type WalletContent, type WalletStore } from '@lianyi/client/wallet';

/** A wallet kept in memory, as a browser would keep one. */
export function newMemoryWallet(): Wallet {
  let content: WalletContent = newWalletContent();
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
