import { type Input, isPointerId, type MspId, type Output, type RecordId, type ResultKind, type transactions } from '@lianyi/domain';
import { assertAnswerable, newestEquivalent, openedItem } from '@lianyi/domain/deciding';
import { permittedPage } from '../access/permitted-page';
import { recognisedItems } from '../items-in-force';
import { type ReadScope } from '../scope';
import { asStaff } from '../standing';

type Entry = typeof transactions.ResolveRecognition;
type Asked = Awaited<ReturnType<ReadScope['ledger']['recognitions']['get']>>;
type Found = { readonly recordId: RecordId; readonly result: ResultKind };

const PAGE = 100;

/**
 * Tells whether the caller's hospital has an equivalent result that who asked may ask to read now. It looks into what the list of permitted records has
 * and nothing else, so that a result that is hidden and one that is not there are answered alike, by the same reads (ADR 0059, 0076).
 */
export async function ResolveRecognition(scope: ReadScope, { mspId, askId, ...opening }: Input<Entry>): Promise<Output<Entry>> {
  const asked = await scope.ledger.recognitions.get(mspId, askId);
  const { value } = await recognisedItems(scope.ledger);
  const item = openedItem(asked, opening, value);
  assertAnswerable(asked, scope.now);
  const found: Found[] = [];
  for (const recordId of await permittedTo(scope, asked)) found.push(...(await resultsOf(scope, asked, recordId)));
  const newest = newestEquivalent(found, item, asked.askedAt);
  return newest === undefined ? { found: false } : { found: true, recordId: newest.recordId };
}

/** The caller's hospital's records that who asked may ask to read now, for treatment. */
async function permittedTo(scope: ReadScope, { pseudonym, mspId, askedBy, department }: Asked): Promise<readonly RecordId[]> {
  const custodian: MspId = asStaff(scope.actor).mspId;
  if (askedBy.kind !== 'staff') return [];
  const { actorTag } = askedBy;
  const [staff, organisation] = await Promise.all([scope.ledger.staff.find(mspId, actorTag), scope.ledger.organisations.find(mspId)]);
  if (staff?.state !== 'active' || organisation?.status !== 'active') return [];
  const { roles, departments, memberships: groups = [] } = staff;
  const actor = { mspId, actorTag, roles, department, departments, groups };
  const permitted: RecordId[] = [];
  let after: string | undefined;
  do {
    const page = { limit: PAGE, ...(after === undefined ? {} : { after }) };
    const { items, next } = await permittedPage(scope.ledger, { pseudonym, purpose: 'TREAT', at: scope.now, actor }, page);
    const own = items.filter(({ recordId, custodianMspId }) => custodianMspId === custodian && !isPointerId(recordId));
    permitted.push(...own.map(({ recordId }) => recordId));
    after = next;
  } while (after !== undefined);
  return permitted;
}

/** What the document of a record has examined; nothing if its envelope is purged, or was kept before anybody looked for it. */
async function resultsOf(scope: ReadScope, { pseudonym }: Asked, recordId: RecordId): Promise<readonly Found[]> {
  const { keyEpoch } = await scope.ledger.records.get(pseudonym, recordId);
  const envelope = await scope.ledger.own(asStaff(scope.actor)).envelopes.find(pseudonym, recordId, keyEpoch);
  return (envelope?.details.results ?? []).map((result) => ({ recordId, result }));
}
