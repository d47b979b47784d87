import { type Attack, type AttackOutcome } from '../attack';
import { askForKey } from '../key-service-in-memory';

/** B has asked for a key; B and C write over the patient's prohibition before the ledger decides the release. */
async function run(): Promise<AttackOutcome> {
  let isSigned = true;
  const meanwhile = (): void => {
    isSigned = false;
  };
  const word = () => (isSigned ? ({ kind: 'given' } as const) : ({ kind: 'unproven' } as const));
  const code = await askForKey({ meanwhile, word, standing: () => Promise.resolve({}) });
  return { succeeded: code === undefined, seen: code === undefined ? 'the key left by what two hospitals wrote' : `no key: ${code}` };
}

export const writtenOverMeanwhile: Attack = {
  id: 'H2e',
  title: 'two hospitals write over a patient’s prohibition while the release that they have asked for is under way',
  defences: [
    { file: 'application/member-node/src/keys/key-service.ts', name: 'KeyService.#assertStillFounded', body: 'return Promise.resolve();' },
  ],
  networks: ['embedded'],
  run,
};
