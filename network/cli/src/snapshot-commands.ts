import { resolve } from 'node:path';
import { restorePeer, takeSnapshot } from '@lianyi/fabric-processes';
import { channelOptions, withChannel } from './on-network';
import { required } from './option';
import { verb, type VerbSpec } from './verb-spec';

const organization = required('--organization <name>', {
  en: 'whose peer: MSP id, name or domain',
  zh: '哪个组织的 peer 节点：MSP 标识、名称或域名',
});

/** `snapshot` and `restore`. */
export const snapshotVerbs = (defaultDir: string): readonly VerbSpec[] => [
  verb({
    name: 'snapshot',
    summary: {
      en: "write a peer's state to a folder that outlives the peer; without private values",
      zh: '把 peer 节点的状态写入独立于该节点的目录；不含私有值',
    },
    options: { organization, ...channelOptions(defaultDir) },
    action: (input, call) => withChannel(input, call, (channel, progress) => takeSnapshot(channel, input.organization, progress)),
  }),
  verb({
    name: 'restore',
    summary: {
      en: 'rebuild a peer from a snapshot; what it held is put aside',
      zh: '用快照重建 peer 节点；原有数据移到一旁',
    },
    options: {
      organization,
      snapshot: required('--snapshot <dir>', {
        en: 'what snapshot wrote, of any peer of the channel',
        zh: 'snapshot 写出的目录，通道内任一 peer 节点的均可',
      }),
      ...channelOptions(defaultDir),
    },
    action: (input, call) =>
      withChannel(input, call, (channel, progress) => restorePeer(channel, input.organization, resolve(input.snapshot), progress)),
  }),
];
