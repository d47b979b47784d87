import { type Confidentiality, type ConsentPurpose, type DataLevel, type RecordClass, type Role } from '@lianyi/domain';

// The words of the first version of the consent wording. What was shown to somebody is made of them again, for as long as the ledger stands: a word
// of a code that is new may be added, and none that stands here changed. Other words are another version (ADR 0060).

/** The same in every language that a consent is shown in. */
export type Spoken = { readonly en: string; readonly zh: string };

export const purposeWords: Readonly<Record<ConsentPurpose, Spoken>> = {
  TREAT: { en: 'treatment', zh: '治疗' },
  ETREAT: { en: 'treatment in an emergency', zh: '急救' },
  HRESCH: { en: 'research', zh: '科研' },
  HPAYMT: { en: 'payment', zh: '支付' },
  HOPERAT: { en: 'running the hospital', zh: '医院运营' },
  PATRQT: { en: 'at the patient’s request', zh: '应患者要求' },
  PUBHLTH: { en: 'public health', zh: '公共卫生' },
};

export const classWords: Readonly<Record<RecordClass, Spoken>> = {
  'laboratory-report': { en: 'laboratory reports', zh: '检验报告' },
  'imaging-report': { en: 'imaging reports', zh: '影像报告' },
  'imaging-index': { en: 'entries of the index of imaging studies', zh: '影像索引' },
  'clinical-document': { en: 'clinical documents', zh: '临床文书' },
  prescription: { en: 'prescriptions', zh: '处方' },
  'consent-document': { en: 'consent documents', zh: '知情同意书' },
  'audit-document': { en: 'audit documents', zh: '审计文书' },
  'patient-summary': { en: 'patient summaries', zh: '患者摘要' },
  observation: { en: 'observations', zh: '观察记录' },
  administrative: { en: 'administrative documents', zh: '管理文书' },
  history: { en: 'histories', zh: '病史' },
  other: { en: 'other records', zh: '其他病历' },
};

export const labelWords: Readonly<Record<Confidentiality, Spoken>> = {
  U: { en: 'unrestricted', zh: '不限制' },
  L: { en: 'low', zh: '低' },
  M: { en: 'moderate', zh: '中' },
  N: { en: 'normal', zh: '普通' },
  R: { en: 'restricted', zh: '限制' },
  V: { en: 'very restricted', zh: '严格限制' },
};

export const roleWords: Readonly<Record<Role, Spoken>> = {
  registrar: { en: 'registrar', zh: '登记员' },
  clinician: { en: 'clinician', zh: '临床医师' },
  pharmacist: { en: 'pharmacist', zh: '药师' },
  nurse: { en: 'nurse', zh: '护士' },
  lab: { en: 'laboratory staff', zh: '检验人员' },
  recordAdmin: { en: 'record administrator', zh: '病案管理员' },
  keyService: { en: 'key service', zh: '密钥服务' },
  privacyOfficer: { en: 'privacy officer', zh: '隐私专员' },
  hrAdmin: { en: 'personnel administrator', zh: '人事管理员' },
  orgAdmin: { en: 'administrator of the organisation', zh: '机构管理员' },
  researcher: { en: 'researcher', zh: '研究人员' },
  ethics: { en: 'ethics committee', zh: '伦理委员' },
  regulator: { en: 'regulator', zh: '监管人员' },
  monitor: { en: 'monitor', zh: '监测人员' },
};

/** What a permission reaches that does not say it, and a prohibition. */
export const unsaid = {
  most: 4 satisfies DataLevel,
  least: 1 satisfies DataLevel,
  labels: ['U', 'L', 'M', 'N'] satisfies readonly Confidentiality[],
};

export const sentences = {
  title: { en: 'Consent to the reading of medical records', zh: '病历阅读授权书' },
  patient: { en: 'Patient (pseudonym)', zh: '患者（假名）' },
  grantee: { en: 'For', zh: '被授权方' },
  permits: { en: 'permits reading', zh: '允许阅读' },
  forbids: { en: 'forbids reading, whatever else permits it', zh: '禁止阅读，优先于任何允许' },
  purposes: { en: 'Purposes', zh: '用途' },
  anyPurpose: { en: 'any that a consent can be given for', zh: '一切可予授权的用途' },
  classes: { en: 'Kinds of record', zh: '病历类别' },
  everyClass: { en: 'all', zh: '全部' },
  mayHold: { en: 'and records that may hold them', zh: '及可能含有这些内容的病历' },
  confidentiality: { en: 'Confidentiality', zh: '保密等级' },
  everyLabel: { en: 'all', zh: '全部' },
  mostLevel: { en: 'Data level at most', zh: '数据级别最高' },
  leastLevel: { en: 'Data level from', zh: '数据级别起' },
  authors: { en: 'Only records by', zh: '仅限由以下机构作成的病历' },
  records: { en: 'Only the records', zh: '仅限以下病历' },
  recordPeriod: { en: 'Only records kept on the ledger in', zh: '仅限以下期间上链的病历' },
  careMonths: { en: 'Only records of care in', zh: '仅限以下月份诊疗的病历' },
  encounters: { en: 'Only records of the visits', zh: '仅限以下就诊的病历' },
  orUnsaid: { en: 'and records that do not say it', zh: '及未注明的病历' },
  uses: { en: 'Good for so many permits', zh: '可据以获准的次数' },
  copies: { en: 'Copies', zh: '副本' },
  mayBeKept: { en: 'may be kept (store)', zh: '可留存（store）' },
  toView: { en: 'none: to be looked at and not kept (view)', zh: '不得留存，仅供查看（view）' },
  eraseAt: { en: 'Every copy must be gone by', zh: '副本须于此时前销毁' },
  onward: { en: 'To be handed on to another member', zh: '转交给另一成员' },
  mayBeHandedOn: { en: 'allowed', zh: '允许' },
  notHandedOn: { en: 'not allowed', zh: '不允许' },
  begins: { en: 'Begins', zh: '开始' },
  withItself: { en: 'when it is recorded on the ledger', zh: '自记入账本时起' },
  ends: { en: 'Ends (exclusive)', zh: '截止（不含）' },
  noEnd: { en: 'not before this is changed or revoked', zh: '直至本授权变更或撤销' },
} as const satisfies Record<string, Spoken>;

/** What can be taken back, and what cannot. */
export const lastWords: readonly Spoken[] = [
  {
    en: 'This can be changed or revoked at any time. From then on no key is given out by what it permits, and what it forbids is forbidden no more.',
    zh: '本授权可随时变更或撤销；自此不再依其所允许的内容交付密钥，其所禁止的内容也不再禁止。',
  },
  {
    en: 'What was read before that cannot be taken back. Who has read it, when and for what stays in the patient’s audit.',
    zh: '此前已被阅读的内容无法收回；何人、何时、为何阅读，保留在患者的审计记录中。',
  },
  {
    en: 'That it was given, changed or revoked, to whom and when, stays on the ledger and is seen by every member.',
    zh: '授予、变更或撤销的事实、对象与时间将保留在账本上，各成员均可看到。',
  },
  {
    en: 'In an emergency a clinician may open records without a consent, unless that is forbidden or refused; it is reviewed.',
    zh: '紧急情况下，医师可不经授权打开病历，除非已被禁止或拒绝；此类访问须经复核。',
  },
];
