import { parseStrictJson } from '@lianyi/domain';
import { isObject, itemsOf, type JsonObject } from '@lianyi/documents/json-object';

/** Marks a DocumentReference that the facade has published with its document inside, since what is published is FHIR. */
const WRAPPED = { system: 'urn:lianyi:published-as', code: 'attachment' } as const;
const LIMITS = { maxBytes: 64 * 1024 * 1024, maxDepth: 64 };

/** The DocumentReference of a document that is no FHIR, with the document inside, as it is published. */
export function wrappedIn(reference: JsonObject, content: { readonly contentType: string; readonly data: string }): Uint8Array {
  const [first] = itemsOf(reference['content']);
  const { attachment, ...described } = isObject(first) ? first : {};
  const { url: _url, ...said } = isObject(attachment) ? attachment : {};
  const meta = isObject(reference['meta']) ? reference['meta'] : {};
  const { id: _id, ...resource } = reference;
  const wrapped = {
    ...resource,
    meta: { ...meta, tag: [...itemsOf(meta['tag']), WRAPPED] },
    content: [{ ...described, attachment: { ...said, ...content } }],
  };
  return Buffer.from(JSON.stringify(wrapped));
}

/** The document inside of what {@link wrappedIn} made, of text that a strict reader has taken; undefined if it was published as it is. */
export function attachmentIn(text: string): { readonly contentType: string; readonly bytes: Uint8Array } | undefined {
  // most documents are none: they are not parsed for it
  if (!text.includes(WRAPPED.system)) return undefined;
  const resource = parseStrictJson(text, LIMITS);
  if (!isObject(resource) || resource['resourceType'] !== 'DocumentReference' || !isObject(resource['meta'])) return undefined;
  const isTagged = itemsOf(resource['meta']['tag']).some(
    (tag) => isObject(tag) && tag['system'] === WRAPPED.system && tag['code'] === WRAPPED.code,
  );
  const [content] = itemsOf(resource['content']);
  const attachment = isObject(content) ? content['attachment'] : undefined;
  if (!isTagged || !isObject(attachment)) return undefined;
  const { contentType, data } = attachment;
  if (typeof contentType !== 'string' || typeof data !== 'string') return undefined;
  return { contentType, bytes: Buffer.from(data, 'base64') };
}
