import { DomainError, sha256 } from '@lianyi/domain';
import { holdersOf } from './pin-holders';

type Told = readonly {
  readonly mspId: string;
  readonly encapsulationKeys: readonly { readonly epoch: number; readonly publicKey: string }[];
}[];

const keysOf = (text: string) => [{ epoch: 1, publicKey: sha256(text) }];
const told: Told = ['AlphaMSP', 'BetaMSP', 'GammaMSP'].map((mspId) => ({ mspId, encapsulationKeys: keysOf(mspId) }));
const withKeyOf = (mspId: string, key: string): Told =>
  told.map((each) => (each.mspId === mspId ? { mspId, encapsulationKeys: keysOf(key) } : each));

/** A member's node: what it says the state has, and what it says it has followed. */
const node = (state: Told = told, followed: Told = state) => ({ state, followed });

function ask(
  nodes: readonly ReturnType<typeof node>[],
  { unwitnessed = false, named, unreadable }: { unwitnessed?: boolean; named?: string[]; unreadable?: number } = {},
) {
  const items = (state: Told) => state.map((each) => ({ ...each, status: 'active', kinds: ['hospital'] }));
  return holdersOf(
    {
      // the one question, and the one operation
      asked: nodes.map(({ state, followed }) => ({
        ledger: { evaluate: () => Promise.resolve({ items: items(state), ...(unreadable === undefined ? {} : { unreadable }) }) },
        node: { api: { ask: () => Promise.resolve({ organisations: followed }) } },
      })) as never,
      assertWitness: () => Promise.resolve(),
    },
    { named, unwitnessed },
  );
}

describe('the hospitals that a PIN is dealt to', () => {
  it('are those that two members name, with the keys that both have followed', async () => {
    expect(await ask([node(), node()])).toStrictEqual({ holders: told });
    expect(await ask([node(), node()], { named: ['GammaMSP', 'AlphaMSP'] })).toStrictEqual({ holders: [told[2], told[0]] });
  });

  it('are nobody by one node’s word, unless that is wanted', async () => {
    await expect(ask([node()])).rejects.toMatchObject({ code: 'WITNESS_UNAVAILABLE', details: { obstacle: 'none-named' } });
    expect(await ask([node()], { unwitnessed: true })).toStrictEqual({ holders: told });
  });

  it('are told with how many others nobody can read, where all were to be dealt to', async () => {
    expect(await ask([node(), node()], { unreadable: 2 })).toStrictEqual({ holders: told, unreadable: 2 });
    expect(await ask([node(), node()], { unreadable: 2, named: ['AlphaMSP'] })).toStrictEqual({ holders: [told[0]] });
  });

  it.each([
    ['the carrier alone names another key', [node(withKeyOf('BetaMSP', 'theirs')), node()]],
    ['the witness alone does', [node(), node(withKeyOf('BetaMSP', 'theirs'))]],
    ['the carrier alone has followed another', [node(told, withKeyOf('BetaMSP', 'theirs')), node()]],
    ['the state has another than both have followed', [node(withKeyOf('GammaMSP', 'm'), told), node(withKeyOf('GammaMSP', 'm'), told)]],
    ['one of them has followed none of a hospital', [node(), node(told, told.slice(1))]],
    ['the witness names fewer hospitals', [node(), node(told.slice(1), told)]],
  ])('are nobody where %s', async (_what, nodes) => {
    await expect(ask(nodes)).rejects.toMatchObject({ code: 'ANSWER_DIFFERS' });
    await expect(ask(nodes, { unwitnessed: true })).rejects.toMatchObject({ code: 'ANSWER_DIFFERS' });
  });

  it('are nobody where the witness is of the carrier’s member', async () => {
    const refuse = () => Promise.reject(new DomainError('WITNESS_UNAVAILABLE'));
    const carriage = { asked: [{}, {}] as never, assertWitness: refuse }; // nobody is asked
    await expect(holdersOf(carriage, { named: undefined, unwitnessed: false })).rejects.toMatchObject({ code: 'WITNESS_UNAVAILABLE' });
  });
});
