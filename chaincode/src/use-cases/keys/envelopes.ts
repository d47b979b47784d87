import {
  canonicalJson,
  DomainError,
  type Envelope,
  type Input,
  type MedicalRecord,
  type Output,
  type transactions,
  type Transient,
} from '@lianyi/domain';
import { assertNotHeld, assertRetentionOver, initialSetting } from '@lianyi/domain/deciding';
import { recordOwnAct } from '../record-own-act';
import { type ReadScope, type WriteScope } from '../scope';
import { asStaff } from '../standing';

type Put = typeof transactions.PutEnvelope;
type Get = typeof transactions.GetEnvelope;
type Kept = typeof transactions.GetKeptKey;
type Purge = typeof transactions.PurgeEnvelopes;

/**
 * Keeps a record's sealed key, fine metadata and salts in the private data of the caller's organisation. As long as no version of the
 * record is anchored with it, another one takes its place.
 */
export async function PutEnvelope(scope: WriteScope, input: Input<Put>, transient: Transient<Put>): Promise<Output<Put>> {
  const { pseudonym, recordId, keyEpoch } = input;
  const { envelopes } = scope.ledger.own(asStaff(scope.actor));
  const envelope: Envelope = { schemaVersion: 1, pseudonym, recordId, keyEpoch, ...transient };
  const [existing, record] = await Promise.all([
    envelopes.find(pseudonym, recordId, keyEpoch),
    scope.ledger.records.find(pseudonym, recordId),
  ]);
  if (existing === undefined) {
    await envelopes.insert(envelope);
  } else {
    if (canonicalJson(existing) !== canonicalJson(envelope)) assertUnused(record, keyEpoch);
    // also when it is the same: what writes nothing is judged by the chaincode's own policy, which no owner meets alone
    // (Fabric core/common/validation/statebased/base.go, CheckCCEPIfNoEPChecked)
    await envelopes.replace(envelope);
  }
  recordOwnAct(scope, 'PutEnvelope', { pseudonym, recordIds: [recordId] });
  return { pseudonym, recordId, keyEpoch };
}

/** @throws {@link DomainError} `ALREADY_EXISTS` — a version of the record is anchored whose key this one would replace. */
function assertUnused(record: MedicalRecord | undefined, keyEpoch: number): void {
  if (record !== undefined && record.keyEpoch >= keyEpoch) {
    throw new DomainError('ALREADY_EXISTS');
  }
}

/**
 * Reads an envelope of the caller's own organisation.
 *
 * The key in it is sealed to that organisation: chaincode never returns a secret, since an evaluate leaves no trace.
 */
export function GetEnvelope(scope: ReadScope, input: Input<Get>): Promise<Output<Get>> {
  return scope.ledger.own(asStaff(scope.actor)).envelopes.get(input.pseudonym, input.recordId, input.keyEpoch);
}

/**
 * Reads a permit of the caller's own records with the sealed key of one of them: what a release would ask for one after the other. The key is sealed, as
 * with {@link GetEnvelope}.
 * @throws {@link DomainError} `NOT_FOUND` — no such ticket, a denial, or another custodian's: all three alike
 */
export async function GetKeptKey({ ledger, actor }: ReadScope, { ticketId, recordId }: Input<Kept>): Promise<Output<Kept>> {
  const { mspId } = asStaff(actor);
  const ticket = await ledger.tickets.get(ticketId);
  if (ticket.decision !== 'permit' || ticket.custodianMspId !== mspId) throw new DomainError('NOT_FOUND', undefined, { entity: 'access' });
  const version = ticket.recordVersions[ticket.recordIds.indexOf(recordId)];
  const record = version === undefined ? undefined : await ledger.recordVersions.find(ticket.pseudonym, recordId, version);
  if (record === undefined) return { ticket };
  const envelope = await ledger.own({ mspId }).envelopes.find(ticket.pseudonym, recordId, record.keyEpoch);
  return envelope === undefined ? { ticket } : { ticket, kept: { record, envelope } };
}

/**
 * Removes envelopes from every peer of the organisation; one that is gone already counts as purged. What must be kept still, by a hold or by how long
 * the members keep its class, is not purged; what was never anchored is no record.
 */
export async function PurgeEnvelopes(scope: WriteScope, input: Input<Purge>): Promise<Output<Purge>> {
  const { holdLists, records, accessParameters } = scope.ledger;
  const recordIds = [...new Set(input.envelopes.map(({ recordId }) => recordId))];
  const [holds, parameter, ...found] = await Promise.all([
    holdLists.find(input.pseudonym),
    accessParameters.find('retention-periods'),
    ...recordIds.map((recordId) => records.find(input.pseudonym, recordId)),
  ]);
  assertNotHeld(holds, recordIds, scope.now);
  const { setting } = { setting: initialSetting('retention-periods'), ...parameter };
  for (const record of found)
    if (record !== undefined && setting.name === 'retention-periods') assertRetentionOver(record, setting.value, scope.now);
  const { envelopes } = scope.ledger.own(asStaff(scope.actor));
  for (const { recordId, keyEpoch } of input.envelopes) {
    envelopes.purge(input.pseudonym, recordId, keyEpoch);
  }
  recordOwnAct(scope, 'PurgeEnvelopes', { pseudonym: input.pseudonym, recordIds });
  return { purged: input.envelopes.length };
}
