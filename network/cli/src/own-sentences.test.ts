import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { runNetworkCli } from './program';

const run = async (...args: readonly string[]): Promise<{ exitCode: number; out: string; err: string }> => {
  const [out, err]: [string[], string[]] = [[], []];
  const exitCode = await runNetworkCli(
    ['node', 'lianyi-network', ...args],
    { out: (line) => out.push(line), err: (line) => err.push(line) },
    {},
  );
  return { exitCode, out: out.join('\n'), err: err.join('\n') };
};

const member = { mspId: 'AMSP', name: 'a', domain: 'a.example', roles: ['peer', 'orderer'] };
const definition = { name: 'test', channel: { name: 'emr' }, organizations: [member] };

/** Files and folders that a table's command lines name as DIR/…. */
function surroundings(): string {
  const dir = scratchDirectory();
  const files: Readonly<Record<string, string>> = {
    'good.yaml': JSON.stringify(definition),
    'broken.yaml': 'name: [',
    'empty.yaml': '',
    'twice.yaml': 'name: a\nname: b\n',
    'two.yaml': 'name: a\n---\nname: b\n',
    'alias.yaml': 'name: *nowhere\n',
    'list.yaml': '[]',
    'node.json': '{"mspId":"HospitalAMSP","listen":{"port":1}}',
    'member-policy.yaml': JSON.stringify({
      ...definition,
      chaincodes: [{ name: 'emr', version: '1', endorsementPolicy: "OR('AMSP.member')" }],
    }),
    'raft.yaml': JSON.stringify({ ...definition, fabricLine: '2.5', ordering: 'bft' }),
    'foreign/somebody.txt': 'not ours',
    'state/network.json': '{"format":',
    'script/package.json': '{"scripts":{"start:server":"node"}}',
    'no-package/readme': '',
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(dir, name, '..'), { recursive: true });
    writeFileSync(join(dir, name), content);
  }
  return dir;
}

const up = ['embedded', 'up', '--dir', 'DIR/new'];

describe('a situation that an operator can mend', () => {
  it.each<readonly [string, readonly string[], string, string]>([
    [
      'a definition that is not there',
      [...up, '--consortium', 'DIR/none.yaml'],
      'there is no file DIR/none.yaml',
      '没有文件 DIR/none.yaml',
    ],
    ['a folder for a definition', [...up, '--consortium', 'DIR'], 'DIR is a folder', 'DIR 是目录'],
    ['a definition that is no YAML', [...up, '--consortium', 'DIR/broken.yaml'], 'cannot be read as YAML', '无法作为 YAML 读取'],
    ['a definition with a key twice', [...up, '--consortium', 'DIR/twice.yaml'], 'cannot be read as YAML', '无法作为 YAML 读取'],
    ['two definitions in one file', [...up, '--consortium', 'DIR/two.yaml'], 'cannot be read as YAML', '无法作为 YAML 读取'],
    ['a definition that refers to nothing', [...up, '--consortium', 'DIR/alias.yaml'], 'cannot be read as YAML', '无法作为 YAML 读取'],
    ['a definition that is a list', [...up, '--consortium', 'DIR/list.yaml'], '(root): Invalid input', '(root)：无效输入'],
    ['a definition that is empty', [...up, '--consortium', 'DIR/empty.yaml'], '(root): Invalid input', '(root)：无效输入'],
    ['a node’s configuration for a definition', [...up, '--consortium', 'DIR/node.json'], 'channel: Invalid input', 'channel：无效输入'],
    [
      'a policy of any member',
      [...up, '--consortium', 'DIR/member-policy.yaml'],
      'chaincodes.0.endorsementPolicy: an endorsement policy must name .peer',
      'chaincodes.0.endorsementPolicy：背书策略必须写 .peer',
    ],
    ['an ordering that the line has not', [...up, '--consortium', 'DIR/raft.yaml'], 'orders by raft only', '只能用 raft 排序'],
    [
      'chaincode where the definition has none',
      [...up, '--consortium', 'DIR/good.yaml', '--chaincode', 'DIR'],
      'has no chaincode, so --chaincode has nothing to start',
      '联盟定义中没有链码',
    ],
    ['a script that names nothing', ['cc', 'DIR/script'], 'names no script for node', '没有为 node 指明脚本'],
    ['a folder without package.json', ['cc', 'DIR/no-package'], 'it has no package.json', '没有 package.json'],
    ['a network that does not run', ['embedded', 'status', '--dir', 'DIR/new'], 'no network runs in DIR/new', 'DIR/new 中没有运行的网络'],
    ['logs that are not there', ['fabric', 'logs', '--dir', 'DIR/new'], 'there are no logs in DIR/new', 'DIR/new'],
    ['a lag of nothing', [...up, '--consortium', 'DIR/good.yaml', '--lag', 'peer9=5'], 'names no peer', '既不是 peer 节点'],
    [
      'a folder of somebody else',
      ['fabric', 'up', '--dir', 'DIR/foreign', '--consortium', 'DIR/good.yaml'],
      'holds something else than a network of real Fabric (somebody.txt)',
      '中有不属于真实 Fabric 网络的内容（somebody.txt）',
    ],
  ])('%s is one sentence in each language, and no stack', async (_what, args, english, chinese) => {
    const dir = surroundings();
    const line = args[0] === 'cc' ? ['embedded', 'up', '--dir', 'DIR/new', '--preset', 'test-network', '--chaincode', args[1] ?? ''] : args;
    const filled = line.map((word) => word.replace('DIR', dir));
    for (const [language, words] of [
      ['en', english],
      ['zh', chinese],
    ] as const) {
      const { exitCode, out, err } = await run(...filled, '--lang', language);
      const sentence = err.slice(err.indexOf('lianyi-network: '));
      expect(sentence).toContain(words.replaceAll('DIR', dir));
      expect({ exitCode: exitCode > 0, out, stack: /^\s+at |UNFORESEEN|未预料|unforeseen/m.exec(err) }).toEqual({
        exitCode: true,
        out: '',
        stack: null,
      });
    }
  });
});
