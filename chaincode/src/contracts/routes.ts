import { qualifiedName, type TransactionEntry, type TransactionName, transactions } from '@lianyi/domain';
import { type Route } from '../dispatch/router';
import { type ContractMethod } from './contract-of';
import { contracts } from './index';

type Methods = Partial<Record<TransactionName, ContractMethod>>;

/**
 * The routes, by `Contract:Transaction`: each entry of the catalogue with its contract's method.
 *
 * Only what the catalogue names can be called; any other method of a contract, its own or inherited, cannot.
 */
export function newRoutes(): ReadonlyMap<string, Route> {
  const instances = new Map(Object.entries<new () => Methods>(contracts).map(([name, contract]) => [name, new contract()]));
  return new Map(
    Object.values<TransactionEntry & { readonly name: TransactionName }>(transactions).map((entry) => {
      const contract = instances.get(entry.contract);
      const method = contract?.[entry.name];
      if (method === undefined) {
        // the type of `contracts` excludes it: only a build that ignored the compiler's errors comes here
        throw new Error(`no contract has ${qualifiedName(entry)}`);
      }
      return [qualifiedName(entry), { writes: entry.kind === 'submit', evenly: entry.evenly, run: method.bind(contract) }];
    }),
  );
}
