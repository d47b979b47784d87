import { lookup } from 'node:dns/promises';
import { type Consortium } from '../consortium/consortium';
import { nodesOf } from './layout';
import { type Finding } from '../machine/examination';
import { OperatorError } from '../machine/operator-error';
import { type Sentence } from '../machine/sentence';

/** Those of the names that do not lead to this machine's loopback, in order. A name that leads elsewhere, or nowhere, reaches no node here. */
export async function namesNotHere(names: readonly string[]): Promise<readonly string[]> {
  const answers = await Promise.all(names.map(async (name) => ({ name, isHere: await leadsHere(name) })));
  return answers.filter(({ isHere }) => !isHere).map(({ name }) => name);
}

async function leadsHere(name: string): Promise<boolean> {
  try {
    const addresses = await lookup(name, { all: true });
    return addresses.some(({ address }) => address.startsWith('127.') || address === '::1');
  } catch {
    return false; // nobody knows the name
  }
}

async function strayNames({ addresses, organizations }: Pick<Consortium, 'addresses' | 'organizations'>): Promise<Sentence | undefined> {
  if (addresses !== 'names') return undefined;
  const names = await namesNotHere(organizations.flatMap(nodesOf).map(({ name }) => name));
  if (names.length === 0) return undefined;
  return {
    en: `'addresses: names' wants every node's name to lead to this machine, and these do not: ${names.join(', ')}; add them to its hosts file (127.0.0.1), or leave 'addresses' out`,
    zh: `addresses: names 要求每个节点的名称都指向本机，而以下名称没有：${names.join('、')}；请把它们加入 hosts 文件（127.0.0.1），或去掉 addresses`,
  };
}

/** @throws {@link OperatorError} `UNKNOWN_NAME` — peers would tell each other addresses that lead nowhere. */
export async function refuseStrayNames(consortium: Consortium): Promise<void> {
  const sentence = await strayNames(consortium);
  if (sentence) throw new OperatorError('UNKNOWN_NAME', sentence);
}

/** @param verdict - how bad it is where names do not lead here */
export async function addressFindings(consortium: Consortium, verdict: 'note' | 'bad'): Promise<readonly Finding[]> {
  const text = await strayNames(consortium);
  return text ? [{ subject: 'addresses', verdict, text }] : [];
}
