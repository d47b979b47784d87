import { refusal, type ErrorRow } from './row';

/** What member nodes and vaults refuse with; the chaincode never does. */
export const nodeErrors = {
  SEAL_BROKEN: refusal(
    { whoCanFix: 'operator', retry: false, http: 422, exit: 'failure', fhir: 'processing' },
    [
      'A sealed object or key does not open: it was changed, or is for another key or purpose.',
      '密封的对象或密钥无法打开：已被更改，或属于其他密钥或用途。',
    ],
    ['Take the object from another replica; if that fails too, ask the custodian.', '请从其他副本获取该对象；若仍失败，请联系保管机构。'],
  ),
  OBJECT_TOO_LARGE: refusal(
    { whoCanFix: 'client-software', retry: false, http: 413, exit: 'refused', fhir: 'processing' },
    ['The object is larger than the vault takes.', '对象超过保险库允许的大小。'],
    ['Store a smaller object.', '请存储较小的对象。'],
  ),
  STORAGE_FULL: refusal(
    { whoCanFix: 'operator', retry: true, http: 507, exit: 'failure', fhir: 'transient' },
    ['There is no room left to store this.', '存储空间不足。'],
    ['Free or add space, then try again.', '请释放或增加空间后重试。'],
  ),
  DATABASE_UNUSABLE: refusal(
    { whoCanFix: 'operator', retry: false, http: 500, exit: 'failure', fhir: 'exception' },
    ['A database file of the node cannot be used.', '节点的数据库文件无法使用。'],
    [
      'Look at the cause in details and bring the file back from a backup; only an index may be deleted instead, only where an own peer has every block from block 0 on, and when the node had each block is then lost.',
      '请检查 details 中的原因，并从备份恢复该文件；只有索引可以改为删除，且仅当本机构的某个节点拥有自 0 号区块起的全部区块时：各区块首次到达的时间记录将随之丢失。',
    ],
  ),
  REPLICA_UNAVAILABLE: refusal(
    { whoCanFix: 'operator', retry: true, http: 503, exit: 'failure', fhir: 'transient' },
    ['The other member’s vault did not answer as agreed.', '其他成员的保险库没有按约定应答。'],
    ['Try again, or use another member’s vault.', '请重试，或使用其他成员的保险库。'],
  ),
  KEY_FILE_UNUSABLE: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 422, exit: 'failure', fhir: 'processing' },
    ['A key file is missing, readable by others, or not a P-256 key.', '密钥文件缺失、可被他人读取，或不是 P-256 密钥。'],
    ['Correct or restore the file named in details; its mode is 0600.', '请更正或恢复 details 中指出的文件；其权限应为 0600。'],
  ),
  CERTIFICATE_UNUSABLE: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 500, exit: 'failure', fhir: 'exception' },
    ['A certificate cannot be used.', '证书无法使用。'],
    ['Renew it, or correct the file named in details.', '请更新证书，或更正 details 中指出的文件。'],
  ),
  CONNECTION_PROFILE_UNUSABLE: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 500, exit: 'failure', fhir: 'exception' },
    ['The connection profile cannot be used.', '连接配置无法使用。'],
    ['Correct the file at the field named in details.', '请更正 details 中指出的文件和字段。'],
  ),
  TICKET_KEY_MISSING: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'failure', fhir: 'processing' },
    ['The ephemeral key of this ticket is not here.', '本机没有该凭单的临时密钥。'],
    [
      'Read with the profile that asked; a key is forgotten when each record was read without --keep-key, or the ticket is closed or has expired: then request access again.',
      '请用申请时的身份读取；各病历均已读取（未加 --keep-key），或凭单关闭、到期后，密钥即被清除，此时请重新申请。',
    ],
  ),
  ANSWER_DIFFERS: refusal(
    { whoCanFix: 'operator', retry: false, http: 502, exit: 'failure', fhir: 'processing' },
    [
      'What the member node handed back is not what was asked for, or not what another member’s node says the ledger has.',
      '成员节点交回的内容与所请求的不符，或与另一成员节点所述的账本内容不符。',
    ],
    [
      'Use nothing of it; have the operator examine the node, and compare the field named in details at another member’s node.',
      '请勿使用该内容；请运维人员检查该节点，并在另一成员的节点上核对 details 所指的字段。',
    ],
  ),
  WITNESS_UNAVAILABLE: refusal(
    { whoCanFix: 'caller', retry: true, http: 503, exit: 'failure', fhir: 'transient' },
    [
      'No other member’s node can confirm what the ledger has: the witness is silent, or of the same member. A document is not opened, a command not sent.',
      '没有其他成员的节点可确认账本内容：见证节点无应答，或属于同一成员。文档不予打开，指令不予发送。',
    ],
    [
      'Name another member’s node in the profile (witnessUrl, witnessTlsCaFile) or try again when it answers; --unwitnessed reads a document, or sets a PIN, on the own node’s word alone.',
      '请在身份配置中指定另一成员的节点（witnessUrl、witnessTlsCaFile），或待其恢复后重试；读取文档或设置 PIN 时，--unwitnessed 表示仅凭本机构节点的说法。',
    ],
  ),
  TICKET_UNSEEN: refusal(
    { whoCanFix: 'caller', retry: true, http: 503, exit: 'failure', fhir: 'transient' },
    ['The permit is not yet seen committed by the peers of two organisations.', '尚未在两个机构的节点上见到该许可已提交。'],
    [
      'Try again in a moment; if it stays so, have the operator look at the block followers.',
      '请稍后重试；若持续如此，请运维人员检查区块跟随。',
    ],
  ),
  CONSENT_UNPROVEN: refusal(
    { whoCanFix: 'operator', retry: false, http: 403, exit: 'refused', fhir: 'security' },
    [
      'What the permit rests on, a consent or the relationship, or a consent that concerns who asks, does not stand on the ledger as a command signed by the patient has it.',
      '该许可所依据的授权或医患关系，或涉及请求方的授权，在账本上与患者签名的指令不符。',
    ],
    [
      'Keep the alarm and compare the endorsers of the transaction it names; the patient can amend or revoke the consent, suspend or resume the relationship.',
      '请保留告警，并核对其所指交易的背书机构；患者可以修改或撤销该授权，暂停或恢复该医患关系。',
    ],
  ),
  CONSENT_LATE: refusal(
    { whoCanFix: 'patient', retry: false, http: 403, exit: 'refused', fhir: 'expired' },
    [
      'The patient’s command for the consent or the relationship was committed so long after it was sent that the patient may have been told otherwise meanwhile.',
      '患者关于该授权或医患关系的指令在发出很久之后才被提交，其间患者可能已得到不同的结果。',
    ],
    ['Have the patient say it again: amend the consent, or suspend and resume.', '请患者再确认一次：修改授权，或暂停后恢复。'],
  ),
  EVALUATION_OVER: refusal(
    { whoCanFix: 'caller', retry: false, http: 409, exit: 'refused', fhir: 'expired' },
    ['The evaluation was asked for too long ago; nobody answers for it any more.', '该求值请求提出过久，各方不再应答。'],
    ['Ask for a new one: the command does so when it is run again.', '请重新提出；再次运行该命令即可。'],
  ),
  EVALUATIONS_MISSING: refusal(
    { whoCanFix: 'caller', retry: true, http: 503, exit: 'failure', fhir: 'transient' },
    [
      'Fewer hospitals answered than the key needs; nothing about the number was computed. Details say how many, and which were silent.',
      '应答的医院少于密钥所需数量；未计算出任何结果。details 中有应答数量和未应答的医院。',
    ],
    ['Try again; if it stays so, ask the silent hospitals.', '请重试；若持续如此，请联系未应答的医院。'],
  ),
  EVALUATION_WRONG: refusal(
    { whoCanFix: 'operator', retry: false, http: 502, exit: 'failure', fhir: 'security' },
    [
      'A hospital answered with something that its share does not make; details name it. Nothing was computed with it.',
      '某医院的应答与其密钥份额不符，details 中指明是哪一家；未采用该应答。',
    ],
    [
      'Keep the answer and tell that hospital; the others are enough if as many of them answer as the key needs.',
      '请保留该应答并告知该医院；其余医院的应答达到所需数量即可。',
    ],
  ),
  SHARE_WRONG: refusal(
    { whoCanFix: 'operator', retry: false, http: 409, exit: 'refused', fhir: 'security' },
    [
      'What stands on the ledger for this key is not what was dealt: details name the dealer. The node takes no part in it.',
      '账本上该密钥的分发内容与实际不符，details 中指明分发方；本节点不参与该密钥。',
    ],
    ['Compare who endorsed the transaction; open a new key with those whom you trust.', '请核对该交易的背书机构；与可信机构重新建立密钥。'],
  ),
  INDEX_OF_ANOTHER_NETWORK: refusal(
    { whoCanFix: 'operator', retry: false, http: 503, exit: 'failure', fhir: 'exception' },
    ['The index was made from another network’s blocks than the peer has.', '索引所依据的区块来自另一网络，与节点的区块不符。'],
    [
      'Correct the connection profile; only if the network itself was set up anew, which its administrators say and no peer can, delete the index file named in details: what it knows of the former network is then of no use.',
      '请更正连接配置；只有当网络确已重新建立（由其管理员告知，而非任何节点所称）时，才删除 details 中的索引文件：其中关于旧网络的内容已无用处。',
    ],
  ),
  RELEASE_UNCERTAIN: refusal(
    { whoCanFix: 'caller', retry: true, http: 503, exit: 'failure', fhir: 'transient' },
    ['Whether the key release is committed is not known yet, so no key leaves.', '密钥发放记录是否已提交尚不确定，因此不交出密钥。'],
    ['Ask again with the same ticket.', '请用同一凭单重试。'],
  ),
  LEDGER_UNAVAILABLE: refusal(
    { whoCanFix: 'operator', retry: true, http: 503, exit: 'failure', fhir: 'transient' },
    ['The ledger cannot be reached; nothing was sent to ordering.', '无法连接账本；交易未送交排序。'],
    ['Try again; check the peers if it persists.', '请重试；若持续失败，请检查节点。'],
  ),
  LEDGER_CONFLICT: refusal(
    { whoCanFix: 'caller', retry: true, http: 409, exit: 'failure', fhir: 'transient' },
    ['Other transactions changed the same entries again and again.', '其他交易反复更改了相同条目。'],
    ['Try again.', '请重试。'],
  ),
  LEDGER_REJECTED: refusal(
    { whoCanFix: 'operator', retry: false, http: 502, exit: 'refused', fhir: 'processing' },
    ['Fabric turned the transaction down.', 'Fabric 拒绝了该交易。'],
    ['Check the node’s certificate, clock and channel rights.', '请检查节点的证书、时钟和通道权限。'],
  ),
  OUTCOME_UNKNOWN: refusal(
    { whoCanFix: 'operator', retry: false, http: 504, exit: 'unknown', fhir: 'processing' },
    ['The transaction was sent and its outcome is not known.', '交易已发送，结果未知。'],
    ['Ask for the transaction id in details; do not send it again blindly.', '请查询 details 中的交易号；不要盲目重发。'],
  ),
  GATEWAY_UNTRUSTED: refusal(
    { whoCanFix: 'operator', retry: false, http: 502, exit: 'failure', fhir: 'processing' },
    ['A gateway peer returned another transaction than was proposed; nothing was signed.', '网关节点返回的交易与提案不符；未签名。'],
    ['Take the peer out of service and examine it.', '请停用并检查该节点。'],
  ),
  UNKNOWN_OPERATION: refusal(
    { whoCanFix: 'client-software', retry: false, http: 404, exit: 'refused', fhir: 'not-supported' },
    ['There is no operation at this path.', '此路径没有操作。'],
    ['Compare the path with docs/member-api.md or docs/fhir-facade.md.', '请对照 docs/member-api.md 或 docs/fhir-facade.md 核对路径。'],
  ),
  METHOD_NOT_ALLOWED: refusal(
    { whoCanFix: 'client-software', retry: false, http: 405, exit: 'refused', fhir: 'not-supported' },
    ['The operation at this path is called by another HTTP method.', '此路径的操作应使用其他 HTTP 方法。'],
    ['Use a method that the header Allow names.', '请使用响应头 Allow 所列的方法。'],
  ),
  MEDIA_TYPE_NOT_TAKEN: refusal(
    { whoCanFix: 'client-software', retry: false, http: 415, exit: 'refused', fhir: 'not-supported' },
    ['The body’s media type is not the one that the operation takes.', '请求体的媒体类型不是该操作所接受的类型。'],
    ['Send the header Content-Type that details name.', '请按 details 设置 Content-Type。'],
  ),
  NOT_AUTHENTICATED: refusal(
    { whoCanFix: 'client-software', retry: false, http: 401, exit: 'refused', fhir: 'processing' },
    ['The caller did not say who they are in the way this route asks for.', '调用方未按该接口要求证明身份。'],
    ['Sign the request, or use the certificate of a registered member endpoint.', '请对请求签名，或使用已登记的成员端点证书。'],
  ),
  MEMBER_UNAVAILABLE: refusal(
    { whoCanFix: 'operator', retry: true, http: 502, exit: 'failure', fhir: 'transient' },
    ['The other member’s node cannot be reached or is not the registered one.', '无法连接其他成员的节点，或其并非已登记的节点。'],
    ['Try again; compare its endpoint in the directory.', '请重试；并核对目录中的端点。'],
  ),
  RATE_LIMITED: refusal(
    { whoCanFix: 'client-software', retry: true, http: 429, exit: 'failure', fhir: 'transient' },
    ['Too many requests in a short time.', '短时间内请求过多。'],
    ['Wait as long as the answer says.', '请按应答指出的时间等待。'],
  ),
  PREPARATION_IN_USE: refusal(
    { whoCanFix: 'caller', retry: true, http: 409, exit: 'refused', fhir: 'conflict' },
    [
      'What was prepared for this record was sent to the ledger, and its outcome is not known yet.',
      '为该病历准备的内容已送往账本，结果尚不明确。',
    ],
    [
      'Publish the same document again, or prepare another one after a quarter of an hour.',
      '请再次发布同一文档，或一刻钟后再准备其他文档。',
    ],
  ),
  NODE_BUSY: refusal(
    { whoCanFix: 'operator', retry: true, http: 503, exit: 'failure', fhir: 'transient' },
    ['The node does as much of this as it may at once; nothing was begun.', '节点正在处理的此类请求已达上限；未开始处理。'],
    [
      'Wait as long as the answer says; if it stays so, look for who keeps the node busy.',
      '请按应答指出的时间等待；若持续如此，请查明占用节点的调用方。',
    ],
  ),
  QUERY_UNAVAILABLE: refusal(
    { whoCanFix: 'own-administrator', retry: true, http: 503, exit: 'failure', fhir: 'transient' },
    ['The custodian’s node has no answer to this query.', '保管机构的节点无法回答该查询。'],
    [
      'Details name the obstacle. The custodian names its database, the view and the template’s hash in node.json (queries), lets the node read the view, and gives it an index where a query takes more than ten seconds.',
      'details 指出原因。保管机构须在 node.json（queries）中指明数据库、视图和模板哈希，允许节点读取该视图；查询超过十秒时应为视图建立索引。',
    ],
  ),
  RESULT_TOO_LARGE: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'processing' },
    ['The query has more rows or bytes than a pointer may answer with.', '查询结果超过指针可返回的行数或字节数。'],
    ['Point with narrower parameters, for example at a shorter period.', '请使用更窄的参数，例如更短的时间段。'],
  ),
} as const satisfies Record<string, ErrorRow>;
