import { type z } from 'zod';
import { canonicalJson, originSchema } from '@lianyi/domain';
import { type BlockWrite } from '../gateway/block-call';
import { type AlarmFact, type KnownAlarms } from './patient-facts';
import { jsonOf } from './strangers-json';

/** Who has made an entry; by which request decides nothing. */
export const madeBySchema = originSchema.pick({ actor: true }).strip();

/** How an entry is compared; a later chaincode may write more than either has. */
interface Comparing {
  /** What is compared in any case: what is done by the entry is decided by this. */
  readonly counting: z.ZodType;
  /** All of it but for what decides nothing, such as when it was changed last: by who has said what, the chaincode decides who may say the next thing. */
  readonly whole: z.ZodType;
}

/**
 * Whether an entry is written as it was said. Once an alarm has told of an entry, chaincode and word have parted: the chaincode may name others as who
 * has said so, whom nobody here believes. From then on only what is decided by is compared.
 */
export async function isWrittenAsSaid(
  value: BlockWrite['value'],
  said: object,
  { counting, whole }: Comparing,
  { about, known }: { readonly about: Pick<AlarmFact, 'pseudonym' | 'detail'>; readonly known: KnownAlarms },
): Promise<boolean> {
  if (!isSameIn(counting, value, said)) return false;
  return isSameIn(whole, value, said) || known.isTold(about);
}

/** Whether what is written and what was said are the same, as far as a schema has them. */
export function isSameIn(schema: z.ZodType, value: BlockWrite['value'], said: object): boolean {
  const written = schema.safeParse(jsonOf(value)).data;
  return written !== undefined && canonicalJson(written) === canonicalJson(schema.parse(said));
}
