import { type Bilingual } from './row';

// Why a file cannot be used or a host not be reached: what `details.cause` of a failure names, in words. Nothing here holds data.

const said = (en: string, zh: string): Bilingual => ({ en, zh });

/** Causes that the operating system and TLS tell of a connection. */
const connectionCauses = {
  'connection-refused': said('nothing listens at this address and port (ECONNREFUSED)', '该地址和端口没有程序监听（ECONNREFUSED）'),
  'host-unknown': said('there is no such host name (ENOTFOUND)', '没有这个主机名（ENOTFOUND）'),
  'host-unreachable': said('no route leads to this host (EHOSTUNREACH, ENETUNREACH)', '无法到达该主机（EHOSTUNREACH、ENETUNREACH）'),
  'connection-ended': said('the other side ended the connection (ECONNRESET)', '对方中断了连接（ECONNRESET）'),
  'no-answer-in-time': said('no answer came in time (ETIMEDOUT)', '未及时得到应答（ETIMEDOUT）'),
  'no-tls': said('what listens there does not speak TLS', '该端口的程序不使用 TLS'),
  'certificate-untrusted': said(
    'its certificate was not issued by the authority named; compare the authority’s file',
    '其证书不是由所指定的 CA 签发；请核对 CA 文件',
  ),
  'certificate-other-name': said('its certificate is for other host names', '其证书属于其他主机名'),
  'certificate-expired': said('its certificate has expired', '其证书已过期'),
  'certificate-not-yet-valid': said('its certificate is not valid yet; compare the clocks', '其证书尚未生效；请核对时钟'),
  'certificate-unregistered': said('its certificate is not the one the ledger names', '其证书不是账本所登记的证书'),
} as const satisfies Readonly<Record<string, Bilingual>>;

/** Causes that lie in a file. */
const fileCauses = {
  'file-missing': said('there is no such file', '没有这个文件'),
  'file-unreadable': said('the file may not be read by this user', '当前用户无权读取该文件'),
  'not-a-file': said('it is a folder, or a part of the path is a file', '路径是文件夹，或其中一部分是文件'),
  'file-empty': said('the file is empty', '文件为空'),
  'directory-empty': said('the folder holds no file', '文件夹中没有文件'),
  'several-certificates': said('the folder holds several files; one certificate was expected', '文件夹中有多个文件；应只有一份证书'),
  'byte-order-mark': said(
    'it begins with a byte order mark; save it as UTF-8 without one',
    '文件以字节序标记开头；请另存为不带标记的 UTF-8',
  ),
  'no-line-feeds': said('its lines end in carriage returns alone; save it with line feeds', '文件只用回车换行；请用换行符保存'),
  'no-pem': said('PEM was expected (-----BEGIN …-----)', '应为 PEM 格式（-----BEGIN …-----）'),
  'no-certificate': said('a certificate was expected (-----BEGIN CERTIFICATE-----)', '应为证书（-----BEGIN CERTIFICATE-----）'),
  'certificate-damaged': said('the certificate cannot be parsed; copy it anew', '证书无法解析；请重新复制'),
  'no-private-key': said('a private key was expected (-----BEGIN PRIVATE KEY-----)', '应为私钥（-----BEGIN PRIVATE KEY-----）'),
  'key-damaged': said('the private key cannot be parsed; restore it', '私钥无法解析；请恢复该文件'),
  'key-encrypted': said('the key is encrypted; one without a passphrase was expected', '私钥已加密；应为不带口令的私钥'),
  'key-other-kind': said('a key on the curve P-256 was expected', '应为 P-256 曲线的密钥'),
  'key-other-than-before': said('another key stood here before; restore that one from its copy', '此处原为另一密钥，请从备份恢复'),
  'key-of-another-certificate': said('no key here is that of the certificate', '其中没有与证书匹配的私钥'),
  'not-json-or-yaml': said('JSON or YAML was expected', '应为 JSON 或 YAML'),
  'field-missing': said('the field is missing', '缺少该字段'),
  'field-wrong': said('the field holds something else than expected', '该字段的值不符合要求'),
} as const satisfies Readonly<Record<string, Bilingual>>;

const causes = { ...connectionCauses, ...fileCauses } as const;
export type Cause = keyof typeof causes;

/** A cause in words; undefined for a text that names none of this version. */
export function wordsOfCause(cause: unknown): Bilingual | undefined {
  return typeof cause === 'string' && Object.hasOwn(causes, cause) ? causes[cause as Cause] : undefined;
}

