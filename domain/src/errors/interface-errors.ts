import { refusal, type ErrorRow } from './row';

const ofSender = { whoCanFix: 'client-software', retry: false, http: 422, exit: 'refused', fhir: 'processing' } as const;

/** What the interface for HL7 v2 answers senders with; the chaincode never does. */
export const interfaceErrors = {
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
