import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command } from 'commander';
import {
  BUNDLE,
  OperatorError,
  packService,
  reasonOf,
  servicePackageLabel,
  systemCode,
  testNetworkAddress,
  writeDeployableFolder,
} from '@lianyi/network-model';
import { type Output } from './output';

interface PackageOptions {
  readonly chaincode: string;
  readonly out: string;
  readonly ccaas?: true;
  readonly name: string;
  readonly ccVersion: string;
  readonly address?: string;
}

/** Registers `package`: a chaincode as Fabric's test network, or any other Fabric network, takes it. */
export function addPackageCommand(program: Command, output: Output): void {
  program
    .command('package')
    .description("make a folder that deployCC of Fabric's test network takes as it is")
    .option('--chaincode <dir>', 'directory of the built chaincode', 'chaincode')
    .option('--out <dir>', 'folder to write', 'build/chaincode')
    .option('--ccaas', 'also a package for chaincode as a service, beside the folder: <out>.ccaas.tgz')
    .requiredOption('--name <name>', 'name of the chaincode')
    .option('--cc-version <version>', 'with --ccaas: version of the chaincode', '1.0')
    .option('--address <host:port>', "with --ccaas: where the service listens; the default is deployCCAAS's container")
    .action((options: PackageOptions) => {
      try {
        pack(options, output);
      } catch (cause) {
        if (cause instanceof OperatorError || systemCode(cause) === undefined) throw cause;
        throw new OperatorError('DISK', `the package could not be written: ${reasonOf(cause)}`, { cause });
      }
    });
}

function pack({ chaincode, out, ccaas, name, ccVersion, address = testNetworkAddress(name) }: PackageOptions, output: Output): void {
  const folder = resolve(out);
  const label = servicePackageLabel(name, ccVersion);
  writeDeployableFolder(resolve(chaincode), folder);
  if (ccaas !== true) {
    output.out(folder);
    return;
  }
  const { packageId, bytes } = packService(folder, label, address);
  writeFileSync(`${folder}.ccaas.tgz`, bytes);
  output.out(folder);
  output.out(`${folder}.ccaas.tgz`);
  output.out(`CORE_CHAINCODE_ID=${packageId} CORE_CHAINCODE_ADDRESS=0.0.0.0:${portOf(address)} node ${BUNDLE} server`);
}

function portOf(address: string): string {
  return /:(\d+)$/.exec(address)?.[1] ?? '9999';
}
