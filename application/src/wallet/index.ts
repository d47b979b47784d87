export { readPassphrase } from './passphrase';
export { type Synchronisation } from './synchronise';
export { Wallet, type SignedCommand, type WalletOptions } from './wallet';
