import {
  type CardShown,
  type ColumnType,
  type Confidentiality,
  type DataCategory,
  type Decision,
  type DelegationBasis,
  type DelegationScope,
  type Endpoint,
  type entities,
  type EventName,
  type GroupKind,
  type Membership,
  type Organisation,
  type OrganisationKind,
  type Output,
  type PointerVersion,
  type PrescriptionLine,
  type Purpose,
  type QueryTemplate,
  type RecordClass,
  type RecordVersion,
  type RecoveryCase,
  type Relationship,
  type RetractionReason,
  type RevocationReason,
  type Role,
  type SuspensionReason,
  type transactions,
} from '@lianyi/domain';
import { type z } from 'zod';
import { type Text } from '../language';
import { alarmWords } from './alarm-words';
import { consentWords } from './consent-words';
import { copyWords } from './copy-words';
import { recognitionWords } from './mark-words';
import { correctionWords } from './correction-words';
import { emergencyWords } from './emergency-words';
import { eventWords } from './event-words';
import { governanceWords } from './governance-words';
import { ownActWords } from './own-act-words';
import { referralWords } from './referral-words';

type Word =
  | keyof typeof alarmWords
  | keyof typeof consentWords
  | keyof typeof correctionWords
  | keyof typeof emergencyWords
  | keyof typeof governanceWords
  | keyof typeof ownActWords
  | keyof typeof referralWords
  | CardShown
  | ColumnType
  | Confidentiality
  | DataCategory
  | DelegationBasis
  | DelegationScope
  | Endpoint['kind']
  | GroupKind
  | OrganisationKind
  | PointerVersion['operation']
  | PrescriptionLine['did']
  | Purpose
  | QueryTemplate['conditions'][number]['is']
  | RecordClass
  | RecordVersion['operation']
  | Relationship['type']
  | RetractionReason
  | RevocationReason
  | Role
  | RecoveryCase['way']
  | SuspensionReason
  | 'any'
  | 'both'
  | 'organisation'
  | 'patient'
  | 'submit'
  | 'evaluate'
  | 'administrator';

