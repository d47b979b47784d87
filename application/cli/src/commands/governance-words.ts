import {
  type Approver,
  type DisplayRequirement,
  type EmergencySigner,
  type HoldReason,
  type ImplicitPolicy,
  type ParameterName,
  type RetentionPeriod,
} from '@lianyi/domain';

/** What the words of governed parameters are called in Chinese. */
export const governanceWords = {
  'default-policies': '默认策略',
  'level-approvers': '各级别的批准方',
  'emergency-signers': '急诊访问的签署人',
  alone: '申请人一人',
  countersigned: '须第二人会签',
  closed: '患者未指明则不开放',
  none: '无须',
  custodian: '病历所属医院',
  'basic-normal': '经治人员可为治疗查阅',
  'all-normal': '本院人员可为治疗、支付和运营查阅',
  'break-glass-only': '仅限紧急情况',
  'deny-all': '全部不开放',
  '1': '1 级',
  '2': '2 级',
  '3': '3 级',
  '4': '4 级',
  '5': '5 级',
  'retention-periods': '病历保存年限',
  unsaid: '未规定',
  '6-years': '6 年',
  '15-years': '15 年',
  '30-years': '30 年',
  'display-profiles': '电子病历展现标准',
  'recognised-items': '检查检验互认项目',
  any: '不限',
  'version-1-or-unstructured': '须符合第 1 版或更新版，非 FHIR 格式按原样收',
  'version-1': '须符合第 1 版或更新版',
  'version-2-or-unstructured': '须符合第 2 版或更新版，非 FHIR 格式按原样收',
  'version-2': '须符合第 2 版或更新版',
  dispute: '纠纷',
  'authority-order': '主管机关要求',
  'internal-review': '院内核查',
  'patient-request': '患者要求',
} as const satisfies Readonly<
  Record<
    | Approver
    | DisplayRequirement
    | EmergencySigner
    | ImplicitPolicy
    | ParameterName
    | RetentionPeriod
    | HoldReason
    | '1'
    | '2'
    | '3'
    | '4'
    | '5',
    string
  >
>;
