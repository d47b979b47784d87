import { type Flag } from '../command-spec';
import { type Text } from '../language';

/** Words and options that several areas share, so that a thing is called the same everywhere. */
export const label = {
  nonce: { en: 'nonce', zh: '随机数' },
  pseudonym: { en: 'pseudonym', zh: '患者假名' },
  organisation: { en: 'organisation', zh: '机构' },
  state: { en: 'state', zh: '状态' },
  kinds: { en: 'kinds', zh: '机构类别' },
  kind: { en: 'kind', zh: '类别' },
  since: { en: 'since', zh: '起始' },
  changed: { en: 'changed', zh: '变更时间' },
  actor: { en: 'actor', zh: '操作者' },
  roles: { en: 'roles', zh: '角色' },
  departments: { en: 'departments', zh: '科室' },
  record: { en: 'record', zh: '病历' },
  version: { en: 'version', zh: '版本' },
  class: { en: 'class', zh: '类别' },
  level: { en: 'level', zh: '数据级别' },
  confidentiality: { en: 'confidentiality', zh: '保密等级' },
  card: { en: 'card', zh: '电子卡' },
  ticket: { en: 'ticket', zh: '凭单' },
  purpose: { en: 'purpose', zh: '用途' },
  decision: { en: 'decision', zh: '决定' },
  reasons: { en: 'reasons', zh: '理由' },
  provisions: { en: 'provisions', zh: '条款' },
  until: { en: 'until (exclusive)', zh: '截止（不含）' },
  file: { en: 'file', zh: '文件' },
  more: { en: 'more: --after', zh: '还有更多：--after' },
} as const satisfies Record<string, Text>;

const states: Readonly<Record<string, Text>> = {
  active: { en: 'active', zh: '有效' },
  closed: { en: 'closed', zh: '已关闭' },
  current: { en: 'current', zh: '当前' },
  expelled: { en: 'expelled', zh: '已除名' },
  lost: { en: 'lost', zh: '已挂失' },
  open: { en: 'open', zh: '开放' },
  pending: { en: 'pending, a second person must confirm it', zh: '待第二人确认' },
  proposed: { en: 'proposed', zh: '待患者确认' },
  rejected: { en: 'rejected', zh: '患者已拒绝' },
  requested: { en: 'requested', zh: '待激活' },
  retired: { en: 'retired', zh: '已停用' },
  retracted: { en: 'retracted', zh: '已撤回' },
  revoked: { en: 'revoked', zh: '已撤销' },
  suspended: { en: 'suspended', zh: '已暂停' },
  terminated: { en: 'terminated', zh: '已终止' },
  permit: { en: 'permit', zh: '允许' },
  deny: { en: 'deny', zh: '拒绝' },
};

/** A state in the reader's language; one that this version does not know is shown as it is. */
export function stateText(state: string): Text {
  return states[state] ?? { en: state, zh: state };
}

export const flag = {
  pseudonym: { flags: '--pseudonym <id>', text: { en: 'the patient at one hospital', zh: '患者在某医院的假名' }, required: true },
  ownPseudonym: {
    flags: '--pseudonym <id>',
    text: { en: 'which of the patient’s pseudonyms (left out: the wallet’s only one)', zh: '使用哪个假名（只有一个时可省略）' },
  },
  limit: { flags: '--limit <n>', text: { en: 'how many at most, 1 to 100 (25)', zh: '最多条数，1 至 100（默认 25）' } },
  after: { flags: '--after <cursor>', text: { en: 'go on from here', zh: '从此处继续' } },
} as const satisfies Record<string, Flag>;