/** What the ledger's words are called in Chinese. A code that is typed as an option stands behind its meaning. */
const chinese: Readonly<Record<Word | EventName, string>> = {
  ...eventWords,
  ...alarmWords,
  ...consentWords,
  ...correctionWords,
  ...emergencyWords,
  ...ownActWords,
  ...referralWords,
  ...governanceWords,
  guardians: '监护人',
  're-proofing': '两家医院的登记员',
  'laboratory-report': '检验报告',
  'imaging-report': '影像报告',
  'imaging-index': '影像索引',
  'clinical-document': '临床文书',
  prescription: '处方',
  'consent-document': '知情同意书',
  'audit-document': '审计文书',
  'patient-summary': '患者摘要',
  observation: '观察记录',
  administrative: '管理文书',
  history: '病史',
  other: '其他',
  registrar: '登记员',
  clinician: '临床医师',
  nurse: '护士',
  pharmacist: '药师',
  lab: '检验人员',
  recordAdmin: '病案管理员',
  keyService: '密钥服务',
  privacyOfficer: '隐私专员',
  hrAdmin: '人事管理员',
  orgAdmin: '机构管理员',
  researcher: '研究人员',
  ethics: '伦理委员',
  regulator: '监管人员',
  monitor: '监测人员',
  hospital: '医院',
  laboratory: '检验机构',
  insurer: '保险机构',
  'research-institute': '研究机构',
  pharmacy: '药店',
  'health-authority': '卫生主管机构',
  TREAT: '治疗（TREAT）',
  ETREAT: '急救（ETREAT）',
  HRESCH: '科研（HRESCH）',
  HPAYMT: '支付（HPAYMT）',
  HOPERAT: '运营（HOPERAT）',
  PATRQT: '患者要求（PATRQT）',
  PUBHLTH: '公共卫生（PUBHLTH）',
  EMPLOYMENT: '就业（EMPLOYMENT）',
  UNDERWRITING: '投保核保（UNDERWRITING）',
  U: '不限制（U）',
  L: '低（L）',
  M: '中（M）',
  N: '普通（N）',
  R: '限制（R）',
  V: '严格限制（V）',
  'personal-attribute': '个人属性数据',
  'health-status': '健康状况数据',
  'medical-application': '医疗应用数据',
  'medical-payment': '医疗支付数据',
  'health-resource': '卫生资源数据',
  'public-health': '公共卫生数据',
  fhir: 'FHIR 服务',
  vault: '保险库',
  keys: '密钥服务',
  query: '查询服务',
  care: '医疗',
  'care-team': '照护团队',
  'on-call': '值班组',
  ward: '病区',
  board: '会诊组',
  caregiver: '照护人',
  device: '设备',
  lost: '遗失',
  stolen: '被盗',
  compromised: '密钥泄露',
  defective: '故障',
  retired: '停用',
  'entered-in-error': '录入有误',
  issued: '开具',
  dispensed: '配药',
  'wrong-patient': '患者有误',
  'withdrawn-by-author': '作者撤回',
  anchor: '登记',
  add: '登记',
  update: '更新',
  retire: '停用',
  text: '文本',
  integer: '整数',
  decimal: '小数',
  date: '日期',
  boolean: '是非',
  equal: '等于',
  from: '不早于',
  before: '早于',
  amend: '修订',
  replace: '替换',
  retract: '撤回',
  wallet: '钱包',
  paper: '纸质卡码',
  proxy: '患者指定',
  court: '法院指定',
  parent: '父母',
  consents: '授权',
  relationships: '关系',
  cards: '电子卡',
  view: '查看',
  any: '任何用途',
  both: '双方',
  organisation: '机构',
  patient: '患者',
  submit: '提交',
  evaluate: '查询',
  administrator: '管理员',
};

type Kept = z.output<(typeof entities)[keyof typeof entities]['schema']>;
type StateOf<Value> = Value extends { readonly state: infer State extends string } ? State : never;

type Obstacle = NonNullable<Output<typeof transactions.GetTicketStanding>['obstacle']>;

