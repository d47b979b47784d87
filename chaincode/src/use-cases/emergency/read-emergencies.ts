import {
  type Actor,
  DomainError,
  type Emergency,
  type EmergencyOf,
  type Input,
  isPatientSide,
  type Output,
  type transactions,
} from '@lianyi/domain';
import { concernsOrganisation, isOverdue } from '@lianyi/domain/deciding';
import { type PageRequest } from '../../ledger/repository';
import { ledTo, readable } from '../led-to';
import { type ReadScope } from '../scope';
import { caseOf } from './case-of';
import { asPatientSide, asStaff } from '../standing';

type Get = typeof transactions.GetEmergency;
type List = typeof transactions.ListEmergencies;
type ListOwn = typeof transactions.ListOwnEmergencies;

/** One that there is not answers as one that does not concern who asks: nobody learns which there are. */
export async function GetEmergency(scope: ReadScope, { ticketId }: Input<Get>): Promise<Output<Get>> {
  const emergency = await caseOf(scope, ticketId);
  if (emergency === undefined || !concerns(emergency, scope.actor)) throw new DomainError('NOT_PERMITTED');
  return shown(scope, emergency);
}

function concerns(emergency: Emergency, actor: Actor): boolean {
  return isPatientSide(actor) ? actor.pseudonym === emergency.pseudonym : concernsOrganisation(emergency, asStaff(actor).mspId);
}

export function ListEmergencies(scope: ReadScope, page: Input<List>): Promise<Output<List>> {
  return listed(scope, { kind: 'organisation', name: asStaff(scope.actor).mspId }, page);
}

export function ListOwnEmergencies(scope: ReadScope, { pseudonym, ...page }: Input<ListOwn>): Promise<Output<ListOwn>> {
  asPatientSide(scope.actor, pseudonym);
  return listed(scope, { kind: 'patient', name: pseudonym }, page);
}

async function listed(scope: ReadScope, { kind, name }: EmergencyOf['party'], page: PageRequest): Promise<Output<List>> {
  const { items, ...rest } = await ledTo(
    await scope.ledger.emergenciesOf.list([kind, name], page),
    ({ ticketId }) => caseOf(scope, ticketId),
    (found) => concerns(found, scope.actor),
  );
  return { items: await Promise.all(items.map((emergency) => shown(scope, emergency))), ...rest };
}

async function shown({ ledger, now }: ReadScope, emergency: Emergency): Promise<Output<Get>> {
  // a ticket that others have written over, or deleted, keeps nobody from being told of the emergency, nor of others
  const ticket = await readable(ledger.tickets.find(emergency.ticketId));
  return { emergency, ...(ticket === undefined ? {} : { recordIds: [...ticket.recordIds] }), isOverdue: isOverdue(emergency, now) };
}
