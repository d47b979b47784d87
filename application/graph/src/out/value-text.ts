import { type Value } from '../facts/fact';

/** A value as people read it; empty: there is none. */
export function valueText(value: Value | undefined): string {
  if (value === undefined) return '';
  if (value.kind === 'quantity')
    return `${value.comparator}${amountText(value.amount)}${value.unit === '' || value.unit === '1' ? '' : ` ${value.unit}`}`;
  return value.kind === 'coded' ? value.label : value.text;
}

/** Without the digits that come of counting in twos. */
export function amountText(amount: number): string {
  return String(Number(amount.toPrecision(10)));
}
