export { type CarriedArgument, type Committed, type InvokeOptions, LedgerClient } from './ledger-client';
export { exchange, type Answer, type Exchange, type ExchangeTls } from './https-exchange';
export {
  type Carried,
  type DocumentToPublish,
  MemberNodeClient,
  type MemberNodeClientOptions,
  NodeProblem,
  NodeUnreachable,
  type OpenedDocument,
  type SignRequest,
  staffProofs,
} from './member-node-client';
export * from './node-protocol';
