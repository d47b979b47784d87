import { ZodError } from 'zod';
import { type Sentence, verbatim } from './sentence';

/** What can go wrong while a network is operated; each has one sentence and, where there is one, a remedy. */
export const OPERATOR_ERROR_CODES = [
  'FABRIC_MISSING',
  'FABRIC_VERSION',
  'PORT_IN_USE',
  'ALREADY_RUNNING',
  'NOT_RUNNING',
  'STATE_INCOMPLETE',
  'STATE_MISMATCH',
  'CHANGED_MEANWHILE',
  'DISK',
  'POLICY_REFUSED',
  'CHAINCODE_FOLDER',
  'NODE_FAILED',
  'FABRIC_REFUSED',
  'TIMEOUT',
  'UNKNOWN_NAME',
  'NOT_SIGNED',
  'QUORUM_AT_RISK',
  'ENDORSEMENT_AT_RISK',
  'CERTIFICATE_REFUSED',
  'NOT_CONFIRMED',
  'NOT_BUILT',
] as const;
export type OperatorErrorCode = (typeof OPERATOR_ERROR_CODES)[number];

/** A failure an operator can act upon: printed as one sentence, without a stack. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';

  /** @param sentence - programs are told the English one; words of Fabric stand in both as Fabric has them */
  constructor(
    readonly code: OperatorErrorCode,
    readonly sentence: Sentence,
    options?: ErrorOptions,
  ) {
    super(sentence.en, options);
  }
}

/** The text of anything thrown, for use inside another sentence. */
export function reasonOf(error: unknown): string {
  // a schema's own text is JSON of several lines
  if (error instanceof ZodError) return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** The same in both languages, as far as it is known in both: another program's own words are told as they are. */
export function sentenceOf(error: unknown): Sentence {
  if (error instanceof OperatorError) return error.sentence;
  const en = reasonOf(error);
  const code = systemCode(error);
  const zh = code === undefined ? undefined : systemWords[code];
  return zh === undefined || code === undefined ? verbatim(en) : { en, zh: `${zh}（${code}${pathOf(error)}）` };
}

/** What failed system calls mean (errno(3)), in Chinese; Node has their English. */
const systemWords: Readonly<Record<string, string>> = {
  ENOENT: '文件或目录不存在',
  ENOTDIR: '不是目录',
  EISDIR: '是目录',
  EEXIST: '已存在',
  ENOTEMPTY: '目录不为空',
  EACCES: '没有权限',
  EPERM: '不允许此操作',
  EROFS: '文件系统只读',
  ENOSPC: '磁盘空间不足',
  EDQUOT: '超出磁盘配额',
  EFBIG: '文件过大',
  EMFILE: '打开的文件过多',
  EBUSY: '正被占用',
  EXDEV: '不在同一个文件系统',
  ECONNREFUSED: '连接被拒绝',
  ECONNRESET: '连接被对方中断',
  ETIMEDOUT: '连接超时',
  ENOTFOUND: '找不到该主机名',
  EADDRINUSE: '端口已被占用',
  EPIPE: '对方已关闭',
};

function pathOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'path' in error && typeof error.path === 'string' ? `：${error.path}` : '';
}

/** The `code` of a failed system call (`ENOENT`, `ENOSPC`, `EADDRINUSE`), if it is one. */
export function systemCode(error: unknown): string | undefined {
  // not instanceof Error: under a test runner the errors of Node's own modules are of another realm
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** How a system says that there is no room: disk, quota, limit on the size of a file. */
const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG'];
const NO_RIGHT = ['EACCES', 'EPERM', 'EROFS'];
const NOT_AS_LEFT = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOTEMPTY'];

/** What a failed system call on a file means for an operator; `undefined` if it is another failure. */
export function fileFaultOf(error: unknown): OperatorError | undefined {
  const code = systemCode(error) ?? '';
  const fault = (of: OperatorErrorCode, { en, zh }: Sentence): OperatorError =>
    new OperatorError(of, { en: `${en}: ${sentenceOf(error).en}`, zh: `${zh}：${sentenceOf(error).zh}` }, { cause: error });
  if (NO_ROOM.includes(code)) return fault('DISK', { en: 'there is no room left on the disk', zh: '磁盘空间不足' });
  if (NO_RIGHT.includes(code)) return fault('DISK', { en: 'a file may not be written or read', zh: '文件不允许写入或读取' });
  if (NOT_AS_LEFT.includes(code))
    return fault('STATE_INCOMPLETE', {
      en: 'a file is not as the network left it; put it back',
      zh: '文件与网络离开时不同；请放回',
    });
  return undefined;
}
