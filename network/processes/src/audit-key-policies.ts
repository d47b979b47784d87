import { chainState, type PeerClient, readBlocks } from '@lianyi/network-administration';
import { OperatorError } from '@lianyi/network-model';
import { describeUnsafeKeys, KeyPolicyAudit } from './key-policies';
import { type KeyPolicies } from './state-file';

/**
 * Looks at the key-level policies set on a channel since the last look, and refuses those that protect nothing.
 * @throws {@link OperatorError} `POLICY_REFUSED`.
 */
export async function auditKeyPolicies(
  dataDir: string,
  channel: string,
  clients: readonly PeerClient[],
  former: KeyPolicies,
  despiteUnsafeKeys: boolean,
): Promise<KeyPolicies> {
  const audit = new KeyPolicyAudit(former.unsafe);
  let { nextBlock } = former;
  let height = nextBlock;
  for (const client of clients) {
    for await (const block of readBlocks(client, dataDir, channel, nextBlock)) {
      audit.look(block);
      nextBlock++;
    }
    // a peer made from a snapshot has no earlier blocks; the next one may
    ({ height } = await chainState(client, channel));
    if (nextBlock >= height) break;
  }
  // something was readable: what came since is looked at by the next start
  const isUnknown = nextBlock === former.nextBlock && nextBlock < height;
  if (isUnknown && !despiteUnsafeKeys) {
    throw new OperatorError('POLICY_REFUSED', {
      en: `no peer has block ${nextBlock} of ${channel} any more, so the key policies set since cannot be looked at; 'up --despite-unsafe-keys' starts all the same`,
      zh: `已没有 peer 节点有 ${channel} 的区块 ${nextBlock}，因此无法检查此后设置的键策略；up --despite-unsafe-keys 仍可启动`,
    });
  }
  const unsafe = describeUnsafeKeys(audit.unsafeKeys);
  if (unsafe !== undefined && !despiteUnsafeKeys) {
    throw new OperatorError('POLICY_REFUSED', {
      en: `channel ${channel}: ${unsafe.en}; 'up --despite-unsafe-keys' starts all the same, to put it right`,
      zh: `通道 ${channel}：${unsafe.zh}；可用 up --despite-unsafe-keys 启动，以便更正`,
    });
  }
  return { nextBlock, unsafe: audit.unsafeKeys };
}
