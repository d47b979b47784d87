import { type Attack, type AttackOutcome } from '../attack';
import { PinInMemory } from '../pin-in-memory';

/** Eleven guesses were wrong. Before each, a majority has written that all before were proved right. */
async function run(): Promise<AttackOutcome> {
  const pin = await PinInMemory.start();
  try {
    const isOpened = await pin.guessAfter(11, (count) => {
      pin.state = { ...pin.state, state: 'open', attempts: count, confirmed: count };
    });
    return {
      succeeded: isOpened,
      seen: isOpened ? 'the twelfth guess has opened the seed' : `A does not answer: ${pin.refusal ?? 'nothing'}`,
    };
  } finally {
    await pin.hospital.close();
  }
}

export const countWrittenBack: Attack = {
  id: 'P1',
  title: 'whoever has found the paper of a PIN guesses beyond ten, while a majority writes the state’s count back',
  defences: [
    {
      file: 'application/member-node/src/pins/pin-answers.ts',
      name: 'PinAnswers.#answerable',
      body: 'if (pin?.guess === undefined) throw notFound(guess); return pin.guess;',
    },
  ],
  networks: ['embedded'],
  run,
};
