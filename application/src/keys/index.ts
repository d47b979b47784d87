export { Custody, type KeptKey } from './custody';
export {
  type BlockWitness,
  KeyService,
  type KeyServiceOptions,
  type KeyServicePorts,
  type LedgerView,
  type ReleasedKey,
} from './key-service';
export { ServiceActor } from './service-actor';
