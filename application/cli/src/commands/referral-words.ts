import { type ReferralState } from '@lianyi/domain';
import { type Text } from '../language';

/** How a referral stands. */
export const referralStateTexts: Readonly<Record<ReferralState, Text>> = {
  proposed: { en: 'waits for the patient', zh: '待患者同意' },
  agreed: { en: 'waits for the other hospital', zh: '待接收医院答复' },
  accepted: { en: 'accepted', zh: '已接收' },
  declined: { en: 'declined', zh: '未接收' },
  attended: { en: 'the patient has come', zh: '患者已到诊' },
  returned: { en: 'a summary is back', zh: '小结已返回' },
  closed: { en: 'closed', zh: '已结束' },
  recalled: { en: 'recalled', zh: '已收回' },
  withdrawn: { en: 'withdrawn by the patient', zh: '患者已撤回' },
  lapsed: { en: 'its time is over', zh: '已过期' },
};

/** What the words of referrals are called in Chinese. */
export const referralWords = {
  agreed: '患者已同意',
  declined: '未接收',
  attended: '已到诊',
  returned: '小结已返回',
  lapsed: '已过期',
  up: '上转',
  down: '下转',
  across: '平级转诊',
  routine: '常规',
  urgent: '紧急',
  'no-capacity': '暂无接诊能力',
  'not-our-service': '不属本科服务范围',
  'information-missing': '资料不全',
  elsewhere: '患者另有安排',
} as const;
