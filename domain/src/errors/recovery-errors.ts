import { refusal, type ErrorRow } from './row';

/** What a recovery by guardians or registrars is refused with. */
export const recoveryErrors = {
  GUARDIAN_THRESHOLD: refusal(
    { whoCanFix: 'patient', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    ['At least two guardians must be needed, and no more than there are.', '所需监护人不得少于两名，也不得多于已指定的人数。'],
    [
      'Choose a threshold from 2 to the number of guardians; for none at all, name none.',
      '门限须在 2 与监护人人数之间；若不设监护人，则不指定任何人。',
    ],
  ),
  RECOVERY_OPEN: refusal(
    { whoCanFix: 'patient', retry: false, http: 409, exit: 'refused', fhir: 'conflict' },
    [
      'Another recovery of this pseudonym is open; details name it and say until when the old key may veto it.',
      '该假名已有另一恢复案正在进行；details 给出其编号以及旧密钥可否决的截止时间。',
    ],
    [
      'Look at it with `lianyi recovery show`. Complete it if it is yours; veto it if you have the old key; else wait until it is over.',
      '请用 `lianyi recovery show` 查看：若是您发起的，请完成它；若持有旧密钥，可予否决；否则请等待其结束。',
    ],
  ),
  RECOVERY_NOT_DUE: refusal(
    { whoCanFix: 'nobody', retry: true, http: 409, exit: 'refused', fhir: 'business-rule' },
    [
      'The cooling-off is not over: until the time in details the old key may veto.',
      '冷静期尚未结束：在 details 所给时间之前，旧密钥可以否决。',
    ],
    ['Complete the recovery after that time.', '请在该时间之后完成恢复。'],
  ),
  RECOVERY_EXPIRED: refusal(
    { whoCanFix: 'patient', retry: false, http: 409, exit: 'refused', fhir: 'expired' },
    [
      'The time of this recovery is over: too few vouched in 72 hours, or it was not completed in 30 days.',
      '该恢复案已过期：72 小时内担保人数不足，或 30 天内未完成。',
    ],
    [
      'Make a new key with `lianyi recovery prepare --again` and have a new recovery opened.',
      '请用 `lianyi recovery prepare --again` 生成新密钥，并重新发起恢复。',
    ],
  ),
} as const satisfies Record<string, ErrorRow>;
