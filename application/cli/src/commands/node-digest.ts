import { digestOfNode } from '@lianyi/member-node';
import { type CommandCall } from '../call';
import { type CommandOutcome, fields, outcome, table } from '../outcome';
import { readNodeConfig } from './node-config-file';
import { label } from './vocabulary';

/** What a node's database holds, at which height. */
export async function nodeDigest({ terminal }: CommandCall, { config }: { readonly config: string }): Promise<CommandOutcome> {
  const told = digestOfNode(await readNodeConfig(config, terminal));
  const head = [label.organisation, { en: 'blocks', zh: '区块数' }, { en: 'chain', zh: '链摘要' }];
  return outcome(
    told,
    fields([
      [label.organisation, told.mspId],
      [{ en: 'blocks', zh: '区块数' }, told.height],
      [{ en: 'digest', zh: '摘要' }, told.digest],
      [{ en: 'of the chain', zh: '其中链' }, told.chain],
      ...Object.entries(told.judged).map(([name, digest]) => [{ en: `of ${name}`, zh: `其中 ${name}` }, digest] as const),
    ]),
    table(
      head,
      told.others.map(({ mspId, height, chain }) => [mspId, height, chain]),
      { en: 'no other member’s peer is followed', zh: '未跟随其他成员的节点' },
    ),
  );
}
