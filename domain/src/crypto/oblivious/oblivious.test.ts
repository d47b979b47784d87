import { ristretto255, ristretto255_oprf } from '@noble/curves/ed25519.js';
import { encodeBase64url } from '../../encoding/base64url';
import { type GroupElement, groupElementSchema } from '../../encoding/values';
import { publishedFunction } from './published-function.fixture';
import {
  blindInput,
  commitmentsOf,
  evaluatePart,
  finishEvaluation,
  isPartOf,
  isPossession,
  isShareOf,
  type Polynomial,
  polynomialFrom,
  provePossession,
  publicKeyOfFunction,
  publicShareOf,
  shareFor,
  sumOfShares,
} from './index';

const { Fn } = ristretto255.Point;
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const element = (text: string): GroupElement => groupElementSchema.parse(encodeBase64url(bytes(text)));
const seed = (number: number): Uint8Array => new Uint8Array(32).fill(number);
const input = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The random bytes from which noble makes this very scalar (FIPS 186-5, A.4.2: modulo n − 1, plus one). */
function randomFor(scalar: Uint8Array): (length?: number) => Uint8Array {
  const wanted = Fn.toBytes(Fn.fromBytes(scalar) - 1n);
  return (length = 0) => Uint8Array.from({ length }, (_unused, index) => wanted[index] ?? 0);
}

/** A key that `holders` hospitals have dealt together, `threshold` of whom answer. */
function dealt(holders: number, threshold: number) {
  const polynomials = Array.from({ length: holders }, (_unused, dealer) => polynomialFrom(seed(dealer + 1), threshold));
  const deals = polynomials.map(commitmentsOf);
  const places = polynomials.map((_polynomial, index) => index + 1);
  const shares = places.map((place) => sumOfShares(polynomials.map((polynomial) => shareFor(polynomial, place))));
  return { polynomials, deals, places, shares };
}

function publicShare(deals: readonly (readonly GroupElement[])[], place: number): GroupElement {
  const found = publicShareOf(deals, place);
  if (found === undefined) throw new Error('no element');
  return found;
}

/** Lists of so many of the places, in every choice. */
function choices(places: readonly number[], count: number): readonly (readonly number[])[] {
  if (count === 0) return [[]];
  return places.flatMap((place, index) => choices(places.slice(index + 1), count - 1).map((rest) => [place, ...rest]));
}

