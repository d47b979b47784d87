import { ristretto255_oprf } from '@noble/curves/ed25519.js';
import { decodeBase64url, encodeBase64url } from '../../encoding/base64url';
import { type EvaluatedPart, type GroupElement } from '../../encoding/values';
import { bytesOfElement, Fn, Point, pointsOf, spellElement } from './elements';

/*
 * The verifiable oblivious pseudo-random function of RFC 9497 (mode VOPRF, suite ristretto255-SHA512), with a key that several hold in shares:
 * each holder evaluates with its share and proves it by the public half, and Lagrange's coefficients put t parts together to what the whole key
 * would have answered (Jarecki, Kiayias, Krawczyk, Xu, "TOPPSS", 2017). Who asks finishes it alone; no holder sees input or output.
 */

const { oprf, voprf } = ristretto255_oprf;
const ONE = Fn.toBytes(1n);
const NOTHING = new Uint8Array();

/** An input that was blinded: what leaves, and the secret that undoes it. */
export interface Blinded {
  readonly blind: Uint8Array;
  readonly blinded: GroupElement;
}

/** One holder's part, and the holder's place. */
export interface PlacedPart {
  readonly place: number;
  readonly evaluated: GroupElement;
}

/**
 * Blinds an input: what comes of it is random and says nothing about the input, whatever is computed.
 * @param random - left out: the platform's secure source
 */
export function blindInput(input: Uint8Array, random?: (bytes?: number) => Uint8Array): Blinded {
  const { blind, blinded } = voprf.blind(input, random as Parameters<typeof voprf.blind>[1]); // noble brands the length of its bytes
  return { blind, blinded: spellElement(blinded) };
}

/**
 * A holder's part of an evaluation, with the proof that it was made with the share behind the public one.
 * @returns undefined where one of the elements is none
 */
export function evaluatePart(share: Uint8Array, publicShare: GroupElement, blinded: readonly GroupElement[]): EvaluatedPart | undefined {
  if (pointsOf(blinded) === undefined) return undefined;
  const { evaluated, proof } = voprf.blindEvaluateBatch(share, bytesOfElement(publicShare), blinded.map(bytesOfElement));
  return { evaluated: evaluated.map((element) => spellElement(element)), proof: encodeBase64url(proof) };
}

/** Tells whether a part was made of these elements with the share behind the public one. */
export function isPartOf({ evaluated, proof }: EvaluatedPart, publicShare: GroupElement, blinded: readonly GroupElement[]): boolean {
  if (evaluated.length !== blinded.length) return false;
  // finished with an input that is none: the proof is checked before, over the elements alone
  const items = blinded.map((element, index) => ({
    ...{ input: NOTHING, blind: ONE, blinded: bytesOfElement(element) },
    evaluated: bytesOfElement(evaluated[index] ?? element),
  }));
  try {
    voprf.finalizeBatch(items, bytesOfElement(publicShare), decodeBase64url(proof) ?? NOTHING);
    return true;
  } catch {
    return false; // a proof of something else, or no element at all
  }
}

/**
 * Finishes an evaluation from the parts of as many holders as the key's threshold: 64 bytes, the same whoever answered.
 * @param parts - of different places; each checked by {@link isPartOf}
 */
export function finishEvaluation(input: Uint8Array, { blind }: Blinded, parts: readonly PlacedPart[]): Uint8Array {
  return oprf.finalize(input, blind, combine(parts).toBytes());
}

function combine(parts: readonly PlacedPart[]): Point {
  const places = parts.map(({ place }) => place);
  if (new Set(places).size !== places.length) throw new Error('two parts of one place');
  const points = pointsOf(parts.map(({ evaluated }) => evaluated));
  if (points === undefined) throw new Error('a part that was not checked');
  return points.reduce((sum, point, index) => sum.add(point.multiply(lagrangeAtZero(places, places[index] ?? 0))), Point.ZERO);
}

/** The factor of the value at a place, for the value at zero of the polynomial through the values at all places. */
export function lagrangeAtZero(places: readonly number[], place: number): bigint {
  const others = places.filter((other) => other !== place);
  return others.reduce((factor, other) => {
    const quotient = Fn.mul(BigInt(other), Fn.inv(Fn.create(BigInt(other - place))));
    return Fn.mul(factor, quotient);
  }, 1n);
}
