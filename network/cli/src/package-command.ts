import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
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
import { switchOption, optional, preset, required } from './option';
import { type LineOutput } from './output';
import { verb } from './verb-spec';

interface PackageInput {
  readonly chaincode: string;
  readonly out: string;
  readonly ccaas: boolean;
  readonly name: string;
  readonly ccVersion: string;
  readonly address: string | undefined;
}

/** `package`: a chaincode as Fabric's test network, or any other Fabric network, takes it. */
export const packageVerb = verb({
  name: 'package',
  summary: {
    en: "make a folder that deployCC of Fabric's test network takes as it is",
    zh: '生成可直接交给 Fabric 测试网络 deployCC 的目录',
  },
  options: {
    chaincode: preset('--chaincode <dir>', { en: 'directory of the built chaincode', zh: '已构建链码的目录' }, 'chaincode'),
    out: preset('--out <dir>', { en: 'folder to write', zh: '输出目录' }, 'build/chaincode'),
    ccaas: switchOption('--ccaas', {
      en: 'also a package for chaincode as a service, beside the folder: <out>.ccaas.tgz',
      zh: '同时在目录旁生成链码即服务的包：<out>.ccaas.tgz',
    }),
    name: required('--name <name>', { en: 'name of the chaincode', zh: '链码名称' }),
    ccVersion: preset('--cc-version <version>', { en: 'with --ccaas: version of the chaincode', zh: '配合 --ccaas：链码版本' }, '1.0'),
    address: optional('--address <host:port>', {
      en: "with --ccaas: where the service listens; the default is deployCCAAS's container",
      zh: '配合 --ccaas：服务的监听地址；默认为 deployCCAAS 的容器',
    }),
  },
  action: (input, { output }) => {
    try {
      pack(input, output);
    } catch (cause) {
      if (cause instanceof OperatorError || systemCode(cause) === undefined) throw cause;
      throw new OperatorError('DISK', `the package could not be written: ${reasonOf(cause)}`, { cause });
    }
  },
});

function pack({ chaincode, out, ccaas, name, ccVersion, address = testNetworkAddress(name) }: PackageInput, output: LineOutput): void {
  const folder = resolve(out);
  const label = servicePackageLabel(name, ccVersion);
  writeDeployableFolder(resolve(chaincode), folder);
  if (!ccaas) {
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
