import { type DeclineReason, type RecognitionMark } from '@lianyi/domain';

/** What marks of recognition are called in Chinese, as on reports, and why a result is not recognised. */
const words: Readonly<Record<RecognitionMark | Exclude<DeclineReason, 'emergency'> | 'accept' | 'decline', string>> = {
  municipal: '市级互认',
  provincial: '省级互认',
  national: '全国互认',
  accept: '认可',
  decline: '不予认可',
  unwilling: '不愿',
  unable: '不能',
  afraid: '不敢',
  'condition-changed': '病情变化',
  'does-not-fit': '与临床表现不符',
  'outlived-by-course': '结果变化快，已失时效',
  'quality-doubtful': '质量存疑',
  'patient-asks': '患者要求复查',
};
export const recognitionWords: ReadonlyMap<string, string> = new Map(Object.entries(words));
