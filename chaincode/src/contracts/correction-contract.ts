import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** That patients have their records corrected, and what becomes of it. */
@Info({ title: 'CorrectionContract', description: 'That patients have their records corrected, and what becomes of it.' })
export class CorrectionContract extends LedgerContract implements ContractOf<'CorrectionContract'> {
  constructor() {
    super('CorrectionContract');
  }

  @Transaction()
  RequestCorrection(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'RequestCorrection', request);
  }

  @Transaction()
  AnswerCorrection(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'AnswerCorrection', request);
  }

  @Transaction()
  StateDisagreement(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'StateDisagreement', request);
  }

  @Transaction()
  WithdrawCorrection(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'WithdrawCorrection', request);
  }

  @Transaction()
  PutCorrectionText(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'PutCorrectionText', request);
  }

  @Transaction(false)
  GetCorrectionText(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetCorrectionText', request);
  }

  @Transaction(false)
  GetCorrection(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetCorrection', request);
  }

  @Transaction(false)
  ListCorrections(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListCorrections', request);
  }

  @Transaction(false)
  ListCorrectionsAsked(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListCorrectionsAsked', request);
  }

  @Transaction(false)
  ListDisagreements(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListDisagreements', request);
  }
}
