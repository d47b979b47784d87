import { Contract } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';

/** What all contracts have in common: their context. It declares no transaction, so that none is inherited. */
export abstract class LedgerContract extends Contract {
  override createContext(): LedgerContext {
    return new LedgerContext();
  }
}
