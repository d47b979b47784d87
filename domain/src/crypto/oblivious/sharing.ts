import { ristretto255_hasher, ristretto255_oprf } from '@noble/curves/ed25519.js';
import { asciiToBytes, concatBytes } from '@noble/curves/utils.js';
import { encodeBase64url } from '../../encoding/base64url';
import { type GroupElement, type Possession } from '../../encoding/values';
import { bytesOfElement, Fn, Point, pointOf, pointsOf, spellElement } from './elements';
import { isPartOf, lagrangeAtZero } from './evaluation';

/*
 * A key that no one has (ADR 0043). Each hospital deals: it hides a random number as the constant term of a polynomial of degree t − 1, gives
 * each hospital the polynomial's value at that one's place (Shamir, "How to share a secret", 1979), and shows the coefficients as elements of
 * the group, against which each value is checked (Feldman, "A practical scheme for non-interactive verifiable secret sharing", 1987). The key
 * is the sum of the hidden numbers; a hospital's share of it is the sum of the values it was given.
 */

/** The coefficients, constant term first: a secret of the hospital that deals. */
export type Polynomial = readonly bigint[];

/** What binds a deal to its dealer and its key, so that it stands for no other. */
export type DealContext = string;

const POLYNOMIAL = 'lianyi/function-deal/v1';
const POSSESSION = 'lianyi/function-possession/v1';

/**
 * The polynomial that follows from a secret; the same each time, so that who dealt recognises their own deal and keeps nothing else.
 * @param seed - 32 secret bytes that serve nothing else
 * @param threshold - so many shares make up the key
 */
export function polynomialFrom(seed: Uint8Array, threshold: number): Polynomial {
  return Array.from({ length: threshold }, (_unused, power) => {
    const coefficient = ristretto255_hasher.hashToScalar(concatBytes(seed, Uint8Array.of(power)), { DST: POLYNOMIAL });
    if (coefficient === 0n) throw new Error('a seed that no random source gives');
    return coefficient;
  });
}

/** The coefficients as elements of the group. */
export function commitmentsOf(polynomial: Polynomial): readonly GroupElement[] {
  return polynomial.map((coefficient) => spellElement(Point.BASE.multiply(coefficient)));
}

/**
 * What a dealer gives the holder at a place.
 * @param place - from 1 on: the holder's place in the list of holders
 * @returns 32 bytes, secret
 */
export function shareFor(polynomial: Polynomial, place: number): Uint8Array {
  const at = BigInt(place);
  return Fn.toBytes(polynomial.reduceRight((sum, coefficient) => Fn.add(Fn.mul(sum, at), coefficient), 0n));
}

/** Who deals a key's shares anew: the place of each in the former key, and whose turn it is. */
export interface Resharing {
  readonly places: readonly number[];
  readonly place: number;
}

/**
 * The polynomial by which a holder passes its share on: the hidden number is the share, weighed as one of those who deal, so that what they hide
 * comes to the very key (Desmedt and Jajodia, "Redistributing secret shares to new access structures", 1997; Wong, Wang and Wing, "Verifiable secret
 * redistribution for archive systems", 2002).
 * @param polynomial - secret, of this holder for this dealing; its constant term is not used
 */
export function resharedPolynomial(polynomial: Polynomial, share: Uint8Array, { places, place }: Resharing): Polynomial {
  return [Fn.mul(Fn.fromBytes(share), lagrangeAtZero(places, place)), ...polynomial.slice(1)];
}

/** Tells whether what a holder has dealt anew hides its share of the former key and nothing else. @param publicShare - of the former key */
export function isResharingOf(commitments: readonly GroupElement[], publicShare: GroupElement, { places, place }: Resharing): boolean {
  const point = pointOf(publicShare);
  return point !== undefined && commitments[0] === spellElement(point.multiply(lagrangeAtZero(places, place)));
}

/** Tells whether a share is what the dealer's commitments say that the holder at this place must have been given. */
export function isShareOf(share: Uint8Array, commitments: readonly GroupElement[], place: number): boolean {
  const scalar = scalarOf(share);
  const expected = publicShareOf([commitments], place);
  return scalar !== undefined && expected !== undefined && spellElement(Point.BASE.multiply(scalar)) === expected;
}

/** A holder's share of the key: the sum of what all dealers gave. */
export function sumOfShares(shares: readonly Uint8Array[]): Uint8Array {
  return Fn.toBytes(shares.reduce((sum, share) => Fn.add(sum, Fn.fromBytes(share)), 0n));
}

/**
 * The public half of the share at a place, by which everybody checks what its holder answers.
 * @param deals - the commitments of every dealer
 * @returns undefined where something committed is no element
 */
export function publicShareOf(deals: readonly (readonly GroupElement[])[], place: number): GroupElement | undefined {
  return sumOf(deals, (commitments) => {
    const points = pointsOf(commitments);
    return points?.reduceRight((sum, point) => timesPublic(sum, BigInt(place)).add(point), Point.ZERO);
  });
}

/** The public half of the key; undefined where something committed is no element. */
export function publicKeyOfFunction(deals: readonly (readonly GroupElement[])[]): GroupElement | undefined {
  return sumOf(deals, ([constant]) => (constant === undefined ? undefined : pointOf(constant)));
}

function sumOf(
  deals: readonly (readonly GroupElement[])[],
  valueOf: (commitments: readonly GroupElement[]) => Point | undefined,
): GroupElement | undefined {
  const values = deals.map(valueOf);
  if (!values.every((value) => value !== undefined)) return undefined;
  const sum = values.reduce((total, value) => total.add(value), Point.ZERO);
  return sum.equals(Point.ZERO) ? undefined : spellElement(sum);
}

/** By a public factor; noble refuses to multiply the identity and by zero. */
function timesPublic(point: Point, factor: bigint): Point {
  return point.equals(Point.ZERO) ? point : point.multiplyUnsafe(factor);
}

/**
 * Proves that the dealer knows the number behind the first commitment. Without it, whoever deals last could choose a commitment by those of
 * the others and fix the sum (a rogue key); its form is the proof of RFC 9497 §2.2 over an element that the context gives.
 */
export function provePossession(polynomial: Polynomial, context: DealContext): Possession {
  const [constant = 0n] = polynomial;
  const publicKey = Point.BASE.multiply(constant).toBytes();
  const { evaluated, proof } = ristretto255_oprf.voprf.blindEvaluate(Fn.toBytes(constant), publicKey, bytesOfElement(elementOf(context)));
  return { evaluated: spellElement(evaluated), proof: encodeBase64url(proof) };
}

/** Tells whether the dealer knows the number behind the first commitment. */
export function isPossession({ evaluated, proof }: Possession, commitments: readonly GroupElement[], context: DealContext): boolean {
  const [constant] = commitments;
  return constant !== undefined && isPartOf({ evaluated: [evaluated], proof }, constant, [elementOf(context)]);
}

function elementOf(context: DealContext): GroupElement {
  return spellElement(ristretto255_hasher.hashToCurve(asciiToBytes(context), { DST: POSSESSION }).toBytes());
}

function scalarOf(bytes: Uint8Array): bigint | undefined {
  try {
    const scalar = Fn.fromBytes(bytes);
    return scalar === 0n ? undefined : scalar;
  } catch {
    return undefined; // of another length, or not less than the order
  }
}
