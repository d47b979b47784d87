import { toString as qrText } from 'qrcode';
import { z } from 'zod';
import { networkOf, tokenOfPaperCode } from '@lianyi/client/node';
import { canonicalJson, type CardToken, cardIdSchema, mspIdSchema, type Output, transactions } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { readInput, readJson } from '../inputs';
import { openOwnWallet } from '../ledger/own-wallet';
import { clockOf } from '../ledger/staff-session';
import { type Block, fields, line, outcome } from '../outcome';
import { qrPictureFlags, qrPictureInput, writeQrPictures } from '../qr-pictures';
import { type Terminal } from '../terminal';
import { checkedRequest, sendRequest, withSession } from '../transact';
import { label } from './vocabulary';
import { stateText, wordText } from './words';

export const issuerLabel = { en: 'issuer', zh: '发卡机构' };

/** A screen is read at once and does not wear, so the least correction and the fewest modules (ISO/IEC 18004, level L). */
const CORRECTION = { errorCorrectionLevel: 'L' } as const;
/** Pixels of a module in a PNG. */
const PIXELS_OF_A_MODULE = 6;

export function showState(result: { readonly cardId: string; readonly state: string }): readonly Block[] {
  return [
    fields([
      [label.card, result.cardId],
      [label.state, stateText(result.state)],
    ]),
  ];
}

/** A card shown by its holder, and recognised at anybody's desk. */
export const cardTokenCommands: readonly CommandSpec[] = [
  command({
    name: 'token',
    summary: { en: 'show a card’s code: good for a minute, and once (patient)', zh: '出示卡码：一分钟内有效，仅可使用一次（患者）' },
    detail: {
      en: 'The wallet signs it for one hospital’s desk; nobody is asked, so it needs no network. Whoever scans it learns the card’s id, and by VerifyCardToken its state, issuer and pseudonym.',
      zh: '由钱包为一家医院的柜台签署，不询问任何人，因此无需联网。扫码者得知卡标识，并可经 VerifyCardToken 得知其状态、发卡机构和假名。',
    },
    example: 'CARD --as patient',
    hasNoDryRun: true,
    arguments: [{ term: '<card>', text: label.card }],
    flags: [
      { flags: '--hospital <msp-id>', text: { en: 'at whose desk (that of the profile)', zh: '在哪家医院出示（默认身份配置中的机构）' } },
      ...qrPictureFlags,
      { flags: '--text', text: { en: 'print what the QR code holds instead', zh: '改为输出二维码的内容' } },
    ],
    input: z.object({ card: cardIdSchema, hospital: mspIdSchema.optional(), ...qrPictureInput, text: z.literal(true).optional() }),
    run: async (call, { card, hospital, svg, png, text }) => {
      const { profile } = call.actorOf('patient');
      const wallet = await openOwnWallet(call);
      const msp = hospital ?? mspIdSchema.parse(profile.mspId);
      const token = await wallet.cards.token(networkOf(profile), { cardId: card, msp }, clockOf(call)());
      const code = canonicalJson(token);
      const files = [svg, png].filter((file) => file !== undefined);
      await writeQrPictures(code, { svg, png }, call.terminal, { ...CORRECTION, scale: PIXELS_OF_A_MODULE });
      return outcome(
        { token: code, cardId: card, hospital: msp, ...windowOf(token), files },
        ...(await showToken(call, token, { code, text, files })),
      );
    },
  }),
  command({
    name: 'verify',
    summary: {
      en: 'recognise a card by the code that its holder shows (registrar, clinician)',
      zh: '凭持卡人出示的卡码识别电子卡（登记员、医生）',
    },
    detail: {
      en: 'A card of any hospital, against the own hospital’s peer, by a code made for this one. The code is used up in the whole consortium, and the patient finds the verification in their audit. It shows who has the wallet, not who stands at the desk.',
      zh: '可识别任何医院的卡，由本院节点核验；卡码须为本院生成。卡码在整个联盟中随即作废，患者可在审计中看到此次核验。它证明谁持有钱包，不证明柜台前的人是谁。',
    },
    example: '--token-file scanned.json --as registrar',
    flags: [
      {
        flags: '--token-file <file>',
        text: { en: 'what the scanner has read (- is standard input)', zh: '扫码器读出的内容（- 表示标准输入）' },
        required: true,
      },
      {
        flags: '--pin-file <file>',
        text: {
          en: 'for a code on paper: a file with the PIN that its holder says (- is standard input)',
          zh: '用于纸质卡码：仅含持卡人所报 PIN 的文件（- 表示标准输入）',
        },
      },
    ],
    input: z.object({ tokenFile: z.string(), pinFile: z.string().optional() }),
    run: (call, { tokenFile, pinFile }) =>
      withSession(call, async (session) => {
        const token = pinFile === undefined ? readJson(tokenFile, call.terminal) : await tokenOnPaper(call, tokenFile, pinFile);
        return sendRequest(call, session, checkedRequest(transactions.VerifyCardToken, { token }), showVerified);
      }),
  }),
];

