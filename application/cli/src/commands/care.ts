import { z } from 'zod';
import { careMonthsIn, type DocumentToPublish, newId } from '@lianyi/client';
import { encounterIdSchema, type MedicalRecord, monthsSchema } from '@lianyi/domain';
import { CliProblem } from '../cli-problem';
import { type Flag } from '../command-spec';
import { type Text } from '../language';
import { type Cell } from '../outcome';

/** `2026-03`, or from the first to the last of several: `2026-01..2026-03`. */
export const months = z
  .string()
  .transform((text) => {
    const [first = '', last = first, ...more] = text.split('..');
    return more.length > 0 ? { first: '', last: '' } : { first, last };
  })
  .pipe(monthsSchema);

export const careFlags: readonly Flag[] = [
  {
    flags: '--care-months <months>',
    text: {
      en: 'when the care was, for every member to read: 2026-03, 2026-01..2026-03, or document (as the document says)',
      zh: '诊疗月份，所有成员可见：2026-03、2026-01..2026-03 或 document（取自文档）',
    },
  },
  {
    flags: '--encounter <id>',
    text: {
      en: 'of which visit or stay it is: new (a random id, which is shown), or that id; a number of the hospital’s would tell every member',
      zh: '所属就诊：new（生成并显示随机编号）或该编号；请勿使用医院内部编号，否则所有成员可见',
    },
  },
];
export const careInput = {
  careMonths: z.literal('document').or(months).optional(),
  encounter: z.literal('new').or(encounterIdSchema).optional(),
};

/** What the ledger will say of the care. @throws CliProblem `USAGE` — the document does not say its time, which it is to be taken from */
export async function careOf(
  bytes: Uint8Array,
  { careMonths, encounter }: z.output<z.ZodObject<typeof careInput>>,
): Promise<Pick<DocumentToPublish, 'care'>> {
  const found = careMonths === 'document' ? await careMonthsIn(bytes) : careMonths;
  if (careMonths === 'document' && found === undefined) throw new CliProblem('USAGE', '--care-months document: ∅');
  if (found === undefined && encounter === undefined) return {};
  const named = encounter === 'new' ? encounterIdSchema.parse(newId()) : encounter;
  return { care: { ...(found === undefined ? {} : { careMonths: found }), ...(named === undefined ? {} : { encounter: named }) } };
}

/** What the ledger says of the care, as rows of a record's view. */
export function careRows({ careMonths, encounter }: Pick<MedicalRecord, 'careMonths' | 'encounter'>): readonly (readonly [Text, Cell])[] {
  return [
    [{ en: 'months of care', zh: '诊疗月份' }, careMonths && `${careMonths.first}..${careMonths.last}`],
    [{ en: 'encounter', zh: '就诊' }, encounter],
  ];
}
