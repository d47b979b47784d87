import { type ErrorRow, refusal } from './row';
import { careErrors, directoryErrors } from './directory-errors';
import { documentErrors, facadeErrors } from './document-errors';
import { ledgerErrors } from './ledger-errors';
import { nodeErrors } from './node-errors';
import { representationErrors } from './representation-errors';
import { walletErrors } from './wallet-errors';

export { denyReasonCodes, denyReasons, type DenyReason } from './deny-reasons';
export type { Bilingual, Explanation, Fixer } from './row';
export type { ErrorRow, ExitClass, HttpStatus, IssueType } from './row';

const ofSender = { whoCanFix: 'client-software', retry: false, http: 422, exit: 'refused', fhir: 'processing' } as const;

/** What the interface for HL7 v2 answers senders with; the chaincode never does. */
const interfaceErrors = {
  HL7_FRAME_INVALID: refusal(
    ofSender,
    [
      'A frame of MLLP has no end, is longer than is taken, or came outside of any frame; nothing of it was kept.',
      'MLLP 帧没有结束、超过允许的长度，或数据位于帧之外；未保存任何内容。',
    ],
    [
      'Send each message as 0B, the message, 1C 0D; details name the obstacle. Larger documents are published as files.',
      '每条消息按 0B、消息、1C 0D 发送；details 指出问题。较大的文档请以文件发布。',
    ],
  ),
  HL7_MESSAGE_INVALID: refusal(
    ofSender,
    [
      'The message cannot be read as HL7 v2 in only one way; details name the obstacle and, where there is one, segment and field. It was not kept.',
      '无法以唯一的方式将消息读作 HL7 v2；details 指出问题及所在的段和字段。消息未保存。',
    ],
    [
      'Correct it at its sender: segments end with a carriage return (0D) alone, and MSH has type, control id, processing id and version.',
      '请在发送方更正：各段仅以回车（0D）结束，MSH 须含消息类型、控制号、处理标识和版本。',
    ],
  ),
  HL7_CHARSET_NOT_TAKEN: refusal(
    ofSender,
    [
      'The message’s character set (MSH-18) is none that is taken, or its bytes are not of it.',
      '不接受消息的字符集（MSH-18），或其字节不符合该字符集。',
    ],
    [
      'Send ASCII, UNICODE UTF-8 or GB 18030-2000, and name it in MSH-18.',
      '请使用 ASCII、UNICODE UTF-8 或 GB 18030-2000，并在 MSH-18 中注明。',
    ],
  ),
  HL7_MESSAGE_NOT_TAKEN: refusal(
    { ...ofSender, fhir: 'not-supported' },
    [
      'Messages of this type, event, version or processing id are not taken here; details name the field.',
      '此处不接受该类型、事件、版本或处理标识的消息；details 指出字段。',
    ],
    [
      'Send ADT^A01, A04, A08, A40, ORU^R01 or MDM^T02 of version 2.3 to 2.9 with processing id P; see docs/hl7-v2.md.',
      '请发送 2.3 至 2.9 版、处理标识为 P 的 ADT^A01、A04、A08、A40、ORU^R01 或 MDM^T02；参见 docs/hl7-v2.md。',
    ],
  ),
  HL7_SENDER_UNKNOWN: refusal(
    { ...ofSender, whoCanFix: 'own-administrator', http: 403, fhir: 'forbidden' },
    ['MSH-3 and MSH-4 are not of a sender that is configured here.', 'MSH-3 和 MSH-4 不是此处已配置的发送方。'],
    ['Add the sender to `senders` in hl7.json, or correct the message.', '请将发送方加入 hl7.json 的 `senders`，或更正消息。'],
  ),
  HL7_CONTROL_ID_REUSED: refusal(
    { ...ofSender, http: 409, fhir: 'duplicate' },
    [
      'This sender has sent another message with the same control id (MSH-10); the first one stands.',
      '该发送方此前已用同一控制号（MSH-10）发送过另一条消息；以第一条为准。',
    ],
    ['Send it with a control id of its own.', '请使用新的控制号发送。'],
  ),
  PATIENT_NOT_LINKED: refusal(
    { whoCanFix: 'own-administrator', retry: true, http: 404, exit: 'refused', fhir: 'not-found' },
    [
      'None of the message’s numbers is linked to a pseudonym yet. The message is kept, and published once one is.',
      '消息中的号码均尚未关联到患者假名。消息已保存，关联后即发布。',
    ],
    [
      'Have a registrar register the patient and link the number (lianyi identifier link); lianyi hl7 waiting lists what waits.',
      '请登记员登记患者并关联号码（lianyi identifier link）；lianyi hl7 waiting 列出等待的消息。',
    ],
  ),
  PATIENT_AMBIGUOUS: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 409, exit: 'refused', fhir: 'conflict' },
    [
      'The message’s numbers are linked to different pseudonyms; nothing was published for either.',
      '消息中的号码关联到不同的患者假名；未为任何一方发布。',
    ],
    [
      'Correct the links (lianyi identifier find, unlink) or the numbers at their sender, then send it again.',
      '请更正关联（lianyi identifier find、unlink）或发送方的号码，然后重新发送。',
    ],
  ),
} as const satisfies Record<string, ErrorRow>;

