import { common, createRevocationList, marshal, msp, orderer } from '@lianyi/fabric-protocol';
import { changeValue, configAfter, currentConfig, everywhere, groupAt, sendUpdate, updateOf } from '../channel-update';
import { type ConformanceCase, observedCase } from '../conformance-case';
import { A, B, C, commit, type ConformanceNetwork, oncePerNetwork } from '../conformance-network';
import { issuePapers } from '../craft';
import { type Party } from '../party';

type Config = common.Config;
type ConfigUpdate = common.ConfigUpdate;

const POLICY = 'Endorsement';
const members = [A, B, C] as const;

/** An organisation's MSP wherever it stands, with one more revocation list. */
function withRevocationList(config: Config, mspId: string, pem: string): ConfigUpdate {
  const root = config.getChannelGroup() ?? new common.ConfigGroup();
  const paths = ['Application', 'Orderer']
    .filter((section) => groupAt(root, [section]).getGroupsMap().has(mspId))
    .map((section) => [section, mspId]);
  return updateOf(config, paths, (copy, current) => {
    const value = current.getValuesMap().get('MSP')?.getValue_asU8() ?? new Uint8Array();
    const wrapped = msp.MSPConfig.deserializeBinary(value);
    const content = msp.FabricMSPConfig.deserializeBinary(wrapped.getConfig_asU8());
    content.addRevocationList(Buffer.from(pem));
    wrapped.setConfig(marshal(content));
    changeValue('MSP', marshal(wrapped))(copy, current);
  });
}

/** A client of A who endorsed and opened a block stream before the certificate was revoked. */
const revoked = oncePerNetwork(async (network) => {
  const authority = await network.authority(A);
  const papers = await issuePapers(authority, A);
  const party = network.guest(papers);
  const blocks = (await party.channel.getBlockEvents())[Symbol.asyncIterator]();
  const transaction = await party.endorse('put', [network.key(), 'x']);
  const [seen] = await Promise.all([blocks.next(), network.tick()]);
  const config = await currentConfig(network.as(A));
  const list = await createRevocationList(authority, [papers.certificatePem]);
  await sendUpdate(withRevocationList(config, A, list), [network.as(A, 'Admin')]);
  await everywhere(network, config.getSequence(), members);
  const ended = rest(blocks);
  await network.tick();
  return { party, transaction, stream: `first ${seen.done === true ? 'ended' : 'came'}, then ${await ended}` };
});

/** How a stream of blocks ends. */
async function rest(blocks: AsyncIterator<unknown>): Promise<string> {
  try {
    for (let item = await blocks.next(); item.done !== true;) item = await blocks.next();
    return 'ended';
  } catch (error) {
    return error instanceof Error ? error.message : 'ended';
  }
}

async function firstBlock(party: Party): Promise<string> {
  const blocks = await party.channel.getBlockEvents({ startBlock: 0n });
  for await (const block of blocks) {
    blocks.close();
    return `block ${block.getHeader()?.getNumber() ?? ''}`;
  }
  return 'ended';
}

const batchTimeout = (config: Config, text: string): ConfigUpdate => {
  const timeout = new orderer.BatchTimeout();
  timeout.setTimeout(text);
  return updateOf(config, [['Orderer']], changeValue('BatchTimeout', marshal(timeout)));
};

/** An organisation's policy as it is, one version on. */
const samePolicy = (config: Config, mspId: string): ConfigUpdate =>
  updateOf(config, [['Application', mspId]], (copy, current) => {
    const now = current.getPoliciesMap().get(POLICY);
    const changed = now?.cloneMessage() ?? new common.ConfigPolicy();
    changed.setVersion((now?.getVersion() ?? 0) + 1);
    copy.getPoliciesMap().set(POLICY, changed);
  });

type Draft = (config: Config) => ConfigUpdate;

/** An update that is refused, or the sequence it led to. */
const update = (
  id: string,
  title: string,
  draft: Draft,
  who: (network: ConformanceNetwork) => readonly [Party, ...Party[]],
): ConformanceCase =>
  observedCase(id, `channel update: ${title}`, async (network) => {
    const config = await currentConfig(network.as(A));
    const height = await network.height();
    await sendUpdate(draft(config), who(network));
    await configAfter(config.getSequence(), network.as(A));
    return {
      sequences: (await currentConfig(network.as(A))).getSequence() - config.getSequence(),
      hasBlock: (await network.height()) > height,
    };
  });

