import { type Attack, type AttackOutcome } from '../attack';
import { PinInMemory } from '../pin-in-memory';

/** Eleven guesses were wrong, each with the number one: a majority has written before each that nobody has guessed. */
async function run(): Promise<AttackOutcome> {
  const pin = await PinInMemory.start();
  try {
    const isOpened = await pin.guessAfter(11, () => {
      pin.state = { ...pin.state, state: 'open', attempts: 0, confirmed: 0 };
    });
    const seen = isOpened ? 'the twelfth guess has opened the seed' : 'A has answered the first guess, and none that came after it';
    return { succeeded: isOpened, seen };
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
