import { observedCase } from '../conformance-case';
import { A, B, C, commit, type ConformanceNetwork } from '../conformance-network';

/** 251 keys m00000…m00250, once per network. */
const filled = new WeakSet<ConformanceNetwork>();
async function fillMany(network: ConformanceNetwork): Promise<void> {
  if (filled.has(network)) return;
  await network.as(A).submit('fill', ['m', '251']);
  filled.add(network);
}

async function committed(
  network: ConformanceNetwork,
  name: string,
  args: readonly string[],
  organizations?: readonly string[],
): Promise<unknown> {
  const options = organizations === undefined ? {} : { organizations };
  return commit(await network.as(A).endorse(name, args, options));
}

async function phantom(network: ConformanceNetwork, interfere: (prefix: string) => Promise<unknown>): Promise<unknown> {
  const prefix = network.key('range');
  await network.as(A).submit('put', [`${prefix}b`, '1']);
  const transaction = await network.as(A).endorse('rangeWrite', [prefix, `${prefix}~`, network.key()]);
  await interfere(prefix);
  return commit(transaction);
}

export const publicStateCases = [
  observedCase('1a', 'a read does not see an own write', async (network) => {
    const key = network.key();
    await network.as(A).submit('put', [key, 'v1']);
    return network.as(A).submit('ryow', [key, 'new']);
  }),
  observedCase('2', 'a paginated query forbids writes after it', (network) => network.as(A).submit('pageWrite', ['a', 'z', network.key()])),
  observedCase('2b', 'a paginated query forbids writes when evaluated, too', (network) =>
    network.as(A).evaluate('pageWrite', ['a', 'z', network.key()]),
  ),
  observedCase('3', 'a write forbids paginated queries after it', (network) =>
    network.as(A).submit('writePage', ['a', 'z', network.key()]),
  ),
  observedCase('6b', 'a stale read is an MVCC conflict in a later block', async (network) => {
    const key = network.key();
    const [first, second] = [await network.as(A).endorse('rmw', [key]), await network.as(A).endorse('rmw', [key])];
    await commit(first);
    const { validationCode } = await commit(second);
    return { validationCode, result: Buffer.from(second.getResult()).toString() };
  }),
  observedCase('6c', 'submitting into a conflict is a CommitError', async (network) => {
    const key = network.key();
    const both = await Promise.allSettled([1, 2].map(() => network.as(A).submit('slowRmw', [key, '500'])));
    const refused = both.find((outcome) => outcome.status === 'rejected');
    if (refused !== undefined) throw refused.reason;
    return 'no conflict';
  }),
  observedCase('8a', 'a key inserted into a read range is a phantom', (network) =>
    phantom(network, (prefix) => network.as(A).submit('put', [`${prefix}c`, 'x'])),
  ),
  observedCase('8c', 'a key inserted into an empty range is a phantom', async (network) => {
    const prefix = network.key('empty');
    const transaction = await network.as(A).endorse('rangeWrite', [prefix, `${prefix}~`, network.key()]);
    await network.as(A).submit('put', [`${prefix}c`, 'x']);
    return commit(transaction);
  }),
  observedCase('8d', 'a changed value inside a read range is a phantom', (network) =>
    phantom(network, (prefix) => network.as(A).submit('put', [`${prefix}b`, 'changed'])),
  ),
  observedCase('8e', 'a key deleted from a read range is a phantom', (network) =>
    phantom(network, (prefix) => network.as(A).submit('del', [`${prefix}b`])),
  ),
  observedCase('8b', 'a key inserted into a range of 251 is a phantom (Merkle summary)', async (network) => {
    await fillMany(network);
    const transaction = await network.as(A).endorse('rangeWrite', ['m', 'n', network.key()]);
    await network.as(A).submit('put', ['m00100x', 'x']);
    return commit(transaction);
  }),
  observedCase('8f', 'a key inserted after the last read one is no phantom', async (network) => {
    await fillMany(network);
    const transaction = await network.as(A).endorse('rangeLimit', ['m', 'n', '2', network.key()]);
    await network.as(A).submit('put', ['m00999', 'x']);
    const result = await commit(transaction);
    await network.as(A).submit('del', ['m00999']);
    return result;
  }),
  observedCase('10a', 'history is newest first, a deletion has no value', async (network) => {
    const key = network.key();
    await network.as(A).submit('put', [key, 'a']);
    await network.as(A).submit('put', [key, 'b']);
    await network.as(A).submit('del', [key]);
    return JSON.parse(await network.as(A).evaluate('hist', [key])) as unknown;
  }),
  observedCase('10b', 'history read has no MVCC protection', async (network) => {
    const key = network.key();
    await network.as(A).submit('put', [key, 'a']);
    const transaction = await network.as(A).endorse('hist', [key]);
    await network.as(A).submit('put', [key, 'b']);
    return commit(transaction);
  }),
  observedCase('11b', 'an empty value deletes', async (network) => {
    const key = network.key();
    await network.as(A).submit('put', [key, 'x']);
    await network.as(A).submit('put', [key, '']);
    return JSON.parse(await network.as(A).evaluate('hist', [key])) as unknown;
  }),
  observedCase('12a', 'keys are ordered by their UTF-8 bytes', async (network) => {
    for (const key of ['o\u{1F600}', 'o\uFF5E']) await network.as(A).submit('put', [key, 'x']);
    const keys = JSON.parse(await network.as(A).evaluate('range', ['o', 'p'])) as string[];
    // the recorder wrote characters as escape() does
    return keys.map((key) => key.replace(/[^\x20-\x7e]/g, (unit) => `%u${unit.charCodeAt(0).toString(16).toUpperCase()}`));
  }),
  observedCase('12b', 'a full range hides composite keys', async (network) => {
    await network.as(A).submit('putComposite', ['T', '["hidden"]']);
    const keys = JSON.parse(await network.as(A).evaluate('range', ['', ''])) as string[];
    return keys.some((key) => key.startsWith('\u0000'));
  }),
  observedCase('12c', 'a partial composite key finds its keys', async (network) => {
    const part = network.key();
    await network.as(A).submit('putComposite', ['P', JSON.stringify([part, '1'])]);
    await network.as(A).submit('putComposite', ['P', JSON.stringify([part, '2'])]);
    return (JSON.parse(await network.as(A).evaluate('composites', ['P', JSON.stringify([part])])) as string[]).length;
  }),
  observedCase('12d', 'the peer accepts an empty key', async (network) =>
    network
      .as(A)
      .submit('put', ['', 'x'])
      .then(() => ''),
  ),
  observedCase('13a', 'a page tells where the next begins', async (network) => {
    await fillMany(network);
    await network.as(A).submit('del', ['m00100x']);
    return JSON.parse(await network.as(A).evaluate('page', ['m', 'n', '100', ''])) as unknown;
  }),
  observedCase('13b', 'the last page has no bookmark', async (network) => {
    await fillMany(network);
    return JSON.parse(await network.as(A).evaluate('page', ['m', 'n', '100', 'm00200'])) as unknown;
  }),
  observedCase('15', 'a rich query needs CouchDB', (network) => network.as(A).evaluate('query', ['{"selector":{}}'])),
  observedCase('21', 'endorsed by too few organisations', (network) => committed(network, 'put', [network.key(), 'v'], [A])),
  observedCase('21b', 'submitting with too few organisations is a CommitError', (network) =>
    network.as(A).submit('put', [network.key(), 'v'], { organizations: [A] }),
  ),
  observedCase('22', 'endorsements that differ are refused', (network) => network.as(A).submit('rnd', [network.key()])),
  observedCase('23a', 'a key-level policy replaces the chaincode policy', async (network) => {
    const key = network.key();
    await network.as(A).submit('setEPput', [key, '1', C]);
    return commit(await network.as(A).endorse('put', [key, '2'], { organizations: [A, B] }));
  }),
  observedCase('23b', 'the gateway plans endorsers by the key-level policy', async (network) => {
    const key = network.key();
    await network.as(A).submit('setEPput', [key, '1', C]);
    return network.as(A).submit('put', [key, '3']);
  }),
  observedCase('23c', 'the organisation of a key-level policy alone is enough', async (network) => {
    const key = network.key();
    await network.as(A).submit('setEPput', [key, '1', C]);
    return commit(await network.as(A).endorse('put', [key, '2'], { organizations: [C] }));
  }),
  observedCase('25b', 'deleting a key drops its policy', async (network) => {
    const key = network.key();
    await network.as(A).submit('setEPput', [key, '1', A]);
    await network.as(A).submit('del', [key]);
    await network.as(A).submit('put', [key, '2']);
    return network.as(A).evaluate('getEP', [key]);
  }),
  observedCase('37a', 'a transaction id is used once (evaluate)', async (network) => {
    const proposal = network
      .as(A)
      .contract()
      .newProposal('put', { arguments: [network.key(), 'x'] });
    await commit(await proposal.endorse());
    return proposal.evaluate();
  }),
  observedCase('37b', 'a transaction id is used once (endorse)', async (network) => {
    const proposal = network
      .as(A)
      .contract()
      .newProposal('put', { arguments: [network.key(), 'x'] });
    await commit(await proposal.endorse());
    return proposal.endorse();
  }),
  observedCase('1b', 'what was written is there after the commit', async (network) => {
    const key = network.key();
    await network.as(A).submit('put', [key, 'v1']);
    await network.level([A, B, C]);
    await network.as(A).submit('ryow', [key, 'new']);
    return network.as(A).evaluate('get', [key]);
  }),
  observedCase('6a', 'the first of two read-modify-writes is valid', (network) => committed(network, 'rmw', [network.key()])),
  observedCase('8g', 'ranges that did not change: more than 50 results, one, none', async (network) => {
    const prefix = network.key('still');
    for (const half of ['0', '00']) await network.as(A).submit('fill', [`${prefix}${half}`, '126']);
    await network.as(A).submit('put', [`${prefix}one`, '1']);
    const ranges = [
      [`${prefix}0`, `${prefix}1`],
      [`${prefix}one`, `${prefix}p`],
      [`${prefix}x`, `${prefix}y`],
    ] as const;
    const counts: string[] = [];
    for (const range of ranges) counts.push(await network.as(A).submit('rangeWrite', [...range, network.key()]));
    return counts;
  }),
  observedCase('8i', 'a deleted key at the end of a read range is a phantom', (network) =>
    phantom(network, async (prefix) => {
      await network.as(A).submit('put', [`${prefix}z`, '1']);
      return network.as(A).submit('del', [`${prefix}b`]);
    }),
  ),
  observedCase('8j', 'a key added and removed again is no phantom', (network) =>
    phantom(network, async (prefix) => {
      await network.as(A).submit('put', [`${prefix}c`, '1']);
      return network.as(A).submit('del', [`${prefix}c`]);
    }),
  ),
  observedCase('11a', 'an empty value is taken', (network) => network.as(A).submit('put', [network.key(), ''])),
  observedCase('12e', 'the peer takes a key that looks composite', (network) => network.as(A).submit('put', ['\u0000bad', 'ok'])),
  observedCase('13c', 'a page of size 0', (network) => network.as(A).evaluate('page', ['a', 'z', '0', ''])),
  observedCase(
    '13d',
    'a page that begins behind everything',
    async (network) => JSON.parse(await network.as(A).evaluate('page', ['\u{10FFFE}', '\u{10FFFF}', '5', ''])) as unknown,
  ),
  observedCase('23d', "two keys, one of them of C's policy, by C alone", async (network) => {
    const key = network.key();
    await network.as(A).submit('setEPput', [key, '1', C]);
    return committed(network, 'put2', [key, network.key(), '2'], [C]);
  }),
  observedCase('23e', "two keys, one of them of C's policy, planned by the gateway", async (network) => {
    const key = network.key();
    await network.as(A).submit('setEPput', [key, '1', C]);
    return network.as(A).submit('put2', [key, network.key(), '2']);
  }),
  observedCase('25a', 'writing a value keeps the policy', async (network) => {
    const key = network.key();
    await network.as(A).submit('setEPput', [key, '1', A]);
    await network.as(A).submit('put', [key, '2']);
    return network.as(A).evaluate('getEP', [key]);
  }),
  observedCase('46a', 'a value of 5 MB', (network) => network.as(A).submit('big', [network.key('z'), '5000000'])),
  observedCase('46b', 'a value of 11 MB', (network) => network.as(A).submit('big', ['z-too-big', '11534336'])),
];
