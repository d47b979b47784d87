import { readDer } from '../crypto/der';

const TAG = { integer: 0x02, sequence: 0x30, utcTime: 0x17, generalizedTime: 0x18, extensions: 0xa0 } as const;
const isTime = (tag: number | undefined): boolean => tag === TAG.utcTime || tag === TAG.generalizedTime;

/** The elements of a constructed value, by tag; `undefined` if they are not DER. */
function tagsOf(content: Buffer): readonly number[] | undefined {
  const tags: number[] = [];
  for (let offset = 0; offset < content.length;) {
    const element = readDer(content, offset);
    if (!element) return undefined;
    tags.push(element.tag);
    offset = element.end;
  }
  return tags;
}

/**
 * The first field that a revocation list lacks, by its name in RFC 5280 §5.1 (TBSCertList); `undefined`: it has all. A reader that
 * goes by position takes the next field for one that is left out. The number of the list (§5.2.3) is not asked for: Fabric
 * CA's lists have none.
 */
export function missingFieldOf(list: Buffer): string | undefined {
  const content = readDer(list)?.content;
  const toBeSigned = content && readDer(content);
  const tags = toBeSigned?.tag === TAG.sequence ? tagsOf(toBeSigned.content) : undefined;
  if (!tags) return 'tbsCertList';
  const rest = [...tags];
  const fields: readonly (readonly [string, (tag: number | undefined) => boolean])[] = [
    ['version', (tag) => tag === TAG.integer],
    ['signature', (tag) => tag === TAG.sequence],
    ['issuer', (tag) => tag === TAG.sequence],
    ['thisUpdate', isTime],
    ['thisUpdate or nextUpdate', isTime],
  ];
  for (const [name, fits] of fields) if (!fits(rest.shift())) return name;
  if (rest[0] === TAG.sequence) rest.shift(); // revokedCertificates, which an empty list leaves out
  return rest.length === 1 && rest[0] === TAG.extensions ? undefined : 'crlExtensions';
}
