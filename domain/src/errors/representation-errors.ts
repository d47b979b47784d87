import { refusal, type ErrorRow } from './row';

/** Who may speak for a patient: delegates, whoever takes a pseudonym over or recovers it, and nobody after a death. */
export const representationErrors = {
  DELEGATION_TERM: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    [
      'Who acts for a patient must do so until a later time, and not for longer than the rules allow.',
      '代理须有晚于当前的截止时间，且不得超过规定的最长期限。',
    ],
    ['Choose an end between the two times in details.', '请在 details 所给的两个时间之间选择截止时间。'],
  ),
  DELEGATION_DIFFERS: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    ['The delegation says something else than what would be confirmed.', '代理关系与所确认的内容不一致。'],
    [
      'Compare the field named in details with the decision or the certificate, and the key with the delegate’s own screen; end the delegation if it is wrong.',
      '请将 details 中的字段与裁判文书或证件核对，密钥与代理人自己的屏幕核对；有误则终止该代理关系。',
    ],
  ),
  REFERRAL_DIFFERS: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    [
      'The policy would say something else than the policy as it is and what the referral asks for.',
      '所述授权与现有授权及转诊所请求的内容不一致。',
    ],
    [
      'Agree with `referral agree`, which makes the policy of what the ledger has: its records, for treatment, with a number of uses, over within 14 days, nothing handed on.',
      '请用 `referral agree`，由程序按账本内容生成授权：仅所列病历，用途为诊疗，限定次数，14 天内结束，不得转交。',
    ],
  ),
  HOLD_DIFFERS: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    ['The hold says something else than what would be confirmed or lifted.', '保全与所确认或解除的内容不一致。'],
    [
      'Compare the field named in details with what the hold is for (`hold show`), and confirm or lift it with --reason, --records and --until as it stands.',
      '请用 `hold show` 核对 details 中的字段，并以保全现有的 --reason、--records 和 --until 确认或解除。',
    ],
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
  TAKE_OVER_FIRST: refusal(
    { whoCanFix: 'patient', retry: false, http: 403, exit: 'refused', fhir: 'forbidden' },
    ['The hand-over code is good for taking the pseudonym over and for nothing else.', '交接码只能用于接管该假名，不能用于其他操作。'],
    ['Take it over with a wallet first (`lianyi wallet take-over`).', '请先用钱包接管（`lianyi wallet take-over`）。'],
  ),
  PSEUDONYM_TAKEN_OVER: refusal(
    { whoCanFix: 'patient', retry: false, http: 409, exit: 'refused', fhir: 'forbidden' },
    [
      'The patient has the pseudonym in a wallet of their own; staff do not act for them.',
      '患者已用自己的钱包持有该假名，工作人员不得代为办理。',
    ],
    ['Have the patient do it, or whom they appoint.', '请由患者本人或其指定的代理人办理。'],
  ),
  PATIENT_DECEASED: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 403, exit: 'refused', fhir: 'business-rule' },
    ['A death of this patient is recorded: nobody commands in their name any more.', '该患者已登记死亡：任何人均不能再以其名义操作。'],
    [
      'If that is wrong, two other registrars of two hospitals take the record back (`lianyi death dispute`, `lianyi death revoke`).',
      '若登记有误，由两家医院的另外两名登记员撤回（`lianyi death dispute`、`lianyi death revoke`）。',
    ],
  ),
  GUARDIAN_THRESHOLD: refusal(
    { whoCanFix: 'patient', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    ['At least two guardians must be needed, and no more than there are.', '所需监护人不得少于两名，也不得多于已指定的人数。'],
    [
      'Choose a threshold from 2 to the number of guardians; for none at all, name none.',
      '门限须在 2 与监护人人数之间；若不设监护人，则不指定任何人。',
    ],
  ),
  COOLING_OFF_TOO_SHORT: refusal(
    { whoCanFix: 'patient', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    [
      'The members of this network have agreed that the old key may veto for longer; details name the least time, in minutes.',
      '本网络成员约定旧密钥可否决的时长须更长；details 以分钟给出最短时长。',
    ],
    ['Choose that time or a longer one.', '请选择不短于该值的时长。'],
  ),
  RECOVERY_OPEN: refusal(
    { whoCanFix: 'patient', retry: false, http: 409, exit: 'refused', fhir: 'conflict' },
    [
      'Enough have vouched for another recovery of this pseudonym, or you have opened one; details name it and say until when the old key may veto it.',
      '该假名的另一恢复案已获足够担保，或您已发起过一个；details 给出其编号以及旧密钥可否决的截止时间。',
    ],
    [
      'Look at it with `lianyi recovery show`. Complete it if it is yours; veto it if you have the old key; else wait until it is over.',
      '请用 `lianyi recovery show` 查看：若是您发起的，请完成它；若持有旧密钥，可予否决；否则请等待其结束。',
    ],
  ),
  RECOVERY_UNCONFIRMED: refusal(
    { whoCanFix: 'patient', retry: true, http: 409, exit: 'refused', fhir: 'business-rule' },
    [
      'The patient’s hospital believes nobody who has confirmed this recovery, and would release nothing for the new key; nothing was sent.',
      '患者所属医院不采信已确认该恢复的登记员，不会为新密钥发放任何内容；未发送任何内容。',
    ],
    [
      'Have another registrar of another hospital confirm it once more with `lianyi recovery confirm`, by which no time is lost, and complete it then.',
      '请另一家医院的另一名登记员用 `lianyi recovery confirm` 再次确认（不会耽误时间），然后再完成恢复。',
    ],
  ),
  RECOVERY_UNFOLLOWED: refusal(
    { whoCanFix: 'patient', retry: true, http: 409, exit: 'refused', fhir: 'business-rule' },
    [
      'The patient’s hospital does not follow this recovery as the ledger has it, and may release nothing for the new key; nothing was sent. Details say whether a step came `late`, or the node knows nothing of it (`unknown`).',
      '患者所属医院未按账本所载跟进该恢复，可能不会为新密钥发放任何内容；未发送任何内容。details 说明是某一步到达过晚（`late`），还是节点对其一无所知（`unknown`）。',
    ],
    [
      'Try again later: a node that follows its chain anew knows it then. If it stays late, complete it with `--even-so`, and have one more recovery made in time. If it stays unknown, ask the hospital.',
      '请稍后重试：重新跟进账本的节点届时即会得知。若仍为 late，请用 `--even-so` 完成，然后及时再办理一次恢复；若仍为 unknown，请联系医院。',
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
  PIN_CLOSED: refusal(
    { whoCanFix: 'patient', retry: false, http: 409, exit: 'refused', fhir: 'forbidden' },
    ['Ten guesses in a row were wrong: nobody answers another one for this PIN.', '已连续猜错十次：各方不再为此 PIN 应答。'],
    [
      'Come back by the recovery phrase, your guardians or two hospitals. With the wallet, set a new PIN.',
      '请改用恢复短语、监护人或两家医院恢复；若仍有钱包，请重新设置 PIN。',
    ],
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
