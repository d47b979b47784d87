import { type ErrorRow, refusal } from './row';

/** What is refused because something must be kept still: by a hold, by how long its class is kept, or by a law that a holder has named. */
export const keepingErrors = {
  ON_HOLD: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 409, exit: 'refused', fhir: 'business-rule' },
    ['Nothing of this patient’s may be purged: a hold is in force.', '该患者的数据正被保全，不得清除。'],
    [
      'See hold show; another privacy officer than who placed it lifts it (hold lift).',
      '请查看 hold show；须由设置者以外的隐私专员解除（hold lift）。',
    ],
  ),
  RETENTION_NOT_OVER: refusal(
    { whoCanFix: 'nobody', retry: false, http: 409, exit: 'refused', fhir: 'business-rule' },
    ['The record must be kept by law until then: its key is not purged before.', '该病历依法须保存至该时间，此前不得清除其密钥。'],
    [
      'Wait until the time in details. What a whole class is kept for, the members set together: governance show retention-periods.',
      '请等到 details 所列时间。各类病历的保存年限由各成员共同设定：governance show retention-periods。',
    ],
  ),
  RETAINED_BY_LAW: refusal(
    { whoCanFix: 'caller', retry: false, http: 409, exit: 'refused', fhir: 'business-rule' },
    ['The copy is retained by a law that still holds by its holder’s answer.', '按持有方的答复，该副本依法留存，期限未满。'],
    [
      'If that law does not hold any more, name it: copies answer --destroyed --was-retained LAW. The details name it.',
      '若该法律依据已不再适用，请指明：copies answer --destroyed --was-retained 依据（见 details）。',
    ],
  ),
} as const satisfies Record<string, ErrorRow>;
