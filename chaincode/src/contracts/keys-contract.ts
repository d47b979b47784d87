import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** Sealed keys in private data, and their release to permits. */
@Info({ title: 'KeyContract', description: 'Sealed keys in private data, and their release to permits.' })
export class KeyContract extends LedgerContract implements ContractOf<'KeyContract'> {
  constructor() {
    super('KeyContract');
  }

  @Transaction()
  PutEnvelope(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'PutEnvelope', request);
  }

  @Transaction(false)
  GetEnvelope(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetEnvelope', request);
  }

  @Transaction(false)
  GetKeptKey(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetKeptKey', request);
  }

  @Transaction()
  RecordKeyRelease(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'RecordKeyRelease', request);
  }

  @Transaction(false)
  GetKeyRelease(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetKeyRelease', request);
  }

  @Transaction()
  PurgeEnvelopes(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'PurgeEnvelopes', request);
  }
}
