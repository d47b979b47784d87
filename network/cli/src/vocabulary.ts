import { type HelpLanguage, type HelpText } from './language';

const text = (en: string, zh: string): HelpText => ({ en, zh });

/** What the fields of results are called for people; programs read the JSON, whose names stay. */
const fields: Readonly<Record<string, HelpText>> = {
  organization: text('organisation', '组织'),
  organizations: text('organisations', '组织'),
  result: text('result', '结果'),
  signed: text('signed by', '签名者'),
  notAsked: text('not asked', '未询问'),
  behind: text('not yet at', '尚未提交'),
  update: text('configuration', '配置'),
  sequence: text('sequence', '序号'),
  ordering: text('ordering', '排序'),
  open: text('stays as it is', '保持不变'),
  reason: text('reason', '原因'),
  peer: text('peer', 'peer 节点'),
  peers: text('peers', 'peer 节点'),
  profile: text('connection profile', '连接配置'),
  channel: text('channel', '通道'),
  channels: text('channels', '通道'),
  name: text('name', '名称'),
  version: text('version', '版本'),
  packageId: text('package', '包'),
  transactionId: text('transaction', '交易'),
  blockNumber: text('block', '区块'),
  serialNumbers: text('serial numbers', '序列号'),
  restarted: text('restarted', '已重启'),
  files: text('files', '文件'),
  file: text('file', '文件'),
  folder: text('folder', '目录'),
  height: text('height', '高度'),
  currentBlockHash: text('hash of the last block', '末块哈希'),
  formerData: text('former data', '原有数据'),
  collections: text('collections', '集合'),
};

/** Words that results have as values. */
const words: Readonly<Record<string, HelpText>> = {
  joined: text('joined', '已加入'),
  left: text('left', '已退出'),
  unchanged: text('unchanged', '无变化'),
  created: text('created', '已创建'),
  completed: text('completed', '已补全'),
  committed: text('committed', '已提交'),
  revoked: text('revoked', '已吊销'),
  orderer: text('orderer', '排序节点'),
  chaincode: text('chaincode', '链码'),
  authority: text('CA', '证书机构'),
  identity: text('identity', '身份'),
  tls: text('TLS', 'TLS'),
  valid: text('valid', '有效'),
  expiring: text('ends soon', '即将到期'),
  expired: text('ended', '已到期'),
  'partly-revoked': text('partly revoked', '部分吊销'),
  service: text('service', '服务'),
  package: text('package', '包'),
  installed: text('installed', '已安装'),
  log: text('log', '日志'),
  leftover: text('leftover', '残留'),
  good: text('good', '正常'),
  note: text('note', '注意'),
  bad: text('bad', '不可用'),
  stopped: text('stopped', '已停止'),
  'not running': text('not running', '未运行'),
};

/** A field's name for people; itself, where it has none. */
export function fieldName(field: string, language: HelpLanguage): string {
  return fields[field]?.[language] ?? field;
}

/** A word that programs read, as people read it; itself, where it is no such word but a name. */
export function wordFor(word: string, language: HelpLanguage): string {
  return words[word]?.[language] ?? word;
}
