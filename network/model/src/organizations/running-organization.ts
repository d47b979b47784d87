/** One organisation of a running network as a client meets it; the same on the embedded network and on real Fabric. */
export interface RunningOrganization {
  readonly mspId: string;
  readonly name: string;
  readonly domain: string;
  /** MSP and TLS directory of one of its users, e.g. `User1`. */
  user(name: string): { readonly msp: string; readonly tls: string };
  /** Path of its connection profile (JSON). */
  readonly profile: string;
  /** Absent for an organisation without a peer. */
  readonly peer?: { readonly name: string; readonly address: string };
}
