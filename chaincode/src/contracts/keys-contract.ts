import { Info, Transaction } from 'fabric-contract-api';
import { transactions } from '@lianyi/domain';
import { LedgerContext } from '../dispatch/call';
import { handle } from '../dispatch/handle';
import { getEnvelope, purgeEnvelopes, putEnvelope } from '../transactions/keys/envelopes';
import { recordKeyRelease } from '../transactions/keys/record-key-release';
import { LedgerContract } from './ledger-contract';

/** Sealed keys in private data, and their release to permits. */
@Info({ title: 'KeyContract', description: 'Sealed keys in private data, and their release to permits.' })
export class KeyContract extends LedgerContract {
  constructor() {
    super('KeyContract');
  }

  @Transaction()
  PutEnvelope(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.PutEnvelope, request, putEnvelope);
  }

  @Transaction(false)
  GetEnvelope(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.GetEnvelope, request, getEnvelope);
  }

  @Transaction()
  RecordKeyRelease(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.RecordKeyRelease, request, recordKeyRelease);
  }

  @Transaction()
  PurgeEnvelopes(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.PurgeEnvelopes, request, purgeEnvelopes);
  }
}