describe('the function that hospitals evaluate together', () => {
  describe.each(publishedFunction.vectors)(
    'vector of RFC 9497, input $inputs',
    ({ inputs, blinds, blinded, evaluated, outputs, proof }) => {
      it('blinds, checks the published proof, and finishes as published', () => {
        const made = inputs.map((each, index) => blindInput(bytes(each), randomFor(bytes(blinds[index] ?? ''))));
        expect(made.map((each) => each.blinded)).toEqual(blinded.map(element));
        const part = { evaluated: evaluated.map(element), proof: encodeBase64url(bytes(proof)) };
        expect(isPartOf(part, element(publishedFunction.publicKey), blinded.map(element))).toBe(true);
        const finished = made.map((each, index) =>
          finishEvaluation(bytes(inputs[index] ?? ''), each, [{ place: 1, evaluated: element(evaluated[index] ?? '') }]),
        );
        expect(finished.map(hex)).toEqual(outputs);
      });

      it('comes to the same whichever three of four holders of the published key’s shares answer', () => {
        const polynomial: Polynomial = [Fn.fromBytes(bytes(publishedFunction.secretKey)), ...polynomialFrom(seed(9), 2)];
        const deals = [commitmentsOf(polynomial)];
        expect(publicKeyOfFunction(deals)).toBe(element(publishedFunction.publicKey));
        const made = blindInput(bytes(inputs[0]), randomFor(bytes(blinds[0])));
        const parts = [1, 2, 3, 4].map((place) => {
          const part = evaluatePart(shareFor(polynomial, place), publicShare(deals, place), [made.blinded]);
          if (part === undefined) throw new Error('no part');
          expect(isPartOf(part, publicShare(deals, place), [made.blinded])).toBe(true);
          return { place, evaluated: part.evaluated[0] ?? made.blinded };
        });
        for (const three of choices([0, 1, 2, 3], 3)) {
          const chosen = three.flatMap((index) => parts[index] ?? []);
          expect(hex(finishEvaluation(bytes(inputs[0]), made, chosen))).toBe(outputs[0]);
        }
        // two of them come to something else
        expect(hex(finishEvaluation(bytes(inputs[0]), made, parts.slice(0, 2)))).not.toBe(outputs[0]);
      });
    },
  );

  it.each([
    [3, 2],
    [4, 3],
    [5, 3],
    [7, 4],
  ])('a key that %i hospitals have dealt is what noble evaluates with the whole key, with %i answers', (holders, threshold) => {
    const { polynomials, deals, places, shares } = dealt(holders, threshold);
    const wholeKey = Fn.toBytes(polynomials.reduce((sum, [constant = 0n]) => Fn.add(sum, constant), 0n));
    expect(publicKeyOfFunction(deals)).toBe(encodeBase64url(ristretto255.Point.BASE.multiply(Fn.fromBytes(wholeKey)).toBytes()));
    const made = blindInput(input('national-id 11010519491231002X'));
    const parts = places.slice(-threshold).map((place) => {
      const part = evaluatePart(shares[place - 1] ?? seed(0), publicShare(deals, place), [made.blinded]);
      return { place, evaluated: part?.evaluated[0] ?? made.blinded };
    });
    const whole = ristretto255_oprf.voprf.blindEvaluate(
      wholeKey,
      ristretto255.Point.BASE.toBytes(),
      Buffer.from(made.blinded, 'base64url'),
    );
    const expected = ristretto255_oprf.oprf.finalize(input('national-id 11010519491231002X'), made.blind, whole.evaluated);
    expect(hex(finishEvaluation(input('national-id 11010519491231002X'), made, parts))).toBe(hex(expected));
  });

  it('one input has one output and as many blinded forms as it is asked for', () => {
    const { deals, shares } = dealt(3, 2);
    const evaluate = (text: string): readonly [string, string] => {
      const made = blindInput(input(text));
      const parts = [1, 3].map((place) => {
        const part = evaluatePart(shares[place - 1] ?? seed(0), publicShare(deals, place), [made.blinded]);
        return { place, evaluated: part?.evaluated[0] ?? made.blinded };
      });
      return [made.blinded, hex(finishEvaluation(input(text), made, parts))];
    };
    const [first, second, other] = [evaluate('a'), evaluate('a'), evaluate('b')];
    expect(first[0]).not.toBe(second[0]);
    expect(first[1]).toBe(second[1]);
    expect(other[1]).not.toBe(first[1]);
  });
});

describe('a part of an evaluation', () => {
  const { deals, shares } = dealt(3, 2);
  const asked = [blindInput(input('a')).blinded, blindInput(input('b')).blinded];
  const answer = (place: number) => {
    const part = evaluatePart(shares[place - 1] ?? seed(0), publicShare(deals, place), asked);
    if (part === undefined) throw new Error('no part');
    return part;
  };

  it('is told from one of another holder, of other elements, in another order, and of fewer', () => {
    const part = answer(1);
    expect(isPartOf(part, publicShare(deals, 1), asked)).toBe(true);
    expect(isPartOf(part, publicShare(deals, 2), asked)).toBe(false);
    expect(isPartOf(part, publicShare(deals, 1), [...asked].reverse())).toBe(false);
    expect(isPartOf(part, publicShare(deals, 1), asked.slice(0, 1))).toBe(false);
    expect(isPartOf({ ...part, evaluated: [...part.evaluated].reverse() }, publicShare(deals, 1), asked)).toBe(false);
    expect(isPartOf({ ...part, evaluated: answer(2).evaluated }, publicShare(deals, 1), asked)).toBe(false);
  });

  it('is refused with any byte of its proof changed', () => {
    const part = answer(1);
    const proof = Buffer.from(part.proof, 'base64url');
    for (const index of [0, 17, 31, 32, 50, 63]) {
      const changed = Buffer.from(proof);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(isPartOf({ ...part, proof: changed.toString('base64url') }, publicShare(deals, 1), asked)).toBe(false);
    }
  });

  it.each([
    ['the identity', '00'.repeat(32)],
    ['a field element that is no encoding (RFC 9496, A.3)', '00'.repeat(31) + '80'],
    ['all ones', 'ff'.repeat(32)],
    ['a negative field element', '01' + '00'.repeat(31)],
  ])('is not made of %s', (_what, text) => {
    expect(evaluatePart(shares[0] ?? seed(0), publicShare(deals, 1), [element(text)])).toBeUndefined();
    expect(isPartOf(answer(1), publicShare(deals, 1), [element(text), asked[1] ?? element(text)])).toBe(false);
  });
});

