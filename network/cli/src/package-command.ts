import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  BUNDLE,
  chaincodeSchema,
  OperatorError,
  packService,
  servicePackageLabel,
  systemCode,
  testNetworkAddress,
  writeDeployableFolder,
  sentenceOf,
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
      throw new OperatorError(
        'DISK',
        { en: `the package could not be written: ${sentenceOf(cause).en}`, zh: `链码包无法写入：${sentenceOf(cause).zh}` },
        { cause },
      );
    }
  },
});

function pack({ chaincode, out, ccaas, name, ccVersion, address = testNetworkAddress(name) }: PackageInput, output: LineOutput): void {
  const folder = resolve(out);
  refuseUnusableNames(name, ccVersion);
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

/** Fabric would refuse the definition after everybody had installed the package. @throws {@link OperatorError} `UNKNOWN_NAME`. */
export function refuseUnusableNames(name: string, version: string): void {
  const result = chaincodeSchema.pick({ name: true, version: true }).safeParse({ name, version });
  if (result.success) return;
  const [issue] = result.error.issues;
  const field = issue?.path[0];
  if (field === 'version')
    throw new OperatorError('UNKNOWN_NAME', {
      en: `'${version}' cannot be the version of a chaincode: letters, digits and the signs _ . + - are allowed`,
      zh: `“${version}” 不能作为链码版本：只允许字母、数字和符号 _ . + -`,
    });
  throw new OperatorError('UNKNOWN_NAME', {
    en: `'${name}' cannot be the name of a chaincode: ${issue?.code === 'custom' ? issue.message : 'letters and digits are allowed, with single - or _ between them'}`,
    zh: `“${name}” 不能作为链码名称：只允许字母和数字，其间可有单个 - 或 _；ca、peer0、orderer0 等是节点的名称`,
  });
}

function portOf(address: string): string {
  return /:(\d+)$/.exec(address)?.[1] ?? '9999';
}
