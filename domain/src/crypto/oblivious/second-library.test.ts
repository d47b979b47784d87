import { Evaluation, EvaluationRequest, Oprf, VOPRFClient, VOPRFServer } from '@cloudflare/voprf-ts';
import { CryptoNoble } from '@cloudflare/voprf-ts/crypto-noble';
import { decodeBase64url, encodeBase64url } from '../../encoding/base64url';
import { type GroupElement, groupElementSchema } from '../../encoding/values';
import {
  blindInput,
  commitmentsOf,
  evaluatePart,
  finishEvaluation,
  isPartOf,
  polynomialFrom,
  publicKeyOfFunction,
  publicShareOf,
  shareFor,
} from './index';

/*
 * Another library's RFC 9497 (@cloudflare/voprf-ts, mode VOPRF, suite ristretto255-SHA512) beside ours: its client with our holders, our client
 * with its server, and its server with the whole key, which nobody has but a test.
 */

const suite = Oprf.Suite.RISTRETTO255_SHA512;
const polynomial = polynomialFrom(new Uint8Array(32).fill(3), 2);
const deals = [commitmentsOf(polynomial)];
const places = [1, 2, 3];
const whole = shareFor(polynomial, 0);
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const text = (input: string): Uint8Array => new TextEncoder().encode(input);
const bytesOf = (element: string): Uint8Array => decodeBase64url(element) ?? new Uint8Array();
const elementOf = (bytes: Uint8Array): GroupElement => groupElementSchema.parse(encodeBase64url(bytes));
function publicShare(place: number): GroupElement {
  const found = publicShareOf(deals, place);
  if (found === undefined) throw new Error('no element');
  return found;
}
/** Its messages as RFC 9497 spells their elements. */
const requestOf = (elements: readonly GroupElement[]): EvaluationRequest => {
  const group = Oprf.getGroup(suite, CryptoNoble);
  return new EvaluationRequest(elements.map((element) => group.desElt(bytesOf(element))));
};
/** Our part as a message of its own: elements and mode, and behind them the proof. */
function evaluationOf({ evaluated, proof }: { readonly evaluated: readonly GroupElement[]; readonly proof: string }): Evaluation {
  const unproved = new Evaluation(Oprf.Mode.VOPRF, [...requestOf(evaluated).blinded]).serialize();
  return Evaluation.deserialize(suite, Uint8Array.from([...unproved, ...bytesOf(proof)]), CryptoNoble);
}

describe('another library', () => {
  it.each([
    ['one input', ['a']],
    ['several', ['a', '', 'national-id 1']],
    ['an empty one', ['']],
  ])('takes what our holders answer for right, and finishes it as ours: %s', async (_what, inputs) => {
    for (const place of places) {
      const client = new VOPRFClient(suite, bytesOf(publicShare(place)), CryptoNoble);
      const [state, request] = await client.blind(inputs.map(text));
      const blinded = request.blinded.map((element) => elementOf(element.serialize(true)));
      const part = evaluatePart(shareFor(polynomial, place), publicShare(place), blinded);
      if (part === undefined) throw new Error('no part');
      const outputs = await client.finalize(state, evaluationOf(part));
      const server = new VOPRFServer(suite, shareFor(polynomial, place), CryptoNoble);
      for (const [index, output] of outputs.entries()) expect(hex(output)).toBe(hex(await server.evaluate(text(inputs[index] ?? ''))));
    }
  });

  it.each(['a', '', 'insurance 4711', 'x'.repeat(99)])('has of the whole key what ours has of two shares: %s', async (input) => {
    const server = new VOPRFServer(suite, whole, CryptoNoble);
    const expected = hex(await server.evaluate(text(input)));
    for (const pair of [
      [1, 2],
      [1, 3],
      [2, 3],
    ]) {
      const made = blindInput(text(input));
      const parts = pair.map((place) => {
        const part = evaluatePart(shareFor(polynomial, place), publicShare(place), [made.blinded]);
        return { place, evaluated: part?.evaluated[0] ?? made.blinded };
      });
      expect(hex(finishEvaluation(text(input), made, parts))).toBe(expected);
    }
  });

  it('proves what ours takes for right, with the share and with the whole key, and for no other', async () => {
    const made = [blindInput(text('a')).blinded, blindInput(text('b')).blinded];
    const publicKey = publicKeyOfFunction(deals);
    if (publicKey === undefined) throw new Error('no element');
    for (const [key, own] of [
      [shareFor(polynomial, 1), publicShare(1)],
      [whole, publicKey],
    ] as const) {
      const server = new VOPRFServer(suite, key, CryptoNoble);
      const { evaluated, proof } = await server.blindEvaluate(requestOf(made));
      const part = {
        evaluated: evaluated.map((element) => elementOf(element.serialize(true))),
        proof: encodeBase64url(proof?.serialize() ?? new Uint8Array()),
      };
      expect(isPartOf(part, own, made)).toBe(true);
      expect(isPartOf(part, publicShare(2), made)).toBe(false);
    }
  });

  it('refuses, as ours, a part of another holder', async () => {
    const client = new VOPRFClient(suite, bytesOf(publicShare(1)), CryptoNoble);
    const [state, request] = await client.blind([text('a')]);
    const part = evaluatePart(shareFor(polynomial, 2), publicShare(2), [
      elementOf(request.blinded[0]?.serialize(true) ?? new Uint8Array()),
    ]);
    if (part === undefined) throw new Error('no part');
    await expect(client.finalize(state, evaluationOf(part))).rejects.toThrow('proof');
  });
});
