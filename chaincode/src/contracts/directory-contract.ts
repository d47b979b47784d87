import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** Organisations, their endpoints and their staff, with the kill switch. */
@Info({ title: 'DirectoryContract', description: 'Organisations, their endpoints and their staff, with the kill switch.' })
export class DirectoryContract extends LedgerContract implements ContractOf<'DirectoryContract'> {
  constructor() {
    super('DirectoryContract');
  }

  @Transaction()
  RegisterOrganisation(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'RegisterOrganisation', request);
  }

  @Transaction()
  UpdateEndpoint(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'UpdateEndpoint', request);
  }

  @Transaction()
  RegisterStaff(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'RegisterStaff', request);
  }

  @Transaction()
  ConfirmStaff(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ConfirmStaff', request);
  }

  @Transaction()
  UpdateStaffDuty(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'UpdateStaffDuty', request);
  }

  @Transaction()
  RevokeStaff(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'RevokeStaff', request);
  }

  @Transaction()
  FoundGroup(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'FoundGroup', request);
  }

  @Transaction()
  JoinGroup(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'JoinGroup', request);
  }

  @Transaction()
  ConfirmMembership(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ConfirmMembership', request);
  }

  @Transaction()
  LeaveGroup(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'LeaveGroup', request);
  }

  @Transaction(false)
  ListGroups(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListGroups', request);
  }

  @Transaction(false)
  GetOrganisation(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetOrganisation', request);
  }

  @Transaction(false)
  ListOrganisations(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListOrganisations', request);
  }

  @Transaction(false)
  ListEndpoints(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListEndpoints', request);
  }

  @Transaction(false)
  GetStaff(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetStaff', request);
  }

  @Transaction(false)
  ListStaff(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListStaff', request);
  }
}
