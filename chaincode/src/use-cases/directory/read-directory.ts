import { type Input, type Output, type transactions } from '@lianyi/domain';
import { mspOf, type ReadScope } from '../scope';

type GetOrganisation = typeof transactions.GetOrganisation;
type ListOrganisations = typeof transactions.ListOrganisations;
type ListEndpoints = typeof transactions.ListEndpoints;
type GetStaff = typeof transactions.GetStaff;
type ListStaff = typeof transactions.ListStaff;

export function GetOrganisation(scope: ReadScope, input: Input<GetOrganisation>): Promise<Output<GetOrganisation>> {
  return scope.ledger.organisations.get(input.mspId);
}

export function ListOrganisations(scope: ReadScope, input: Input<ListOrganisations>): Promise<Output<ListOrganisations>> {
  return scope.ledger.organisations.list([], input);
}

export function ListEndpoints(scope: ReadScope, input: Input<ListEndpoints>): Promise<Output<ListEndpoints>> {
  return scope.ledger.endpoints.list([input.mspId], input);
}

export function GetStaff(scope: ReadScope, input: Input<GetStaff>): Promise<Output<GetStaff>> {
  return scope.ledger.staff.get(input.mspId, input.actorTag);
}

/** Lists the staff of the caller's own organisation; who works elsewhere is the others' matter. */
export function ListStaff(scope: ReadScope, input: Input<ListStaff>): Promise<Output<ListStaff>> {
  return scope.ledger.staff.list([mspOf(scope.actor)], input);
}
