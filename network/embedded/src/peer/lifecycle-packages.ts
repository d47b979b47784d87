import { type Message, peer } from '@lianyi/fabric-protocol';
import { type InstalledPackage, type InstalledPackages } from './installed-packages';

const { lifecycle } = peer;

/** A committed chaincode that runs from a package. */
export interface PackageUse {
  readonly channel: string;
  readonly name: string;
  readonly version: string;
}
type UsesOfPackage = (packageId: string) => readonly PackageUse[];

/** What an administrator asks of one peer's packages. @remarks Source: core/chaincode/lifecycle/scc.go; the texts are its. */
export class PackageOperations {
  constructor(
    private readonly packages: InstalledPackages,
    private readonly usesOf: UsesOfPackage,
  ) {}

  install(argument: Buffer): Message {
    const args = lifecycle.InstallChaincodeArgs.deserializeBinary(argument);
    const { label, packageId } = this.packages.install(Buffer.from(args.getChaincodeInstallPackage_asU8()));
    const result = new lifecycle.InstallChaincodeResult();
    result.setLabel(label);
    result.setPackageId(packageId);
    return result;
  }

  queryInstalled(argument: Buffer): Message {
    const packageId = lifecycle.QueryInstalledChaincodeArgs.deserializeBinary(argument).getPackageId();
    const found = this.packages.find(packageId);
    if (found === undefined) throw new Error(`could not find chaincode with package id '${packageId}'`);
    const result = new lifecycle.QueryInstalledChaincodeResult();
    result.setLabel(found.label);
    result.setPackageId(found.packageId);
    for (const [channel, uses] of this.#references(found)) {
      const references = new lifecycle.QueryInstalledChaincodeResult.References();
      references.setChaincodesList(uses.map((use) => named(new lifecycle.QueryInstalledChaincodeResult.Chaincode(), use)));
      result.getReferencesMap().set(channel, references);
    }
    return result;
  }

  queryAllInstalled(): Message {
    const result = new lifecycle.QueryInstalledChaincodesResult();
    result.setInstalledChaincodesList(
      this.packages.list().map((found) => {
        const entry = new lifecycle.QueryInstalledChaincodesResult.InstalledChaincode();
        entry.setLabel(found.label);
        entry.setPackageId(found.packageId);
        for (const [channel, uses] of this.#references(found)) {
          const references = new lifecycle.QueryInstalledChaincodesResult.References();
          references.setChaincodesList(uses.map((use) => named(new lifecycle.QueryInstalledChaincodesResult.Chaincode(), use)));
          entry.getReferencesMap().set(channel, references);
        }
        return entry;
      }),
    );
    return result;
  }

  getPackage(argument: Buffer): Message {
    const packageId = lifecycle.GetInstalledChaincodePackageArgs.deserializeBinary(argument).getPackageId();
    const bytes = this.packages.load(packageId);
    if (bytes === undefined) throw new Error(`could not load cc install package: chaincode install package '${packageId}' not found`);
    const result = new lifecycle.GetInstalledChaincodePackageResult();
    result.setChaincodeInstallPackage(bytes);
    return result;
  }

  #references({ packageId }: InstalledPackage): ReadonlyMap<string, PackageUse[]> {
    return Map.groupBy(this.usesOf(packageId), ({ channel }) => channel);
  }
}

interface NamedVersion {
  setName(value: string): unknown;
  setVersion(value: string): unknown;
}

function named<T extends NamedVersion>(message: T, { name, version }: PackageUse): T {
  message.setName(name);
  message.setVersion(version);
  return message;
}
