/** How many of n make a majority: more than half. @remarks Source: fabric common/policies/implicitmeta.go NewImplicitMetaPolicy. */
export function majorityOf(count: number): number {
  return Math.floor(count / 2) + 1;
}

/** The policy text `OutOf(n, 'A.peer', …)`: a majority of these organisations, each by a peer. */
export function majorityOfPeers(mspIds: readonly string[]): string {
  return `OutOf(${majorityOf(mspIds.length)}, ${mspIds.map((mspId) => `'${mspId}.peer'`).join(', ')})`;
}
