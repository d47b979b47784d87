import {
  ChannelMsps,
  type GenesisOrganization,
  Msp,
  msp,
  mspConfig,
  type MspManager,
  type RoleName,
  rolePrincipal,
  type SignedData,
} from '@lianyi/fabric-protocol';

/** What of a peer is its own organisation's business. @remarks Source: core/policy/principal.go. */
export type LocalPolicy = 'Admins' | 'Members';
const ROLES: Readonly<Record<LocalPolicy, RoleName>> = { Admins: 'admin', Members: 'member' };

/**
 * The organisation whose peer this is, as its own directory presents it: it decides who may administer the peer, also
 * before any channel knows it.
 */
export class LocalMsp {
  readonly msps: MspManager;

  constructor(private readonly organization: Pick<GenesisOrganization, 'mspId' | 'caPem' | 'tlsCaPem'>) {
    const config = msp.FabricMSPConfig.deserializeBinary(mspConfig(organization).getConfig_asU8());
    this.msps = new ChannelMsps([new Msp(config)]);
  }

  /** `undefined` = allowed. @remarks Source: core/policy/policy.go CheckPolicyNoChannel; msp/mspimpl.go for the inner texts. */
  refuse(policy: LocalPolicy, creator: SignedData): string | undefined {
    const { mspId } = this.organization;
    const where = `channelless check policy with policy [${policy}]`;
    const identity = this.msps.deserialize(creator.identity);
    if (identity === undefined) {
      return `Failed deserializing proposal creator during ${where}: [expected MSP ID ${mspId}, received ${mspIdOf(creator.identity)}]`;
    }
    if (this.msps.satisfiesPrincipal(identity, rolePrincipal(mspId, ROLES[policy]))) return undefined;
    const reason =
      this.msps.invalidReason(identity) ??
      `The identity is not an admin under this MSP [${mspId}]: The identity does not contain OU [ADMIN], MSP: [${mspId}]`;
    return `Failed verifying that proposal's creator satisfies local MSP principal during ${where}: [${reason}]`;
  }
}

function mspIdOf(serialized: Buffer): string {
  return msp.SerializedIdentity.deserializeBinary(serialized).getMspid();
}
