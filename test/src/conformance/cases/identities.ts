import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { type Transaction } from '@hyperledger/fabric-gateway';
import { observedCase } from '../conformance-case';
import { A, B, C, type ConformanceNetwork, oncePerNetwork } from '../conformance-network';
import { craftProposal, issuePapers, type PapersRequest } from '../craft';
import { type Party } from '../party';
import { commitStatusRaw, endorseRaw, evaluateRaw } from '../raw-requests';

type Stream = AsyncIterable<unknown> & { close(): void };
const minute = 60_000;

async function guest(network: ConformanceNetwork, request: PapersRequest = {}, mspId: string = A): Promise<Party> {
  return network.guest(await issuePapers(await network.authority(A), mspId, request), A);
}

/** User1 of A with a key that is not the certificate's. */
function withOtherKey(network: ConformanceNetwork): Party {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return network.guest({ mspId: A, certificatePem: network.as(A).certificatePem, privateKey });
}

const expired = (): PapersRequest => ({ notAfter: new Date(Date.now() - 5_000) });

/** What the first item of a stream is: it came, or the reason it did not. */
async function first(stream: Stream): Promise<string> {
  for await (const item of stream) {
    stream.close();
    return item === undefined ? 'nothing' : 'came';
  }
  return 'ended';
}

const blocksOf = async (party: Party): Promise<string> => first(await party.channel.getBlockEvents({ startBlock: 0n }));
const eventsOf = async (party: Party): Promise<string> => first(await party.channel.getChaincodeEvents('t', { startBlock: 0n }));

interface Expiring {
  readonly transaction: Transaction;
  readonly blocks: AsyncIterator<unknown>;
}

const VALID_MILLIS = 6_000;

/** Somebody who did all this while the certificate was valid, and whose certificate has expired when it is asked for. */
const expiring = oncePerNetwork(async (network): Promise<Expiring> => {
  const expiresAt = Date.now() + VALID_MILLIS;
  // X.509 counts seconds
  const party = await guest(network, { notAfter: new Date(Math.ceil(expiresAt / 1_000) * 1_000) });
  const blocks = (await party.channel.getBlockEvents())[Symbol.asyncIterator]();
  const transaction = await party.endorse('put', [network.key(), 'x']);
  const seen = blocks.next();
  await network.as(A).submit('put', [network.key(), 'seen']);
  await seen;
  await new Promise((done) => setTimeout(done, Math.ceil(expiresAt / 1_000) * 1_000 + 200 - Date.now()));
  return { transaction, blocks };
});

/** What a stream gives once something has happened. */
async function next(stream: AsyncIterator<unknown>, happen: () => Promise<unknown>): Promise<string> {
  const [item] = await Promise.allSettled([stream.next(), happen()]);
  if (item.status === 'rejected') throw item.reason;
  return item.value.done === true ? 'ended' : 'came';
}

const { creator: noCreator, txId: someTxId } = { creator: Buffer.from('ffff', 'hex'), txId: 'a'.repeat(64) };

export const identityCases = [
  observedCase('27d', 'a peer may read blocks', async (network) => blocksOf(await guest(network, { units: ['peer'] }))),
  observedCase('27e', 'an orderer may not read blocks', async (network) => blocksOf(await guest(network, { units: ['orderer'] }))),
  observedCase('27f', 'an administrator may read blocks', (network) => blocksOf(network.as(A, 'Admin'))),
  observedCase('39g2', 'no creator, endorse', (network) =>
    endorseRaw(network.as(A).client, craftProposal(network.as(A).craftsman, { creator: Buffer.alloc(0) })),
  ),
  observedCase('39h', 'a creator that is no message, evaluate', (network) =>
    evaluateRaw(network.as(A).client, craftProposal(network.as(A).craftsman, { creator: noCreator, txId: someTxId })),
  ),
  observedCase('39h2', 'a creator that is no message, endorse', (network) =>
    endorseRaw(network.as(A).client, craftProposal(network.as(A).craftsman, { creator: noCreator, txId: someTxId })),
  ),
  observedCase('39h3', 'a creator that is no message, with its transaction id', (network) =>
    evaluateRaw(network.as(A).client, craftProposal(network.as(A).craftsman, { creator: noCreator })),
  ),
  observedCase('40e', "chaincode events signed by somebody else's key", (network) => eventsOf(withOtherKey(network))),
  observedCase('40f', "block events signed by somebody else's key", (network) => blocksOf(withOtherKey(network))),
  observedCase('41d', 'an MSP nobody knows, commit status', async (network) =>
    commitStatusRaw(network.as(A).client, (await guest(network, {}, 'XMSP')).craftsman, 'emr'),
  ),
  observedCase('41e', 'an MSP nobody knows, chaincode events', async (network) => eventsOf(await guest(network, {}, 'XMSP'))),
  observedCase('41f', 'an MSP nobody knows, block events', async (network) => blocksOf(await guest(network, {}, 'XMSP'))),
  observedCase('41g', 'a certificate under the name of another member', async (network) =>
    (await guest(network, {}, B)).evaluate('get', ['k']),
  ),
  observedCase('42c', 'an expired certificate, pinned submit', async (network) =>
    (await guest(network, expired())).submit('put', [network.key(), 'x'], { organizations: [B, C] }),
  ),
  observedCase('42c2', 'an expired certificate, submit', async (network) =>
    (await guest(network, expired())).submit('put', [network.key(), 'x']),
  ),
  observedCase('42d', 'an expired certificate, block events', async (network) => blocksOf(await guest(network, expired()))),
  observedCase('42e', "a certificate older than its authority's, chaincode events", async (network) =>
    eventsOf(await guest(network, { notBefore: new Date(Date.now() - 60 * minute), notAfter: new Date(Date.now() - 30 * minute) })),
  ),
  observedCase('42e2', "a certificate older than its authority's, evaluate", async (network) =>
    (await guest(network, { notBefore: new Date(Date.now() - 48 * 60 * minute) })).evaluate('get', ['k']),
  ),
  observedCase('42f', 'a good client right after an expired one', async (network) => {
    await evaluateRaw(network.as(A).client, craftProposal((await guest(network, expired())).craftsman)).catch(() => undefined);
    return [await network.as(A).evaluate('get', ['k']), await network.as(A).submit('put', [network.key(), 'ok'])];
  }),
  observedCase('42g', 'endorsed before, submitted after the certificate expired', async (network) =>
    (await expiring(network)).transaction.submit(),
  ),
  observedCase('42j', 'a block stream opened before the certificate expired', async (network) => {
    const { blocks } = await expiring(network);
    return next(blocks, () => network.tick());
  }),
  observedCase('43e', 'a good client right after a slow clock', async (network) => {
    const skewed = craftProposal(network.as(A).craftsman, { skewMillis: -20 * minute });
    await evaluateRaw(network.as(A).client, skewed).catch(() => undefined);
    return [await network.as(A).evaluate('get', ['k']), await network.as(A).submit('put', [network.key(), 'ok'])];
  }),
  observedCase('45d', 'a certificate with two roles, submit', async (network) =>
    (await guest(network, { units: ['client', 'admin'] })).submit('put', [network.key(), 'x']),
  ),
  observedCase('45e', 'a role beside a unit nobody knows', async (network) =>
    (await guest(network, { units: ['client', randomUUID()] })).evaluate('get', ['nothing']),
  ),
];
