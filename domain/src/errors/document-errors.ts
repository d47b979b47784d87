import { type ErrorRow, refusal } from './row';

/** What is refused of a document and of its record: its format, how it is shown, what it says of consents, and that it must be kept still. */
export const documentErrors = {
  DOCUMENT_EMPTY: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'processing' },
    ['The document is empty.', '文档为空。'],
    ['Give the document’s file.', '请提供文档文件。'],
  ),
  DOCUMENT_TOO_LARGE: refusal(
    { whoCanFix: 'caller', retry: false, http: 413, exit: 'refused', fhir: 'processing' },
    ['The document is larger than allowed.', '文档超过允许的大小。'],
    ['Split it, or store large images by reference.', '请拆分文档，或以引用方式存储大型影像。'],
  ),
  DOCUMENT_NOT_UTF8: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'processing' },
    ['The document is not UTF-8.', '文档不是 UTF-8 编码。'],
    ['Export it as UTF-8.', '请导出为 UTF-8 编码。'],
  ),
  DOCUMENT_NOT_JSON: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'processing' },
    ['The document is not JSON.', '文档不是 JSON 格式。'],
    ['Correct it at the place named in details.', '请在 details 指出的位置更正。'],
  ),
  DOCUMENT_OTHER_FORMAT: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'processing' },
    [
      'The document is in another format than was said (details say which it looks like); unsaid, it is FHIR R4 as one JSON resource in UTF-8.',
      '文档的格式与所述不符（details 指出疑似格式）；未说明格式时，须为一份 UTF-8 编码的 FHIR R4 JSON 资源。',
    ],
    [
      'PDF, plain text, HL7 v2, CDA R2, DICOM: say so, with its class (record publish --format, --class). Image, RTF, HTML, office document: put it, in base64, into the attachment of a DocumentReference. ZIP, gzip, other archive: unpack. Other XML, EDIFACT: have the interface engine convert it to FHIR JSON. NDJSON: one file for each line. Byte order mark, UTF-16, UTF-32: save as UTF-8 without one.',
      'PDF、纯文本、HL7 v2、CDA R2、DICOM：请注明格式和类别（record publish --format、--class）。图像、RTF、HTML、Office 文档：以 base64 放入 DocumentReference 的附件。ZIP、gzip、其他压缩包：先解压。其他 XML、EDIFACT：由接口引擎转换为 FHIR JSON。NDJSON：每行存为一个文件。字节序标记、UTF-16、UTF-32：另存为不带标记的 UTF-8。',
    ],
  ),
  IMAGING_INDEX_INCOMPLETE: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    [
      'Neither the image nor who publishes it says all that an entry in the index of studies needs; details say what is missing.',
      '影像及发布者均未提供影像索引条目所需的全部信息；details 指出所缺内容。',
    ],
    [
      'Say it (record publish --index-images, --body-part, --institution), or have the device that made the image write it.',
      '请注明（record publish --index-images、--body-part、--institution），或由生成影像的设备写入。',
    ],
  ),
  DOCUMENT_TOO_DEEP: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'processing' },
    ['The document nests too deeply.', '文档嵌套层数过多。'],
    ['Flatten it.', '请减少嵌套层数。'],
  ),
  DOCUMENT_DUPLICATE_KEY: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'processing' },
    [
      'An object of the document has the same key twice, so two readers could read it differently.',
      '文档中同一对象含有重复的键，不同程序可能读出不同内容。',
    ],
    ['Remove one of the two.', '请删除其中之一。'],
  ),
  DOCUMENT_NOT_FHIR: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'processing' },
    ['The document is not a FHIR R4 resource.', '文档不是 FHIR R4 资源。'],
    ['Correct it at the place named in details.', '请在 details 指出的位置更正。'],
  ),
  DISPLAY_PROFILE_NOT_MET: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'processing' },
    [
      'The document does not fit the display profile that the members have set for its class: details name the profile and, where the document was looked at, the place and what is missing there.',
      '文档不符合各成员为该类病历设定的展现标准：details 列出该标准；已检查文档时，还列出位置与所缺内容。',
    ],
    [
      'Correct it at that place. What is in force: governance show display-profiles.',
      '请在该位置更正。现行标准：governance show display-profiles。',
    ],
  ),
  CONSENT_NOT_EXPRESSIBLE: refusal(
    { whoCanFix: 'caller', retry: false, http: 422, exit: 'refused', fhir: 'not-supported' },
    [
      'The FHIR Consent and the rule of this house cannot say the same here; details name what and where. Nothing was granted.',
      'FHIR Consent 与本系统的授权规则在此处无法对应；details 指出内容和位置。未授予任何权限。',
    ],
    [
      'Look the word up in docs/fhir-consent.md, then change the Consent or grant directly.',
      '请在 docs/fhir-consent.md 中查找该词，然后修改 Consent 或直接授权。',
    ],
  ),
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
} as const satisfies Readonly<Record<string, ErrorRow>>;

