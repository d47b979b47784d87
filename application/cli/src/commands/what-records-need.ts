import { type DenyReason, type Pseudonym, type RecordId, transactions } from '@lianyi/domain';
import { needsNamed } from '@lianyi/domain/deciding';
import { type LedgerSession } from '../ledger/session';
import { type Block, type Cell, table } from '../outcome';
import { ask } from '../transact';
import { label } from './vocabulary';
import { wordText } from './words';

/** Reasons that lie in what a record is, so that it helps to see which record it is. */
const REASONS_OF_RECORDS: readonly DenyReason[] = ['CLASS_NOT_COVERED', 'LEVEL_NEEDS_APPROVAL', 'LABEL_NOT_COVERED', 'RECORD_NOT_COVERED'];

/** What each record of a denied request is, and which flags a consent for it must have; nothing where the reason lies elsewhere. */
export async function whatRecordsNeed(
  session: LedgerSession,
  { pseudonym, records }: { readonly pseudonym: Pseudonym; readonly records: readonly RecordId[] },
  reasons: readonly DenyReason[],
): Promise<readonly Block[]> {
  if (!reasons.some((reason) => REASONS_OF_RECORDS.includes(reason))) return [];
  const rows = await Promise.all(records.map((recordId) => rowOf(session, pseudonym, recordId)));
  return [table([label.record, label.class, label.level, label.confidentiality, { en: 'a consent needs', zh: '授权须写明' }], rows)];
}

async function rowOf(session: LedgerSession, pseudonym: Pseudonym, recordId: RecordId): Promise<readonly Cell[]> {
  try {
    const { result } = await ask(session, transactions.GetRecord, { pseudonym, recordId });
    const { confidentiality, maxDataLevel } = needsNamed(result);
    const flags = [
      ...(confidentiality === undefined ? [] : [`--labels ${confidentiality}`]),
      ...(maxDataLevel === undefined ? [] : [`--max-level ${maxDataLevel}`]),
    ];
    return [recordId, wordText(result.class), result.dataLevel, wordText(result.confidentiality), flags.join(' ')];
  } catch {
    // the decision is what was asked for; that this cannot be looked up must not hide it
    return [recordId, '–', '–', '–', ''];
  }
}
