import { crashTolerance, describeTolerance, OperatorError, type Ordering, quorumOf, toleratedFaults } from '@lianyi/network-model';

/** How a channel is ordered at this moment. */
export interface OrderingState {
  readonly ordering: Ordering;
  readonly consenters: number;
  /** Names of this network's consenters that take part; those of other networks cannot be asked. */
  readonly active: readonly string[];
  /** Names of this network's consenters that do not take part. */
  readonly down: readonly string[];
}

function refuse(why: string): never {
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
  refuse(
    `of ${consenters + 1} orderers of ${channel} ${needed} must work, and only ${active.length} would until the new one takes part, ${down.join(', ')} being down: bring it back first`,
  );
}

/**
 * Refuses a removal that would leave too few consenters to order, or, unless told otherwise, none that may stop or lie.
 * @throws {@link OperatorError} `QUORUM_AT_RISK`.
 */
export function refuseRiskyLeave(channel: string, leaver: string, state: OrderingState, despiteLostTolerance: boolean): void {
  const { ordering, consenters, active, down } = state;
  const left = consenters - 1;
  if (left === 0) refuse(`${leaver} is the only orderer of ${channel}; without it nothing would be ordered`);
  const remaining = active.filter((name) => name !== leaver).length;
  const standing = down.join(', ');
  if (active.length < quorumOf(ordering, consenters))
    refuse(`${channel} orders nothing now, ${standing} being down; bring enough of them back first`);
  if (remaining < quorumOf(ordering, left))
    refuse(
      `without ${leaver}, ${quorumOf(ordering, left)} of the ${left} orderers left of ${channel} must work, and only ${remaining} would, ${standing} being down: bring it back first`,
    );
  const isLost = (tolerated: (ordering: Ordering, count: number) => number): boolean =>
    tolerated(ordering, consenters) > 0 && tolerated(ordering, left) === 0;
  if (despiteLostTolerance || ![toleratedFaults, crashTolerance].some(isLost)) return;
  refuse(
    `without ${leaver}, ${channel} has ${describeTolerance(ordering, left).en}: add an orderer first, or say --despite-lost-tolerance`,
  );
}