/** What an error's `code` says: the operating system's, and OpenSSL's reasons against a certificate (Node.js, doc/api/tls.md). */
const byCode: Readonly<Record<string, Cause>> = {
  ECONNREFUSED: 'connection-refused',
  ENOTFOUND: 'host-unknown',
  EAI_AGAIN: 'host-unknown',
  EHOSTUNREACH: 'host-unreachable',
  ENETUNREACH: 'host-unreachable',
  ECONNRESET: 'connection-ended',
  EPIPE: 'connection-ended',
  ETIMEDOUT: 'no-answer-in-time',
  EPROTO: 'no-tls',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no-tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'no-tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate-untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate-untrusted',
  CERT_SIGNATURE_FAILURE: 'certificate-untrusted',
  CERT_UNTRUSTED: 'certificate-untrusted',
  INVALID_CA: 'certificate-untrusted',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-other-name',
  CERT_HAS_EXPIRED: 'certificate-expired',
  CERT_NOT_YET_VALID: 'certificate-not-yet-valid',
  ERR_PIN_DIFFERS: 'certificate-unregistered',
};

/** gRPC tells only in its words why no connection came about: `No connection established. Last error: …` (grpc-js, load-balancer-pick-first). */
const OF_THE_CLIENT = /^(?:\d+ [A-Z_]+: )?(?:No connection established\. Last error: |Name resolution failed|Deadline exceeded)/;
const byWords: readonly (readonly [RegExp, Cause])[] = [
  [/ECONNREFUSED/, 'connection-refused'],
  [/Name resolution failed|ENOTFOUND|EAI_AGAIN/, 'host-unknown'],
  [/EHOSTUNREACH|ENETUNREACH/, 'host-unreachable'],
  [/ETIMEDOUT|Deadline exceeded/, 'no-answer-in-time'],
  [/ERR_TLS_CERT_ALTNAME_INVALID/, 'certificate-other-name'],
  [/certificate has expired/, 'certificate-expired'],
  [/certificate is not yet valid/, 'certificate-not-yet-valid'],
  [/self-signed certificate|unable to (?:verify|get)|signature failure|invalid CA/, 'certificate-untrusted'],
  [/SSL routines|EPROTO/, 'no-tls'],
  [/ECONNRESET|socket hang up|EPIPE/, 'connection-ended'],
];

/** How far a chain of causes is followed; it may be a circle. */
const MOST_CAUSES = 8;

/** Why no connection came about, by whichever of an error's causes tells; undefined if none does. The text of the other side counts for nothing. */
export function connectionCauseOf(error: unknown): Cause | undefined {
  for (let link = error, depth = 0; depth < MOST_CAUSES && typeof link === 'object' && link !== null; depth += 1) {
    const { code, message, cause } = link as { readonly code?: unknown; readonly message?: unknown; readonly cause?: unknown }; // whatever was thrown
    if (typeof code === 'string' && Object.hasOwn(byCode, code)) return byCode[code];
    if (typeof message === 'string' && OF_THE_CLIENT.test(message)) return byWords.find(([words]) => words.test(message))?.[1];
    link = cause;
  }
  return undefined;
}

/** Why a file cannot be read, by the code of the operating system. */
export function fileCauseOf(error: unknown): Cause {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'file-missing';
  return code === 'EISDIR' || code === 'ENOTDIR' ? 'not-a-file' : 'file-unreadable';
}

const LABEL = /-----BEGIN ([A-Z0-9 ]{1,40})-----/g;

/** What a file that should be PEM is instead; undefined if it has the label. `seen` is the label that it has. */
export function pemCauseOf(
  text: string,
  wanted: 'certificate' | 'private key',
): { readonly cause: Cause; readonly seen?: string } | undefined {
  if (text.trim() === '') return { cause: 'file-empty' };
  if (text.startsWith('\ufeff')) return { cause: 'byte-order-mark' };
  const labels = [...text.matchAll(LABEL)].flatMap(([, label]) => (label === undefined ? [] : [label]));
  const [seen] = labels;
  if (seen === undefined) return { cause: 'no-pem' };
  if (text.includes('\r') && !text.includes('\n')) return { cause: 'no-line-feeds' };
  const isEncrypted = labels.includes('ENCRYPTED PRIVATE KEY') || /^Proc-Type: 4,ENCRYPTED/m.test(text);
  if (wanted === 'private key' && isEncrypted) return { cause: 'key-encrypted' };
  const isThere = labels.some((label) => (wanted === 'certificate' ? label === 'CERTIFICATE' : label.endsWith('PRIVATE KEY')));
  if (isThere) return undefined;
  return { cause: wanted === 'certificate' ? 'no-certificate' : 'no-private-key', seen };
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?(?:-----END CERTIFICATE-----|$)/g;

/** Each certificate of a PEM bundle as it stands there, one that breaks off to where it does: whoever parses it is told. */
export function certificatesInPem(text: string): readonly string[] {
  return text.match(CERTIFICATE) ?? [];
}
