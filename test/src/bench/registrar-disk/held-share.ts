import { join } from 'node:path';
import { pairSecret, pairTag, openMessage, placeOfHolder, publicShareOfHolder } from '@lianyi/client/matching';
import { loadKeyFile } from '@lianyi/client/node';
import {
  canonicalJson,
  decodeBase64url,
  type FunctionKeyId,
  type GroupElement,
  type MspId,
  mspIdSchema,
  newRequest,
  transactions,
} from '@lianyi/domain';
import { blindInput, evaluatePart, finishEvaluation, sumOfShares } from '@lianyi/domain/oblivious';
import { type Hospital } from '@lianyi/workbench';
import { type Scenario } from '../../scenario/scenario';
import { type Form } from '../dictionary/attack';
import { SYSTEM } from '../dictionary/numbered-patients';

/** One hospital's share of the function key. */
export interface HeldShare {
  readonly place: number;
  readonly share: Uint8Array;
  readonly publicShare: GroupElement;
}

/** Opens what a hospital was dealt, with the key that lies on its disk. */
export async function heldShareOf(scenario: Scenario, { member }: Hospital, keyId: FunctionKeyId): Promise<HeldShare> {
  const to = mspIdSchema.parse(member.mspId);
  const ledger = await scenario.ledger(scenario.a);
  const dealt = await ledger.evaluate(newRequest(transactions.GetFunctionKey, { keyId }));
  const privateKey = await loadKeyFile(join(scenario.consortium.data.node(member.mspId), 'kem.pem'));
  const { channel, genesis } = scenario.network;
  const shares = dealt.deals.map(({ mspId: dealer, shares: ofDeal }) => {
    const own = ofDeal.find(({ mspId }) => mspId === to);
    const organisationKeyEpoch = own?.organisationKeyEpoch ?? 0;
    const context = { t: 'lianyi/function-share/v1', channel, genesis, keyId, dealer, to, organisationKeyEpoch } as const;
    return openMessage(decodeBase64url(own?.sealed ?? '') ?? new Uint8Array(), privateKey, context);
  });
  return {
    place: placeOfHolder(dealt.key, to),
    share: sumOfShares(await Promise.all(shares)),
    publicShare: publicShareOfHolder(dealt, to),
  };
}

/** What some shares make of numbers, put together as if they were enough (ADR 0043). */
function outputsOf(numbers: readonly string[], held: readonly HeldShare[]): readonly Uint8Array[] {
  const inputs = numbers.map((number) => new TextEncoder().encode(canonicalJson(['lianyi/match/v1', SYSTEM, number])));
  const blinded = inputs.map((input) => blindInput(input));
  const elements = blinded.map((each) => each.blinded);
  const parts = held.map(({ place, share, publicShare }) => ({ place, part: evaluatePart(share, publicShare, elements) }));
  return inputs.map((input, index) => {
    const own = blinded[index] ?? blindInput(input);
    return finishEvaluation(
      input,
      own,
      parts.map(({ place, part }) => ({ place, evaluated: part?.evaluated[index] ?? own.blinded })),
    );
  });
}

/** The forms of numbers that the function makes by some shares: its output, and each pair's tag and secret. */
export function functionForms(
  numbers: readonly string[],
  held: readonly HeldShare[],
  mspIds: readonly MspId[],
): ReadonlyMap<string, Form[]> {
  const pairs = mspIds.flatMap((one, index) => mspIds.slice(index + 1).map((other) => [one, other] as const));
  const outputs = outputsOf(numbers, held);
  return new Map(
    numbers.map((number, index) => {
      const output = outputs[index] ?? new Uint8Array();
      const ofPairs = pairs.flatMap(([one, other]): Form[] => [
        [`tag of ${one} and ${other}`, Buffer.from(pairTag(output, one, other), 'base64url')],
        [`secret of ${one} and ${other}`, Buffer.from(pairSecret(output, one, other), 'base64url')],
      ]);
      return [number, [['output of the function', Buffer.from(output)], ...ofPairs]];
    }),
  );
}
