import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** How a pseudonym gets a new key. */
@Info({ title: 'RecoveryContract', description: 'How a pseudonym gets a new key when wallet and phrase are lost.' })
export class RecoveryContract extends LedgerContract implements ContractOf<'RecoveryContract'> {
  constructor() {
    super('RecoveryContract');
  }

  @Transaction()
  SetGuardians(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'SetGuardians', request);
  }

  @Transaction(false)
  GetGuardians(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetGuardians', request);
  }

  @Transaction()
  OpenRecovery(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'OpenRecovery', request);
  }

  @Transaction()
  ApproveRecovery(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ApproveRecovery', request);
  }

  @Transaction()
  ProposeRecovery(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ProposeRecovery', request);
  }

  @Transaction()
  ConfirmRecovery(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ConfirmRecovery', request);
  }

  @Transaction()
  VetoRecovery(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'VetoRecovery', request);
  }

  @Transaction()
  CompleteRecovery(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'CompleteRecovery', request);
  }

  @Transaction(false)
  GetRecovery(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetRecovery', request);
  }

  @Transaction(false)
  ListRecoveries(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListRecoveries', request);
  }
}
