import { type ErrorRow, refusal } from './row';
import { directoryErrors } from './directory-errors';
import { facadeErrors } from './facade-errors';
import { keepingErrors } from './keeping-errors';
import { interfaceErrors } from './interface-errors';
import { ledgerErrors } from './ledger-errors';
import { nodeErrors } from './node-errors';
import { representationErrors } from './representation-errors';
import { walletErrors } from './wallet-errors';

export { denyReasonCodes, denyReasons, type DenyReason } from './deny-reasons';
export type { Bilingual, Explanation, Fixer } from './row';
export type { ErrorRow, ExitClass, HttpStatus, IssueType } from './row';

/** What a member node refuses with where what is committed does not stand on those whose word it takes. */
const permitErrors = {
  PERMIT_UNPROVEN: refusal(
    { whoCanFix: 'operator', retry: false, http: 403, exit: 'refused', fhir: 'security' },
    [
      'What the permit rests on was not written by those whose word it is: the request, who asks, the record, the default policy, or who approves besides; details name which.',
      '该许可所依据的内容并非由有权者写入：请求、请求人登记、病历、默认策略或另须的批准；details 中指明是哪一项。',
    ],
    [
      'Keep the alarm and compare the endorsers of the transaction it names; the organisation whose entry it is can write it anew, and the request can be made anew.',
      '请保留告警，并核对其所指交易的背书机构；相应机构可重新写入该条目，请求也可重新提出。',
    ],
  ),
  OWN_NAME_TAKEN: refusal(
    { whoCanFix: 'operator', retry: false, http: 503, exit: 'failure', fhir: 'security' },
    [
      'The channel’s configuration lets others be of this organisation, and no administrator of it has signed that: nothing is written into what it keeps in private.',
      '通道配置允许他人以本机构身份行事，而本机构管理员并未签名：不再写入本机构的私有数据。',
    ],
    [
      'Find out who changed the definition; have an own administrator set it right, or name its hash, which the node’s health tells, in agreedDefinitions of node.json.',
      '请查明是谁更改了该定义；由本机构管理员改正，或将节点健康状态所示的哈希写入 node.json 的 agreedDefinitions。',
    ],
  ),
  STAFF_UNSEEN: refusal(
    { whoCanFix: 'operator', retry: true, http: 503, exit: 'failure', fhir: 'transient' },
    [
      'The node has not yet followed the chain to the block with the staff entry of who asks, so it cannot tell whose word that is.',
      '节点尚未跟进到含有请求人人员登记的区块，无法确认该登记由谁写入。',
    ],
    ['Try again; if it stays so, the node’s health says why it is behind.', '请稍后重试；若持续如此，节点健康状态会说明落后的原因。'],
  ),
  PEER_BEHIND: refusal(
    { whoCanFix: 'operator', retry: true, http: 503, exit: 'failure', fhir: 'transient' },
    [
      'The node’s own peer does not have the block that whoever asks has seen; nothing was asked of it. Details say which, and how far it is.',
      '本机构节点尚无请求方已见到的区块；未据此作出任何查询或提交。details 中有该区块号和当前高度。',
    ],
    ['Try again; if it stays so, the node’s health says why it is behind.', '请稍后重试；若持续如此，节点健康状态会说明落后的原因。'],
  ),
  STAFF_UNPROVEN: refusal(
    { whoCanFix: 'own-administrator', retry: false, http: 403, exit: 'refused', fhir: 'security' },
    [
      'The staff entry of who asks was not written by their own organisation, so nothing is carried for them.',
      '请求人的人员登记并非由其所属机构写入，因此不为其提交任何请求。',
    ],
    [
      'Keep the alarm and compare the endorsers of the transaction it names; revoke the entry and register the person anew.',
      '请保留告警，并核对其所指交易的背书机构；撤销该登记并重新登记此人。',
    ],
  ),
  WITNESS_MISSING: refusal(
    { whoCanFix: 'operator', retry: false, http: 503, exit: 'failure', fhir: 'security' },
    [
      'Nobody but the member who asks would confirm the permit, and the consortium has another member.',
      '除请求方自身外没有其他成员印证该许可，而联盟中另有成员。',
    ],
    [
      'Name another member in otherPeerMspIds of the key service’s node.json.',
      '请在密钥服务的 node.json 的 otherPeerMspIds 中添加另一成员。',
    ],
  ),
} as const satisfies Readonly<Record<string, ErrorRow>>;

/**
 * Every refusal code, once, with everything that depends on it. A code is API: never renamed, never reused. A code without one of its
 * columns does not compile. `docs/error-codes.md` is printed from this table.
 */
export const errors = {
  ...ledgerErrors,
  ...keepingErrors,
  ...nodeErrors,
  ...interfaceErrors,
  ...walletErrors,
  ...permitErrors,
  ...representationErrors,
  ...directoryErrors,
  ...facadeErrors,
} as const satisfies Readonly<Record<string, ErrorRow>>;

/** A refusal: the request changed nothing. */
export type ErrorCode = keyof typeof errors;

/** Every refusal code, in the order of the table. */
// Object.keys is typed string[]; the table is a constant of this module, so its keys are exactly these
export const errorCodes = Object.keys(errors) as readonly ErrorCode[];

/** How a code of a newer version is answered: as a refusal, of which only its own sentence is known. */
export const unknownCode = {
  httpStatus: 422,
  exitClass: 'refused',
  issueType: 'processing',
  retry: false,
} as const satisfies Partial<ErrorRow>;

/** Tells whether a text is a refusal code of this version. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(errors, text);
}

/** The row of a refusal's code; undefined for a code this version does not know. */
export function explanationOf(code: string): ErrorRow | undefined {
  return isErrorCode(code) ? errors[code] : undefined;
}
