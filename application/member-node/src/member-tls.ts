/** Who this node is to other members' nodes: PEM. */
export type MemberTls = { key: string; cert: string; ca: readonly string[] };
