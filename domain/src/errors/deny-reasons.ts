import { explain, type Explanation } from './row';

function because(
  whoCanFix: Explanation['whoCanFix'],
  meaning: readonly [en: string, zh: string],
  remedy: readonly [en: string, zh: string],
): Explanation {
  return explain(whoCanFix, false, meaning, remedy);
}

const ASK_PATIENT = ['Ask the patient to amend the consent.', '请患者修改授权。'] as const;

/** Every reason of a denial, once. A denial is a committed answer, not an error. */
export const denyReasons = {
  NO_CONSENT: because(
    'patient',
    ['No consent of the patient covers the actor.', '没有覆盖该操作者的患者授权。'],
    ['Ask the patient for consent.', '请患者授权。'],
  ),
  EXPIRED: because('patient', ['The consent has ended.', '授权已到期。'], ['Ask the patient to renew it.', '请患者续期授权。']),
  NOT_YET_VALID: because(
    'patient',
    ['The consent has not begun yet.', '授权尚未生效。'],
    ['Wait until it begins or ask the patient.', '请等待生效或联系患者。'],
  ),
  DENIED_BY_PROVISION: because('patient', ['The patient has forbidden this access.', '患者已明确禁止此访问。'], ASK_PATIENT),
  PURPOSE_NOT_ALLOWED: because('patient', ['The consent does not cover this purpose.', '授权不包含该用途。'], ASK_PATIENT),
  ROLE_MAY_NOT_CLAIM_PURPOSE: because(
    'own-administrator',
    ['The actor’s roles may not claim this purpose.', '该操作者的角色不得以此用途申请。'],
    ['Ask for a purpose that fits the role.', '请选择与角色相符的用途。'],
  ),
  PURPOSE_NEVER_OPENS: because(
    'nobody',
    [
      'No consent opens records for employment or insurance underwriting: it would be given under pressure.',
      '就业或投保核保用途不因任何授权而开放：在压力下的同意不算同意。',
    ],
    ['Ask the patient for what they choose to show of their own copy.', '请由患者自行决定出示其本人副本中的内容。'],
  ),
  GROUP_OFF_DUTY: because(
    'own-administrator',
    ['The group that may read is not on duty through this actor now.', '获准的小组此刻不由该操作者值班。'],
    ['Ask during a turn of duty, or have a colleague on duty ask.', '请在值班时段内申请，或由值班同事申请。'],
  ),
  USES_EXHAUSTED: because(
    'patient',
    ['All uses of the consent have been taken.', '授权的使用次数已用完。'],
    ['Ask the patient to grant further uses.', '请患者再授予使用次数。'],
  ),
  CLASS_NOT_COVERED: because('patient', ['The consent does not cover this class of record.', '授权不包含该类病历。'], ASK_PATIENT),
  LEVEL_NEEDS_APPROVAL: because('patient', ['The record’s data level exceeds the consent.', '该病历的数据级别超出授权范围。'], ASK_PATIENT),
  LABEL_NOT_COVERED: because('patient', ['The consent does not cover this confidentiality label.', '授权不包含该保密等级。'], ASK_PATIENT),
  RECORD_NOT_COVERED: because('patient', ['The consent does not cover this record.', '授权不包含该份病历。'], ASK_PATIENT),
  RELATIONSHIP_NOT_ACTIVE: because(
    'patient',
    ['The patient’s relationship with the hospital does not open this.', '患者与该医院的关系当前不开放此项访问。'],
    ['Have the relationship resumed by whoever suspended it, or ask the patient for a consent.', '请由暂停方恢复该关系，或请患者授权。'],
  ),
  RECORD_RETRACTED: because(
    'nobody',
    ['The record was retracted.', '该病历已撤回。'],
    ['Ask the hospital for the corrected record.', '请向医院索取更正后的病历。'],
  ),
  RECORD_NOT_OWN: because(
    'caller',
    ['The patient has no record of this id under this pseudonym.', '患者在此假名下没有该编号的病历。'],
    ['Ask for a record of your own list.', '请从本人的病历列表中选择。'],
  ),
  POLICY_REVOKED: because(
    'patient',
    ['The patient has revoked the consent.', '患者已撤销授权。'],
    ['Ask the patient for consent.', '请患者授权。'],
  ),
  CUSTODIAN_APPROVAL_MISSING: because(
    'caller',
    [
      'The patient permits it; the record’s hospital has to approve its data level too, and has not, or no more.',
      '患者已同意；该数据级别还须病历所属医院批准，而其尚未批准或批准已失效。',
    ],
    ['Ask a privacy officer or record administrator of the record’s hospital to approve it.', '请病历所属医院的隐私专员或病案管理员批准。'],
  ),
  COUNTERSIGNATURE_MISSING: because(
    'caller',
    [
      'The members have set that a second person countersigns an emergency of this data level, and none who may has.',
      '联盟成员规定，该数据级别的急诊访问须由第二人会签，而尚无有权者会签。',
    ],
    [
      'Have a clinician or privacy officer of the own hospital and another department run `lianyi emergency countersign` first.',
      '请先由本院其他科室的临床人员或隐私专员执行 lianyi emergency countersign。',
    ],
  ),
  CLOSED_BY_DEFAULT: because(
    'patient',
    [
      'The members have closed this class of record, for emergencies too, where the patient has said nothing.',
      '患者未作表示时，联盟成员已将该类病历关闭，紧急情况下亦不开放。',
    ],
    ['Ask the patient for a consent, or for what they allow in an emergency.', '请患者授权，或请患者说明紧急情况下允许的内容。'],
  ),
  EMERGENCY_REFUSED: because(
    'patient',
    [
      'The patient has refused that anything is opened in an emergency, or their death is recorded.',
      '患者已拒绝急诊破例访问，或其死亡已登记。',
    ],
    ['Treat without it, or ask the patient or who acts for them for a consent.', '请在不查阅的情况下救治，或请患者或其代理人授权。'],
  ),
  EMERGENCY_DEBT: because(
    'own-administrator',
    ['Too many emergency accesses of this person or department wait for their review.', '该人员或科室待复核的急诊访问过多。'],
    [
      'Have a privacy officer review those that are open; `lianyi emergency list` shows them. Where they are overdue only, a second person of another department may countersign.',
      '请隐私专员复核未结的急诊访问，可用 lianyi emergency list 查看。若仅为逾期，可由其他科室人员会签。',
    ],
  ),
} as const satisfies Record<string, Explanation>;

export type DenyReason = keyof typeof denyReasons;

/** Every deny reason, in the order of the table. */
// Object.keys is typed string[]; the table is a constant of this module, so its keys are exactly these
export const denyReasonCodes = Object.keys(denyReasons) as readonly DenyReason[];
