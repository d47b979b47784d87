import { Inbox } from '@lianyi/client/wallet';
import { instantOf } from '@lianyi/domain';
import { type Attack, type AttackOutcome } from '../attack';
import { hospitalA, hospitalB, lineOf, MemberInMemory, network } from '../member-in-memory';
import { newMemoryWallet } from '../memory-wallet';

/** The patient asks B for the notes of their pseudonym at B, who answers with a line about a pseudonym of A. */
async function run(): Promise<AttackOutcome> {
  const wallet = newMemoryWallet();
  const now = () => instantOf(Date.now());
  const [{ pseudonym: atA }, { pseudonym: atB }] = [await wallet.addRelationship(hospitalA), await wallet.addRelationship(hospitalB)];
  const [a, b] = [new MemberInMemory(), new MemberInMemory()];
  b.lines = [lineOf(atA, 'RelationshipProposed', now())];
  const membersOf: ConstructorParameters<typeof Inbox>[1]['membersOf'] = (pseudonym) =>
    Promise.resolve([pseudonym === atA ? { name: 'a', ledger: a.ledger } : { name: 'b', ledger: b.ledger }]);
  const { notes, unheard } = await new Inbox(wallet, { network, now, membersOf, ledger: a.ledger }).list();
  const isTaken = notes.some(({ line }) => line.pseudonym === atA) || b.signers.has(atA);
  return {
    succeeded: isTaken,
    seen: isTaken
      ? 'the patient is told what B says of the pseudonym at A, as if it stood there'
      : `B has questions by ${b.signers.has(atB) ? 'its own pseudonym' : 'no pseudonym'} only; the patient is told ${unheard[0]?.code ?? 'nothing'}`,
  };
}

export const askedAboutAnother: Attack = {
  id: 'R6-2',
  title: 'a node answers about another pseudonym than it was asked about, and the wallet takes that for the patient’s',
  defences: [{ file: 'application/client/src/member-api/member-node-ledger.ts', name: 'assertAnswersQuestion', body: '' }],
  networks: ['embedded'],
  run,
};