/** What the FHIR facade refuses with; nothing else of the house does. */
export const facadeErrors = {
  NOT_OPENED: refusal(
    { whoCanFix: 'patient', retry: false, http: 403, exit: 'refused', fhir: 'forbidden' },
    [
      'Nothing of this name is opened to who asks, for this purpose; whether there is such a thing is not told.',
      '以此用途，没有以此标识向请求方开放的内容；是否存在该内容不予告知。',
    ],
    ['Search for what is opened, or ask the patient for consent.', '请先检索已开放的内容，或请患者授权。'],
  ),
  ONLY_TO_BE_VIEWED: refusal(
    { whoCanFix: 'patient', retry: false, http: 403, exit: 'refused', fhir: 'forbidden' },
    [
      'The patient lets it be viewed and not be kept, and the application is registered as one that keeps what it reads.',
      '患者只允许查看、不允许保存，而该应用登记为会保存所读内容。',
    ],
    ['Open it in an application that only shows it, or ask the patient.', '请在仅作显示的应用中打开，或请患者授权。'],
  ),
  QUESTION_NOT_TAKEN: refusal(
    { whoCanFix: 'client-software', retry: false, http: 400, exit: 'refused', fhir: 'not-supported' },
    [
      'The question has a parameter, a value or a shape that is not taken here; nothing was looked up.',
      '查询中含有不支持的参数、取值或形式；未进行任何查询。',
    ],
    ['Compare it with the CapabilityStatement (`GET metadata`).', '请对照 CapabilityStatement（`GET metadata`）。'],
  ),
  TOKEN_NOT_ACCEPTED: refusal(
    { whoCanFix: 'client-software', retry: false, http: 401, exit: 'refused', fhir: 'security' },
    ['There is no access token with the request, or none that holds now.', '请求未携带有效的访问令牌。'],
    ['Ask the token endpoint for one (SMART Backend Services).', '请向令牌端点申请（SMART Backend Services）。'],
  ),
  SCOPE_NOT_HELD: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 403, exit: 'refused', fhir: 'forbidden' },
    ['The access token does not have the scope that this interaction takes.', '访问令牌不具备该操作所需的范围（scope）。'],
    ['Ask for it with the token; the hospital registers which an application may have.', '请在申请令牌时注明；应用可用的范围由医院登记。'],
  ),
  PURPOSE_NOT_SAID: refusal(
    { whoCanFix: 'client-software', retry: false, http: 403, exit: 'refused', fhir: 'forbidden' },
    ['Nobody reads here without a purpose of use, and the access token has none.', '未声明使用目的不得阅读，而访问令牌中没有使用目的。'],
    [
      'Say it in the client assertion (`extensions.ihe_iua.purpose_of_use`), as one that is registered for the application.',
      '请在客户端断言（`extensions.ihe_iua.purpose_of_use`）中声明为该应用登记的目的。',
    ],
  ),
  FORMAT_NOT_OFFERED: refusal(
    { whoCanFix: 'client-software', retry: false, http: 406, exit: 'refused', fhir: 'not-supported' },
    ['The answer is asked for in a format that is not offered.', '不提供所请求的应答格式。'],
    ['Ask for application/fhir+json or application/fhir+xml.', '请请求 application/fhir+json 或 application/fhir+xml。'],
  ),
  VERSION_NOT_PRESENT: refusal(
    { whoCanFix: 'caller', retry: false, http: 412, exit: 'refused', fhir: 'conflict' },
    ['The version that the request names is not the present one; nothing was changed.', '请求所指的版本不是当前版本；未作任何更改。'],
    ['Read the present version and decide anew.', '请读取当前版本后重新决定。'],
  ),
  SUBMISSION_NOT_TAKEN: refusal(
    { whoCanFix: 'client-software', retry: false, http: 422, exit: 'refused', fhir: 'business-rule' },
    [
      'What was submitted cannot be published as it is: details name the place; nothing of it was published.',
      '所提交的内容不能按原样发布：details 指出位置；未发布任何内容。',
    ],
    ['Compare it with the chapter on ITI-65 in docs/fhir-facade.md.', '请对照 docs/fhir-facade.md 中关于 ITI-65 的章节。'],
  ),
  FACADE_FAILED: refusal(
    { whoCanFix: 'operator', retry: false, http: 500, exit: 'failure', fhir: 'exception' },
    ['The facade failed.', '接口服务内部出错。'],
    ['Have the operator read the facade’s log.', '请运维人员查看接口服务日志。'],
  ),
} as const satisfies Readonly<Record<string, ErrorRow>>;
