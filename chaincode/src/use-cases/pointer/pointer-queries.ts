import { canonicalJson, DomainError, type Input, type Output, type PointerQuery, type transactions, type Transient } from '@lianyi/domain';
import { assertNotHeld } from '@lianyi/domain/deciding';
import { recordOwnAct } from '../record-own-act';
import { type ReadScope, type WriteScope } from '../scope';
import { asStaff } from '../standing';

type Put = typeof transactions.PutPointerQuery;
type Get = typeof transactions.GetPointerQuery;
type Purge = typeof transactions.PurgePointerQuery;

/** Keeps with what a version of a pointer asks. As long as that version is not written, other parameters take its place. */
export async function PutPointerQuery(scope: WriteScope, input: Input<Put>, transient: Transient<Put>): Promise<Output<Put>> {
  const { pseudonym, pointerId, version } = input;
  const { pointerQueries } = scope.ledger.own(asStaff(scope.actor));
  const query: PointerQuery = { schemaVersion: 1, pseudonym, pointerId, version, ...transient };
  const [existing, written] = await Promise.all([
    pointerQueries.find(pseudonym, pointerId, version),
    scope.ledger.pointerVersions.find(pseudonym, pointerId, version),
  ]);
  if (existing === undefined) {
    await pointerQueries.insert(query);
  } else {
    if (written !== undefined && canonicalJson(existing) !== canonicalJson(query)) throw new DomainError('ALREADY_EXISTS');
    // also when it is the same: an owner's transaction that writes nothing is judged by the chaincode's own policy, as of an envelope
    await pointerQueries.replace(query);
  }
  recordOwnAct(scope, 'PutPointerQuery', { pseudonym, recordIds: [pointerId] });
  return { pseudonym, pointerId, version };
}

/** Parameters leave the organisation's private data for its own key service, which runs the query, and for nobody else. */
export function GetPointerQuery(scope: ReadScope, input: Input<Get>): Promise<Output<Get>> {
  return scope.ledger.own(asStaff(scope.actor)).pointerQueries.get(input.pseudonym, input.pointerId, input.version);
}

/** Removes the parameters from every peer of the organisation. */
export async function PurgePointerQuery(scope: WriteScope, input: Input<Purge>): Promise<Output<Purge>> {
  const { pseudonym, pointerId, version } = input;
  assertNotHeld(await scope.ledger.holdLists.find(pseudonym), [pointerId], scope.now);
  scope.ledger.own(asStaff(scope.actor)).pointerQueries.purge(pseudonym, pointerId, version);
  recordOwnAct(scope, 'PurgePointerQuery', { pseudonym, recordIds: [pointerId] });
  return { pseudonym, pointerId, version };
}
