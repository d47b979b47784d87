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
  copies: { en: 'copies', zh: '副本' },
  file: { en: 'file', zh: '文件' },
  more: { en: 'more: --after', zh: '还有更多：--after' },
} as const satisfies Record<string, Text>;

export const flag = {
  pseudonym: { flags: '--pseudonym <id>', text: { en: 'the patient at one hospital', zh: '患者在某医院的假名' }, required: true },
  ownPseudonym: {
    flags: '--pseudonym <id>',
    text: { en: 'which of the patient’s pseudonyms (left out: the wallet’s only one)', zh: '使用哪个假名（只有一个时可省略）' },
  },
  department: { flags: '--department <name>', text: { en: 'department (that of the profile)', zh: '科室（默认身份配置中的科室）' } },
  limit: { flags: '--limit <n>', text: { en: 'how many at most, 1 to 100 (25)', zh: '最多条数，1 至 100（默认 25）' } },
  after: { flags: '--after <cursor>', text: { en: 'go on from here', zh: '从此处继续' } },
} as const satisfies Record<string, Flag>;
