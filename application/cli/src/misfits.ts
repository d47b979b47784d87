import { z } from 'zod';
import { type Text } from './language';

const english = { error: z.locales.en().localeError };
const chinese = { error: z.locales.zhCN().localeError };

/** What schemas of this house say by themselves, because the schema library cannot word it. */
const ownRules: Readonly<Record<string, string>> = {
  '--host takes no port and no URL; the port is --port': '--host 不含端口，也不是 URL；端口用 --port',
  'a whole number': '须为整数',
  'an https address': '须为 https 地址',
  'ends before it begins': '结束早于开始',
  'letters, digits, "-", "_" and "." (at most 64)': '只能用字母、数字、“-”、“_” 和 “.”（最多 64 个）',
  'not a P-256 public key: an uncompressed point of the curve in DER': '不是 P-256 公钥（DER 中的未压缩曲线点）',
  'not an instant': '不是存在的时刻',
  'outside of the own machine MLLP needs TLS': '本机以外的 MLLP 须使用 TLS',
  'not base64url of the right length': '不是长度正确的 base64url',
  'one node for each hospital': '每家医院只能有一个节点',
  'repeated provisionId': 'provisionId 重复',
  'repeated value': '取值重复',
  reserved: '为保留值',
  'witnessUrl and witnessTlsCaFile come together': 'witnessUrl 与 witnessTlsCaFile 须一并给出',
};

/** A place at which a value does not fit, and why. The value itself is never repeated: it might be a secret. */
export interface Misfit {
  readonly path: readonly PropertyKey[];
  readonly why: Text;
}

/** All of a value that does not fit a schema; nothing if it fits. The value is looked at once for each language. */
export function misfitsOf(schema: z.ZodType, value: unknown): readonly Misfit[] {
  const inChinese = schema.safeParse(value, chinese).error?.issues ?? [];
  return (schema.safeParse(value, english).error?.issues ?? []).map(({ path, message }, index) => ({
    path,
    why: { en: message, zh: ownRules[message] ?? inChinese[index]?.message ?? message },
  }));
}

export const REQUIRED: Text = { en: 'required', zh: '必填' };

/** Each place with its reason, once. @param placed - how a person calls the place, and why it does not fit */
export function misfitText(placed: readonly (readonly [place: string, why: Text])[]): Text {
  const joined = (language: keyof Text, colon: string, semicolon: string): string =>
    [...new Set(placed.map(([place, why]) => place + colon + why[language]))].join(semicolon);
  return { en: joined('en', ': ', '; '), zh: joined('zh', '：', '；') };
}
