import { refusal, type ErrorRow } from './row';

/** What is refused to who acts for a patient, or for one who has died. */
export const delegationErrors = {
  DELEGATION_TERM: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    [
      'Who acts for a patient must do so until a later time, and not for longer than the rules allow.',
      '代理须有晚于当前的截止时间，且不得超过规定的最长期限。',
    ],
    ['Choose an end between the two times in details.', '请在 details 所给的两个时间之间选择截止时间。'],
  ),
  DELEGATION_NOT_IN_FORCE: refusal(
    { whoCanFix: 'patient', retry: false, http: 403, exit: 'refused', fhir: 'expired' },
    [
      'The delegation is not in force: details say whether it is only proposed, has ended, its time is over, or it waits for the patient’s loss of capacity (`standby`).',
      '该代理关系未生效：details 说明是仅被提出、已终止、已到期，还是须待患者丧失行为能力（`standby`）。',
    ],
    ['Have the patient, or the registrars of a minor’s hospital, appoint anew.', '请由患者（未成年人由其医院登记员）重新指定。'],
  ),
  BEYOND_DELEGATION: refusal(
    { whoCanFix: 'patient', retry: false, http: 403, exit: 'refused', fhir: 'forbidden' },
    ['Who acts for the patient may not do this.', '代理人无权代患者执行此操作。'],
    [
      'Details name the scope that it takes; `patient` means that nobody but the patient may do it.',
      'details 中有所需的代理范围；`patient` 表示只有患者本人可以执行。',
    ],
  ),
  PATIENT_DECEASED: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 403, exit: 'refused', fhir: 'business-rule' },
    ['A death of this patient is recorded: nobody commands in their name any more.', '该患者已登记死亡：任何人均不能再以其名义操作。'],
    [
      'If that is wrong, two other registrars of two hospitals take the record back (`lianyi death dispute`, `lianyi death revoke`).',
      '若登记有误，由两家医院的另外两名登记员撤回（`lianyi death dispute`、`lianyi death revoke`）。',
    ],
  ),
} as const satisfies Record<string, ErrorRow>;