/** @throws {@link DomainError} `PAPER_CODE_UNREADABLE` */
function tokenOnPaper(call: CommandCall, codeFile: string, pinFile: string): Promise<CardToken> {
  const [code = '', pin = ''] = [codeFile, pinFile].map((file) => readInput(file, call.terminal).toString('utf8').trim());
  const { profile } = call.actorOf('staff');
  return tokenOfPaperCode(code, pin, { ...networkOf(profile), msp: mspIdSchema.parse(profile.mspId) }, clockOf(call)());
}

function windowOf({ statement: { issuedAt, notAfter } }: CardToken): { readonly issuedAt: string; readonly notAfter: string } {
  return { issuedAt, notAfter };
}

async function showToken(
  { options, terminal }: CommandCall,
  token: CardToken,
  shown: { readonly code: string; readonly text: true | undefined; readonly files: readonly string[] },
): Promise<readonly Block[]> {
  if (shown.text === true) return [{ kind: 'raw', text: shown.code }];
  const about = fields([
    [label.card, token.statement.cardId],
    [{ en: 'to be shown at', zh: '出示医院' }, token.statement.msp],
    [label.until, token.statement.notAfter],
    ...shown.files.map((file) => [label.file, file] as const),
  ]);
  if (options.json || shown.files.length > 0) return [about];
  return [about, drawn(await qrText(shown.code, { ...CORRECTION, type: 'utf8' }), terminal)];
}

/** A code whose lines would be broken is read by nobody. */
function drawn(qr: string, terminal: Terminal): Block {
  const columns = Math.max(...qr.split('\n').map((modules) => modules.length));
  if (terminal.columns >= columns) return { kind: 'raw', text: paperWhite(qr, terminal) };
  return line({
    en: `The QR code needs ${columns} columns and this terminal has ${terminal.columns}: widen it, or use --png or --svg.`,
    zh: `二维码需要 ${columns} 列，而终端只有 ${terminal.columns} 列：请加宽终端，或使用 --png 或 --svg。`,
  });
}

/**
 * Black on white in a terminal whatever its colours are, because a reader need not know a code whose dark modules are light (ISO/IEC 18004
 * makes reading it optional). Colour is the information here, so NO_COLOR does not take it away. Elsewhere the bare signs.
 */
function paperWhite(qr: string, { stdoutIsTerminal, env }: Pick<Terminal, 'stdoutIsTerminal' | 'env'>): string {
  if (stdoutIsTerminal !== true || env['TERM'] === 'dumb') return qr;
  return qr.replace(/^.+$/gm, (modules) => `\u001b[30;107m${modules}\u001b[0m`);
}

function showVerified({ cardId, state, issuerMspId, pseudonym, shown }: Output<typeof transactions.VerifyCardToken>): readonly Block[] {
  return [
    fields([
      [label.card, cardId],
      [label.state, stateText(state)],
      [issuerLabel, issuerMspId],
      [label.pseudonym, pseudonym],
      [{ en: 'shown by', zh: '出示方式' }, wordText(shown)],
    ]),
  ];
}
