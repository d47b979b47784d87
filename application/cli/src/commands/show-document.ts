import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { type OpenedDocument } from '@lianyi/client';
import { type LaidOutPage } from '@lianyi/display';
import { DomainError, pseudonymSchema, recordIdSchema, ticketIdSchema } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem, lacking } from '../cli-problem';
import { command, type Flag } from '../command-spec';
import { readInput } from '../inputs';
import { type Block, type CommandOutcome, fields, line, outcome } from '../outcome';
import { writeNewFile } from '../private-folder';
import { tellRetracted, withOwnRecords } from './own-records';
import { withReadDocument } from './read-document';

const pageFlags: readonly Flag[] = [
  { flags: '--html <file>', text: { en: 'lay the document out as a page, mode 0600', zh: '将文档排版为网页文件（权限 0600）' } },
  { flags: '--pdf <file>', text: { en: 'lay the document out as PDF (A4), mode 0600', zh: '将文档排版为 PDF（A4，权限 0600）' } },
  { flags: '--conclusion', text: { en: 'print what the document comes to, and nothing else of it', zh: '只输出文档的结论' } },
];
const pageInput = { html: z.string().optional(), pdf: z.string().optional(), conclusion: z.boolean().default(false) };

export const showDocumentFlags: readonly Flag[] = [
  ...pageFlags,
  { flags: '--ticket <id>', text: { en: 'staff: of the permit under which it is read', zh: '医务人员：据以阅读的凭单' } },
  { flags: '--keep-key', text: { en: 'keep the ticket’s key (see access read)', zh: '保留凭单密钥（见 access read）' } },
  { flags: '--unwitnessed', text: { en: 'take the own node’s word for what the ledger has', zh: '仅凭本机构节点所述的账本内容' } },
  { flags: '--through <profile>', text: { en: 'patient: through the node of this profile', zh: '患者：经由此身份配置的节点' } },
];
export const showDocumentInput = z.object({
  record: recordIdSchema,
  pseudonym: pseudonymSchema.optional(),
  ...pageInput,
  ticket: ticketIdSchema.optional(),
  keepKey: z.boolean().default(false),
  unwitnessed: z.boolean().default(false),
  through: z.string().optional(),
});

type Asked = Readonly<z.output<z.ZodObject<typeof pageInput>>>;
/** A document to lay out, and what is known of it. */
type Laid = {
  readonly bytes: Uint8Array;
  readonly format: string;
  readonly source: readonly string[];
  readonly warnings: readonly string[];
  /** The profile that the ledger names. */
  readonly displayProfile?: string;
};

/** Whether a page of the document is asked for, and not its ledger entry. */
export function isPageAsked({ html, pdf, conclusion }: Asked): boolean {
  return html !== undefined || pdf !== undefined || conclusion;
}

/** Opens a record, as `record open` and `access read` do, and lays its document out. */
export async function showDocument(call: CommandCall, input: z.output<typeof showDocumentInput>): Promise<CommandOutcome> {
  const { profile } = call.actorOf('staff', 'patient');
  assertTargets(call, input);
  const { record, ticket } = input;
  if (profile.kind === 'patient') {
    if (ticket !== undefined) throw new CliProblem('USAGE', '--ticket');
    return withOwnRecords(call, { ...input, records: [record] }, async (own) => {
      const { isRetracted, ...document } = await own.open(record);
      return laidOut(call, input, laid(call.options, document, isRetracted ? [tellRetracted(call, record)] : []));
    });
  }
  if (ticket === undefined) throw lacking('--ticket <id>');
  if (call.options.dryRun) throw new CliProblem('USAGE', '--dry-run');
  const isKept = input.html !== undefined || input.pdf !== undefined;
  return withReadDocument(call, { ...input, ticket, isKept }, (document, told) => laidOut(call, input, laid(call.options, document, told)));
}

function laid(
  { language }: CommandCall['options'],
  { bytes, record, custodianMspId, authoredBy }: OpenedDocument,
  told: readonly string[],
): Laid {
  const { recordId, version, format, displayProfile } = record;
  const warnings = [...(authoredBy?.by === 'patient' ? [words.contributed[language]] : []), ...told];
  return { bytes, format, displayProfile, warnings, source: [`${recordId} ${version}`, custodianMspId] };
}

