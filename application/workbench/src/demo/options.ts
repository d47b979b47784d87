import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { columnsOfStream, languageOfArguments, SpokenHelp, usageDetail, wrapToWidth } from '@lianyi/cli/wording';
import { Command, type CommanderError, InvalidArgumentError, Option } from 'commander';
import { type ConsortiumKind } from '../network-process';
import { type StoryLanguage } from './report';
import { type DocumentFolder, documentsOf, shippedDocuments } from './story-documents';

/** What the demo was asked for. */
export type DemoOptions = {
  readonly documents: DocumentFolder;
  readonly lang: StoryLanguage;
  readonly json: boolean;
  readonly keep: boolean;
  readonly network: ConsortiumKind;
};

/** Of the process: what was typed, and who reads the answer. */
interface DemoCall {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly repositoryRoot: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** A command line that asks for no story (help), that is not right, or that finds one kept before. */
export class NoDemo extends Error {
  override readonly name = 'NoDemo';

  constructor(readonly exitCode: 0 | 1 | 2) {
    super('nothing is to be told');
  }
}

/** @throws {@link NoDemo} — the help, or what is wrong, has been written in the reader's language. */
export function parseOptions(call: DemoCall): DemoOptions {
  const spoken = languageOfArguments(call.argv, call.env);
  const columns = columnsOfStream({}, call.env);
  const width = Number.isFinite(columns) ? columns : 80;
  const program = commandLine(call, spoken);
  program.createHelp = () => new SpokenHelp(spoken);
  program.exitOverride().configureOutput({
    writeOut: call.out,
    writeErr: call.err,
    getOutHelpWidth: () => width,
    getErrHelpWidth: () => width,
    outputError: () => undefined,
  });
  try {
    return { lang: spoken, ...program.parse(call.argv).opts<Omit<DemoOptions, 'lang'>>() };
  } catch (error) {
    const { exitCode } = error as CommanderError; // exitOverride makes all of them
    if (exitCode === 0) throw new NoDemo(0);
    const wrong = usageDetail(error as CommanderError)[spoken].trim();
    const more = { en: '--help shows all options', zh: '--help 列出所有选项' }[spoken];
    call.err(`${wrapToWidth(`demo: ${wrong}${{ en: ` (${more})`, zh: `（${more}）` }[spoken]}`, width)}\n`);
    throw new NoDemo(2);
  }
}

function commandLine({ env, repositoryRoot }: DemoCall, spoken: StoryLanguage): Command {
  const said = (en: string, zh: string): string => ({ en, zh })[spoken];
  const documents = new Option(
    '--documents <dir>',
    said('use your own FHIR R4 JSON documents (*.json in it and below)', '使用您自己的 FHIR R4 JSON 文档（该目录及其下的 *.json）'),
  )
    .argParser((folder) => documentFiles(resolve(env['INIT_CWD'] ?? process.cwd(), folder), spoken))
    .default({ files: shippedDocuments(repositoryRoot), skipped: [] }, said('two made-up reports', '两份虚构的报告'));
  return new Command('npm run demo --')
    .description(
      said(
        'A patient’s report travels from hospital A to a doctor of hospital B, because the patient allowed it, and only because of that.',
        '患者的报告从甲医院送到乙医院的医生手中：只因为患者允许，别无其他原因。',
      ),
    )
    .addOption(documents)
    .addOption(new Option('--lang <language>', said('language of the story', '故事的语言')).choices(['en', 'zh']))
    .option('--json', said('one JSON object a step', '每一步输出一个 JSON 对象'), false)
    .option(
      '--keep',
      said(
        'leave everything running afterwards and print how to go on by hand; what was made stays in .lianyi/demo',
        '结束后保持运行，并显示如何逐步操作；产生的内容保留在 .lianyi/demo',
      ),
      false,
    )
    .addOption(
      new Option('--network <kind>', said('where it runs', '在哪种网络上运行')).choices(['embedded', 'fabric']).default('embedded'),
    )
    .helpOption('-h, --help', said('show this help', '显示帮助'))
    .allowExcessArguments(false);
}

/** @throws when the folder holds no JSON document: a story without documents would prove nothing. */
function documentFiles(path: string, spoken: StoryLanguage): DocumentFolder {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new InvalidArgumentError({ en: `There is no folder ${path}.`, zh: `没有目录 ${path}。` }[spoken]);
  const found = documentsOf(path);
  if (found.files.length === 0) throw new InvalidArgumentError({ en: 'It holds no *.json file.', zh: '其中没有 *.json 文件。' }[spoken]);
  return found;
}
