import { ChaincodeConnection, type ChaincodeExecutor, type ServiceTls } from '../chaincode/connection';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { approvedPackageHash } from './approvals';
import { type ReceivedPackage, connectionOf, isPlaceholder, parsePackage, type ServiceConnection } from './chaincode-package';
import { InstalledPackages } from './installed-packages';
import { type PackageUse } from './lifecycle-packages';
import { type PeerChannels } from './peer-channels';

interface PeerChaincodesParts {
  readonly peerName: string;
  readonly mspId: string;
  /** Where its packages are kept. */
  readonly dir: string;
  readonly channels: PeerChannels;
  /** The stream to the service its organisation runs for a package; `undefined`: it runs none. */
  readonly ownService: (packageId: string) => ChaincodeExecutor | undefined;
  readonly executeTimeoutMillis: number;
  readonly log: (line: string) => void;
}

/** The chaincode of one peer: what is installed, and what of it a channel's definition means. */
export class PeerChaincodes {
  readonly packages: InstalledPackages;
  /** Services that somebody else runs, by package. */
  readonly #foreign = new Map<string, ChaincodeConnection>();

  constructor(private readonly parts: PeerChaincodesParts) {
    this.packages = new InstalledPackages(parts.dir, (chaincodePackage) => {
      this.#refuseUnusable(chaincodePackage);
    });
  }

  /** What runs a channel's chaincode: the installed package that the peer's organisation approved. */
  executor(channel: EmbeddedChannel, chaincode: string): ChaincodeExecutor | undefined {
    const definition = channel.definitions.get(chaincode);
    const hash = definition && approvedPackageHash(channel.state, this.parts.mspId, definition);
    const installed = hash && this.packages.findApproved(hash);
    return installed && (this.parts.ownService(installed.packageId) ?? this.#foreignService(installed.packageId));
  }

  usesOf(packageId: string): readonly PackageUse[] {
    const { channels, mspId } = this.parts;
    return channels.list().flatMap((name) => {
      const channel = channels.find(name);
      return (channel?.definitions.list() ?? []).flatMap((chaincode) => {
        const definition = channel?.definitions.get(chaincode);
        const hash = channel && definition && approvedPackageHash(channel.state, mspId, definition);
        const isUsed = hash !== undefined && this.packages.findApproved(hash)?.packageId === packageId;
        return isUsed ? [{ channel: name, name: chaincode, version: definition?.version ?? '' }] : [];
      });
    });
  }

  /** Ends the streams to services of others. */
  close(): void {
    for (const connection of this.#foreign.values()) connection.close();
    this.#foreign.clear();
  }

  #refuseUnusable(chaincodePackage: ReceivedPackage): void {
    const { type, label, packageId } = chaincodePackage;
    if (type !== 'ccaas') {
      throw new Error(
        `the embedded network builds no chaincode of type '${type}'; run it as a service and install a package of type ccaas`,
      );
    }
    if (isPlaceholder(connectionOf(chaincodePackage)) && this.parts.ownService(packageId) === undefined) {
      throw new Error(`this peer knows no service for the chaincode package ${label}`);
    }
  }

  #foreignService(packageId: string): ChaincodeExecutor | undefined {
    const known = this.#foreign.get(packageId);
    const bytes = known === undefined ? this.packages.load(packageId) : undefined;
    const connection = bytes && connectionOf(parsePackage(bytes));
    if (connection === undefined || isPlaceholder(connection)) return known;
    const { peerName, executeTimeoutMillis, log } = this.parts;
    const opened = new ChaincodeConnection({
      peerName,
      packageId,
      address: connection.address,
      tls: tlsOf(connection),
      executeTimeoutMillis,
      log,
    });
    this.#foreign.set(packageId, opened);
    return opened;
  }
}

function tlsOf(connection: ServiceConnection): ServiceTls | undefined {
  if (!connection.tls_required) return undefined;
  const rootPem = connection.root_cert;
  if (!connection.client_auth_required) return { rootPem };
  return { rootPem, keyPem: connection.client_key, certificatePem: connection.client_cert };
}
