import { resolve } from 'node:path';
import { z } from 'zod';
import { facadeConfigSchema, loadFacadeConfig, startFhirFacade } from '@lianyi/fhir';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { loadedConfig } from '../config-file';
import { type CommandOutcome } from '../outcome';

export const fhirCommands: readonly CommandSpec[] = [
  command({
    name: 'serve',
    summary: { en: 'run the FHIR facade until it is stopped', zh: '运行 FHIR 接口服务直至停止' },
    detail: {
      en: 'Each application of the hospital acts as one staff entry: fhir.json names the profiles and the applications’ public keys (docs/fhir-facade.md).',
      zh: '本院的每个应用以一个工作人员登记的名义行事：fhir.json 指定身份配置和应用的公钥（见 docs/fhir-facade.md）。',
    },
    example: '--config fhir.json',
    hasNoDryRun: true,
    flags: [
      { flags: '--config <file>', text: { en: 'fhir.json', zh: 'fhir.json' }, required: true },
      { flags: '--exit-with-parent', text: { en: 'stop when standard input closes', zh: '标准输入关闭时停止' } },
    ],
    input: z.object({ config: z.string(), exitWithParent: z.boolean().default(false) }),
    run: serve,
  }),
];

async function serve(
  { terminal, options }: CommandCall,
  { config, exitWithParent }: { readonly config: string; readonly exitWithParent: boolean },
): Promise<CommandOutcome> {
  const stopped = terminal.untilStopped(exitWithParent);
  const file = resolve(terminal.cwd, config);
  const facade = await startFhirFacade(await loadedConfig(file, facadeConfigSchema, () => loadFacadeConfig(file)));
  const { baseUrl } = facade;
  const text = { en: `ready: ${baseUrl}  (stop with Ctrl-C)`, zh: `已就绪：${baseUrl}（Ctrl-C 停止）` };
  terminal.out(options.json ? `${JSON.stringify({ event: 'ready', baseUrl })}\n` : `${text[options.language]}\n`);
  await stopped;
  await facade.stop();
  return { data: {}, view: [], silent: true };
}
