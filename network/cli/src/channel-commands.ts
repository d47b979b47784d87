import { z } from 'zod';
import { createChannel } from '@lianyi/network-administration';
import { networkOptions, withNetwork } from './on-network';
import { argument, parsed } from './option';
import { verb, type VerbSpec } from './verb-spec';

const names = z.string().transform((text) =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
);

/** `createChannel`. */
export const channelVerbs = (defaultDir: string): readonly VerbSpec[] => [
  verb({
    name: 'createChannel',
    summary: {
      en: 'make a channel of some organisations on the running network; changes nothing if it is there',
      zh: '在运行中的网络上为若干组织创建通道；已存在则不改动',
    },
    arguments: { name: argument('<name>', { en: 'name of the channel', zh: '通道名称' }) },
    options: {
      organizations: parsed(
        '--organizations <names>',
        {
          en: 'its members, separated by commas; all that do more than order, if absent',
          zh: '成员，用逗号分隔；省略则为所有不只负责排序的组织',
        },
        { schema: names.default([]), needs: { en: 'names separated by commas are needed', zh: '需要用逗号分隔的名称' } },
      ),
      ...networkOptions(defaultDir),
    },
    action: ({ name, organizations, ...input }, call) =>
      withNetwork(input, call, (session, progress) => createChannel(session, { name, organizations }, progress)),
  }),
];
