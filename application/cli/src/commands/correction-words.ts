import { type CorrectionState } from '@lianyi/domain';
import { type Text } from '../language';

/** How a correction stands. */
export const correctionStateTexts: Readonly<Record<CorrectionState, Text>> = {
  open: { en: 'waits for an answer', zh: '待答复' },
  accepted: { en: 'accepted', zh: '已更正' },
  refused: { en: 'refused', zh: '未予更正' },
  disputed: { en: 'refused, and the patient disagrees', zh: '未予更正，患者声明异议' },
  withdrawn: { en: 'withdrawn', zh: '已撤回' },
};

/** What the words of corrections are called in Chinese. */
export const correctionWords = {
  accepted: '已更正',
  released: '已释放密钥',
  'handed-on': '已转交',
  delegate: '代理人',
  accurate: '记载准确完整',
  'made-by-another': '内容由他人作出',
  'not-verifiable': '已无从核实',
  'forbidden-by-law': '法律不允许更改',
  reason: '申请理由',
  refusal: '拒绝说明',
  disagreement: '异议声明',
} as const;
