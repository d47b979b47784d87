import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { openDuplicateNote } from '@lianyi/client/matching';
import { type Attack, type AttackOutcome } from '../attack';
import { hospitals, keyInMemory, network, RegistrarInMemory } from '../registrar-in-memory';

const [, B] = hospitals;

/** Those who write the state have written an encapsulation key of their own beside B's; A's registrar finds that B knows a number. */
async function run(): Promise<AttackOutcome> {
  const theirs = newPrivateKey();
  const registrar = new RegistrarInMemory({
    keys: [keyInMemory('f-1', 1, Date.parse('2026-05-01T08:00:00.000Z'))],
    showing: (question, right) => (question.mspId === B ? right : undefined),
    writtenOver: new Map([[B, publicKeyOf(theirs)]]),
  });
  const { silent } = await registrar.look();
  const [opened] = registrar.opened;
  if (opened === undefined) {
    const code = silent.find(({ mspId }) => mspId === B)?.code ?? 'nothing';
    return { succeeded: false, seen: `no case was opened with B: ${code}` };
  }
  const place = { network, caseId: opened.caseId, step: 'open' } as const;
  const note = await openDuplicateNote(opened.sealed, place, { mspId: B, privateKey: theirs }).catch(() => undefined);
  return { succeeded: note !== undefined, seen: note === undefined ? 'the note of B opens for B alone' : 'others read A’s pseudonym' };
}

export const noteForOthers: Attack = {
  id: 'R13-4',
  title: 'a majority writes an encapsulation key of its own beside another hospital’s, and reads which pseudonyms two hospitals join',
  defences: [{ file: 'application/client/src/matching/registered-keys.ts', name: 'assertRegisteredKeys', body: 'return;' }],
  networks: ['embedded'],
  run,
};
