import { type ErrorRow, refusal } from './row';

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
