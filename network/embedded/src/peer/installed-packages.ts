import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256OfBytes } from '@lianyi/fabric-protocol';
import { type ReceivedPackage, parsePackage } from './chaincode-package';
import { packageStructure } from './lifecycle-state';

const SUFFIX = '.tar.gz';

export interface InstalledPackage {
  readonly packageId: string;
  readonly label: string;
}

/** What of an approval all peers know: the hash of the package id the organisation chose. */
export const approvalHashOf = (packageId: string): Buffer =>
  sha256OfBytes(packageStructure(packageId).fields.get('PackageID') ?? Buffer.alloc(0));

/** Refuses a package that this peer could not run. Throws the reason. */
type BuildPackage = (chaincodePackage: ReceivedPackage) => void;

/** The packages installed on one peer, one file each. @remarks Source: core/chaincode/persistence/persistence.go. */
export class InstalledPackages {
  readonly #installed = new Map<string, InstalledPackage>();
  readonly #byApproval = new Map<string, InstalledPackage>();

  constructor(
    private readonly dir: string,
    private readonly build: BuildPackage,
  ) {
    const files = existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith(SUFFIX)) : [];
    for (const file of files) {
      const [label, hash] = splitLast(file.slice(0, -SUFFIX.length));
      this.#note(`${label}:${hash}`, label);
    }
  }

  /** Throws Fabric's text. @remarks Source: core/chaincode/lifecycle/lifecycle.go InstallChaincode. */
  install(bytes: Buffer): InstalledPackage {
    const parsed = parse(bytes);
    const { packageId, label } = parsed;
    if (this.#installed.has(packageId)) throw new Error(`chaincode already successfully installed (package ID '${packageId}')`);
    try {
      this.build(parsed);
    } catch (error) {
      throw new Error(`could not build chaincode: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    const file = join(this.dir, fileOf(parsed));
    mkdirSync(this.dir, { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, bytes, { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return this.#note(packageId, label);
  }

  find(packageId: string): InstalledPackage | undefined {
    return this.#installed.get(packageId);
  }

  /** The package an organisation approved, found by the hash of its id. @remarks Source: core/chaincode/lifecycle/cache.go. */
  findApproved(approvalHash: Buffer): InstalledPackage | undefined {
    return this.#byApproval.get(approvalHash.toString('hex'));
  }

  list(): readonly InstalledPackage[] {
    return [...this.#installed.values()];
  }

  /** `undefined`: it is not installed. */
  load(packageId: string): Buffer | undefined {
    const found = this.find(packageId);
    return found && readFileSync(join(this.dir, fileOf(found)));
  }

  #note(packageId: string, label: string): InstalledPackage {
    const noted = { packageId, label };
    this.#installed.set(packageId, noted);
    this.#byApproval.set(approvalHashOf(packageId).toString('hex'), noted);
    return noted;
  }
}

function parse(bytes: Buffer): ReceivedPackage {
  try {
    return parsePackage(bytes);
  } catch (error) {
    throw new Error(`could not parse as a chaincode install package: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** `<label>.<hash>.tar.gz`; a label may hold dots. */
function fileOf({ packageId }: InstalledPackage): string {
  const at = packageId.lastIndexOf(':');
  return `${packageId.slice(0, at)}.${packageId.slice(at + 1)}${SUFFIX}`;
}

function splitLast(name: string): readonly [string, string] {
  const at = name.lastIndexOf('.');
  return [name.slice(0, at), name.slice(at + 1)];
}
