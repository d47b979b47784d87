import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** Mutual recognition of examinations. */
@Info({ title: 'RecognitionContract', description: 'Mutual recognition of examinations.' })
export class RecognitionContract extends LedgerContract implements ContractOf<'RecognitionContract'> {
  constructor() {
    super('RecognitionContract');
  }

  @Transaction()
  AskRecognition(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'AskRecognition', request);
  }

  @Transaction(false)
  ResolveRecognition(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ResolveRecognition', request);
  }

  @Transaction()
  RecordRecognition(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'RecordRecognition', request);
  }

  @Transaction(false)
  GetRecognition(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetRecognition', request);
  }

  @Transaction(false)
  ListRecognitions(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListRecognitions', request);
  }
}
