import { msp } from '@lianyi/fabric-protocol';
import { observedCase } from '../conformance-case';
import { A, B, C, commit, type ConformanceNetwork, inOneBlock } from '../conformance-network';
import { submitEnvelope } from '../raw-requests';
import { Draft } from '../recording/draft';

const codesOf = (results: readonly { readonly validationCode: number }[]): number[] => results.map(({ validationCode }) => validationCode);

async function withPolicy(network: ConformanceNetwork, mspId = C): Promise<string> {
  const key = network.key();
  await network.as(A).submit('setEPput', [key, '1', mspId]);
  return key;
}

async function secret(network: ConformanceNetwork, collection: string): Promise<string> {
  const key = network.key();
  await network
    .as(A)
    .submit('pput', [collection, key], { transient: { value: 'imp' }, ...(collection.startsWith('_') ? {} : { organizations: [A, B] }) });
  return key;
}

const implicitA = `_implicit_org_${A}`;

/** What depends on who shares a block, and further rows of single transactions. */
export const blockCases = [
  observedCase('7', 'of two read-modify-writes in one block one wins; blind writes never conflict', async (network) => {
    const both = await inOneBlock(async () => {
      const key = network.key();
      return [await network.as(A).endorse('rmw', [key]), await network.as(A).endorse('rmw', [key])];
    });
    const blind = await inOneBlock(async () => {
      const key = network.key();
      return [await network.as(A).endorse('put', [key, '1']), await network.as(A).endorse('put', [key, '2'])];
    });
    return { codesSorted: codesOf(both).sort((a, b) => a - b), blind: codesOf(blind), sameBlock: true };
  }),
  observedCase('8h', 'a phantom inside one block', async (network) => {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const results = await inOneBlock(async () => {
        const prefix = network.key('range');
        return [
          await network.as(A).endorse('put', [`${prefix}b`, '1']),
          await network.as(A).endorse('rangeWrite', [prefix, `${prefix}~`, network.key()]),
        ];
      });
      // the other order has no phantom
      if (codesOf(results).includes(12)) return { codes: codesOf(results), sameBlock: true };
    }
    return 'the insertion was never ordered first';
  }),
  observedCase('14', 'a range of more than 100 results comes whole', async (network) => {
    const prefix = network.key('wide');
    for (const half of ['a', 'b']) await network.as(A).submit('fill', [`${prefix}${half}`, '126']);
    return (JSON.parse(await network.as(A).evaluate('range', [prefix, `${prefix}~`])) as string[]).length;
  }),
  observedCase('21c', 'an invalid transaction changes nothing', async (network) => {
    const key = network.key();
    await commit(await network.as(A).endorse('put', [key, 'x'], { organizations: [A] }));
    return network.as(A).evaluate('get', [key]);
  }),
  observedCase('21d', 'a transaction that only reads needs its endorsements, too', async (network) =>
    commit(await network.as(A).endorse('get', [network.key()], { organizations: [A] })),
  ),
  observedCase('24', 'a key written in the block that changes its policy', async (network) => {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const results = await inOneBlock(async () => {
        const key = network.key();
        await network.as(A).submit('put', [key, '1']);
        return [
          await network.as(A).endorse('setEP', [key, C, 'PEER']),
          await network.as(A).endorse('put', [key, '2'], { organizations: [A, B] }),
        ];
      });
      if (codesOf(results).includes(10)) return { codes: codesOf(results), sameBlock: true };
    }
    return 'the change of policy was never ordered first';
  }),
  observedCase('25c', 'a policy for a key that does not exist is dropped', async (network) => {
    const key = network.key();
    await network.as(A).submit('setEP', [key, A, 'PEER']);
    return [await network.as(A).evaluate('getEP', [key]), await network.as(A).evaluate('get', [key])];
  }),
  observedCase('25d', 'value and policy in one transaction, then a write by others', async (network) =>
    commit(await network.as(A).endorse('put', [await withPolicy(network), '2'], { organizations: [A, B] })),
  ),
  observedCase('28h', 'a non-member may not read in a submitted transaction', async (network) =>
    network.as(C).submit('pget', ['c12', await secret(network, 'c12')]),
  ),
  observedCase('31e', 'unknown collection: delete', (network) => network.as(A).submit('pdel', ['nocoll', network.key()])),
  observedCase('34f', "the owner's data, not pinned", async (network) =>
    network.as(B).evaluate('pget', [implicitA, await secret(network, implicitA)]),
  ),
  observedCase('34h', "another organisation's client writes by discovery", async (network) =>
    commit(await network.as(B).endorse('pput', [implicitA, network.key()])),
  ),
  observedCase('36c', 'transient data, pinned to members', (network) =>
    network.as(C).submit('pput', ['open', network.key()], { transient: { value: 's' }, organizations: [A, B] }),
  ),
  observedCase('36e', 'evaluating with transient data at a non-member', (network) =>
    network.as(C).evaluate('pget', ['open', network.key()], { transient: { value: 's' } }),
  ),
  observedCase('38a', 'the same transaction again, in a later block', async (network) => {
    const transaction = await network.as(A).endorse('put', [network.key(), 'x']);
    await commit(transaction);
    const height = await network.height();
    await transaction.submit();
    await network.tick();
    return network.codeInBlocksFrom(height, transaction.getTransactionId());
  }),
  observedCase('38b', 'the first status of a repeated transaction stays', async (network) => {
    const transaction = await network.as(A).endorse('put', [network.key(), 'x']);
    await commit(transaction);
    return { validationCode: (await commit(transaction)).validationCode };
  }),
  observedCase('50b', 'what a called chaincode wrote is its own', async (network) => {
    const key = network.key();
    await network.as(A).submit('call', ['u', JSON.stringify(['put', key, 'uv'])]);
    return network.as(A).evaluate('get', [key], { chaincode: 'u' });
  }),
  observedCase('51c', 'an unknown inner function is a value', (network) =>
    network.as(A).submit('callput', [network.key(), 'u', '["zzz"]']),
  ),
  observedCase('24b', 'a change of policy that is not endorsed, and a write, in one block', async (network) => {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const results = await inOneBlock(async () => {
        const key = network.key();
        await network.as(A).submit('put', [key, '1']);
        return [
          await network.as(A).endorse('setEP', [key, C, 'PEER'], { organizations: [A] }),
          await network.as(A).endorse('put', [key, '2'], { organizations: [A, B] }),
        ];
      });
      if (codesOf(results)[0] === 10) return { codes: codesOf(results), sameBlock: true };
    }
    return 'the change of policy was never ordered first';
  }),
  observedCase('34b', 'an implicit collection, planned by the gateway', async (network) => {
    const transaction = await network.as(A).endorse('pput', [implicitA, network.key()]);
    const endorsers = new Draft(transaction).endorsements.map((each) =>
      msp.SerializedIdentity.deserializeBinary(each.getEndorser_asU8()).getMspid(),
    );
    return { ...(await commit(transaction)), endorsers };
  }),
  observedCase('36f', 'evaluating without transient data at a non-member', (network) =>
    network.as(C).evaluate('pget', ['open', network.key()]),
  ),
  observedCase('38c', 'one envelope twice in one block', async (network) => {
    const transaction = await network.as(A).endorse('put', [network.key(), 'x']);
    const height = await network.height();
    await Promise.all([transaction.submit(), transaction.submit()]);
    return network.codesInBlocksFrom(height, transaction.getTransactionId(), 2);
  }),
  observedCase('38d', 'two envelopes of one transaction id in one block', async (network) => {
    const draft = new Draft(await network.as(A).endorse('put', [network.key(), 'x']));
    const { client, craftsman } = network.as(A);
    // a signature is never the same twice
    const envelopes = [draft.seal(craftsman), draft.seal(craftsman)];
    const height = await network.height();
    await Promise.all(envelopes.map((envelope) => submitEnvelope(client, envelope)));
    return network.codesInBlocksFrom(height, draft.channelHeader.getTxId(), 2);
  }),
  observedCase('38e', 'the id of an invalid transaction is used up', async (network) => {
    const good = new Draft(await network.as(A).endorse('put', [network.key(), 'x']));
    const { client, craftsman } = network.as(A);
    const height = await network.height();
    const envelope = good.seal(craftsman);
    good.endorsements = good.endorsements.slice(1);
    await submitEnvelope(client, good.seal(craftsman));
    await network.codeInBlocksFrom(height, good.channelHeader.getTxId());
    await submitEnvelope(client, envelope);
    return network.codesInBlocksFrom(height, good.channelHeader.getTxId(), 2);
  }),
];
