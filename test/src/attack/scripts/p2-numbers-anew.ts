import { type Attack, type AttackOutcome } from '../attack';
import { PinInMemory } from '../pin-in-memory';

/** Eleven guesses were wrong, each with the number one: a majority has written before each that nobody has guessed. */
async function run(): Promise<AttackOutcome> {
  const pin = await PinInMemory.start();
  try {
    const isOpened = await pin.guessAfter(11, () => {
      pin.state = { ...pin.state, state: 'open', attempts: 0, confirmed: 0 };
    });
    return {
      succeeded: isOpened,
      seen: isOpened ? 'the twelfth guess has opened the seed' : `A does not answer: ${pin.refusal ?? 'nothing'}`,
    };
  } finally {
    await pin.hospital.close();
  }
}

export const numbersAnew: Attack = {
  id: 'P2',
  title: 'whoever has found the paper of a PIN begins to count the guesses anew, which a majority endorses',
  defences: [
    {
      file: 'application/ledger-client/src/evidence/written-pin.ts',
      name: 'triedIn',
      body: "return { kind: 'pinTried', ...input, at };",
    },
  ],
  networks: ['embedded'],
  run,
};