/** What a member node refuses with where what is committed does not stand on those whose word it takes. */
const permitErrors = {
  PERMIT_UNPROVEN: refusal(
    { whoCanFix: 'operator', retry: false, http: 403, exit: 'refused', fhir: 'security' },
    [
      'What the permit rests on was not written by those whose word it is: the request, who asks, the record, the default policy, or who approves besides; details name which.',
      '该许可所依据的内容并非由有权者写入：请求、请求人登记、病历、默认策略或另须的批准；details 中指明是哪一项。',
    ],
    [
      'Keep the alarm and compare the endorsers of the transaction it names; the organisation whose entry it is can write it anew, and the request can be made anew.',
      '请保留告警，并核对其所指交易的背书机构；相应机构可重新写入该条目，请求也可重新提出。',
    ],
  ),
  OWN_NAME_TAKEN: refusal(
    { whoCanFix: 'operator', retry: false, http: 503, exit: 'failure', fhir: 'security' },
    [
      'The channel’s configuration lets others be of this organisation, and no administrator of it has signed that: nothing is written into what it keeps in private.',
      '通道配置允许他人以本机构身份行事，而本机构管理员并未签名：不再写入本机构的私有数据。',
    ],
    [
      'Find out who changed the definition; have an own administrator set it right, or name its hash, which the node’s health tells, in agreedDefinitions of node.json.',
      '请查明是谁更改了该定义；由本机构管理员改正，或将节点健康状态所示的哈希写入 node.json 的 agreedDefinitions。',
    ],
  ),
  STAFF_UNSEEN: refusal(
    { whoCanFix: 'operator', retry: true, http: 503, exit: 'failure', fhir: 'transient' },
    [
      'The node has not yet followed the chain to the block with the staff entry of who asks, so it cannot tell whose word that is.',
      '节点尚未跟进到含有请求人人员登记的区块，无法确认该登记由谁写入。',
    ],
    ['Try again; if it stays so, the node’s health says why it is behind.', '请稍后重试；若持续如此，节点健康状态会说明落后的原因。'],
  ),
  PEER_BEHIND: refusal(
    { whoCanFix: 'operator', retry: true, http: 503, exit: 'failure', fhir: 'transient' },
    [
      'The node’s own peer does not have the block that whoever asks has seen; nothing was asked of it. Details say which, and how far it is.',
      '本机构节点尚无请求方已见到的区块；未据此作出任何查询或提交。details 中有该区块号和当前高度。',
    ],
    ['Try again; if it stays so, the node’s health says why it is behind.', '请稍后重试；若持续如此，节点健康状态会说明落后的原因。'],
  ),
  STAFF_UNPROVEN: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 403, exit: 'refused', fhir: 'security' },
    [
      'The staff entry of who asks was not written by their own organisation, so nothing is carried for them.',
      '请求人的人员登记并非由其所属机构写入，因此不为其提交任何请求。',
    ],
    [
      'Keep the alarm and compare the endorsers of the transaction it names; revoke the entry and register the person anew.',
      '请保留告警，并核对其所指交易的背书机构；撤销该登记并重新登记此人。',
    ],
  ),
  WITNESS_MISSING: refusal(
    { whoCanFix: 'operator', retry: false, http: 503, exit: 'failure', fhir: 'security' },
    [
      'Nobody but the member who asks would confirm the permit, and the consortium has another member.',
      '除请求方自身外没有其他成员印证该许可，而联盟中另有成员。',
    ],
    [
      'Name another member in otherPeerMspIds of the key service’s node.json.',
      '请在密钥服务的 node.json 的 otherPeerMspIds 中添加另一成员。',
    ],
  ),
} as const satisfies Readonly<Record<string, ErrorRow>>;

/**
 * Every refusal code, once, with everything that depends on it. A code is API: never renamed, never reused. A code without one of its
 * columns does not compile. `docs/error-codes.md` is printed from this table.
 */
export const errors = {
  ...ledgerErrors,
  ...nodeErrors,
  ...documentErrors,
  ...interfaceErrors,
  ...walletErrors,
  ...permitErrors,
  ...representationErrors,
  ...careErrors,
  ...directoryErrors,
  ...facadeErrors,
} as const satisfies Readonly<Record<string, ErrorRow>>;

/** A refusal: the request changed nothing. */
export type ErrorCode = keyof typeof errors;

/** Every refusal code, in the order of the table. */
// Object.keys is typed string[]; the table is a constant of this module, so its keys are exactly these
export const errorCodes = Object.keys(errors) as readonly ErrorCode[];

/** How a code of a newer version is answered: as a refusal, of which only its own sentence is known. */
export const unknownCode = {
  httpStatus: 422,
  exitClass: 'refused',
  issueType: 'processing',
  retry: false,
} as const satisfies Partial<ErrorRow>;

/** Tells whether a text is a refusal code of this version. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errors, text);
}

/** The row of a refusal's code; undefined for a code this version does not know. */
export function explanationOf(code: string): ErrorRow | undefined {
  return isErrorCode(code) ? errors[code] : undefined;
}
