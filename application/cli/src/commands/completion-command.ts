import { type AreaSpec, type CommandSpec } from '../command-spec';
import { completionScript } from '../completion-script';
import { globalOptions } from '../global-options';

/** Prints the completion of everything that the other areas have. */
export function completionCommands(areas: () => Promise<readonly AreaSpec[]>): readonly CommandSpec[] {
  return [
    // without a schema: commander has checked the one word
    {
      name: '',
      summary: { en: 'print the completion for a shell', zh: '输出供 shell 使用的补全脚本' },
      detail: {
        en: 'For the shell that is open: `source <(lianyi completion bash)`; for every one, write it to a file that the shell’s start-up file sources.',
        zh: '用于当前 shell：`source <(lianyi completion bash)`；若要长期使用，请写入文件并在 shell 启动文件中加载。',
      },
      example: 'bash > lianyi.bash',
      arguments: [{ term: '<shell>', text: { en: 'bash or zsh', zh: 'bash 或 zsh' }, choices: ['bash', 'zsh'] }],
      flags: [],
      run: async (_, { shell }) => {
        const script = completionScript(shell === 'zsh' ? 'zsh' : 'bash', await areas(), globalOptions);
        return { data: { script }, view: [{ kind: 'raw', text: script }] };
      },
    },
  ];
}