describe('a share that a hospital was dealt', () => {
  const polynomial = polynomialFrom(seed(7), 3);
  const commitments = commitmentsOf(polynomial);

  it('fits the commitments at its own place and at no other', () => {
    for (const place of [1, 2, 3, 4, 5]) {
      const share = shareFor(polynomial, place);
      expect([1, 2, 3, 4, 5].filter((other) => isShareOf(share, commitments, other))).toEqual([place]);
    }
  });

  it.each([
    ['a bit changed', (share: Uint8Array) => share.map((byte, index) => (index === 3 ? byte ^ 4 : byte))],
    ['zero', () => new Uint8Array(32)],
    ['not less than the order', () => new Uint8Array(32).fill(0xff)],
    ['too short', (share: Uint8Array) => share.subarray(1)],
    ['empty', () => new Uint8Array()],
  ])('is refused when it is %s', (_what, change) => {
    expect(isShareOf(change(shareFor(polynomial, 2)), commitments, 2)).toBe(false);
  });

  it('of another dealer is refused', () => {
    expect(isShareOf(shareFor(polynomialFrom(seed(8), 3), 2), commitments, 2)).toBe(false);
  });
});

describe('the proof that a dealer knows what it hides', () => {
  const polynomial = polynomialFrom(seed(7), 2);
  const commitments = commitmentsOf(polynomial);
  const proven = provePossession(polynomial, 'key-1 HospitalAMSP');

  it('stands for this dealer and this key alone', () => {
    expect(isPossession(proven, commitments, 'key-1 HospitalAMSP')).toBe(true);
    expect(isPossession(proven, commitments, 'key-2 HospitalAMSP')).toBe(false);
    expect(isPossession(proven, commitments, 'key-1 HospitalBMSP')).toBe(false);
    expect(isPossession(proven, commitmentsOf(polynomialFrom(seed(8), 2)), 'key-1 HospitalAMSP')).toBe(false);
    expect(isPossession(proven, [], 'key-1 HospitalAMSP')).toBe(false);
  });

  it('cannot be given for a commitment that cancels those of the others', () => {
    const others = [commitmentsOf(polynomialFrom(seed(1), 2)), commitmentsOf(polynomialFrom(seed(2), 2))];
    const own = 12_345n;
    const { Point } = ristretto255;
    const rogue = others.reduce(
      (sum, [constant = '']) => sum.subtract(Point.fromBytes(Buffer.from(constant, 'base64url'))),
      Point.BASE.multiply(own),
    );
    const [, second = commitments[0]] = commitments;
    const chosen = [groupElementSchema.parse(encodeBase64url(rogue.toBytes())), second ?? element('')];
    // the sum would be a number that the last dealer knows
    expect(publicKeyOfFunction([...others, chosen])).toBe(encodeBase64url(Point.BASE.multiply(own).toBytes()));
    expect(isPossession(provePossession([own, 1n], 'key-1 HospitalAMSP'), chosen, 'key-1 HospitalAMSP')).toBe(false);
  });
});
