import { DomainError, type Input, type Output, type transactions } from '@lianyi/domain';
import { writeSlot } from '@lianyi/domain/deciding';
import { recordEventUnaudited } from '../record-event';
import { type ReadScope, type WriteScope } from '../scope';

type Put = typeof transactions.PutSummarySlot;
type List = typeof transactions.ListSummarySlots;

/**
 * Replaces what is sealed in a slot. Nothing else is read or written but the slot: no pseudonym, no line of an audit, nothing that two slots
 * would have in common.
 */
export async function PutSummarySlot(scope: WriteScope, input: Input<Put>): Promise<Output<Put>> {
  const { actor, ledger } = scope;
  if (actor.kind !== 'slot') throw new DomainError('NOT_PERMITTED');
  const before = await ledger.summarySlots.find(input.slotId);
  const slot = writeSlot(before, input, actor);
  await ledger.summarySlots.put(slot);
  const { slotId, version } = slot;
  recordEventUnaudited(scope, { name: 'SummarySlotStored', slotId, version });
  return { slotId, version };
}

/** Reads the slots that are there, in the order in which they were asked for. */
export async function ListSummarySlots({ ledger }: ReadScope, { slotIds }: Input<List>): Promise<Output<List>> {
  const found = await Promise.all(slotIds.map((slotId) => ledger.summarySlots.find(slotId)));
  return { slots: found.filter((slot) => slot !== undefined) };
}
