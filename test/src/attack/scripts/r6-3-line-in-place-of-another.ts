import { Inbox } from '@lianyi/client/wallet';
import { instantOf } from '@lianyi/domain';
import { type Attack, type AttackOutcome } from '../attack';
import { hospitalA, lineOf, MemberInMemory, network } from '../member-in-memory';
import { newMemoryWallet } from '../memory-wallet';

/** The hospital’s node tells that a key was released. The witness tells that, at the same place, a card was shown. */
async function run(): Promise<AttackOutcome> {
  const wallet = newMemoryWallet();
  const now = () => instantOf(Date.now());
  const { pseudonym } = await wallet.addRelationship(hospitalA);
  const [node, witness] = [new MemberInMemory(), new MemberInMemory()];
  const truth = lineOf(pseudonym, 'KeyReleased', now());
  node.lines = [truth];
  witness.lines = [{ ...truth, event: 'CardVerified' }];
  const membersOf: ConstructorParameters<typeof Inbox>[1]['membersOf'] = () =>
    Promise.resolve([
      { name: 'node', ledger: node.ledger },
      { name: 'witness', ledger: witness.ledger },
    ]);
  const { notes, unheard } = await new Inbox(wallet, { network, now, membersOf, ledger: node.ledger }).list();
  const told = notes.map(({ line }) => line.event);
  const isTold = told.includes('KeyReleased');
  return { succeeded: !isTold, seen: `the patient is told ${told.join(', ')}; ${unheard[0]?.code ?? 'nobody is said to differ'}` };
}

export const lineInPlaceOfAnother: Attack = {
  id: 'R6-3',
  title: 'a witness that lies puts another line into the place of what the patient’s hospital tells',
  defences: [
    {
      file: 'application/client/src/wallet/note-name.ts',
      name: 'nameOf',
      body: 'const { pseudonym, txId, n } = said as NoteLine; return sha256(`${pseudonym} ${txId} ${n}`);',
    },
  ],
  networks: ['embedded'],
  run,
};
