import { type Text } from '../language';

/**
 * What a node says of itself, as the node words it, and in Chinese. Supervisors read the English in `GET /healthz`; of one that this version does
 * not know, nobody knows the Chinese.
 */
const sentences: readonly (readonly [RegExp, string])[] = [
  [/^(\w+): its peer does not answer \((.*)\)$/, '$1：其 peer 节点没有应答（$2）'],
  [
    /^(\w+): its blocks do not arrive: the peer has block (\d+), the index waits for block (\d+)$/,
    '$1：其区块没有到达：peer 节点已有区块 $2，索引在等待区块 $3',
  ],
  [/^the certificate for (.*) ended at (.*)$/, '用于 $1 的证书已于 $2 到期'],
  [/^the certificate for (.*) ends at (.*)$/, '用于 $1 的证书将于 $2 到期'],
  [/^the connection profile is not taken over: (.*)$/, '未采用新的连接配置：$1'],
  [
    /^no key is released: block (\d+) has a valid transaction that this version cannot read$/,
    '不发放任何密钥：区块 $1 中有本版本无法读取的有效交易',
  ],
  [
    /^block (\d+) lets others be of this organisation, and no administrator of it has signed that: .* \(definition (.*)\)$/,
    '区块 $1 让他人成为本机构成员，而本机构没有管理员签署：他们以本机构名义所做的在此一律无效，也不写入本机构的私有数据（定义 $2）',
  ],
];

/** A fault or warning of a node in the reader's language. */
export function nodeSays(said: string): Text {
  const known = sentences.find(([pattern]) => pattern.test(said));
  return { en: said, zh: known === undefined ? said : said.replace(...known) };
}

/** Several, one after another. */
export function allThatNodeSays(said: readonly string[]): Text | undefined {
  if (said.length === 0) return undefined;
  const texts = said.map(nodeSays);
  return { en: texts.map(({ en }) => en).join('; '), zh: texts.map(({ zh }) => zh).join('；') };
}
