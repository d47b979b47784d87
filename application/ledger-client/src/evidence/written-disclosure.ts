import { keysArea, type Pseudonym, pseudonymSchema, referenceTo, transactionByName, transactions } from '@lianyi/domain';
import { type BlockCall } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { entryAt, type KeyOfEntry } from './composite-key';
import { type KnownMembers } from './member-facts';
import { isDisclosureTold } from './written-audit';
import { isOfCopy, unwrittenCopy } from './written-copy';
import { type AlarmFact } from './patient-facts';

const { objectType } = keysArea.entities.keyReleases;

/** What lets something leave: each has its entry, the copy that it makes and its line. */
const leaving: ReadonlySet<string> = new Set([transactions.RecordKeyRelease.name, transactions.DiscloseOnward.name]);

/** Whether a transaction was called as one that lets something leave, whatever it writes. */
export function letsLeave({ args: [name = ''] }: BlockCall): boolean {
  return leaving.has(transactionByName(name)?.name ?? '');
}

/**
 * What a release, or a handing on, would write and the transaction does not: its entry, its copy, and the line by which the patient is told. An account of disclosures
 * is as complete as the lines of the audit, of which none is deleted or written over unseen (`audit-without-command`).
 */
export async function unwrittenDisclosure(
  call: BlockCall,
  asked: Asked | undefined,
  { isFollowed, known }: { readonly isFollowed: (mspId: string) => boolean; readonly known: Pick<KnownMembers, 'copyOf' | 'ticketOf'> },
): Promise<readonly AlarmFact[]> {
  if (asked === undefined || !leaving.has(asked.entry.name)) return [];
  const { entry, input, actor, mspId } = asked;
  const isRelease = entry.name === transactions.RecordKeyRelease.name;
  const { ticketId, recordId } = transactions.RecordKeyRelease.request.pick({ ticketId: true, recordId: true }).loose().parse(input);
  const pseudonym = (await known.ticketOf(ticketId))?.askedBy?.pseudonym ?? writtenPseudonym(call);
  // of another hospital's release the holder knows no ticket, and its patient's hospital looks
  if (isRelease ? !isFollowed(mspId) : pseudonym === undefined) return [];
  const of = pseudonym === undefined ? {} : { pseudonym };
  const line = { event: isRelease ? 'KeyReleased' : 'CopyDisclosed', actor: referenceTo(actor), ticketId, recordId, ...of } as const;
  const missing: AlarmFact = { kind: 'alarm', alarm: 'command-not-carried-out', ...of, detail: objectType };
  const untold: AlarmFact = { kind: 'alarm', alarm: 'disclosure-without-line', ...of, detail: ticketId };
  const isWhole = !isRelease || isEntered(call, ticketId);
  return [...onlyIf(!isWhole, missing), ...(await unwrittenCopy(call, asked, known)), ...onlyIf(!isDisclosureTold(call, line), untold)];
}

function onlyIf(isSo: boolean, alarm: AlarmFact): readonly AlarmFact[] {
  return isSo ? [alarm] : [];
}

function isEntered({ writes }: BlockCall, ticketId: string): boolean {
  const isOfRelease = (entry: KeyOfEntry | undefined): boolean => entry?.objectType === objectType && entry.parts[0] === ticketId;
  return writes.some(({ key }) => isOfRelease(entryAt(key)));
}

/** Whose copy is written, if one is. */
function writtenPseudonym({ writes }: BlockCall): Pseudonym | undefined {
  const copy = writes.map(({ key }) => entryAt(key)).find((entry) => isOfCopy(entry?.objectType));
  return pseudonymSchema.safeParse(copy?.parts[1]).data;
}
