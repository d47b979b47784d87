import { type RecognisedItem } from '@lianyi/domain';
import { type Block, table } from '../outcome';
import { wordText } from './words';

const noMark = { en: 'none', zh: '无要求' };

/** Amounts are whole cents; no fraction is ever reckoned. */
export function yuanText(cents: number): string {
  return `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

/** Recognised items: what is equal to what, for how long, and by whose mark. */
export function itemTable(items: readonly RecognisedItem[]): Block {
  return table(
    [
      { en: 'item', zh: '项目' },
      { en: 'name', zh: '名称' },
      { en: 'codes', zh: '编码' },
      { en: 'days', zh: '有效天数' },
      { en: 'mark', zh: '互认标识' },
      { en: 'tariff (yuan)', zh: '价格档（元）' },
    ],
    items.map(({ itemId, name, codes, longestDays, mark, priceCents }) => [
      itemId,
      name,
      codes.map(({ system, code }) => `${system}|${code}`).join(' '),
      longestDays,
      mark === undefined ? noMark : wordText(mark),
      yuanText(priceCents),
    ]),
  );
}
