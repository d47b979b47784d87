import {
  crashTolerance,
  describeTolerance,
  OperatorError,
  type Ordering,
  quorumOf,
  toleratedFaults,
  type Sentence,
} from '@lianyi/network-model';

/** How a channel is ordered at this moment. */
export interface OrderingState {
  readonly ordering: Ordering;
  readonly consenters: number;
  /** Names of this network's consenters that take part; those of other networks cannot be asked. */
  readonly active: readonly string[];
  /** Names of this network's consenters that do not take part. */
  readonly down: readonly string[];
}

function refuse(why: Sentence): never {
  throw new OperatorError('QUORUM_AT_RISK', why);
}

/**
 * Refuses a new consenter where the channel would order nothing until the newcomer has caught up. Fabric's own advice is to
 * change consenters only while all take part (raft_configuration, bft_configuration "Reconfiguration").
 * @throws {@link OperatorError} `QUORUM_AT_RISK`.
 */
export function refuseRiskyJoin(channel: string, { ordering, consenters, active, down }: OrderingState): void {
  const needed = quorumOf(ordering, consenters + 1);
  // a single one needs its second at once; that cannot be helped
  if (down.length === 0 || active.length >= needed) return;
  refuse({
    en: `of ${consenters + 1} orderers of ${channel} ${needed} must work, and only ${active.length} would until the new one takes part, ${down.join(', ')} being down: bring it back first`,
    zh: `${channel} 的 ${consenters + 1} 个排序节点中须有 ${needed} 个工作，而在新节点参与之前只有 ${active.length} 个（${down.join('、')} 已停止）：请先恢复它`,
  });
}

/**
 * Refuses a removal that would leave too few consenters to order, or, unless told otherwise, none that may stop or lie.
 * @throws {@link OperatorError} `QUORUM_AT_RISK`.
 */
export function refuseRiskyLeave(channel: string, leaver: string, state: OrderingState, despiteLostTolerance: boolean): void {
  const { ordering, consenters, active, down } = state;
  const left = consenters - 1;
  if (left === 0)
    refuse({
      en: `${leaver} is the only orderer of ${channel}; without it nothing would be ordered`,
      zh: `${leaver} 是 ${channel} 唯一的排序节点；没有它就无法排序`,
    });
  const remaining = active.filter((name) => name !== leaver).length;
  const standing = { en: down.join(', '), zh: down.join('、') };
  if (active.length < quorumOf(ordering, consenters))
    refuse({
      en: `${channel} orders nothing now, ${standing.en} being down; bring enough of them back first`,
      zh: `${channel} 目前无法排序，${standing.zh} 已停止；请先恢复其中足够的节点`,
    });
  if (remaining < quorumOf(ordering, left))
    refuse({
      en: `without ${leaver}, ${quorumOf(ordering, left)} of the ${left} orderers left of ${channel} must work, and only ${remaining} would, ${standing.en} being down: bring it back first`,
      zh: `没有 ${leaver} 时，${channel} 余下的 ${left} 个排序节点中须有 ${quorumOf(ordering, left)} 个工作，而只有 ${remaining} 个（${standing.zh} 已停止）：请先恢复它`,
    });
  const isLost = (tolerated: (ordering: Ordering, count: number) => number): boolean =>
    tolerated(ordering, consenters) > 0 && tolerated(ordering, left) === 0;
  if (despiteLostTolerance || ![toleratedFaults, crashTolerance].some(isLost)) return;
  const { en, zh } = describeTolerance(ordering, left);
  refuse({
    en: `without ${leaver}, ${channel} has ${en}: add an orderer first, or say --despite-lost-tolerance`,
    zh: `没有 ${leaver} 时，${channel} 有 ${zh}：请先增加排序节点，或加上 --despite-lost-tolerance`,
  });
}
