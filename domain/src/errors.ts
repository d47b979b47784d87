/** Who can do something about a refusal. */
export type Fixer = 'caller' | 'client-software' | 'own-administrator' | 'patient' | 'operator' | 'nobody';

/** A sentence in both languages of the project; holds no data. */
export type Bilingual = { readonly en: string; readonly zh: string };

/** What people are told about a code. */
export type Explanation = { readonly meaning: Bilingual; readonly remedy: Bilingual; readonly retry: boolean; readonly whoCanFix: Fixer };

function explain(whoCanFix: Fixer, retry: boolean, meaning: readonly [en: string, zh: string], remedy: readonly [en: string, zh: string]): Explanation {
  return { meaning: { en: meaning[0], zh: meaning[1] }, remedy: { en: remedy[0], zh: remedy[1] }, retry, whoCanFix };
}

/**
 * Every refusal code, once. A code is API: never renamed, never reused. `docs/error-codes.md` is printed from this table.
 */
export const errors = {
  INVALID_REQUEST: explain('client-software', false, ['The request does not have the required form.', '请求格式不符合要求。'], ['Correct the field named in details.', '请更正 details 中指出的字段。']),
  UNKNOWN_TRANSACTION: explain('client-software', false, ['There is no such transaction.', '没有这个交易。'], ['Use a name of docs/transactions.md.', '请使用 docs/transactions.md 中的名称。']),
  NOT_PERMITTED: explain('caller', false, ['The actor may not do this.', '当前操作者无权执行此操作。'], ['Ask someone who holds the required role or right.', '请由具备相应角色或权利的人执行。']),
  ROLE_NOT_ASSERTABLE: explain('own-administrator', false, ['An organisation of this kind may not assert this role.', '该类机构不得授予此角色。'], ['Choose a role the table of roles allows.', '请选择角色表允许的角色。']),
  NOT_ACTIVE_ORGANISATION: explain('operator', false, ['The organisation is not active in the consortium.', '该机构在联盟中未处于有效状态。'], ['Register the organisation or have it reinstated.', '请登记该机构或恢复其资格。']),
  STAFF_REVOKED: explain('own-administrator', false, ['The staff entry is revoked.', '该工作人员的登记已被撤销。'], ['Register a new staff entry with a new key.', '请用新密钥重新登记工作人员。']),
  OFF_DUTY: explain('own-administrator', false, ['The staff member is not on duty at this time.', '该工作人员此时不在值班时间。'], ['Ask within the duty window or have it changed.', '请在值班时间内操作，或调整值班时间。']),
  STALE_KEY: explain('client-software', false, ['The patient key was used before or is not the announced one.', '患者密钥已使用过，或不是预告的下一把密钥。'], ['Synchronise the wallet and sign with the next key.', '请同步钱包并使用下一把密钥签名。']),
  BAD_SIGNATURE: explain('client-software', false, ['The signature does not verify.', '签名验证失败。'], ['Sign the canonical statement with the registered key (P-256, low-S).', '请用已登记的密钥对规范化声明签名（P-256，低 S 值）。']),
  PROOF_MISMATCH: explain('client-software', false, ['The signed statement is about another request.', '签名声明与本请求不一致。'], ['Sign a statement for exactly this request.', '请针对本请求重新签名。']),
  TIME_SKEW: explain('client-software', true, ['The statement or the proposal lies outside the allowed time window.', '声明或提案的时间超出允许范围。'], ['Correct the clock and sign anew.', '请校正时钟并重新签名。']),
  ILLEGAL_STATE: explain('caller', false, ['The thing is not in a state that allows this.', '当前状态不允许此操作。'], ['Read its present state first.', '请先查询其当前状态。']),
  VERSION_CONFLICT: explain('caller', true, ['The previous version named is not the present one.', '所指的前一版本不是当前版本。'], ['Read the present version and decide anew.', '请读取当前版本后重新决定。']),
  ALREADY_EXISTS: explain('client-software', false, ['The id is taken by another request.', '该标识已被其他请求占用。'], ['Choose a new random id.', '请选用新的随机标识。']),
  NOT_FOUND: explain('caller', false, ['There is no such entry.', '没有这个条目。'], ['Check the id.', '请检查标识。']),
  HASH_MISMATCH: explain('client-software', false, ['A hash does not fit what it should cover.', '哈希值与其内容不符。'], ['Recompute the hash over the bytes sent.', '请对所发送的内容重新计算哈希。']),
  RECEIPTS_MISSING: explain('client-software', false, ['A storage receipt is missing for a named location.', '缺少所列存储位置的存储回执。'], ['Store the object there and present its receipt.', '请先存储对象并提交回执。']),
  GENESIS_MISMATCH: explain('operator', false, ['The genesis hash is not this network’s.', '创世哈希不属于本网络。'], ['Compare the genesis block with the other organisations.', '请与其他机构核对创世区块。']),
  TICKET_CLOSED: explain('caller', false, ['The ticket is no permit, is closed or expired, or what it rests on has changed.', '该凭单不是许可、已关闭或过期，或其依据已变更。'], ['Request access again.', '请重新申请访问。']),
  DOCUMENT_EMPTY: explain('caller', false, ['The document is empty.', '文档为空。'], ['Give the document’s file.', '请提供文档文件。']),
  DOCUMENT_TOO_LARGE: explain('caller', false, ['The document is larger than allowed.', '文档超过允许的大小。'], ['Split it, or store large images by reference.', '请拆分文档，或以引用方式存储大型影像。']),
  DOCUMENT_NOT_UTF8: explain('caller', false, ['The document is not UTF-8.', '文档不是 UTF-8 编码。'], ['Export it as UTF-8.', '请导出为 UTF-8 编码。']),
  DOCUMENT_NOT_JSON: explain('caller', false, ['The document is not JSON.', '文档不是 JSON 格式。'], ['Correct it at the place named in details.', '请在 details 指出的位置更正。']),
  DOCUMENT_TOO_DEEP: explain('caller', false, ['The document nests too deeply.', '文档嵌套层数过多。'], ['Flatten it.', '请减少嵌套层数。']),
  DOCUMENT_DUPLICATE_KEY: explain('caller', false, ['An object of the document has the same key twice, so two readers could read it differently.', '文档中同一对象含有重复的键，不同程序可能读出不同内容。'], ['Remove one of the two.', '请删除其中之一。']),
  DOCUMENT_NOT_FHIR: explain('caller', false, ['The document is not a FHIR R4 resource.', '文档不是 FHIR R4 资源。'], ['Correct it at the place named in details.', '请在 details 指出的位置更正。']),
  SEAL_BROKEN: explain('operator', false, ['A sealed object or key does not open: it was changed, or is for another key or purpose.', '密封的对象或密钥无法打开：已被更改，或属于其他密钥或用途。'], ['Take the object from another replica; if that fails too, ask the custodian.', '请从其他副本获取该对象；若仍失败，请联系保管机构。']),
  OBJECT_TOO_LARGE: explain('client-software', false, ['The object is larger than the vault takes.', '对象超过保险库允许的大小。'], ['Store a smaller object.', '请存储较小的对象。']),
  STORAGE_FULL: explain('operator', true, ['There is no room left to store this.', '存储空间不足。'], ['Free or add space, then try again.', '请释放或增加空间后重试。']),
  REPLICA_UNAVAILABLE: explain('operator', true, ['The other member’s vault did not answer as agreed.', '其他成员的保险库没有按约定应答。'], ['Try again, or use another member’s vault.', '请重试，或使用其他成员的保险库。']),
  KEY_FILE_UNUSABLE: explain('own-administrator', false, ['A key file is missing, readable by others, or not a P-256 key.', '密钥文件缺失、可被他人读取，或不是 P-256 密钥。'], ['Restore the file and set its mode to 0600.', '请恢复该文件并将其权限设为 0600。']),
  WALLET_UNREADABLE: explain('patient', false, ['The wallet does not open: wrong passphrase or damaged file.', '钱包无法打开：口令错误或文件损坏。'], ['Try the passphrase again, or restore the wallet from its backup.', '请重新输入口令，或从备份恢复钱包。']),
  WALLET_BUSY: explain('client-software', true, ['Another program is using the wallet.', '另一程序正在使用该钱包。'], ['Try again when it has finished.', '请待其结束后重试。']),
  COMMAND_PENDING: explain('patient', true, ['An earlier command signed with the same one-time key is not settled yet.', '先前用同一一次性密钥签名的指令尚未有结果。'], ['Synchronise the wallet with the ledger first.', '请先将钱包与账本同步。']),
  CORRUPT_STATE: explain('operator', false, ['A stored value does not fit its schema.', '账本中存储的值与其模式不符。'], ['An operator must examine the key named in details.', '请运维人员检查 details 中的键。']),
} as const satisfies Record<string, Explanation>;

/** A refusal: the request changed nothing. */
export type ErrorCode = keyof typeof errors;

/** Every refusal code, in the order of the table. */
// Object.keys is typed string[]; the table is a constant of this module, so its keys are exactly these
export const errorCodes = Object.keys(errors) as readonly ErrorCode[];

/** Tells whether a text is a refusal code of this version. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errors, text);
}
