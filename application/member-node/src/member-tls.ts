/** Who this node is to other members' nodes: PEM. */
export type MemberTls = { key: string; cert: string; ca: readonly string[] };

/** Where an endpoint of the directory is reached. */
export function urlOf({ host, port }: { readonly host: string; readonly port: number }): string {
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
