import { exitCode, type ExitCode } from './exit-code';
import { type Text } from './language';

type Entry = { readonly exit: ExitCode; readonly meaning: Text; readonly remedy: Text };

function entry(exit: ExitCode, meaning: readonly [en: string, zh: string], remedy: readonly [en: string, zh: string]): Entry {
  return { exit, meaning: { en: meaning[0], zh: meaning[1] }, remedy: { en: remedy[0], zh: remedy[1] } };
}

/** What can go wrong on this side of the wire. Refusals of the ledger have their own table in the domain. */
export const cliProblems = {
  USAGE: entry(
    exitCode.usage,
    ['The command line is not right.', '命令行有误。'],
    ['See --help of the command.', '请查看该命令的 --help。'],
  ),
  PROFILE_NOT_FOUND: entry(
    exitCode.usage,
    ['There is no such profile.', '没有这个身份配置。'],
    ['List the profiles with `lianyi profile list`, or set --data-dir.', '用 `lianyi profile list` 查看，或指定 --data-dir。'],
  ),
  PROFILE_INVALID: entry(
    exitCode.usage,
    ['The profile is not valid.', '身份配置无效。'],
    ['Correct the fields named.', '请更正所列字段。'],
  ),
  PROFILE_EXISTS: entry(
    exitCode.failure,
    ['A profile of this name exists.', '同名的身份配置已存在。'],
    ['Choose another name or remove the file.', '请换一个名称，或删除该文件。'],
  ),
  PROFILE_KIND: entry(
    exitCode.usage,
    ['A profile of this kind cannot do this.', '该类身份不能执行此操作。'],
    ['Choose with --as a profile of the kind named.', '请用 --as 选择所需类型的身份。'],
  ),
  FILE_UNREADABLE: entry(
    exitCode.failure,
    ['The file cannot be read or written.', '无法读取或写入文件。'],
    ['Check the path and its rights.', '请检查路径和权限。'],
  ),
  PORT_IN_USE: entry(
    exitCode.failure,
    ['Another program listens on this address and port.', '该地址和端口已被其他程序占用。'],
    ['Stop it, or name another port in node.json (listen.port).', '请停止该程序，或在 node.json（listen.port）中改用其他端口。'],
  ),
  PORT_NOT_ALLOWED: entry(
    exitCode.failure,
    ['This user may not listen on this port.', '当前用户无权监听该端口。'],
    ['Name a port above 1023 in node.json (listen.port).', '请在 node.json（listen.port）中改用大于 1023 的端口。'],
  ),
  ADDRESS_NOT_HERE: entry(
    exitCode.failure,
    ['This machine does not have the address to listen on.', '本机没有所配置的监听地址。'],
    ['Name an address of this machine in node.json (listen.host).', '请在 node.json（listen.host）中填写本机的地址。'],
  ),
  CONFIG_INVALID: entry(
    exitCode.usage,
    ['The file is not the configuration of what was to be started.', '该文件不是所要启动的服务的配置。'],
    ['Correct the fields named; `lianyi node init` makes a node’s.', '请更正所列字段；节点的配置可用 `lianyi node init` 生成。'],
  ),
  FILE_EXISTS: entry(
    exitCode.failure,
    ['The file exists and is not overwritten.', '文件已存在，不会覆盖。'],
    ['Name another file.', '请指定其他文件。'],
  ),
  DOCUMENT_UNASKED: entry(
    exitCode.usage,
    ['A medical document is not printed unasked.', '未经明确要求，不显示病历内容。'],
    ['Name a file with --out, or say --stdout.', '请用 --out 指定文件，或加 --stdout。'],
  ),
  VIEW_ONLY: entry(
    exitCode.refused,
    ['The patient lets this record be looked at, and not be kept.', '患者只允许查看该病历，不允许留存。'],
    [
      'Look at it with --stdout; to keep it, ask the patient (consent amend --handling store).',
      '请用 --stdout 查看；如需留存，请征得患者同意（consent amend --handling store）。',
    ],
  ),
  NOT_AN_ANSWER: entry(
    exitCode.failure,
    ['The member node answered something else than the transaction answers.', '成员节点的答复不符合该交易的格式。'],
    ['Compare the versions of node and client.', '请核对节点与客户端的版本。'],
  ),
  NOT_IN_TIME: entry(
    exitCode.failure,
    ['What was waited for did not come in time.', '所等待的内容没有及时出现。'],
    ['Wait longer with --timeout, or see `lianyi node status`.', '请用 --timeout 延长等待，或查看 `lianyi node status`。'],
  ),
  CHAIN_BROKEN: entry(
    exitCode.failure,
    ['The chain of blocks does not hold together.', '区块链接不完整或被改动。'],
    ['Compare the block named with other members’ peers; do not trust this peer.', '请与其他成员的节点核对该区块，不要信任此节点。'],
  ),
  PROHIBITION_FIRST: entry(
    exitCode.refused,
    ['The Consent makes an exception that is not in force yet. Nothing was granted.', '该 Consent 的例外尚未生效。未授予任何权限。'],
    ['Import it first for each of those named with --to.', '请先用 --to 为所列各方逐一导入。'],
  ),
  INTERNAL: entry(
    exitCode.failure,
    ['Something unforeseen went wrong.', '发生了意外错误。'],
    ['Repeat with LIANYI_DEBUG=1 and report it.', '请设置 LIANYI_DEBUG=1 重试并报告。'],
  ),
} as const satisfies Record<string, Entry>;

export type CliProblemCode = keyof typeof cliProblems;

/** A failure of the command line itself; `detail` names the place (a path, an option), never a value that could be secret. A text alone is the same in both languages. */
export class CliProblem extends Error {
  override readonly name = 'CliProblem';

  constructor(
    readonly code: CliProblemCode,
    readonly detail: Text | string,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${typeof detail === 'string' ? detail : detail.en}`, options);
  }
}

/** What a command line lacks. @param place - as the help has it, e.g. `--as <profile>` */
export function lacking(place: string): CliProblem {
  return new CliProblem('USAGE', { en: `${place}: required`, zh: `${place}：必填` });
}

export function isCliProblemCode(code: string): code is CliProblemCode {
  return Object.hasOwn(cliProblems, code);
}
