import { type OwnLine } from '@lianyi/domain';

/** What a hospital does among its own peers, in Chinese. */
export const ownActWords: Readonly<Record<OwnLine['act'], string>> = {
  LinkIdentifier: '关联号码',
  UnlinkIdentifier: '解除号码关联',
  PutMatchTags: '登记号码匹配标签',
  PutEnvelope: '保存病历密钥',
  PurgeEnvelopes: '清除病历密钥',
  PutPointerQuery: '保存指针查询',
  PurgePointerQuery: '清除指针查询',
  PutCorrectionText: '保存更正说明',
  PutEmergencyNarrative: '保存急诊经过',
};
