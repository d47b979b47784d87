import { observedCase } from '../conformance-case';
import { A, B, C, type ConformanceNetwork, inOneBlock } from '../conformance-network';
import { issuePapers } from '../craft';
import { attempt, type Outcome } from '../outcome';
import { commitStatusRaw } from '../raw-requests';
import { waitUntil } from '../../wait-until';

const nope = { chaincode: 'nope' };

async function timeline<T>(events: AsyncIterable<T> & { close(): void }, count: number): Promise<T[]> {
  const seen: T[] = [];
  for await (const event of events) {
    seen.push(event);
    if (seen.length === count) break;
  }
  events.close();
  return seen;
}

async function callThroughU(network: ConformanceNetwork, args: readonly string[]): Promise<string> {
  return network.as(A).submit('call', ['u', JSON.stringify(args)]);
}

/** A long text by its length. */
function shortened(outcome: Outcome): unknown {
  const { message = '', details = [], ...rest } = outcome;
  return {
    ...rest,
    message: message.replace(/x{100,}/, '<x>'),
    length: message.length,
    details: details.map((each) => each.message.length),
  };
}

/** As many calls as a peer takes wait for a transaction that never comes; one more is refused. */
async function refusedBeyondTheLimit(network: ConformanceNetwork): Promise<unknown> {
  const party = network.guest(await issuePapers(await network.authority(A), A), A);
  const givenUp = new AbortController();
  const waiting = Array.from({ length: 501 }, () =>
    attempt(() => commitStatusRaw(party.client, party.craftsman, 'emr', { deadlineMillis: 30_000, signal: givenUp.signal })),
  );
  // the one too many is refused; from then on the others hold every place there is
  await Promise.race(waiting);
  const refused = await attempt(() => party.evaluate('get', ['k']));
  givenUp.abort();
  await Promise.all(waiting);
  // a peer hears of a cancelled call a moment later
  let after: Outcome = {};
  await waitUntil('there is room again', async () => {
    after = await attempt(() => party.evaluate('get', ['k']));
    return after.grpcCode === 0;
  });
  return [refused, after.result];
}

