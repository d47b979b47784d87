import { ristretto255 } from '@noble/curves/ed25519.js';
import { decodeBase64url, encodeBase64url } from '../../encoding/base64url';
import { type GroupElement, groupElementSchema } from '../../encoding/values';

/** The group of the suite ristretto255-SHA512 (RFC 9496, RFC 9497 §4.1). */
export const Point: (typeof ristretto255)['Point'] = ristretto255.Point;
export type Point = InstanceType<typeof Point>;
/** Its scalars: the integers modulo the order of the group. */
export const Fn: (typeof Point)['Fn'] = Point.Fn;

/** The identity (32 zero bytes in RFC 9496): it stands for no key and for no input. */
const IDENTITY = new Uint8Array(32);

/** An element as the ledger spells it. */
export function spellElement(element: Point | Uint8Array): GroupElement {
  return groupElementSchema.parse(encodeBase64url(element instanceof Uint8Array ? element : element.toBytes()));
}

/** The bytes of a spelled element; whether they are an element, only {@link pointOf} tells. */
export function bytesOfElement(element: GroupElement): Uint8Array {
  return decodeBase64url(element) ?? IDENTITY;
}

/** The element; undefined for a text that spells none, and for the identity. */
export function pointOf(element: GroupElement): Point | undefined {
  try {
    const point = Point.fromBytes(bytesOfElement(element));
    return point.equals(Point.ZERO) ? undefined : point;
  } catch {
    return undefined; // not the encoding of an element
  }
}

/** The elements; undefined if one is none. */
export function pointsOf(elements: readonly GroupElement[]): readonly Point[] | undefined {
  const points = elements.map(pointOf);
  return points.every((point) => point !== undefined) ? points : undefined;
}
