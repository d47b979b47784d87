import { guessPin, placeOfPinHolder, publicShareOfPin } from '@lianyi/client/pins';
import { instantOf, type Ledger, type Pin, pseudonymSchema, type SignedRequest, type TransactionEntry } from '@lianyi/domain';
import { commitmentsOf, evaluatePart, polynomialFrom, shareFor } from '@lianyi/domain/oblivious';
import { type Attack, type AttackOutcome } from '../attack';
import { network } from '../member-in-memory';
import { PIN, pinHospitals, pinInMemory } from '../dealt-pin';
import { refusedWith } from '../staff';

/** The node that somebody comes back through shows commitments of its own, and answers by them: what comes of the right PIN opens nothing. */
async function run(): Promise<AttackOutcome> {
  const { code, entry } = await pinInMemory(network, pseudonymSchema.parse('p-1'), Date.now());
  if (entry.vault === undefined) throw new Error('nothing was dealt');
  const polynomial = polynomialFrom(new Uint8Array(32).fill(5), entry.vault.threshold);
  const vault = { ...entry.vault, commitments: [...commitmentsOf(polynomial)] };
  const shown: Pin = { ...entry, vault };
  let guesses = 0;
  let blinded: Parameters<typeof evaluatePart>[2] = [];
  const ledger = {
    evaluate: () => Promise.resolve(shown),
    submit: ({ input }: SignedRequest<TransactionEntry>) => {
      guesses += 1;
      blinded = [(input as { readonly blinded: (typeof blinded)[number] }).blinded];
      return Promise.resolve({ result: { left: 9 } });
    },
  } as unknown as Ledger; // as much of a ledger as a guess asks
  const answers = () =>
    pinHospitals.map((mspId) => {
      const share = publicShareOfPin(vault, mspId);
      if (share === undefined) throw new Error('no holder');
      return { mspId, part: evaluatePart(shareFor(polynomial, placeOfPinHolder(vault, mspId)), share, blinded) };
    });
  const node = { ask: () => Promise.resolve({ answers: answers(), silent: [] }) } as never; // the one operation of a guess
  const refused = await refusedWith(guessPin({ pin: PIN, code }, { network, ledger, node, now: () => instantOf(Date.now()) }));
  return {
    succeeded: refused === 'PIN_WRONG' && guesses === 1,
    seen: `the right PIN: ${refused ?? 'right'}; guesses that were signed: ${guesses}`,
  };
}

export const rightPinCalledWrong: Attack = {
  id: 'R9-2',
  title: 'a node shows another entry to somebody who comes back by a PIN, calls the right one wrong, and has ten guesses used up',
  defences: [{ file: 'application/client/src/pin/find-pin.ts', name: 'assertAsDealt', body: '' }],
  networks: ['embedded'],
  run,
};
