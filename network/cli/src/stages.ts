import { type HelpText } from './language';

/** The steps of a start, by the names that the networks report them with. */
const stages: Readonly<Record<string, string>> = {
  'find Fabric': '查找 Fabric 程序',
  'certificate authorities': '证书机构',
  certificates: '证书',
  'genesis block': '创世区块',
  'nodes ready': '节点就绪',
  'key policies': '键策略',
  'new channels': '新通道',
  'orderers joined': '排序节点已加入',
  'peers joined': 'peer 节点已加入',
  'leaders elected': '已选出主节点',
  'endorsers known': '背书者已知',
  install: '安装',
  approve: '批准',
  commit: '提交',
  channel: '通道',
  peers: 'peer 节点',
  definitions: '链码定义',
  chaincode: '链码',
};

/** A step's name in both languages; what follows the step, a chaincode's or a channel's name, stays. */
export function stageName(stage: string): HelpText {
  const known = Object.keys(stages).find((name) => stage === name || stage.startsWith(`${name} `));
  return { en: stage, zh: known === undefined ? stage : (stages[known] ?? known) + stage.slice(known.length) };
}