export const callCases = [
  observedCase('17a', 'the last setEvent wins', (network) => network.as(A).submit('events2')),
  observedCase('19', 'an event of a failing function is dropped', (network) => network.as(A).submit('evFail')),
  observedCase('20a', 'a chaincode error on submit is in the details', (network) => network.as(A).submit('fail', ['boom'])),
  observedCase('20b', 'a chaincode error on evaluate is in the message', (network) => network.as(A).evaluate('fail', ['boom'])),
  observedCase('20c', 'an error text keeps its characters', (network) => network.as(A).evaluate('fail', ['ünï€😀'])),
  observedCase('20d', 'arguments are counted', (network) => network.as(A).evaluate('get')),
  observedCase('20e', 'an unknown function is named', (network) => network.as(A).evaluate('zzz')),
  observedCase('20f', 'pinned organisations that all fail', (network) => network.as(A).submit('fail', ['boom'], { organizations: [B, C] })),
  observedCase('20g', 'a pinned evaluation that fails', (network) => network.as(A).evaluate('fail', ['boom'], { organizations: [B] })),
  observedCase('27c', 'an administrator submits', async (network) => network.as(A, 'Admin').submit('rmw', [network.key()])),
  observedCase('48a', 'unknown chaincode, evaluate', (network) => network.as(A).evaluate('get', ['k'], nope)),
  observedCase('48b', 'unknown chaincode, submit', (network) => network.as(A).submit('get', ['k'], nope)),
  observedCase('48c', 'unknown chaincode, pinned submit', (network) =>
    network.as(A).submit('get', ['k'], { ...nope, organizations: [A, B] }),
  ),
  observedCase('48d', 'unknown chaincode, pinned evaluate', (network) =>
    network.as(A).evaluate('get', ['k'], { ...nope, organizations: [B] }),
  ),
  observedCase('48g', 'unknown organisation, submit', (network) => network.as(A).submit('rmw', ['k'], { organizations: ['XMSP'] })),
  observedCase('48h', 'unknown organisation, evaluate', (network) => network.as(A).evaluate('get', ['k'], { organizations: ['XMSP'] })),
  observedCase('50a', 'chaincode calls chaincode', (network) => callThroughU(network, ['put', 'c2c', 'uv'])),
  observedCase('50c', 'recursion is refused to the direct caller', (network) => network.as(A).submit('call', ['t', '["get","k"]'])),
  observedCase('50d', 'recursion one level up is a value', (network) => callThroughU(network, ['call', 't', '["get","k"]'])),
  observedCase('50e', 'chaincode of an unknown channel', (network) => network.as(A).submit('callch', ['u', '["get","k"]', 'nochan'])),
  observedCase('50f', 'unknown chaincode called by chaincode', (network) => network.as(A).submit('call', ['nope', '["get","k"]'])),
  observedCase('51a', "an inner failure is a value, not the caller's failure", async (network) =>
    network.as(A).submit('callput', [network.key(), 'u', JSON.stringify(['putFail', network.key()])]),
  ),
  observedCase('51b', 'what the inner function wrote before it failed stays', async (network) => {
    const [inner, outer] = [network.key(), network.key()];
    await network.as(A).submit('callput', [outer, 'u', JSON.stringify(['putFail', inner])]);
    return [await network.as(A).evaluate('get', [inner], { chaincode: 'u' }), await network.as(A).evaluate('get', [outer])];
  }),
  observedCase('52', 'chaincode events resume after a transaction inside a block', async (network) => {
    const results = await inOneBlock(() => Promise.all([1, 2, 3].map(() => network.as(A).endorse('put', [network.key(), 'e']))));
    const startBlock = BigInt(Math.min(...results.map(({ block }) => Number(block))));
    const all = await timeline(await network.as(A).channel.getChaincodeEvents('t', { startBlock }), 3);
    const [first, second] = all;
    if (first === undefined || second === undefined) return 'too few events';
    const checkpoint = { getBlockNumber: () => first.blockNumber, getTransactionId: () => first.transactionId };
    const [resumed] = await timeline(await network.as(A).channel.getChaincodeEvents('t', { checkpoint }), 1);
    return {
      resumesWithNext: resumed?.transactionId === second.transactionId,
      sameBlock: new Set(all.map(({ blockNumber }) => blockNumber)).size === 1,
    };
  }),
  observedCase('53l', 'closing a waiting block stream cancels it', async (network) => {
    const blocks = await network.as(A).channel.getBlockEvents();
    setTimeout(() => {
      blocks.close();
    }, 200);
    for await (const block of blocks) if (block.getHeader()?.getNumber() === -1) break;
    return 'ended';
  }),
  observedCase('53m', 'block events of an unknown channel', async (network) => {
    const blocks = await network.as(A).otherChannel('nochan').getBlockEvents();
    for await (const block of blocks) return block.getHeader()?.getNumber();
    return 'ended';
  }),
  observedCase('48j', 'chaincode events of an unknown channel', async (network) => {
    const events = await network.as(A).otherChannel('nochan').getChaincodeEvents('t');
    for await (const event of events) return event.eventName;
    return 'ended';
  }),
  observedCase('48e', 'unknown channel, evaluate', (network) =>
    network.as(A).otherChannel('nochan').getContract('t').evaluateTransaction('get', 'k'),
  ),
  observedCase('48f', 'unknown channel, submit', (network) =>
    network.as(A).otherChannel('nochan').getContract('t').submitTransaction('get', 'k'),
  ),
  observedCase('47a', 'a function that takes too long, evaluate', (network) => network.as(A).evaluate('slow', [network.tooLongMillis])),
  observedCase('47b', 'a function that takes too long, submit', (network) => network.as(A).submit('slow', [network.tooLongMillis])),
  observedCase('17b', "the event of a called chaincode is not its caller's", async (network) => {
    const startBlock = BigInt(await network.height());
    await network.as(A).submit('callput', [network.key(), 'u', JSON.stringify(['put', network.key(), 'inner'])]);
    await network.as(A).submit('events2');
    const events = await timeline(await network.as(A).channel.getChaincodeEvents('t', { startBlock }), 1);
    return events.map(({ eventName, payload }) => `${eventName}:${Buffer.from(payload).toString()}`);
  }),
  ...[4_000, 30_000].map((length) =>
    observedCase(`20h${length}`, `an error text of ${length} characters, evaluate`, async (network) =>
      shortened(await attempt(() => network.as(A).evaluate('failLong', [String(length)]))),
    ),
  ),
  observedCase('20i', 'an error text of 20000 characters, submit', async (network) =>
    shortened(await attempt(() => network.as(A).submit('failLong', ['20000']))),
  ),
  observedCase('47c', "a client's deadline in the past", (network) =>
    network
      .as(A)
      .contract()
      .newProposal('get', { arguments: ['k'] })
      .evaluate({ deadline: Date.now() - 1 }),
  ),
  observedCase('47d', "a client's deadline before the chaincode is done", async (network) => {
    const proposal = network
      .as(A)
      .contract()
      .newProposal('slow', { arguments: ['1000'] });
    const { grpcCode = 0 } = await attempt(() => proposal.evaluate({ deadline: Date.now() + 300 }));
    // whether the client or the peer notices first is chance: DEADLINE_EXCEEDED or CANCELLED
    return [4, 1].includes(grpcCode) ? 4 : grpcCode;
  }),
  observedCase('48k', 'commit status of a transaction that never comes', async (network) => {
    const { client, craftsman } = network.as(A);
    const { grpcCode = 0 } = await attempt(() => commitStatusRaw(client, craftsman, 'emr', { deadlineMillis: 500 }));
    // whether the client's clock or the peer's ends the call is chance: DEADLINE_EXCEEDED or CANCELLED
    return [4, 1].includes(grpcCode) ? 'given up' : grpcCode;
  }),
  observedCase('48m', 'chaincode events of an unknown chaincode wait', async (network) => {
    const events = await network.as(A).channel.getChaincodeEvents('nope', { startBlock: 0n });
    setTimeout(() => {
      events.close();
    }, 300);
    for await (const event of events) return event.eventName;
    return 'ended';
  }),
  observedCase('50g', 'the same channel by its name', async (network) =>
    network.as(A).submit('callch', ['u', JSON.stringify(['rmw', network.key()]), 'emr']),
  ),
  observedCase('50h', 'a system chaincode called by chaincode', (network) =>
    network.as(A).submit('call', ['qscc', JSON.stringify(['GetChainInfo', 'emr'])]),
  ),
  observedCase('50j', 'a called chaincode reads what its caller wrote before as it was', async (network) => {
    const key = network.key();
    return network.as(A).submit('callput', [key, 'u', JSON.stringify(['get', key])]);
  }),
  observedCase('54', 'the 501st call at a time', refusedBeyondTheLimit),
  observedCase('55a', 'everything signed off-line', async (network) => {
    const party = network.as(A);
    const unsigned = party.contract().newProposal('put', { arguments: [network.key(), 'x'] });
    const transaction = await party.newSignedProposal(unsigned.getBytes()).endorse();
    const sign = (digest: Uint8Array): Promise<Uint8Array> => party.signDigest(digest);
    const signed = party.signedTransaction(transaction.getBytes(), await sign(transaction.getDigest()));
    const submitted = await signed.submit();
    const status = await party.signedCommit(submitted.getBytes(), await sign(submitted.getDigest())).getStatus();
    return { validationCode: status.code };
  }),
];
