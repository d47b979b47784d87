import { observedCase } from '../conformance-case';
import { A, B, C, commit, type ConformanceNetwork } from '../conformance-network';

async function written(network: ConformanceNetwork, collection: string, value = 'secret'): Promise<string> {
  const key = network.key();
  await network.as(A).submit('pput', [collection, key], { transient: { value }, organizations: [A, B] });
  return key;
}

const implicitA = `_implicit_org_${A}`;

export const privateDataCases = [
  observedCase('4', 'a private range forbids writes after it', (network) =>
    network.as(A).submit('prangeWrite', ['c12', 'a', 'z', network.key()]),
  ),
  observedCase('5', 'a write forbids private ranges after it', (network) =>
    network.as(A).submit('writePrange', ['c12', 'a', 'z', network.key()]),
  ),
  observedCase('28b', 'a non-member may not read at its own peer', async (network) =>
    network.as(C).evaluate('pget', ['c12', await written(network, 'c12')]),
  ),
  observedCase('28c', "a non-member may not read at a member's peer", async (network) =>
    network.as(C).evaluate('pget', ['c12', await written(network, 'c12')], { organizations: [A] }),
  ),
  observedCase('28d', 'a non-member may not write', (network) => network.as(C).submit('pput', ['c12', network.key()])),
  observedCase('28e', "a non-member may not write at members' peers", (network) =>
    network.as(C).submit('pput', ['c12', network.key()], { organizations: [A, B] }),
  ),
  observedCase('28g', 'a non-member may not delete', async (network) =>
    network.as(C).submit('pdel', ['c12', await written(network, 'c12')]),
  ),
  observedCase(
    '29',
    'everyone may read a hash',
    async (network) => (await network.as(C).evaluate('phash', ['c12', await written(network, 'c12')])).length === 64,
  ),
  observedCase('30', "a non-member's peer does not hold the value", async (network) =>
    network.as(A).evaluate('pget', ['c12', await written(network, 'c12')], { organizations: [C] }),
  ),
  observedCase('30b', "a non-member's peer knows of a key that does not exist", (network) =>
    network.as(A).evaluate('pget', ['c12', network.key()], { organizations: [C] }),
  ),
  observedCase('30c', "a non-member's peer may endorse a write", async (network) =>
    commit(await network.as(A).endorse('pput', ['c12', network.key()], { organizations: [A, C] })),
  ),
  observedCase('31a', 'unknown collection: put', (network) => network.as(A).submit('pput', ['nocoll', network.key()])),
  observedCase('31b', 'unknown collection: get', (network) => network.as(A).submit('pget', ['nocoll', network.key()])),
  observedCase('31c', 'unknown collection: hash', (network) => network.as(A).submit('phash', ['nocoll', network.key()])),
  observedCase('31d', 'unknown collection: range', (network) => network.as(A).submit('prange', ['nocoll', 'a', 'z'])),
  observedCase('31f', 'unknown collection: purge', (network) => network.as(A).submit('ppurge', ['nocoll', network.key()])),
  observedCase('31g', 'unknown collection: key-level policy', (network) => network.as(A).submit('psetEP', ['nocoll', network.key(), A])),
  observedCase('32', 'blockToLive: value and hash are gone together', async (network) => {
    const key = network.key();
    const { block } = await commit(await network.as(A).endorse('pput', ['btl', key], { transient: { value: 's' } }));
    const lines: string[] = [];
    for (let height = Number(block) + 1; height <= Number(block) + 5; height += 1) {
      const [value, hash, hashAtC] = [
        await network.as(A).evaluate('pget', ['btl', key]),
        await network.as(A).evaluate('phash', ['btl', key]),
        await network.as(C).evaluate('phash', ['btl', key]),
      ];
      lines.push(`height b+${height - Number(block)}: value=${value} hash=${hash.length} hash@C=${hashAtC.length}`);
      await network.tick();
    }
    return lines;
  }),
  observedCase('33a', 'purge removes value and hash', async (network) => {
    const key = await written(network, 'c12');
    const purged = await network.as(A).submit('ppurge', ['c12', key], { organizations: [A, B] });
    return [purged, await network.as(A).evaluate('pget', ['c12', key]), await network.as(A).evaluate('phash', ['c12', key])];
  }),
  observedCase('33c', 'delete removes value and hash', async (network) => {
    const key = await written(network, 'c12');
    await network.as(A).submit('pdel', ['c12', key], { organizations: [A, B] });
    return [await network.as(A).evaluate('pget', ['c12', key]), await network.as(A).evaluate('phash', ['c12', key])];
  }),
  observedCase('34a', 'an implicit collection is endorsed by its owner', async (network) =>
    commit(await network.as(A).endorse('pput', [implicitA, network.key()], { organizations: [A] })),
  ),
  observedCase('34c', "an implicit collection is not another organisation's to endorse", async (network) =>
    commit(await network.as(B).endorse('pput', [implicitA, network.key()], { organizations: [B] })),
  ),
  observedCase('34d', "a client of another organisation reads at the owner's peer", async (network) => {
    const key = network.key();
    await network.as(A).submit('pput', [implicitA, key], { transient: { value: 'imp' } });
    return network.as(B).evaluate('pget', [implicitA, key], { organizations: [A] });
  }),
  observedCase('34e', "the owner's data is not at another peer", async (network) => {
    const key = network.key();
    await network.as(A).submit('pput', [implicitA, key], { transient: { value: 'imp' } });
    return network.as(B).evaluate('pget', [implicitA, key], { organizations: [B] });
  }),
  observedCase('34g', 'implicit collection of an organisation nobody knows', (network) =>
    network.as(A).submit('pput', ['_implicit_org_XMSP', network.key()]),
  ),
  observedCase('34i', 'private and public write by the owner alone', async (network) =>
    commit(await network.as(A).endorse('phashWrite', [implicitA, network.key()], { organizations: [A] })),
  ),
  observedCase('34j', "a collection's own endorsement policy is enough", async (network) =>
    commit(await network.as(A).endorse('pput', ['cep', network.key()], { organizations: [A] })),
  ),
  observedCase('34k', "a collection's own endorsement policy is needed", async (network) =>
    commit(await network.as(A).endorse('pput', ['cep', network.key()], { organizations: [B, C] })),
  ),
  observedCase('34l', 'private reads are protected by MVCC', async (network) => {
    const key = network.key();
    const [first, second] = [await network.as(A).endorse('prmw', ['c12', key]), await network.as(A).endorse('prmw', ['c12', key])];
    return [(await commit(first)).validationCode, (await commit(second)).validationCode];
  }),
  observedCase('34m', 'a private key may have its own policy', async (network) => {
    const key = await written(network, 'c12');
    await network.as(A).submit('psetEP', ['c12', key, C], { organizations: [A, B] });
    return commit(await network.as(A).endorse('pput', ['c12', key], { organizations: [A, B] }));
  }),
  observedCase('35a', 'requiredPeerCount is met', (network) => network.as(A).submit('pput', ['req1', network.key()])),
  observedCase('35b', 'requiredPeerCount is not met', (network) => network.as(A).submit('pput', ['req2', network.key()])),
  observedCase('36a', "transient data for collections of others' organisations", (network) =>
    network.as(C).submit('pput', ['open', network.key()], { transient: { value: 's' } }),
  ),
  observedCase('36b', 'a collection of another organisation only', (network) =>
    network.as(A).submit('pput', ['onlyB', network.key()], { transient: { value: 's' } }),
  ),
  observedCase('36d', 'a private delete at the gateway of a non-member', (network) =>
    network.as(C).submit('pdel', ['open', network.key()]),
  ),
  observedCase('28a', 'a member reads', async (network) => network.as(A).evaluate('pget', ['c12', await written(network, 'c12')])),
  observedCase('28f', 'a member reads what another wrote', async (network) =>
    network.as(B).evaluate('pget', ['c12', await written(network, 'c12')]),
  ),
  observedCase('28i', "a non-member reads an open collection at a member's peer", async (network) =>
    network.as(C).evaluate('pget', ['open', await written(network, 'open')], { organizations: [A] }),
  ),
  observedCase('28j', 'a non-member writes an open collection', async (network) =>
    commit(await network.as(C).endorse('pput', ['open', network.key()], { organizations: [A, B] })),
  ),
  observedCase('31h', 'no collection: get', (network) => network.as(A).submit('pget', ['', network.key()])),
  observedCase('31i', 'no collection: put', (network) => network.as(A).submit('pput', ['', network.key()])),
  observedCase('32b', 'blockToLive: a read of what is gone by now is stale', async (network) => {
    const key = network.key();
    await network.as(A).submit('pput', ['btl', key], { transient: { value: '5' } });
    const transaction = await network.as(A).endorse('prmw', ['btl', key]);
    for (let block = 0; block < 4; block += 1) await network.tick();
    return commit(transaction);
  }),
  observedCase('33b', 'purge of a public key', (network) => network.as(A).submit('ppurge', ['', network.key()])),
  observedCase('33d', 'a purged key can be written again', async (network) => {
    const key = await written(network, 'c12');
    await network.as(A).submit('ppurge', ['c12', key], { organizations: [A, B] });
    await network.as(A).submit('pput', ['c12', key], { transient: { value: 'again' }, organizations: [A, B] });
    return [await network.as(A).evaluate('pget', ['c12', key]), await network.as(B).evaluate('pget', ['c12', key])];
  }),
  observedCase('33e', 'purge of a key that is not there', (network) =>
    network.as(A).submit('ppurge', ['c12', network.key()], { organizations: [A, B] }),
  ),
];
