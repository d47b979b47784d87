import { resolve } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '@lianyi/client/node';
import { sha256Schema, spellTemplate } from '@lianyi/domain';
import { type NodeConfig } from '@lianyi/member-node';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { type CommandOutcome, outcome, table } from '../outcome';
import { readNodeConfigAsWritten } from './node-config-file';
import { templateArgumentSchema } from './template-argument';

export const agreeInput = z.object({ template: templateArgumentSchema, config: z.string(), sha256: sha256Schema });
export const disagreeInput = z.object({ template: templateArgumentSchema, config: z.string() });

type Agreed = NonNullable<NodeConfig['queries']>['templates'];

/** Lets the node run a query template in the hospital's database, by the hash of all that it says. */
export function agreeToTemplate(call: CommandCall, { config, template, sha256 }: z.output<typeof agreeInput>): Promise<CommandOutcome> {
  const name = spellTemplate(template);
  return changeTemplates(call, config, (agreed) => [...agreed.filter((each) => each.template !== name), { template: name, sha256 }]);
}

/** Lets the node run it no more. */
export function disagreeWithTemplate(call: CommandCall, { config, template }: z.output<typeof disagreeInput>): Promise<CommandOutcome> {
  return changeTemplates(call, config, (agreed) => agreed.filter((each) => each.template !== spellTemplate(template)));
}

async function changeTemplates(call: CommandCall, config: string, change: (agreed: Agreed) => Agreed): Promise<CommandOutcome> {
  const file = resolve(call.terminal.cwd, config);
  const before = await readNodeConfigAsWritten(file);
  if (before.queries === undefined) throw new CliProblem('USAGE', `${config}: queries`);
  const templates = change(before.queries.templates);
  await writeDurably(file, `${JSON.stringify({ ...before, queries: { ...before.queries, templates } }, null, 2)}\n`);
  return outcome(
    { config: file, templates },
    table(
      [
        { en: 'template', zh: '模板' },
        { en: 'SHA-256 of what it says', zh: '内容 SHA-256' },
      ],
      templates.map((each) => [each.template, each.sha256]),
    ),
  );
}