/** A document that was opened before. */
export const pageCommand = command({
  name: 'page',
  summary: { en: 'lay out a document that was opened before', zh: '将先前打开的文档排版' },
  detail: {
    en: 'Needs neither a profile nor a node: it asks the ledger nothing, so whether the record has been retracted or corrected since, record show says. The page holds no script and fetches nothing. The PDF embeds what it uses of Noto Sans.',
    zh: '无需身份配置和节点，不查询账本；该病历其后是否撤回或更正，请用 record show 查看。网页不含脚本，也不加载任何外部内容；PDF 内嵌所用的思源黑体字形。',
  },
  example: 'report.json --html page.html --pdf page.pdf',
  hasNoDryRun: true,
  arguments: [{ term: '<document>', text: { en: 'FHIR R4 JSON (- is standard input)', zh: 'FHIR R4 JSON（- 表示标准输入）' } }],
  flags: pageFlags,
  input: z.object({ document: z.string(), ...pageInput }),
  run: async (call, { document, ...input }) => {
    if (!isPageAsked(input)) throw lacking('--html <file>, --pdf <file>, --conclusion');
    assertTargets(call, input);
    return laidOut(call, input, { bytes: readInput(document, call.terminal), format: 'fhir-r4-json', source: [], warnings: [] });
  },
});

/** Where the pages go; looked at before anything is opened, so that no key is released for nothing. @throws CliProblem `FILE_EXISTS` */
function assertTargets({ terminal }: CommandCall, { html, pdf, conclusion }: Asked): void {
  const files = [html, pdf].flatMap((file) => (file === undefined ? [] : [resolve(terminal.cwd, file)]));
  if (conclusion && files.length > 0) throw new CliProblem('USAGE', '--conclusion, --html, --pdf');
  if (new Set(files).size < files.length) throw new CliProblem('USAGE', '--html, --pdf');
  const taken = files.find((file) => existsSync(file));
  if (taken !== undefined) throw new CliProblem('FILE_EXISTS', taken);
}

const words = {
  html: { en: 'page', zh: '网页' },
  pdf: { en: 'PDF', zh: 'PDF' },
  unfit: { en: 'The ledger says that this document is shown by', zh: '账本所述的展现标准与文档不符：' },
  contributed: { en: 'The patient has written this document themselves; no hospital has.', zh: '本文档为患者本人提供，并非医院出具。' },
  none: { en: 'The document does not say what it comes to.', zh: '文档未载明结论。' },
} as const;

async function laidOut(call: CommandCall, { html, pdf, conclusion }: Asked, document: Laid): Promise<CommandOutcome> {
  const page = await pageOfDocument(call, document);
  if (conclusion) {
    const lines = page.conclusion.length === 0 ? [words.none] : page.conclusion;
    return outcome({ conclusion: page.conclusion }, ...lines.map((each) => line(each)));
  }
  const written: [name: (typeof words)['html' | 'pdf'], file: string][] = [];
  const write = (name: (typeof words)['html' | 'pdf'], file: string, content: string | Uint8Array): void => {
    const target = resolve(call.terminal.cwd, file);
    writeNewFile(target, content);
    written.push([name, target]);
  };
  if (html !== undefined) write(words.html, html, (await import('@lianyi/display')).htmlOf(page));
  if (pdf !== undefined) write(words.pdf, pdf, await (await import('@lianyi/display/pdf')).pdfOf(page, call.terminal.now()));
  const view: readonly Block[] = [fields([[{ en: 'title', zh: '标题' }, page.title], ...written])];
  const [ofHtml, ofPdf] = [words.html, words.pdf].map((name) => written.find(([each]) => each === name)?.[1]);
  return outcome({ ...(ofHtml && { html: ofHtml }), ...(ofPdf && { pdf: ofPdf }), title: page.title, warnings: page.warnings }, ...view);
}

/** @throws {@link DomainError} the refusals of `checkDocument`; `DOCUMENT_OTHER_FORMAT` — it has no page: it is read with the program of its format */
async function pageOfDocument({ options: { language } }: CommandCall, { bytes, format, source, ...known }: Laid): Promise<LaidOutPage> {
  const { layOut, pageOfText, readForDisplay } = await import('@lianyi/display');
  if (format === 'plain-text') return pageOfText(new TextDecoder().decode(bytes), { language, source, warnings: known.warnings });
  if (format !== 'fhir-r4-json') throw new DomainError('DOCUMENT_OTHER_FORMAT', undefined, { looksLike: format });
  const document = readForDisplay(bytes);
  const isUnfit = known.displayProfile !== undefined && isBeyond(known.displayProfile, document.displayProfile);
  const warnings = [...known.warnings, ...(isUnfit ? [`${words.unfit[language]} ${known.displayProfile}`] : [])];
  return layOut(document.resource, { ...document, language, source, warnings });
}

/** Whether the ledger names a profile, and the document fits none of its versions or an older one only. */
function isBeyond(said: string, found: string): boolean {
  const [[saidName, saidVersion], [foundName, foundVersion]] = [said.split('@'), found.split('@')];
  const isNamed = saidName !== 'unstructured' && saidName !== 'structured';
  return isNamed && (saidName !== foundName || Number(saidVersion) > Number(foundVersion));
}
