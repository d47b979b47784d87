import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { type Hl7Config, hl7ConfigSchema, loadHl7Config, startHl7 } from '@lianyi/hl7v2';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { misfitsOf, misfitText } from '../misfits';
import { type CommandOutcome } from '../outcome';
import { type Terminal } from '../terminal';

const configFlag = { flags: '--config <file>', text: { en: 'hl7.json', zh: 'hl7.json' }, required: true };

export const hl7Commands: readonly CommandSpec[] = [
  command({
    name: 'serve',
    summary: { en: 'take HL7 v2 over MLLP until it is stopped', zh: '通过 MLLP 接收 HL7 v2 消息直至停止' },
    detail: {
      en: 'Messages are on the disk before they are acknowledged, and published by the staff entries that hl7.json names. docs/hl7-v2.md says how it is installed.',
      zh: '消息写入磁盘后才应答，并以 hl7.json 所指的人员身份发布。安装方法见 docs/hl7-v2.md。',
    },
    example: '--config hl7/hl7.json',
    hasNoDryRun: true,
    flags: [configFlag, { flags: '--exit-with-parent', text: { en: 'stop when standard input closes', zh: '标准输入关闭时停止' } }],
    input: z.object({ config: z.string(), exitWithParent: z.boolean().default(false) }),
    run: serve,
  }),
];

async function serve(
  { terminal, options }: CommandCall,
  { config, exitWithParent }: { readonly config: string; readonly exitWithParent: boolean },
): Promise<CommandOutcome> {
  const stopped = terminal.untilStopped(exitWithParent);
  const started = await startHl7(await readHl7Config(config, terminal), (error) => {
    // what stands in a message stands in no log
    terminal.err(`${JSON.stringify({ event: 'fault', name: error instanceof Error ? error.name : typeof error })}\n`);
  });
  const { port } = started;
  const text = { en: `ready: port ${port}  (stop with Ctrl-C)`, zh: `已就绪：端口 ${port}（Ctrl-C 停止）` };
  terminal.out(options.json ? `${JSON.stringify({ event: 'ready', port })}\n` : `${text[options.language]}\n`);
  await stopped;
  await started.stop();
  return { data: {}, view: [], silent: true };
}

/** @throws CliProblem `CONFIG_INVALID` — with file, field and what was expected; the operating system's error if it cannot be read */
async function readHl7Config(config: string, { cwd }: Pick<Terminal, 'cwd'>): Promise<Hl7Config> {
  const file = resolve(cwd, config);
  try {
    return await loadHl7Config(file);
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new CliProblem('CONFIG_INVALID', `${file}: JSON`, { cause });
    if (!(cause instanceof z.ZodError)) throw cause;
    const misfits = misfitsOf(hl7ConfigSchema, JSON.parse(await readFile(file, 'utf8')));
    const { en, zh } = misfitText(misfits.map(({ path, why }) => [path.join('.'), why]));
    throw new CliProblem('CONFIG_INVALID', { en: `${file}; ${en}`, zh: `${file}；${zh}` }, { cause });
  }
}
