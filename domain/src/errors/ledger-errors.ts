import { refusal, type ErrorRow } from './row';

/** What the chaincode, and the rules it shares with its clients, refuse with. */
export const ledgerErrors = {
  INVALID_REQUEST: refusal(
    { whoCanFix: 'client-software', retry: false, http: 400, exit: 'refused', fhir: 'invalid' },
    ['The request does not have the required form.', '请求格式不符合要求。'],
    ['Correct the field named in details.', '请更正 details 中指出的字段。'],
  ),
  UNKNOWN_TRANSACTION: refusal(
    { whoCanFix: 'client-software', retry: false, http: 404, exit: 'refused', fhir: 'not-supported' },
    ['There is no such transaction.', '没有这个交易。'],
    ['Use a name of docs/transactions.md.', '请使用 docs/transactions.md 中的名称。'],
  ),
  NOT_PERMITTED: refusal(
    { whoCanFix: 'caller', retry: false, http: 403, exit: 'refused', fhir: 'forbidden' },
    ['The actor may not do this.', '当前操作者无权执行此操作。'],
    ['Ask someone who holds the required role or right.', '请由具备相应角色或权利的人执行。'],
  ),
  ROLE_NOT_ASSERTABLE: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    ['An organisation of this kind may not assert this role.', '该类机构不得授予此角色。'],
    ['Choose a role the table of roles allows.', '请选择角色表允许的角色。'],
  ),
  LABEL_LOWERED: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'processing' },
    [
      'A new version may not be less protected than the one it replaces, nor be of other months of care or another encounter.',
      '新版本的保护程度不得低于被替换的版本，也不得改为其他诊疗月份或就诊。',
    ],
    [
      'Keep or raise data level and confidentiality, keep months and encounter or leave them out; retract a record that was labelled wrongly and publish it anew.',
      '请保持或提高数据级别和保密等级，保留或省略诊疗月份与就诊编号；标签有误的病历应撤回后重新发布。',
    ],
  ),
  CLASS_CHANGED: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'processing' },
    [
      'A new version has another class than the record, by which the patient permits and forbids.',
      '新版本的类别与原病历不同，而患者按类别授权和禁止。',
    ],
    ['Retract the record and publish the document as a new one.', '请撤回原病历，将该文档作为新病历发布。'],
  ),
  CLASS_NOT_OF_RELATIONSHIP: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    ['Under a relationship of this kind no data of this class are published.', '此类关系下不得发布该类别的数据。'],
    ['Propose a relationship of the kind that the data belong to.', '请提出与数据相符的关系类型。'],
  ),
  RELATIONSHIP_NOT_PROPOSABLE: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    ['An organisation of this kind does not propose a relationship of this kind.', '该类机构不得提出此类关系。'],
    ['Choose another kind; docs/relationships.md says who proposes which.', '请选择其他类型；可提出的关系见 docs/relationships.md。'],
  ),
  RELATIONSHIP_TYPE_DIFFERS: refusal(
    { whoCanFix: 'patient', retry: false, http: 409, exit: 'refused', fhir: 'conflict' },
    ['Another kind of relationship was proposed than the one that is accepted.', '所接受的关系类型与所提出的不同。'],
    [
      'Look at the proposal (relationship show) and accept its kind (--type), or reject it.',
      '请查看提议（relationship show），接受其类型（--type）或拒绝。',
    ],
  ),
  NOT_ACTIVE_ORGANISATION: refusal(
    { whoCanFix: 'operator', retry: false, http: 422, exit: 'refused', fhir: 'forbidden' },
    ['The organisation is not active in the consortium.', '该机构在联盟中未处于有效状态。'],
    ['Register the organisation or have it reinstated.', '请登记该机构或恢复其资格。'],
  ),
  STAFF_REVOKED: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 422, exit: 'refused', fhir: 'forbidden' },
    ['The staff entry is revoked.', '该工作人员的登记已被撤销。'],
    ['Register a new staff entry with a new key.', '请用新密钥重新登记工作人员。'],
  ),
  STAFF_PENDING: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 422, exit: 'refused', fhir: 'forbidden' },
    ['The staff entry was made by staff and no second person has confirmed it yet.', '该登记由工作人员作出，尚未经第二人确认。'],
    ['Have another hrAdmin or the administrator confirm it (staff confirm).', '请由另一位人事或管理员确认（staff confirm）。'],
  ),
  STAFF_KEY_TAKEN: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 409, exit: 'refused', fhir: 'duplicate' },
    ['The key has, or once had, a staff entry of this organisation.', '该密钥已有或曾有本机构的工作人员登记。'],
    ['Make a new key for the new entry (staff key).', '请为新登记生成新密钥（staff key）。'],
  ),
  SECOND_PERSON_NEEDED: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 403, exit: 'refused', fhir: 'forbidden' },
    ['It takes a second person: who did the first part cannot do this one.', '此事须由第二人办理：办理前一步者不能办理这一步。'],
    ['Have a colleague do it who may.', '请由另一位有权的同事办理。'],
  ),
  STAFF_ENTRY_DIFFERS: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    ['The pending staff entry says something else than what would be confirmed.', '待确认的登记与所确认的内容不一致。'],
    [
      'Compare the field named in details with the colleague; revoke the entry if it is wrong.',
      '请与本人核对 details 中的字段；登记有误则撤销该登记。',
    ],
  ),
  UNKNOWN_GRANTEE: refusal(
    { whoCanFix: 'patient', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    ['The ledger knows no such organisation, department, person or role of it.', '账本中没有这个机构，或该机构没有这个科室、人员或角色。'],
    [
      'Check the spelling (org list); to forbid a department before it has staff, forbid the organisation.',
      '请检查拼写（org list）；若该科室尚无人员而需禁止，请禁止整个机构。',
    ],
  ),
  POLICY_ACTIVE: refusal(
    { whoCanFix: 'patient', retry: false, http: 409, exit: 'refused', fhir: 'duplicate' },
    ['There is an active policy for this grantee.', '该被授权方已有一份生效的授权。'],
    [
      'Replace its provisions: consent amend with --previous-version, which details and consent list name.',
      '请用 consent amend 修改条款；--previous-version 见 details 或 consent list。',
    ],
  ),
  OFF_DUTY: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 422, exit: 'refused', fhir: 'forbidden' },
    ['The staff member is not on duty at this time.', '该工作人员此时不在值班时间。'],
    ['Ask within the duty window or have it changed.', '请在值班时间内操作，或调整值班时间。'],
  ),
  STALE_KEY: refusal(
    { whoCanFix: 'client-software', retry: false, http: 409, exit: 'refused', fhir: 'security' },
    ['The patient key was used before or is not the announced one.', '患者密钥已使用过，或不是预告的下一把密钥。'],
    ['Synchronise the wallet and sign with the next key.', '请同步钱包并使用下一把密钥签名。'],
  ),
  BAD_SIGNATURE: refusal(
    { whoCanFix: 'client-software', retry: false, http: 422, exit: 'refused', fhir: 'security' },
    ['The signature does not verify.', '签名验证失败。'],
    ['Sign the canonical statement with the registered key (P-256, low-S).', '请用已登记的密钥对规范化声明签名（P-256，低 S 值）。'],
  ),
  PROOF_MISMATCH: refusal(
    { whoCanFix: 'client-software', retry: false, http: 422, exit: 'refused', fhir: 'security' },
    ['The signed statement is about another request.', '签名声明与本请求不一致。'],
    ['Sign a statement for exactly this request.', '请针对本请求重新签名。'],
  ),
  TIME_SKEW: refusal(
    { whoCanFix: 'client-software', retry: true, http: 422, exit: 'refused', fhir: 'expired' },
    ['The statement or the proposal lies outside the allowed time window.', '声明或提案的时间超出允许范围。'],
    ['Correct the clock and sign anew.', '请校正时钟并重新签名。'],
  ),
  ILLEGAL_STATE: refusal(
    { whoCanFix: 'caller', retry: false, http: 409, exit: 'refused', fhir: 'business-rule' },
    ['The thing is not in a state that allows this.', '当前状态不允许此操作。'],
    ['Read its present state first.', '请先查询其当前状态。'],
  ),
  QUORUM: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 409, exit: 'refused', fhir: 'business-rule' },
    ['One person, or one organisation, alone may not do this.', '此操作不能由一人或一个机构单独完成。'],
    [
      'Have a second person with the same role propose it first, within the last seven days; a query template is approved by another organisation.',
      '请先由另一位具有相同角色的人员在七日内提出；查询模板须由另一机构批准。',
    ],
  ),
  VERSION_CONFLICT: refusal(
    { whoCanFix: 'caller', retry: true, http: 409, exit: 'refused', fhir: 'conflict' },
    ['The previous version named is not the present one.', '所指的前一版本不是当前版本。'],
    ['Read the present version and decide anew.', '请读取当前版本后重新决定。'],
  ),
  ALREADY_EXISTS: refusal(
    { whoCanFix: 'client-software', retry: false, http: 409, exit: 'refused', fhir: 'duplicate' },
    ['The id is taken by another request.', '该标识已被其他请求占用。'],
    ['Choose a new random id, or a new nonce where the id is derived.', '请选用新的随机标识；派生的标识请选用新的随机数。'],
  ),
  ID_MISMATCH: refusal(
    { whoCanFix: 'client-software', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    ['The id is not derived from its owner and the nonce.', '该标识不是由其所有者和随机数派生的。'],
    ['Derive the id as ADR 0030 says, for the owner who asks.', '请按 ADR 0030 的规则，以申请者为所有者派生标识。'],
  ),
  IDENTIFIER_INVALID: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'invalid' },
    [
      'The identifier is none: details say whether its text, its form, its date or its check digit does not fit.',
      '该号码无效：details 指出是文本、格式、日期还是校验码不符。',
    ],
    [
      'Read it from the document again; an 18-digit national ID ends in its check digit.',
      '请对照证件重新录入；18 位身份证号的末位是校验码。',
    ],
  ),
  IDENTIFIER_LINKED: refusal(
    { whoCanFix: 'caller', retry: false, http: 409, exit: 'refused', fhir: 'duplicate' },
    ['The identifier is linked to a pseudonym of this hospital already.', '该号码已关联到本院的某个患者假名。'],
    [
      'Look it up (`lianyi identifier find`): the patient is registered. Where the link is wrong, unlink it first.',
      '请先查找（`lianyi identifier find`）：该患者已登记。若关联有误，请先解除关联。',
    ],
  ),
  CARD_NOT_ACTIVE: refusal(
    { whoCanFix: 'patient', retry: false, http: 409, exit: 'refused', fhir: 'business-rule' },
    ['The card is genuine and not active; details name its state.', '该卡真实，但未处于有效状态；状态见 details。'],
    [
      'Its holder activates a requested or suspended card; a lost, replaced or closed one is good for nothing any more.',
      '已申请或已暂停的卡由持卡人激活；已挂失、换发或注销的卡不能再用。',
    ],
  ),
  CARD_TOKEN_INVALID: refusal(
    { whoCanFix: 'patient', retry: false, http: 422, exit: 'refused', fhir: 'security' },
    [
      'The code was not made by the card’s own key for this network; details name the field that does not fit.',
      '该码不是由此卡自己的密钥为本网络生成的；不符的字段见 details。',
    ],
    [
      'Have the holder show a new code; if the field is publicKey, have them suspend the card and activate it with this wallet (card activate).',
      '请持卡人出示新码；若字段为 publicKey，请其先暂停该卡，再用此钱包激活（card activate）。',
    ],
  ),
  CARD_TOKEN_ELSEWHERE: refusal(
    { whoCanFix: 'patient', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    ['The card’s code was made for another hospital’s desk; details name it.', '该卡码是为另一家医院的柜台生成的；医院见 details。'],
    [
      'Have the holder choose this hospital in the wallet and show a new code (card token --hospital).',
      '请持卡人在钱包中选择本院后出示新码（card token --hospital）。',
    ],
  ),
  CARD_TOKEN_EXPIRED: refusal(
    { whoCanFix: 'patient', retry: false, http: 422, exit: 'refused', fhir: 'expired' },
    ['The card’s code is over: it is good for a minute.', '该卡码已过期：有效期为一分钟。'],
    [
      'Have the holder show a new code; if that is over too, correct the clock of their device.',
      '请持卡人出示新码；若仍过期，请校正其设备时钟。',
    ],
  ),
  CARD_TOKEN_NOT_YET_VALID: refusal(
    { whoCanFix: 'patient', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    [
      'The card’s code was made in the future: more than 30 seconds ahead of the ledger’s time.',
      '该卡码的生成时间超前账本时间 30 秒以上。',
    ],
    ['Correct the clock of the holder’s device and show a new code.', '请校正持卡人设备的时钟后出示新码。'],
  ),
  CARD_TOKEN_USED: refusal(
    { whoCanFix: 'patient', retry: false, http: 409, exit: 'refused', fhir: 'duplicate' },
    ['The card’s code was shown before, here or at another member; details say when.', '该卡码已在本院或其他成员处用过；时间见 details。'],
    ['Have the holder show a new code: each is accepted once.', '请持卡人出示新码：每个码只接受一次。'],
  ),
  NOT_FOUND: refusal(
    { whoCanFix: 'caller', retry: false, http: 404, exit: 'refused', fhir: 'not-found' },
    ['There is no such entry.', '没有这个条目。'],
    ['Check the id.', '请检查标识。'],
  ),
  HASH_MISMATCH: refusal(
    { whoCanFix: 'client-software', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    ['A hash does not fit what it should cover.', '哈希值与其内容不符。'],
    ['Recompute the hash over the bytes sent.', '请对所发送的内容重新计算哈希。'],
  ),
  TEMPLATE_MISMATCH: refusal(
    { whoCanFix: 'client-software', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    ['The pointer does not say what its query template says.', '指针所述与其查询模板不符。'],
    [
      'Read the template again (template show); take its class, and its level and label or stricter ones.',
      '请重新读取模板（template show），采用其类别，级别和保密等级不得更低。',
    ],
  ),
  RECEIPTS_MISSING: refusal(
    { whoCanFix: 'client-software', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    ['A storage receipt is missing for a named location.', '缺少所列存储位置的存储回执。'],
    ['Store the object there and present its receipt.', '请先存储对象并提交回执。'],
  ),
  GENESIS_MISMATCH: refusal(
    { whoCanFix: 'operator', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    ['The genesis hash is not this network’s.', '创世哈希不属于本网络。'],
    ['Compare the genesis block with the other organisations.', '请与其他机构核对创世区块。'],
  ),
  COOLING_OFF_DIFFERS: refusal(
    { whoCanFix: 'operator', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    [
      'The members of this network have agreed on another least time for which the old key may veto a recovery; details name it, in minutes.',
      '本网络成员已约定旧密钥可否决恢复的另一最短时长；details 以分钟给出。',
    ],
    [
      'Decide whether your organisation agrees to it. If so, register again with `--least-cooling-off` and that value; no member changes it alone.',
      '请决定本机构是否同意。若同意，请以 `--least-cooling-off` 加该值重新登记；任何成员都不能单独更改。',
    ],
  ),
  ITEM_NOT_RECOGNISED: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    [
      'The item is not in the list of recognised items in force, or costs something else there.',
      '该项目不在现行互认项目清单中，或其价格档次不同。',
    ],
    ['Ask with an item of the list in force (`recognition items`).', '请按现行清单中的项目查询（`recognition items`）。'],
  ),
  TICKET_CLOSED: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'expired' },
    ['The ticket is no permit, is closed or expired, or what it rests on has changed.', '该凭单不是许可、已关闭或过期，或其依据已变更。'],
    ['Request access again.', '请重新申请访问。'],
  ),
  LIMIT_REACHED: refusal(
    { whoCanFix: 'caller', retry: false, http: 409, exit: 'refused', fhir: 'business-rule' },
    ['The limit for this kind of entry is reached.', '此类条目已达上限。'],
    [
      'Details name the entry and its limit: request access anew, or use an entry that is there.',
      'details 中有条目种类及其上限：请重新申请访问，或使用已有的条目。',
    ],
  ),
  CORRUPT_STATE: refusal(
    { whoCanFix: 'operator', retry: false, http: 422, exit: 'refused', fhir: 'exception' },
    ['A stored value does not fit its schema.', '账本中存储的值与其模式不符。'],
    ['An operator must examine the key named in details.', '请运维人员检查 details 中的键。'],
  ),
} as const satisfies Record<string, ErrorRow>;
