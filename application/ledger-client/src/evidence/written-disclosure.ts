import { keysArea, type Pseudonym, pseudonymSchema, referenceTo, transactions } from '@lianyi/domain';
import { type BlockCall } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { isDisclosureTold } from './written-audit';
import { type AlarmFact } from './patient-facts';

const { objectType } = keysArea.entities.keyReleases;

/** Whether a key is one of a release. */
export function isOfRelease(type: string | undefined): boolean {
  return type === objectType;
}

/**
 * That something has left is told to the patient in the same transaction, or told here: an account of disclosures is as complete as the lines of the
 * audit, of which none is deleted or written over unseen (`audit-without-command`).
 * @param pseudonym - of the copy; of a release, whose line says it
 */
export function disclosureFacts(
  call: BlockCall,
  asked: Asked | undefined,
  isFollowed: (mspId: string) => boolean,
  pseudonym?: Pseudonym,
): readonly AlarmFact[] {
  if (asked === undefined) return [];
  const { entry, input, actor, mspId } = asked;
  const isRelease = entry.name === transactions.RecordKeyRelease.name && pseudonym === undefined && isFollowed(mspId);
  const isHandedOn = entry.name === transactions.DiscloseOnward.name && pseudonym !== undefined;
  if (!isRelease && !isHandedOn) return [];
  const { ticketId, recordId } = transactions.RecordKeyRelease.request.pick({ ticketId: true, recordId: true }).loose().parse(input);
  const event = isRelease ? 'KeyReleased' : 'CopyDisclosed';
  const line = { event, actor: referenceTo(actor), ticketId, recordId, ...(pseudonym === undefined ? {} : { pseudonym }) } as const;
  if (isDisclosureTold(call, line)) return [];
  return [{ kind: 'alarm', alarm: 'disclosure-without-line', ...(pseudonym === undefined ? {} : { pseudonym }), detail: ticketId }];
}

/** Whose copy an entry of one is; its key begins with the holder. */
export function pseudonymOfCopy([, id]: readonly string[]): Pseudonym | undefined {
  return pseudonymSchema.safeParse(id).data;
}
