// For tests of other packages: a member node's routes, its parts and its index, without the node.
import { type Ledger, perform } from '@lianyi/domain';
import { Admission } from './admission/admission';

export { Admission };
export { DeviceWitness } from './device-witness';
export { OwnStaffLedger } from './own-staff-ledger';
export { StaffWitness } from './staff-witness';
export { buildServer, type NodeServer } from './http/server';
export { addEventRoutes } from './http/event-routes';
export { addHealthRoutes } from './http/health-routes';
export { addListingRoutes } from './http/listing-routes';
export { addMemberRoutes } from './http/member-routes';
export { addTransactionRoutes } from './http/transaction-routes';
export { Custody } from './keys/custody';
export { KeyService, type KeyServicePorts } from './keys/key-service';
export { Duplicates } from './matching/duplicates';
export { EvaluationAnswers } from './matching/evaluation-answers';
export { FunctionShares } from './matching/function-shares';
export { type PeerHeight } from './peer-heights';
export { type PermitsWord } from './ledger-index/members-word';
export { type TicketStanding } from './ledger-reader';
export { type FollowedPin } from './ledger-index/pin-index';
export { type FollowedKeys, SaidKeys } from './matching/said-keys';
export { PinAnswers } from './pins/pin-answers';
export { PinFinders } from './pins/pin-finders';
export { ConnectionPlaces } from './http/connection-places';
export { SqliteQueries } from './queries/sqlite-queries';
export { LedgerIndex } from './ledger-index/ledger-index';
export { Introductions } from './services/introductions';
export { PreparationSeal } from './services/preparation-seal';
export { DEFAULT_VAULT_PATIENCE_MILLIS } from './node-config';
export { MemberHealth } from './services/member-health';
export { type Deposit } from './services/deposits';
export { blamedFor, receiptGiversOf, placesOf } from './services/receipt-places';
export { Replication } from './services/replication';
export { FileVault } from './vault/file-vault';
export { ReplicaClient } from './vault/replica-client';

/** Whose peer has every block that anybody has seen. */
export const abreast = { untilSeen: (): Promise<void> => Promise.resolve() };

/** To whom nothing happens. */
export const noNews = { newsOf: (): Promise<undefined> => Promise.resolve(undefined) };

/** Lets every request through to a ledger that a test plays. */
export function admitEverybody(
  ledger: Ledger,
): Pick<Admission, 'carry' | 'assertWelcome' | 'assertKnownSigner' | 'told' | 'question' | 'waiting' | 'waitingForNews'> {
  return {
    carry: (request) => perform(ledger, request),
    assertWelcome: () => undefined,
    assertKnownSigner: () => Promise.resolve(),
    told: (_proof, _entry, work) => work(),
    question: (_proof, _ip, work) => work(),
    waiting: (_proof, _ip, wait) => wait(),
    waitingForNews: (_proof, _ip, wait) => wait(new Promise(() => undefined)),
  };
}
