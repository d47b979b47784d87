import { openDuplicateNote } from '@lianyi/client/matching';
import { type Attack, type AttackOutcome } from '../attack';
import { hospitals, keyInMemory, network, ofA, RegistrarInMemory } from '../registrar-in-memory';

const [, B] = hospitals;

/** A looks for its patient's number. B has never seen it, and shows what it was asked with. */
async function run(): Promise<AttackOutcome> {
  const registrar = new RegistrarInMemory({
    keys: [keyInMemory('f-1', 1, Date.now())],
    showing: ({ mspId, proof }) => (mspId === B ? proof : undefined),
  });
  const { found, silent } = await registrar.look();
  const [opened] = registrar.opened;
  if (opened === undefined) return { succeeded: false, seen: `found ${found.length}, B: ${silent[0]?.code ?? 'not named'}` };
  const place = { network, caseId: opened.caseId, step: 'open' } as const;
  const { pseudonym } = await openDuplicateNote(opened.sealed, place, { mspId: B, privateKey: registrar.privateKeyOf(B) });
  return { succeeded: pseudonym === ofA, seen: 'B knows which pseudonym of A the tag belongs to' };
}

export const echoedTag: Attack = {
  id: 'R7-7',
  title: 'a hospital says of every number that it knows it, and is told of each whose it is',
  defences: [{ file: 'application/client/src/matching/match-tag.ts', name: 'isProofOfMatch', body: 'return true;' }],
  networks: ['embedded'],
  run,
};