/** What states are called: one word may be a state and something else, `lost` a card and the reason of a suspension. */
const states: Readonly<Record<StateOf<Kept> | Organisation['status'] | Membership['state'] | Decision['effect'] | Obstacle, Text>> = {
  accepted: { en: 'accepted', zh: '已认可' },
  asked: { en: 'asked', zh: '已查询' },
  declined: { en: 'declined', zh: '未认可' },
  accepting: { en: 'all have dealt; each holder checks and accepts', zh: '已全部分发，待各方核验接受' },
  active: { en: 'active', zh: '有效' },
  given: { en: 'given', zh: '已批准' },
  adopted: { en: 'adopted, in force', zh: '已通过生效' },
  'asker-revoked': { en: 'who asked is no longer on the staff of an active member', zh: '申请人已不是有效成员机构的在册员工' },
  closed: { en: 'closed', zh: '已关闭' },
  completed: { en: 'completed', zh: '已完成' },
  coolingOff: { en: 'cooling off, the old key may veto', zh: '冷静期，旧密钥可否决' },
  confirmed: { en: 'confirmed', zh: '已确认' },
  'consent-changed': { en: 'what it rested on has changed since', zh: '所依据的授权此后已变更' },
  current: { en: 'current', zh: '当前' },
  dealing: { en: 'each holder deals', zh: '待各方分发' },
  denied: { en: 'denied', zh: '已拒绝' },
  destroyed: { en: 'destroyed', zh: '已销毁' },
  dismissed: { en: 'dismissed', zh: '已排除' },
  ended: { en: 'ended', zh: '已终止' },
  exhausted: { en: 'tried ten times, nobody answers any more', zh: '已尝试十次，不再应答' },
  expelled: { en: 'expelled', zh: '已除名' },
  failed: { en: 'failed', zh: '失败' },
  declared: { en: 'declared, another hospital must confirm it', zh: '已声明，待另一家医院确认' },
  disputed: { en: 'disputed, another hospital must confirm that', zh: '有异议，待另一家医院确认' },
  expired: { en: 'expired', zh: '已过期' },
  held: { en: 'held', zh: '持有' },
  left: { en: 'has left', zh: '已退出' },
  lost: { en: 'lost', zh: '已挂失' },
  merged: { en: 'merged', zh: '已合并' },
  mergeProposed: { en: 'merge proposed', zh: '已提出合并' },
  open: { en: 'open', zh: '开放' },
  opened: { en: 'opened, waits for those who vouch', zh: '已发起，待担保' },
  pending: { en: 'pending, a second person must confirm it', zh: '待第二人确认' },
  proposed: { en: 'proposed', zh: '待患者确认' },
  ready: { en: 'ready', zh: '可用' },
  recalled: { en: 'recalled', zh: '已收回' },
  recorded: { en: 'recorded', zh: '已登记' },
  rejected: { en: 'rejected', zh: '患者已拒绝' },
  replaced: { en: 'replaced', zh: '已换发' },
  removed: { en: 'removed', zh: '已删除' },
  requested: { en: 'requested', zh: '待激活' },
  retained: { en: 'retained by law', zh: '依法留存' },
  retired: { en: 'retired', zh: '已停用' },
  retracted: { en: 'retracted', zh: '已撤回' },
  reviewed: { en: 'reviewed', zh: '已复核' },
  revoked: { en: 'revoked', zh: '已撤销' },
  superseded: { en: 'superseded', zh: '已作废' },
  suspended: { en: 'suspended', zh: '已暂停' },
  terminated: { en: 'terminated', zh: '已终止' },
  tried: { en: 'tried, not proved right', zh: '已尝试，未证实' },
  unmerged: { en: 'unmerged', zh: '已取消合并' },
  unmergeProposed: { en: 'unmerge proposed', zh: '已提出取消合并' },
  cancelled: { en: 'cancelled', zh: '已作废' },
  dispensed: { en: 'dispensed', zh: '已发完' },
  stopped: { en: 'stopped', zh: '已停用' },
  withdrawn: { en: 'withdrawn', zh: '已撤回提案' },
  vetoed: { en: 'vetoed', zh: '已否决' },
  permit: { en: 'permit', zh: '允许' },
  deny: { en: 'deny', zh: '拒绝' },
};

const stateTexts: ReadonlyMap<string, Text> = new Map(Object.entries(states));
const chineseOf: ReadonlyMap<string, string> = new Map([...copyWords, ...recognitionWords, ...Object.entries(chinese)]);

/** A word of the ledger in the reader's language; one that this version does not know is shown as it is. English keeps the ledger's words. */
export function wordText(word: string): Text {
  return { en: word, zh: chineseOf.get(word) ?? word };
}

/** The class of a record that the patient has contributed: never as the hospital's of the same class. */
export function contributedText(recordClass: string): Text {
  const { en, zh } = wordText(recordClass);
  return { en: `${en} (patient’s own)`, zh: `${zh}（患者自述）` };
}

/** A state in the reader's language; one that this version does not know is shown as it is. */
export function stateText(state: string): Text {
  return stateTexts.get(state) ?? { en: state, zh: state };
}

/** Several, as each language lists them. */
export function wordsText(words: readonly string[]): Text {
  return { en: words.join(', '), zh: words.map((word) => wordText(word).zh).join('、') };
}

/** What can be typed as an option, each with what it means. */
export function choicesText(words: readonly string[]): string {
  return words.map((word) => (wordText(word).zh.includes(word) ? wordText(word).zh : `${word}（${wordText(word).zh}）`)).join('、');
}
