import type { Contract } from 'fabric-contract-api';
import { qualifiedName, type TransactionEntry } from '@lianyi/domain';
import { type LedgerContext } from './call';

/** One callable transaction. */
export type Route = {
  readonly writes: boolean;
  run(context: LedgerContext, request: string): Promise<string>;
};

export type Routes = ReadonlyMap<string, Route>;

type ContractMethod = (this: Contract, context: LedgerContext, request: string) => Promise<string>;

/**
 * Pairs every catalogue entry with its contract's method.
 *
 * Only what the catalogue names can be called (security.md L14); an entry without its method, or a method without its entry, stops the
 * process when it starts.
 */
export function routesOf(catalogue: Readonly<Record<string, TransactionEntry>>, contracts: readonly (new () => Contract)[]): Routes {
  // by the name that the contract gives itself: a bundler may rename the class
  const instances = new Map(contracts.map((contract) => new contract()).map((instance) => [instance.getName(), instance]));
  const routes = new Map<string, Route>();
  for (const entry of Object.values(catalogue)) {
    const contract = instances.get(entry.contract);
    const method: unknown = contract === undefined ? undefined : Reflect.get(contract, entry.name);
    const name = qualifiedName(entry);
    if (contract === undefined || !isContractMethod(method)) {
      throw new Error(`no contract has ${name}`);
    }
    routes.set(name, {
      writes: entry.kind === 'submit',
      run: (context, request) => method.call(contract, context, request),
    });
  }
  const surplus = [...instances]
    .flatMap(([name, contract]) => ownMethods(contract).map((method) => `${name}:${method}`))
    .find((name) => !routes.has(name));
  if (surplus !== undefined) {
    throw new Error(`the catalogue does not name ${surplus}`);
  }
  return routes;
}

function ownMethods(contract: Contract): string[] {
  const prototype: object = Object.getPrototypeOf(contract) as object; // typed any; an instance of a class has a prototype object
  return Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
}

function isContractMethod(value: unknown): value is ContractMethod {
  return typeof value === 'function' && value.length === 2;
}
