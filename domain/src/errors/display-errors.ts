import { type ErrorRow, refusal } from './row';

/** What is refused because others could not be shown it as the members have agreed (ADR 0070). */
export const displayErrors = {
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
} as const satisfies Record<string, ErrorRow>;
