import { type Attack, type AttackOutcome } from '../attack';
import { askForKey, type Seen } from '../key-service-in-memory';

const honest: Seen = { meanwhile: () => undefined, word: () => ({ kind: 'given' }), standing: () => Promise.resolve({}) };

/** What A's own peer, or the witness's, says that is not so; nobody else says it. */
const lies: Readonly<Record<string, Partial<Seen>>> = {
  'an evaluation shows another permit': { showsAnother: (whose) => whose === 'own' },
  'an invalid decision is called valid': { sighted: (whose, id) => (id === 'decision' && whose === 'witness' ? 'invalid' : 'valid') },
  'an invalid release is called valid': { sighted: (whose, id) => (id === 'release' && whose === 'witness' ? 'invalid' : 'valid') },
  'a decision that nobody else has': { sighted: (whose, id) => (id === 'decision' && whose === 'witness' ? 'hidden' : 'valid') },
  'a release that nobody else has': { sighted: (whose, id) => (id === 'release' && whose === 'witness' ? 'hidden' : 'valid') },
  'the own peer hides a decision': { sighted: (whose, id) => (id === 'decision' && whose === 'own' ? 'hidden' : 'valid') },
};

async function run(): Promise<AttackOutcome> {
  if ((await askForKey(honest)) !== undefined) throw new Error('a key is refused where nobody lies');
  const believed: string[] = [];
  for (const [lie, seen] of Object.entries(lies)) if ((await askForKey({ ...honest, ...seen })) === undefined) believed.push(lie);
  const names = believed.length === 0 ? 'none' : believed.join('; ');
  return { succeeded: believed.length > 0, seen: `keys that left on one peer’s word in ${Object.keys(lies).length} lies: ${names}` };
}

/**
 * Row A13 where it would cost a key: A's gateway peer lies on an evaluation and on what was committed, or hides it, and A's key service has C's peer besides. Of other
 * lies by whoever stands between: an evaluation, to a reader (M4, R6-2, R6-3), in another member's name (M3); a commit status, to a wallet (H1, M1, R5-6); what waits or
 * has happened, hidden (R7-2, R9-1, R9-4); a block that nobody ordered (M2).
 */
export const lyingPeer: Attack = {
  id: 'A13',
  title: 'a hospital’s own peer lies on what was decided or committed, or hides it, and its key service believes it',
  defences: [
    { file: 'application/member-node/src/keys/key-service.ts', name: 'KeyService.#confirmedBy', body: 'return witnesses;' },
    { file: 'application/member-node/src/keys/key-service.ts', name: 'KeyService.#agreedTicket', body: 'return ownTicket;' },
  ],
  networks: ['embedded'],
  run,
};
