import { DomainError, NoAnswer } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { exitCode } from '../exit-code';
import { fields, outcome, type CommandOutcome } from '../outcome';
import { connectNode } from '@lianyi/client/node';
import { allThatNodeSays } from './node-faults';
import { label } from './vocabulary';

/** Asks the profile's node how far it has followed its peers. Exit code 1 when it is not well. */
export async function nodeStatus(call: CommandCall): Promise<CommandOutcome> {
  const { profile } = call.actorOf('staff', 'patient');
  const node = await connectNode(profile);
  const health = await node.health().catch((cause: unknown) => {
    const detail = cause instanceof NoAnswer && cause.cause === undefined ? 'what answers is not a member node' : undefined;
    throw new DomainError('MEMBER_UNAVAILABLE', detail, { url: profile.nodeUrl }, { cause });
  });
  node.close();
  const { status, blocks, faults, warnings, alarms } = health;
  const isWell = status === 'ok';
  return {
    ...outcome(
      { url: profile.nodeUrl, ...health },
      fields([
        [{ en: 'node', zh: '节点' }, profile.nodeUrl],
        [label.state, isWell ? { en: 'well', zh: '正常' } : { en: status, zh: status }],
        ...Object.entries(blocks).map(([source, height]) => [{ en: `blocks of ${source}`, zh: `${source} 的区块` }, height] as const),
        [{ en: 'soon', zh: '即将发生' }, allThatNodeSays(warnings)],
        [{ en: 'faults', zh: '故障' }, allThatNodeSays(faults)],
        [{ en: 'ALARMS', zh: '告警' }, alarms.length === 0 ? undefined : alarms.join('; ')],
      ]),
    ),
    exitCode: isWell ? exitCode.ok : exitCode.failure,
  };
}
