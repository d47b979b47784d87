import { type DeniedRecord } from '@lianyi/domain';
import { denyExplanation } from '../explain-code';
import { type Block, line, table } from '../outcome';
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

/** What each reason means and who can do something about it. */
export function explainReasons(reasons: readonly string[]): readonly Block[] {
  return reasons.flatMap((reason) => {
    const explanation = denyExplanation(reason);
    if (explanation === undefined) return [];
    const { meaning, remedy } = explanation;
    return [line({ en: `${reason}: ${meaning.en} → ${remedy.en}`, zh: `${reason}：${meaning.zh} → ${remedy.zh}` })];
  });
}
