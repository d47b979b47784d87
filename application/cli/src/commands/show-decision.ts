import { type DeniedRecord, type Output, type transactions } from '@lianyi/domain';
import { type Block, fields } from '../outcome';
import { copyTermsText } from './copy-terms';
import { showDenials } from './denials';
import { label } from './vocabulary';
import { stateText } from './words';

/** What was decided of a wish to read, and of each record that is denied why. */
export function showDecision(result: Output<typeof transactions.RequestAccess>, denials: readonly DeniedRecord[]): readonly Block[] {
  const rows = fields([
    [label.ticket, result.ticketId],
    [label.decision, stateText(result.decision)],
    [label.reasons, result.decision === 'deny' ? result.reasons.join(', ') : undefined],
    [label.provisions, result.decision === 'permit' ? result.provisionIds.join(', ') : undefined],
    [label.until, result.decision === 'permit' ? result.expiresAt : undefined],
    [label.copies, result.decision === 'permit' ? copyTermsText(result.copy) : undefined],
  ]);
  return [rows, ...showDenials(denials)];
}
