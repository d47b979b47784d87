import { crashTolerance, describeTolerance, OperatorError, type Ordering, quorumOf, toleratedFaults } from '@lianyi/network-model';

/** How a channel is ordered at this moment. */
export interface OrderingState {
  readonly ordering: Ordering;
  readonly consenters: number;
  /** Names of the consenters that take part; nobody of this network's knows of others. */
  readonly active: readonly string[];
  /** Names of this network's consenters that do not. */
  readonly down: readonly string[];
}

function refuse(why: string): never {
  throw new OperatorError('QUORUM_AT_RISK', why);
}

/**
 * Refuses to let one more order where the channel would stand still until the newcomer has caught up. Fabric's own advice is
 * to change consenters only while all are well (raft_configuration, bft_configuration "Reconfiguration").
 */
export function refuseRiskyJoin(channel: string, { ordering, consenters, active, down }: OrderingState): void {
  const needed = quorumOf(ordering, consenters + 1);
  // a single one needs its second at once; that cannot be helped
  if (down.length === 0 || active.length >= needed) return;
  refuse(
    `of ${consenters + 1} orderers of ${channel} ${needed} must work, and only ${active.length} would until the new one takes part, ${down.join(', ')} being down: bring it back first`,
  );
}

/** Refuses what would leave a set of orderers that cannot order, or, unless told otherwise, that has lost its tolerance of orderers that stop, or that lie. */
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
  refuse(`without ${leaver}, ${channel} has ${describeTolerance(ordering, left)}: add an orderer first, or say --despite-lost-tolerance`);
}
