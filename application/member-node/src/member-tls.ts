/** Who this node is to other members' nodes, and whom it believes: PEM. */
export type MemberTls = { readonly key: string; readonly cert: string; readonly ca: readonly string[] };
