/** What the words of emergencies are called in Chinese. */
export const emergencyWords = {
  'cannot-consent': '患者无法自行决定',
  'no-time': '情况紧急，来不及征求同意',
  'nobody-reachable': '联系不上患者及其代理人',
  'wallet-unusable': '患者同意但无法使用钱包',
  'others-in-danger': '他人处于危险之中',
  dataset: '急诊摘要',
  full: '全部病历',
  'none-prepared': '未准备摘要',
  'not-available': '摘要无法取得',
  refused: '拒绝',
  allowed: '允许',
  justified: '正当',
  'not-justified': '不正当',
  emergency: '急诊',
  'default-policy': '默认策略',
  consent: '患者授权',
} as const;
