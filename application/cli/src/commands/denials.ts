import { type DeniedRecord } from '@lianyi/domain';
import { type Block, table } from '../outcome';
import { explainReasons } from './simulate-command';
import { label } from './vocabulary';

/** What is denied of what was asked for, and what its reasons mean. */
export function showDenials(denials: readonly DeniedRecord[]): readonly Block[] {
  if (denials.length === 0) return [];
  const head = [{ en: 'denied', zh: '被拒绝的病历' }, label.reasons];
  return [
    table(
      head,
      denials.map(({ recordId, reasons }) => [recordId, reasons.join(', ')]),
    ),
    ...explainReasons(reasonsIn(denials)),
  ];
}

/** Each reason once. */
export function reasonsIn(denials: readonly DeniedRecord[]): readonly DeniedRecord['reasons'][number][] {
  return [...new Set(denials.flatMap(({ reasons }) => reasons))];
}
