import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type Consortium,
  loadConsortium,
  OperatorError,
  type RunningNetwork,
  serveControl,
  testNetworkConsortium,
} from '@lianyi/network-model';
import { json } from './on-network';
import { choice, switchOption, preset, repeated } from './option';
import { indented } from './columns';
import { type HelpText } from './language';
import { printTable } from './table';
import { type VerbCall } from './verb-spec';

/** Options that `up` of either kind takes, beside its directory. */
export const upOptions = {
  consortium: preset('--consortium <file>', { en: 'definition of the consortium', zh: '联盟定义文件' }, 'consortium.yaml'),
  preset: choice(
    '--preset <name>',
    {
      en: "instead of a definition: names, ports and channel of Fabric's test network, for its samples",
      zh: '代替联盟定义：Fabric 测试网络的名称、端口和通道，供其示例使用',
    },
    ['test-network'],
  ),
  chaincode: repeated('--chaincode <dir>', {
    en: 'directory of a chaincode package; NAME=DIR where the consortium defines several',
    zh: '链码包目录；联盟定义了多个链码时用 NAME=DIR',
  }),
  json,
  exitWithParent: switchOption('--exit-with-parent', { en: 'also stop when standard input closes', zh: '标准输入关闭时也停止' }),
};

/** What `up` is told of the consortium. */
interface DefinitionChoice {
  readonly consortium: string;
  readonly preset: 'test-network' | undefined;
  readonly chaincode: readonly string[];
}

/** Names that the samples' applications call, and the network's scripts deploy, where no other is said. */
const SAMPLE_CHAINCODE = 'basic';

/** The definition of a file, or of a preset, which defines the chaincodes that are named. @throws ConsortiumError */
export function definitionFor({ consortium, preset: chosen, chaincode }: DefinitionChoice): Consortium {
  if (chosen === undefined) return loadConsortium(consortium);
  return testNetworkConsortium(chaincode.map((value) => NAMED.exec(value)?.[1] ?? SAMPLE_CHAINCODE));
}

const NAMED = /^([A-Za-z0-9_-]+)=(.+)$/;

/** `DIR`, for the only or first chaincode of the definition, or `NAME=DIR`. */
export function readChaincodes(values: readonly string[], consortium: Consortium): ReadonlyMap<string, string> {
  const first = consortium.chaincodes[0]?.name;
  return new Map(
    values.map((value) => {
      const [, name, dir] = NAMED.exec(value) ?? [undefined, first, value];
      if (name === undefined)
        throw new OperatorError('UNKNOWN_NAME', {
          en: 'the consortium definition has no chaincode, so --chaincode has nothing to start',
          zh: '联盟定义中没有链码，--chaincode 没有可启动的内容',
        });
      const path = resolve(dir);
      if (!existsSync(path) || !statSync(path).isDirectory())
        throw new OperatorError('CHAINCODE_FOLDER', { en: `there is no chaincode directory ${path}`, zh: `没有链码目录 ${path}` });
      return [name, path];
    }),
  );
}

/** Serves the verbs of a network that is ready, until somebody wants it to end; then stops it. */
export async function runUntilStopped(
  network: RunningNetwork,
  told: { readonly chaincodes: readonly string[]; readonly json: boolean },
  stopRequest: Promise<HelpText>,
  call: VerbCall,
): Promise<void> {
  const control = await serveControl(network);
  reportReady(network, told.chaincodes, told.json, call);
  const reason = await stopRequest;
  call.output.err({ en: `stopping (${reason.en})`, zh: `正在停止（${reason.zh}）` }[call.language]);
  control.close();
  control.closeAllConnections();
  await network.stop();
}

/** One JSON line for programs, a table for people. */
function reportReady(network: RunningNetwork, chaincodes: readonly string[], json: boolean, call: VerbCall): void {
  const { output, language } = call;
  if (json) {
    output.out(JSON.stringify(readyEvent(network, chaincodes)));
    return;
  }
  const seconds = (network.elapsedMillis / 1000).toFixed(1);
  const ready = {
    en: `Channel ${network.channel} is ready after ${seconds} s; chaincode: ${chaincodes.join(', ') || 'none'}`,
    zh: `通道 ${network.channel} 在 ${seconds} 秒后就绪；链码：${chaincodes.join('、') || '无'}`,
  };
  output.out(ready[language]);
  printTable(
    network.organizations,
    [
      { title: { en: 'ORGANISATION', zh: '组织' }, value: ({ mspId }) => mspId },
      { title: { en: 'PEER', zh: 'peer 节点' }, value: ({ peer }) => peer?.address ?? { en: 'none', zh: '无' }[language] },
      { title: { en: 'CONNECTION PROFILE', zh: '连接配置' }, value: ({ profile }) => profile },
    ],
    call,
  );
  output.out(indented(HINT[language], ''));
}

const HINT: HelpText = {
  en: 'Any Fabric client can connect with these profiles and the certificates beside them. Ctrl-C stops; so does "stop" from another terminal.',
  zh: '任何 Fabric 客户端都可用这些连接配置及其旁的证书连接。按 Ctrl-C 停止，也可在另一终端用 stop 停止。',
};

function readyEvent(network: RunningNetwork, chaincodes: readonly string[]): object {
  return {
    event: 'ready',
    dir: network.dir,
    organizations: network.organizations.map(({ mspId, name, domain, peer }) => ({
      mspId,
      name,
      domain,
      ...(peer === undefined ? {} : { peer: peer.address }),
    })),
    channel: network.channel,
    chaincode: chaincodes[0] ?? null,
    chaincodes,
    profiles: Object.fromEntries(network.organizations.map(({ mspId, profile }) => [mspId, profile])),
    elapsedMillis: network.elapsedMillis,
  };
}
