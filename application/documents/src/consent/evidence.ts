import { type ConsentEvidence, consentEvidenceSchema, type Instant, type Json } from '@lianyi/domain';
import { isObject, itemsOf, type JsonObject } from '../json-object';
import { EVIDENCE, inexpressible } from './own-systems';

/**
 * What was shown to who agreed, in the elements that FHIR R4 and IHE PCF have for it: the wording as a policy, its language and hash at the source, and
 * the ceremony at the verification. R4's `Attachment.hash` is SHA-1, so ours is an extension. It narrows nothing: who does not know it may read past it.
 */
export function evidenceOut({ wording, language, formSha256, ceremony }: ConsentEvidence, agreedAt: Instant): JsonObject {
  return {
    policy: [{ uri: `${EVIDENCE.wording}${wording.name}:${wording.version}` }],
    sourceAttachment: { extension: [{ url: EVIDENCE.formSha256, valueString: formSha256 }], contentType: 'text/plain', language },
    verification: [{ extension: [{ url: EVIDENCE.ceremony, valueCode: ceremony }], verified: true, verificationDate: agreedAt }],
  };
}

/**
 * The evidence in a Consent of ours; undefined where it names no wording of ours. What another system keeps there is its own, and is not read.
 * @throws {@link DomainError} `CONSENT_NOT_EXPRESSIBLE` — it is half there, or malformed
 */
export function evidenceIn(consent: Json): ConsentEvidence | undefined {
  if (!isObject(consent)) return undefined;
  const wordings = itemsOf(consent['policy']).flatMap(wordingOf);
  const formSha256 = itemsOf(consent['sourceAttachment']).flatMap((each) => extensionOf(each, EVIDENCE.formSha256, 'valueString'));
  const ceremonies = itemsOf(consent['verification']).flatMap((each) => extensionOf(each, EVIDENCE.ceremony, 'valueCode'));
  const said = [wordings, formSha256, ceremonies];
  if (said.every((each) => each.length === 0)) return undefined;
  const attachment = consent['sourceAttachment'];
  const language = isObject(attachment) ? attachment['language'] : undefined;
  const parsed = consentEvidenceSchema.safeParse({ wording: wordings[0], language, formSha256: formSha256[0], ceremony: ceremonies[0] });
  if (!parsed.success || said.some((each) => each.length !== 1)) throw inexpressible('evidence', 'policy');
  return parsed.data;
}

/** Of a policy the name and version of a wording of ours. */
function wordingOf(policy: Json): readonly { readonly name: string; readonly version: number }[] {
  const uri = isObject(policy) ? policy['uri'] : undefined;
  if (typeof uri !== 'string' || !uri.startsWith(EVIDENCE.wording)) return [];
  const [name = '', version = '', ...rest] = uri.slice(EVIDENCE.wording.length).split(':');
  return [{ name: rest.length === 0 ? name : '', version: /^[1-9][0-9]{0,3}$/.test(version) ? Number(version) : 0 }];
}

function extensionOf(element: Json, url: string, value: string): readonly (Json | undefined)[] {
  if (!isObject(element)) return [];
  return itemsOf(element['extension'])
    .filter(isObject)
    .filter((extension) => extension['url'] === url)
    .map((extension) => extension[value]);
}
