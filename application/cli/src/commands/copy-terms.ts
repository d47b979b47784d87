import { z } from 'zod';
import { type CopyTerms } from '@lianyi/domain';
import { CliProblem } from '../cli-problem';
import { type Flag } from '../command-spec';
import { type Text } from '../language';
import { localTime } from '../local-time';
import { type Clock, parseMoment } from '../moment';

/** What a permission says of copies. */
export const copyFlags: readonly Flag[] = [
  {
    flags: '--handling <how>',
    text: { en: 'view: to look at and not to keep; store: to keep (store)', zh: 'view：仅查看，不得留存；store：可留存（默认 store）' },
    choices: ['view', 'store'],
  },
  {
    flags: '--erase-at <instant>',
    text: { en: 'when a copy must be gone; not before --until (no date)', zh: '副本须销毁的时间，不早于 --until（默认无）' },
  },
  { flags: '--onward', text: { en: 'a copy may be handed on to another member (no)', zh: '副本可转交给另一成员（默认不可）' } },
];
export const copyInput = {
  handling: z.enum(['view', 'store']).optional(),
  eraseAt: z.string().optional(),
  onward: z.boolean().default(false),
};
type CopyInput = z.output<z.ZodObject<typeof copyInput>>;

/** What is said of copies, as the ledger has it. @throws CliProblem `USAGE` — in a prohibition, of which there are none */
export function copyTermsIn({ handling, eraseAt, onward }: CopyInput, isDenying: boolean, clock: Clock): Partial<CopyTerms> {
  const isSaid = handling !== undefined || eraseAt !== undefined || onward;
  if (isDenying && isSaid) throw new CliProblem('USAGE', '--deny: not --handling, --erase-at, --onward');
  if (handling === 'view' && onward) throw new CliProblem('USAGE', '--handling view: not --onward');
  return {
    ...(handling === undefined ? {} : { handling }),
    ...(eraseAt === undefined ? {} : { eraseAt: parseMoment(eraseAt, clock, 'end') }),
    ...(onward ? { onward } : {}),
  };
}

/** What may be done with a copy, in words; undefined where it may be kept and not be handed on, as always if nothing is said. */
export function copyTermsText({ handling, eraseAt, onward }: Partial<CopyTerms> = {}, timeZone = 'UTC'): Text | undefined {
  const date = eraseAt === undefined ? undefined : localTime(eraseAt, timeZone);
  const parts: readonly (Text | undefined)[] = [
    handling === 'view' ? { en: 'to view only', zh: '仅供查看' } : undefined,
    date === undefined ? undefined : { en: `copies gone by ${date}`, zh: `副本须于 ${date} 前销毁` },
    onward === true ? { en: 'copies may be handed on', zh: '副本可转交' } : undefined,
  ];
  const said = parts.filter((part) => part !== undefined);
  return said.length === 0 ? undefined : { en: said.map(({ en }) => en).join(', '), zh: said.map(({ zh }) => zh).join('，') };
}
