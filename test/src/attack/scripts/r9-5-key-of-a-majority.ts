import { blindInput, polynomialFrom, resharedPolynomial, shareFor, sumOfShares } from '@lianyi/domain/oblivious';
import { type Attack, type AttackOutcome } from '../attack';
import { dealOf, four, keyEntry, nodeOfA } from '../function-keys-in-memory';
import { refusedWith } from '../staff';

const [, B, C, D] = four;
const file = 'application/member-node/src/matching/said-keys.ts';

/**
 * Those who write the state write deals for the key of four hospitals that nobody has dealt, and a newer key that comes of these: they know all of it, A's
 * share as well. Then a registrar of A has a number evaluated by the newest key.
 */
async function run(): Promise<AttackOutcome> {
  const forged = four.map((_mspId, index) => polynomialFrom(new Uint8Array(32).fill(40 + index), 3));
  const former = {
    key: keyEntry({ keyId: 'f-1', state: 'superseded' }),
    deals: await Promise.all(four.map((mspId, index) => dealOf('f-1', mspId, forged[index] ?? []))),
  };
  const dealers = [B, C, D];
  const places = [2, 3, 4];
  const nonce = 'A'.repeat(22);
  const key = keyEntry({ keyId: 'f-2', dealt: dealers, reshares: { keyId: 'f-1', dealers, nonce } });
  const deals = await Promise.all(
    dealers.map((mspId, index) => {
      const place = places[index] ?? 0;
      const share = sumOfShares(forged.map((polynomial) => shareFor(polynomial, place)));
      return dealOf('f-2', mspId, resharedPolynomial(polynomialFrom(new Uint8Array(32).fill(50 + index), 3), share, { places, place }));
    }),
  );
  const node = nodeOfA((_name, { keyId }) => (keyId === 'f-1' ? former : { key, deals }), {});
  const refused = await refusedWith(node.partOf({ key, deals }, [blindInput(new Uint8Array(8)).blinded]));
  return {
    succeeded: refused === undefined,
    seen: refused === undefined ? 'A evaluates by a key that others know whole' : `A’s node: ${refused}`,
  };
}

export const keyOfAMajority: Attack = {
  id: 'R9-5',
  title: 'a majority writes a newer key for matching that comes of deals which nobody has made, and another hospital evaluates by it',
  defences: [
    { file, name: 'SaidKeys.assertUsable', body: '' },
    { file, name: 'SaidKeys.assertSaid', body: '' },
  ],
  networks: ['embedded'],
  run,
};
