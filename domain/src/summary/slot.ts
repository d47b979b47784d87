import { type SlotActor } from '../actor';
import { DomainError } from '../domain-error';
import { type SummarySlot } from './transactions';

/**
 * A slot after a write by its owner: what was in it is gone from the state, the next key is the announced one.
 *
 * @param slot - what the ledger has of it; undefined before the first write
 * @param owner - who signed, as the proof has shown
 * @throws {@link DomainError} `NOT_PERMITTED` — the owner of another slot; `VERSION_CONFLICT` — the write is not the one after the present
 * version, which details name
 */
export function writeSlot(
  slot: SummarySlot | undefined,
  { slotId, version, sealed }: Pick<SummarySlot, 'slotId' | 'version' | 'sealed'>,
  owner: SlotActor,
): SummarySlot {
  if (owner.slotId !== slotId) throw new DomainError('NOT_PERMITTED', 'the owner of a summary slot writes that one only');
  const present = slot?.version ?? 0;
  if (version !== present + 1) throw new DomainError('VERSION_CONFLICT', undefined, { present });
  return { schemaVersion: 1, slotId, version, nextKeyHash: owner.nextKeyHash, sealed };
}
