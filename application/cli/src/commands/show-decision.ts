import { type Output, type transactions } from '@lianyi/domain';
import { type Block, fields } from '../outcome';
import { explainReasons } from './simulate-command';
import { label } from './vocabulary';
import { stateText } from './words';

/** What was decided of a wish to read. */
export function showDecision(result: Output<typeof transactions.RequestAccess>): readonly Block[] {
  const rows = fields([
    [label.ticket, result.ticketId],
    [label.decision, stateText(result.decision)],
    [label.reasons, result.decision === 'deny' ? result.reasons.join(', ') : undefined],
    [label.provisions, result.decision === 'permit' ? result.provisionIds.join(', ') : undefined],
    [label.until, result.decision === 'permit' ? result.expiresAt : undefined],
  ]);
  return [rows, ...explainReasons(result.reasons)];
}
