import { type ErrorRow, refusal } from './row';

/** What is refused of those for whom an organisation vouches: devices and what they are said to have made, and members of groups. */
export const directoryErrors = {
  MEMBERSHIP_DIFFERS: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 422, exit: 'refused', fhir: 'conflict' },
    ['The membership says something else than its confirmation.', '小组成员条目与确认内容不一致。'],
    [
      'Compare turns, time zone and end with the roster; end a membership that is wrong (group leave).',
      '请将班次、时区和截止时间与排班表核对；有误的成员关系请予结束（group leave）。',
    ],
  ),
  RELATIONSHIP_GROUP_DIFFERS: refusal(
    { whoCanFix: 'patient', retry: false, http: 409, exit: 'refused', fhir: 'conflict' },
    ['The relationship was proposed with another group, or with none.', '所提出的关系属于另一小组，或不属于任何小组。'],
    [
      'Look at the proposal (relationship show) and accept its group (--group), or reject it.',
      '请查看提议（relationship show），接受其小组（--group）或拒绝。',
    ],
  ),
  DEVICE_UNKNOWN: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    ['No device of this id is attested by the organisation that publishes.', '发布机构没有认证过该标识的设备。'],
    [
      'Have the organisation attest the device (device attest); a device of another organisation publishes there.',
      '请由本机构认证该设备（device attest）；其他机构的设备应由其机构发布。',
    ],
  ),
  DEVICE_PENDING: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 403, exit: 'refused', fhir: 'forbidden' },
    ['Nobody has confirmed the device as a second person.', '该设备尚未经第二人确认。'],
    ['Have somebody else confirm it (device confirm).', '请由另一人确认（device confirm）。'],
  ),
  DEVICE_REVOKED: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 403, exit: 'refused', fhir: 'forbidden' },
    ['The device was revoked before this was published.', '该设备在此项发布之前已被撤销。'],
    ['Observe again with a device that is attested.', '请使用仍有效的设备重新测量。'],
  ),
  DEVICE_UNSEEN: refusal(
    { whoCanFix: 'operator', retry: true, http: 503, exit: 'failure', fhir: 'transient' },
    [
      'The node has not yet followed the chain as far as its own peer has it, so it cannot tell whose word the device’s entry is.',
      '节点尚未跟进到本机构节点的最新区块，无法确认该设备条目由谁写入。',
    ],
    ['Try again; if it stays so, the node’s health says why it is behind.', '请稍后重试；若持续如此，节点健康状态会说明落后的原因。'],
  ),
  DEVICE_UNPROVEN: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 403, exit: 'refused', fhir: 'security' },
    [
      'The device’s entry was not written by its own organisation, so it is believed to have made nothing.',
      '该设备条目并非由其所属机构写入，因此不认可其所作的任何内容。',
    ],
    [
      'Keep the alarm and compare the endorsers of the transaction it names; have the organisation revoke the device, and attest another key.',
      '请保留告警，并核对其所指交易的背书机构；由该机构撤销该设备，并为新密钥认证。',
    ],
  ),
  DEVICE_OF_ANOTHER_PATIENT: refusal(
    { whoCanFix: 'caller', retry: false, http: 403, exit: 'refused', fhir: 'forbidden' },
    ['The device is attested for another patient alone.', '该设备仅为另一名患者认证。'],
    ['Use a device of the house, or one that is attested for this patient.', '请使用本机构公用设备，或为该患者认证的设备。'],
  ),
  DEVICE_SIGNATURE_INVALID: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'security' },
    [
      'The device has not signed this document for this version of this record of this patient.',
      '该设备未就该患者该病历的此版本签署此文档。',
    ],
    [
      'Have the device sign the document for the record that is published (device sign); do not use what it signed for another.',
      '请由设备就所发布的病历签署该文档（device sign），勿使用其为其他病历所签的内容。',
    ],
  ),
  DEVICE_NEEDED: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    [
      'Under a relationship of devices nothing is published but what the patient’s own device has signed.',
      '设备类关系下只能发布患者本人设备签署的数据。',
    ],
    [
      'Publish what a device attested for this patient has signed, or propose a relationship of care.',
      '请发布为该患者认证的设备所签的数据，或提出诊疗关系。',
    ],
  ),
  ONWARD_NOT_ALLOWED: refusal(
    { whoCanFix: 'patient', retry: false, http: 403, exit: 'refused', fhir: 'forbidden' },
    [
      'The patient has not allowed this copy to be handed on, or not to this receiver, or the record’s hospital has to approve the receiver and has not, or it must go or is kept by a law alone; details say which, or that it was handed on already.',
      '患者未允许转交此副本，或未允许转交给该接收方，或病历所属医院须批准该接收方而尚未批准，或该副本须销毁、仅依法留存；details 说明是哪一种，或该副本本身即为转交所得。',
    ],
    [
      'Ask the patient to allow it (consent amend --onward), the record’s hospital to approve (approval give), or have the receiver ask for the record themselves.',
      '请患者允许转交（consent amend --onward），请病历所属医院批准（approval give），或由接收方自行申请查阅该病历。',
    ],
  ),
  DEVICE_DIFFERS: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 422, exit: 'refused', fhir: 'conflict' },
    ['The device’s entry says something else than its confirmation.', '设备条目与确认内容不一致。'],
    [
      'Compare the field named in details with the device itself; revoke an entry that is wrong.',
      '请将 details 中的字段与设备本身核对；有误的条目请予撤销。',
    ],
  ),
} as const satisfies Record<string, ErrorRow>;

/** What is refused where hospitals care for one patient together. */
export const careErrors = {
  AUTHORSHIP_CHANGED: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    [
      'What the patient has contributed would go on as the hospital’s word, or the hospital’s as the patient’s.',
      '患者自行提供的内容将被当作医院所写，或医院所写的内容将被当作患者自述。',
    ],
    [
      'Amend a contributed record by what the patient has signed; publish the hospital’s own words as a record of its own.',
      '患者提供的病历须以患者签署的内容修订；医院自己的内容请作为新病历发布。',
    ],
  ),
  PRESCRIPTION_EXCEEDED: refusal(
    { whoCanFix: 'caller', retry: false, http: 409, exit: 'refused', fhir: 'business-rule' },
    ['More would be dispensed than is left of the prescription now.', '所发数量超过处方当前剩余数量。'],
    [
      'Dispense no more than details say is left; for more, its hospital issues another.',
      '发药不得超过 details 所示剩余数量；如需更多，请开具医院另开处方。',
    ],
  ),
  PRESCRIPTION_TOO_EARLY: refusal(
    { whoCanFix: 'caller', retry: false, http: 409, exit: 'refused', fhir: 'business-rule' },
    ['The repeat of the prescription may not begin yet.', '处方的续配时间未到。'],
    ['Dispense it from the time that details say.', '请在 details 所示时间之后发药。'],
  ),
} as const satisfies Record<string, ErrorRow>;