const admin = (mspId: string) => (network: ConformanceNetwork) => [network.as(mspId, 'Admin')] as const;

export const channelUpdateCases: readonly ConformanceCase[] = [
  update('57a', 'an administrator changes what is his own', (config) => samePolicy(config, A), admin(A)),
  update('57b', "an administrator changes what is another's", (config) => samePolicy(config, A), admin(B)),
  update(
    '57c',
    "a user changes what is his organisation's",
    (config) => samePolicy(config, A),
    (network) => [network.as(A)],
  ),
  update('57d', "one administrator changes what is everybody's", (config) => batchTimeout(config, '21ms'), admin(A)),
  update(
    '57e',
    "two of three administrators change what is everybody's",
    (config) => batchTimeout(config, '21ms'),
    (network) => [network.as(A, 'Admin'), network.as(B, 'Admin')],
  ),
  update(
    '57f',
    'back again',
    (config) => batchTimeout(config, '20ms'),
    (network) => [network.as(B, 'Admin'), network.as(C, 'Admin')],
  ),
  update('57g', 'nothing', (config) => updateOf(config, [['Application', A]], () => undefined), admin(A)),
  update(
    '57h',
    'a version is skipped',
    (config) => {
      const skipping = samePolicy(config, A);
      const written = groupAt(skipping.getWriteSet() ?? new common.ConfigGroup(), ['Application', A])
        .getPoliciesMap()
        .get(POLICY);
      written?.setVersion(written.getVersion() + 1);
      return skipping;
    },
    admin(A),
  ),
  update(
    '57i',
    'it was drafted before another',
    (config) => {
      const late = samePolicy(config, A);
      const read = groupAt(late.getReadSet() ?? new common.ConfigGroup(), ['Application', A]);
      read.setVersion(read.getVersion() + 1);
      return late;
    },
    admin(A),
  ),
  update(
    '57j',
    'another channel',
    (config) => {
      const other = samePolicy(config, A);
      other.setChannelId('other');
      return other;
    },
    admin(A),
  ),
  update(
    '57k',
    'a time-out that is none',
    (config) => batchTimeout(config, 'soon'),
    (network) => [network.as(A, 'Admin'), network.as(B, 'Admin')],
  ),
  observedCase('57l', 'a transaction endorsed before a change of the configuration', async (network) => {
    const transaction = await network.as(A).endorse('put', [network.key(), 'x']);
    const config = await currentConfig(network.as(A));
    await sendUpdate(samePolicy(config, A), [network.as(A, 'Admin')]);
    await configAfter(config.getSequence(), network.as(A));
    return commit(transaction);
  }),
  observedCase('44a', 'a revoked certificate, evaluate', async (network) => (await revoked(network)).party.evaluate('get', ['k'])),
  observedCase('44b', 'a revoked certificate, submit', async (network) =>
    (await revoked(network)).party.submit('put', [network.key(), 'x']),
  ),
  observedCase('44c', 'endorsed before, submitted after the certificate was revoked', async (network) =>
    (await revoked(network)).transaction.submit(),
  ),
  observedCase('44d', 'a revoked certificate, block events', async (network) => firstBlock((await revoked(network)).party)),
  observedCase('44e', 'others of the organisation go on', async (network) => {
    await revoked(network);
    return network.as(A).submit('rmw', [network.key()]);
  }),
  observedCase('44f', 'a block stream opened before the certificate was revoked', async (network) => (await revoked(network)).stream),
  observedCase('44g', 'a revoked certificate, pinned submit', async (network) =>
    (await revoked(network)).party.submit('put', [network.key(), 'x'], { organizations: [B, C] }),
  ),
  observedCase('44h', 'a revoked certificate, chaincode events', async (network) => {
    const events = await (await revoked(network)).party.channel.getChaincodeEvents('t', { startBlock: 0n });
    for await (const { eventName } of events) {
      events.close();
      return eventName.length > 0;
    }
    return 'ended';
  }),
];
