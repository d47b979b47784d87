import { type OwnLine, referenceTo } from '@lianyi/domain';
import { newOwnLine } from '@lianyi/domain/deciding';
import { type WriteScope } from './scope';
import { asStaff } from './standing';

/**
 * Writes the patient's line about what their hospital does among its own peers: beside it, in the same private data, since a public line takes endorsers who
 * must not see what is private (ADR 0015). It is no part of the public audit.
 *
 * @param secret - where it must not be told whom the transaction is about: what only the hospital has. Left out: the request names the patient anyway.
 */
export function recordOwnAct(
  scope: WriteScope,
  act: OwnLine['act'],
  about: Pick<OwnLine, 'pseudonym' | 'recordIds' | 'ticketId'>,
  secret: string = scope.requestHash,
): void {
  const said = { ...about, act, actor: referenceTo(scope.actor) };
  scope.ledger.own(asStaff(scope.actor)).ownLines.append(newOwnLine(said, { secret, txId: scope.unitId, at: scope.now }));
}
