import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** Devices that author data, and who vouches for them. */
@Info({ title: 'DeviceContract', description: 'Devices that author data, and who vouches for them.' })
export class DeviceContract extends LedgerContract implements ContractOf<'DeviceContract'> {
  constructor() {
    super('DeviceContract');
  }

  @Transaction()
  AttestDevice(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'AttestDevice', request);
  }

  @Transaction()
  ConfirmDevice(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ConfirmDevice', request);
  }

  @Transaction()
  RevokeDevice(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'RevokeDevice', request);
  }

  @Transaction(false)
  GetDevice(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetDevice', request);
  }

  @Transaction(false)
  ListDevices(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListDevices', request);
  }
}
