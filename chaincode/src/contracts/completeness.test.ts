import { type TransactionEntry, transactions } from '@lianyi/domain';
import { type z } from 'zod';
import { type LedgerContext } from '../dispatch/call';
import { useCases } from '../use-cases/index';
import { type UseCase, type UseCases, type UseCasesOf } from '../use-cases/use-case';
import { type ContractOf } from './contract-of';

/**
 * That a transaction lacks its use case or its contract's method is found by the compiler: tsc checks this file, and an expected error
 * that is none is an error itself.
 */

type Card = z.ZodObject<{ cardId: z.ZodString }>;
type Entry<Kind extends TransactionEntry['kind']> = TransactionEntry & {
  readonly kind: Kind;
  readonly request: Card;
  readonly response: Card;
};
type Catalogue = { readonly ReportCardLost: Entry<'submit'>; readonly ReadCard: Entry<'evaluate'> };

const report: UseCase<Catalogue['ReportCardLost']> = (scope, input) => {
  scope.events.push();
  return Promise.resolve({ cardId: input.cardId });
};
const read: UseCase<Catalogue['ReadCard']> = (_scope, input) => Promise.resolve({ cardId: input.cardId });
const method = (_context: LedgerContext, request: string): Promise<string> => Promise.resolve(request);

describe('the compiler', () => {
  it('demands a use case for each transaction, of its own types', () => {
    const whole = { ReportCardLost: report, ReadCard: read } satisfies UseCases<Catalogue>;
    // @ts-expect-error -- ReadCard has none
    const lacking = { ReportCardLost: report } satisfies UseCases<Catalogue>;
    // @ts-expect-error -- NoSuchThing is not in the catalogue
    const surplus = { ReportCardLost: report, ReadCard: read, NoSuchThing: read } satisfies UseCases<Catalogue>;
    // @ts-expect-error -- a query that writes
    const writing = { ReportCardLost: report, ReadCard: report } satisfies UseCases<Catalogue>;
    const wrongAnswer = () => Promise.resolve({ cardId: 1 });
    // @ts-expect-error -- another answer than the catalogue says
    const lying = { ReportCardLost: wrongAnswer, ReadCard: read } satisfies UseCases<Catalogue>;
    expect([whole, lacking, surplus, writing, lying].map((table) => Object.keys(table).length)).toEqual([2, 1, 3, 2, 2]);
  });

  it('finds a function among an area’s use cases that is no transaction’s', () => {
    type Declared = { readonly transactions: Catalogue };
    const modules = [{ ReportCardLost: report }, { ReadCard: read }, { cardOf: read }] as const;
    const whole = { ...modules[0], ...modules[1] };
    const surplus = { ...whole, ...modules[2] };
    const right = whole satisfies UseCasesOf<Declared, typeof whole>;
    // @ts-expect-error -- cardOf is not in the catalogue
    const wrong = surplus satisfies UseCasesOf<Declared, typeof surplus>;
    expect([right, wrong].map((table) => Object.keys(table).length)).toEqual([2, 3]);
  });

  it('demands a contract’s method for each transaction', () => {
    class Whole implements ContractOf<'AuditContract'> {
      ListForPatient = method;
      ListDisclosures = method;
      ListOwnersActs = method;
    }
    // @ts-expect-error -- ListForPatient has no method
    class Lacking implements ContractOf<'AuditContract'> {
      ListForPatients = method;
      ListDisclosures = method;
      ListOwnersActs = method;
    }
    expect([new Whole(), new Lacking()].map((contract) => Object.keys(contract))).toEqual([
      ['ListForPatient', 'ListDisclosures', 'ListOwnersActs'],
      ['ListForPatients', 'ListDisclosures', 'ListOwnersActs'],
    ]);
  });

  it('is right: every transaction has a use case', () => {
    expect(Object.keys(useCases).sort()).toEqual(Object.keys(transactions).sort());
  });
});
