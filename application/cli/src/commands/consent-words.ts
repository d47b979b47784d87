/** What the words of consents and of what decisions come from are called in Chinese. */
export const consentWords = {
  purpose: '用途',
  retraction: '撤回',
  relationship: '关系',
  prohibitions: '禁止条款',
  grants: '授权',
  defaultPolicy: '默认规则',
  approvals: '批准',
  en: '英文',
  zh: '中文',
  wallet: '本人钱包',
  witnessed: '院内两人见证',
  paper: '纸质签署',
} as const;
