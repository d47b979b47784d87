// Apart from the rest of the client: staff have no wallet.
export { SummaryKeeper, type SummaryKeeperOptions, type SummaryReport } from './summary-keeper';
export { handOverKeyHash, newHandOverCode } from './hand-over-code';
export { type CompletionOptions, finishRecovery } from './finish-recovery';
export { Inbox, type InboxMember, type InboxOptions, type InboxView, type Note, type NoteAnswer } from './inbox';
export { PseudonymEnd } from './pseudonym-end';
export { type CommandFate, type HeldPseudonym, newWalletContent, type OpenCommand, type SignedCommand, Wallet } from './wallet';
export { type RecoveryRequest } from './wallet-recovery';
export { type WalletStore } from './wallet-store';
export { type CommandState, type HeldCard, type PastReason, type WalletContent, walletContentSchema } from './wallet-content';
export { WalletLedger, type WalletLedgerOptions, type WalletReport } from './wallet-ledger';
