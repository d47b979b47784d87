/** How many of n make a majority: more than half. @remarks Source: fabric common/policies/implicitmeta.go NewImplicitMetaPolicy. */
export function majorityOf(count: number): number {
  return Math.floor(count / 2) + 1;
}
