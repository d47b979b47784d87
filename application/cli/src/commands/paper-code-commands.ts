import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { newPaperCode } from '@lianyi/client/node';
import { addMilliseconds, cardIdSchema, PAPER_CODE_MS, pseudonymSchema, Refused, transactions } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { whole } from '../inputs';
import { clockOf } from '../ledger/staff-session';
import { type CommandOutcome, fields } from '../outcome';
import { type QrPictures, qrPictureFlags, qrPictureInput, writeQrPictures } from '../qr-pictures';
import { transact } from '../transact';
import { showState } from './card-token-commands';
import { flag, label } from './vocabulary';

const MILLIS_OF_A_DAY = 86_400_000;
const MOST_DAYS = PAPER_CODE_MS / MILLIS_OF_A_DAY;
/** Paper is folded and wears: a quarter of the code may be lost (ISO/IEC 18004, level Q). */
const CORRECTION = { errorCorrectionLevel: 'Q' } as const;
/** Pixels of a module in a PNG: 0.7 mm at 300 dots an inch. */
const PIXELS_OF_A_MODULE = 8;

interface Printing extends QrPictures {
  readonly card: z.output<typeof cardIdSchema>;
  readonly days: number;
  readonly pseudonym?: z.output<typeof pseudonymSchema> | undefined;
}

/** A card for people without a telephone: a code that is printed, and a PIN that is not. */
export const paperCodeCommands: readonly CommandSpec[] = [
  command({
    name: 'print',
    summary: { en: 'make a code of a card for paper, and the PIN that goes with it (patient)', zh: '生成可打印的纸质卡码及其 PIN（患者）' },
    detail: {
      en: 'Good for a year, or so many days; the code before is good no more. Neither code nor PIN is any use alone, and both together open no record: they show at a desk whose card it is. Keep the PIN apart from the paper. A lost paper: card print again, or card print --withdraw.',
      zh: '有效期一年或指定天数；此前的纸质卡码随即失效。卡码与 PIN 缺一不可，且二者都不能打开任何病历，仅供柜台识别持卡人。请将 PIN 与纸卡分开保管。纸卡遗失时，请重新打印，或使用 card print --withdraw 作废。',
    },
    example: 'CARD --svg card.svg --as patient',
    arguments: [{ term: '<card>', text: label.card }],
    flags: [
      ...qrPictureFlags,
      {
        flags: '--days <days>',
        text: { en: `how long it is good, at most ${MOST_DAYS} days; 365 if left out`, zh: `有效天数，最多 ${MOST_DAYS} 天；默认 365` },
      },
      { flags: '--withdraw', text: { en: 'make no code, and end the one before', zh: '不生成新码，仅作废此前的纸质卡码' } },
      flag.ownPseudonym,
    ],
    input: z
      .object({
        card: cardIdSchema,
        ...qrPictureInput,
        days: whole(z.int().min(1).max(MOST_DAYS)).default(365),
        withdraw: z.literal(true).optional(),
        pseudonym: pseudonymSchema.optional(),
      })
      .refine(({ withdraw, svg, png }) => (withdraw === true) !== (svg !== undefined || png !== undefined), '--svg, --png | --withdraw'),
    run: (call, { withdraw, ...printing }) =>
      withdraw === true
        ? transact(call, transactions.SetCardPaperCode, { cardId: printing.card }, showState, { signer: printing.pseudonym })
        : print(call, printing),
  }),
];

/** The files come first, so that no code is announced that nobody has; those of a refused one go again. */
async function print(call: CommandCall, { card, days, svg, png, pseudonym }: Printing): Promise<CommandOutcome> {
  call.actorOf('patient'); // before a file is written for somebody who has no card
  const { text, pin, keyHash } = await newPaperCode(card);
  const notAfter = addMilliseconds(clockOf(call)(), days * MILLIS_OF_A_DAY);
  const files = [svg, png].flatMap((file) => (file === undefined ? [] : [resolve(call.terminal.cwd, file)]));
  if (!call.options.dryRun) await writeQrPictures(text, { svg, png }, call.terminal, { ...CORRECTION, scale: PIXELS_OF_A_MODULE });
  try {
    const set = await transact(call, transactions.SetCardPaperCode, { cardId: card, paperCode: { keyHash, notAfter } }, showState, {
      signer: pseudonym,
    });
    if (call.options.dryRun) return set;
    const about = fields([[{ en: 'PIN', zh: 'PIN' }, pin], [label.until, notAfter], ...files.map((file) => [label.file, file] as const)]);
    return { ...set, data: { ...(set.data as object), pin, notAfter, files }, view: [...set.view, about] };
  } catch (error) {
    if (error instanceof Refused) for (const file of files) rmSync(file, { force: true });
    throw error;
  }
}
