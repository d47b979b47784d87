import { type FactKind } from '../facts/fact';
import { type Contradiction } from '../nodes';

export type PictureLanguage = 'en' | 'zh';
type Text = Readonly<Record<PictureLanguage, string>>;

export const kindWords: Readonly<Record<FactKind, Text>> = {
  problem: { en: 'Problems', zh: '诊断与问题' },
  allergy: { en: 'Allergies', zh: '过敏' },
  result: { en: 'Results', zh: '检验与观察' },
  report: { en: 'Reports', zh: '报告' },
  imaging: { en: 'Imaging', zh: '影像检查' },
  medicine: { en: 'Medicines', zh: '用药' },
  immunization: { en: 'Immunizations', zh: '免疫接种' },
  procedure: { en: 'Procedures', zh: '操作与手术' },
  encounter: { en: 'Encounters', zh: '就诊' },
};
export const whyWords: Readonly<Record<Contradiction['why'], Text>> = {
  'other-value': { en: 'two values for one result', zh: '同一检验有两个结果' },
  'other-status': { en: 'sources disagree on the status', zh: '各来源的状态不一致' },
  'other-blood-group': { en: 'two blood groups', zh: '血型不一致' },
  'patient-disagrees': { en: 'the patient disagrees, or may, with a record that says', zh: '患者对其所在病历声明异议或可能有异议' },
  'allergy-denied': { en: 'an allergy, and “no known allergy”', zh: '既有过敏记录，又记“无已知过敏”' },
};
export const pictureWords = {
  title: { en: 'The whole patient', zh: '患者全貌' },
  only: {
    en: 'Only what this reader was permitted to open. What is not here is not known to be absent.',
    zh: '仅含本次获准打开的内容；此处没有的，不等于不存在。',
  },
  unread: {
    en: 'left out, since an extension that is not known here changes what they say; read the document:',
    zh: '项因含有本系统无法识别的修饰扩展而未纳入，请查阅原文档：',
  },
  hospitals: { en: 'Hospitals', zh: '医院' },
  timeline: { en: 'Timeline', zh: '时间线' },
  trends: { en: 'Trends', zh: '趋势' },
  contradictions: { en: 'Contradictions', zh: '相互矛盾' },
  more: { en: 'more', zh: '项未画出' },
  patient: { en: 'The patient', zh: '患者本人' },
  negated: { en: 'not so', zh: '已否定' },
  sources: { en: 'sources', zh: '个来源' },
} as const satisfies Record<string, Text>;
