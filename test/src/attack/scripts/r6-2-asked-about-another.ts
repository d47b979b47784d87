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
    Promise.resolve([(pseudonym === atA ? a : b).ledger]);
  const { unheard } = await new Inbox(wallet, { network, now, membersOf, ledger: a.ledger }).list();
  const isJoined = b.signers.has(atA);
  return {
    succeeded: isJoined,
    seen: isJoined
      ? 'B has a question signed by the patient’s pseudonym at A: it is the same patient'
      : `B has questions by ${b.signers.has(atB) ? 'its own pseudonym' : 'no pseudonym'} only; the patient is told ${unheard[0]?.code ?? 'nothing'}`,
  };
}

export const askedAboutAnother: Attack = {
  id: 'R6-2',
  title: 'a node answers about another pseudonym than it was asked about, and the wallet shows it that both are its own',
  defences: [
    { file: 'application/client/src/member-api/answer-asked.ts', name: 'assertAnswersQuestion', body: '' },
    {
      file: 'application/client/src/wallet/inbox.ts',
      name: 'Inbox.#answersTo',
      body: [
        'const { pseudonym } = told.line;',
        'return openAnswers({ ...told, pseudonym }, (request) => this.#ask(members[0], pseudonym, request)).catch(() => ({}));',
      ].join(' '),
    },
  ],
  networks: ['embedded'],
  run,
};
