import { type OperatorErrorCode } from '@lianyi/network-model';
import { type HelpText } from './language';

/** 0 = done, 1 = it failed, 2 = the command line or a file it names is at fault. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;
type FailureExit = Exclude<(typeof exitCodes)[keyof typeof exitCodes], 0>;

/** What a failure code means to an operator, and what can be done about it. */
interface FailureRow {
  readonly exit: FailureExit;
  readonly meaning: HelpText;
  readonly remedy: HelpText;
}

type Pair = readonly [en: string, zh: string];

function row(exit: FailureExit, meaning: Pair, remedy: Pair): FailureRow {
  return { exit, meaning: { en: meaning[0], zh: meaning[1] }, remedy: { en: remedy[0], zh: remedy[1] } };
}

const { failed, usage } = exitCodes;

/** One row for each code of the model: a code without one does not compile. */
export const failureTable: Readonly<Record<OperatorErrorCode, FailureRow>> = {
  FABRIC_MISSING: row(
    failed,
    ['Something a start needs is missing.', '缺少启动所需的内容。'],
    ["Run 'doctor'; it lists what is missing.", '运行 doctor，查看缺少什么。'],
  ),
  FABRIC_VERSION: row(
    failed,
    ["Fabric's programs are of another release line.", 'Fabric 程序的版本系列不符。'],
    ['Point FABRIC_BIN at the programs of fabricLine.', '让 FABRIC_BIN 指向 fabricLine 所要求的版本。'],
  ),
  PORT_IN_USE: row(
    failed,
    ['A port of a node is taken.', '节点的端口已被占用。'],
    ["End the other process, or set 'ports' in consortium.yaml.", '结束占用者，或在 consortium.yaml 中设置 ports。'],
  ),
  ALREADY_RUNNING: row(
    failed,
    ['A network runs in this directory already.', '该目录中的网络已在运行。'],
    ["Use it, 'stop' it, or name another --dir.", '直接使用、用 stop 停止，或另选 --dir。'],
  ),
  NOT_RUNNING: row(
    failed,
    ['The network, or one of its nodes, does not run.', '网络或其中的节点没有运行。'],
    ["Start it with 'up', or the node with 'node start'.", '用 up 启动网络，或用 node start 启动节点。'],
  ),
  STATE_INCOMPLETE: row(
    failed,
    ["The network's directory is not as it was left.", '网络目录与上次离开时不同。'],
    ["Restore the file named, or remove the network with 'down'.", '恢复所列文件，或用 down 删除网络。'],
  ),
  STATE_MISMATCH: row(
    failed,
    ['What is asked for does not fit what the network has.', '所求与网络的现状不符。'],
    ['Change the request, or the consortium definition.', '请修改请求，或修改联盟定义。'],
  ),
  CHANGED_MEANWHILE: row(
    failed,
    ['Another verb changed the network meanwhile.', '其间另一个命令改动了网络。'],
    ['Run the verb again.', '请再运行一次。'],
  ),
  DISK: row(
    failed,
    ['A file could not be written or read.', '文件无法写入或读取。'],
    ['Free space or correct the rights, and run the verb again.', '腾出空间或更正权限，然后再运行一次。'],
  ),
  POLICY_REFUSED: row(
    failed,
    ['A policy would protect less than is needed.', '某项策略的保护低于要求。'],
    ['Correct the policy named.', '请更正所列策略。'],
  ),
  CHAINCODE_FOLDER: row(
    usage,
    ['The directory is no chaincode package.', '该目录不是链码包。'],
    ['Name the directory of a built chaincode with --chaincode.', '用 --chaincode 指定已构建的链码目录。'],
  ),
  NODE_FAILED: row(
    failed,
    ['A node failed.', '节点出错。'],
    ["'logs' shows why; the same verb again finishes.", '用 logs 查看原因；再次运行同一命令即可完成。'],
  ),
  FABRIC_REFUSED: row(
    failed,
    ['Fabric refused.', 'Fabric 拒绝了请求。'],
    ["Its own words are below; 'logs' shows more.", '下面是它的原话；logs 显示更多。'],
  ),
  TIMEOUT: row(
    failed,
    ['Something took too long.', '等待超时。'],
    ['Run the verb again: what is done stays done.', '再运行一次：已完成的步骤不会重做。'],
  ),
  UNKNOWN_NAME: row(
    usage,
    ['A name or a value is not known or not allowed.', '名称或取值未知，或不被允许。'],
    ['Use one of those listed.', '请使用所列的名称或取值。'],
  ),
  NOT_SIGNED: row(
    failed,
    ['Too few administrators signed.', '签名的管理员不够。'],
    ['Name more with --signed-by, or none, which asks as needed.', '用 --signed-by 增加签名者，或省略它，由程序按需询问。'],
  ),
  QUORUM_AT_RISK: row(
    failed,
    ['The channel could stop ordering.', '通道可能无法继续排序。'],
    ['Bring back the orderers that are down first.', '请先恢复停止的排序节点。'],
  ),
  ENDORSEMENT_AT_RISK: row(
    failed,
    ['Too few could endorse afterwards: all writes would fail.', '此后可背书的成员不足，所有写入都会失败。'],
    ['Bring back the nodes named first, or say --despite-lost-endorsement.', '请先恢复所列节点，或加上 --despite-lost-endorsement。'],
  ),
  CERTIFICATE_REFUSED: row(
    failed,
    ['The certificate or revocation list cannot be used.', '证书或吊销列表不能使用。'],
    ["'certs list' shows what there is.", '用 certs list 查看现有证书。'],
  ),
  NOT_CONFIRMED: row(
    usage,
    ['What cannot be had again is removed only when asked for.', '无法恢复的内容只有在明确要求时才删除。'],
    ["'--yes' says so in advance; prune has '--dry-run'.", '用 --yes 预先同意；prune 可先加 --dry-run。'],
  ),
  NOT_BUILT: row(
    failed,
    ['This is not built here.', '此处没有这项功能。'],
    ['docs/real-fabric.md says what there is.', '现有功能见 docs/real-fabric.md。'],
  ),
};
