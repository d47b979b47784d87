import { type CopyDue, type CopyStanding, type RetentionBasis } from '@lianyi/domain';
import { type Text } from '../language';

/** What becomes of a copy. */
export const standingTexts: Readonly<Record<CopyStanding['standing'], Text>> = {
  held: { en: 'held', zh: '持有' },
  'must-go': { en: 'must go', zh: '须销毁' },
  overdue: { en: 'OVERDUE', zh: '已逾期' },
  destroyed: { en: 'destroyed', zh: '已销毁' },
  retained: { en: 'retained by law', zh: '依法留存' },
};
/** Why a copy must be gone. */
export const causeTexts: Readonly<Record<CopyDue['cause'], Text>> = {
  'erase-date': { en: 'its date', zh: '约定的销毁日期' },
  'view-only': { en: 'to view only', zh: '仅供查看' },
  'consent-changed': { en: 'the consent was changed or revoked', zh: '授权已变更或撤销' },
  forbidden: { en: 'forbidden since', zh: '其后被禁止' },
  retracted: { en: 'the record was retracted', zh: '病历已撤回' },
  'not-justified': { en: 'the emergency was not justified', zh: '急诊访问被认定不正当' },
};
/** By which law a copy is kept. */
export const lawTexts: Readonly<Record<RetentionBasis, Text>> = {
  'treatment-record-law': { en: 'records of care must be kept', zh: '病历法定保存期限' },
  'public-health': { en: 'public health', zh: '公共卫生' },
  litigation: { en: 'litigation', zh: '诉讼' },
  'payment-audit': { en: 'audit of payments', zh: '医保基金监管' },
};

/** What the ledger's words about copies are called in Chinese. */
export const copyWords: ReadonlyMap<string, string> = new Map([
  ['store', '留存'],
  ...[standingTexts, causeTexts, lawTexts].flatMap((texts) => Object.entries(texts).map(([word, { zh }]) => [word, zh] as const)),
]);
