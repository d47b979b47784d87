import { DomainError, encodeOutcome, type Instant, instantSchema, newRequest, pseudonymSchema, sha256, transactions } from '@lianyi/domain';
import { MemberApi } from './member-api';
import { assertAnswersQuestion, MemberNodeLedger } from './member-node-ledger';

const own = pseudonymSchema.parse('a'.repeat(43));
const other = pseudonymSchema.parse('b'.repeat(43));
const NOW: Instant = instantSchema.parse('2026-11-22T08:00:00.000Z');
const lineOf = (pseudonym: unknown): object => ({
  ...{ schemaVersion: 1, pseudonym, at: NOW, txId: 'tx', n: 0, event: 'RecordAnchored' },
  actor: { kind: 'staff', mspId: 'HospitalAMSP', actorTag: sha256('tag') },
});
const lists = ['ListForPatient', 'ListPolicies', 'ListRecords', 'ListPointers', 'ListDelegations', 'ListRecoveries'] as const;

/** The ledger through a node that answers all questions the same. */
function answering(result: unknown): MemberNodeLedger {
  const body = new TextEncoder().encode(JSON.stringify(encodeOutcome({ result })));
  const exchange = () => Promise.resolve({ status: 200, headers: {}, body });
  return new MemberNodeLedger(new MemberApi({ url: 'https://node.example', close: () => undefined, exchange }));
}

describe('an answer', () => {
  it.each(lists)('of %s is about the pseudonym that was asked about', (name) => {
    const question = { pseudonym: own, limit: 10 };
    expect(transactions[name].request.safeParse(question).success).toBe(true);
    expect(() => {
      assertAnswersQuestion(question, { items: [{ pseudonym: own }, { pseudonym: own }] });
    }).not.toThrow();
    for (const items of [[{ pseudonym: other }], [{ pseudonym: own }, { pseudonym: other }], [{ pseudonym: other }, { pseudonym: own }]])
      expect(() => {
        assertAnswersQuestion(question, { items });
      }).toThrow(DomainError);
  });

  it.each([
    [{ pseudonym: own }, { pseudonym: other }, 'pseudonym'],
    [{ pseudonym: own, recordId: 'r1', version: 1 }, { pseudonym: own, recordId: 'r1', version: 2 }, 'version'],
    [{ pseudonym: own, delegationId: 'd1' }, { pseudonym: own, delegationId: 'd2' }, 'delegationId'],
    [{ ticketId: 't1', releaseId: 'x' }, { ticketId: 't2', releaseId: 'x' }, 'ticketId'],
    [{ mspId: 'A', limit: 3 }, { items: [{ mspId: 'B' }] }, 'mspId'],
    [{ ticketId: 't1' }, { emergency: { ticketId: 't2' }, isOverdue: false }, 'ticketId'],
    [{ pseudonym: own }, { items: [{ emergency: { pseudonym: own } }, { emergency: { pseudonym: other } }] }, 'pseudonym'],
    [{ pseudonym: own, number: 1 }, { correction: { pseudonym: own, number: 1 }, word: { pseudonym: own, number: 2 } }, 'number'],
  ])('to %j is none if it is %j', (question, answer, field) => {
    let thrown: unknown;
    try {
      assertAnswersQuestion(question, answer);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'ANSWER_DIFFERS', details: { field } });
  });

  it('repeats nothing that it need not', () => {
    const entry = { pseudonym: own, proposedBy: { pseudonym: other } }; // who else has to do with it
    for (const answer of [{ items: [] }, {}, undefined, 'text', { effect: 'permit' }, { slots: [{ slotId: 's' }] }, entry])
      expect(() => {
        assertAnswersQuestion({ pseudonym: own, limit: 1, question: { pseudonym: other } }, answer);
      }).not.toThrow();
  });

  it('of a node is held against the question before anybody has it', async () => {
    const about = newRequest(transactions.ListForPatient, { pseudonym: own, limit: 10 });
    await expect(answering({ items: [lineOf(own)] }).evaluate(about)).resolves.toMatchObject({ items: [{ pseudonym: own }] });
    await expect(answering({ items: [lineOf(own), lineOf(other)] }).evaluate(about)).rejects.toMatchObject({ code: 'ANSWER_DIFFERS' });
  });
});
