import { completionVerb } from './completion-command';
import { embedded } from './embedded';
import { fabric } from './fabric';
import { packageVerb } from './package-command';
import { type VerbGroup } from './verb-spec';

/** Everything that `lianyi-network` can do. */
export const lianyiNetwork: VerbGroup = {
  name: 'lianyi-network',
  summary: {
    en: 'Runs the network of a consortium: embedded in one process, to try and to develop, or real Hyperledger Fabric.',
    zh: '运行联盟的网络：单进程内嵌网络（试用和开发），或真正的 Hyperledger Fabric。',
  },
  verbs: [packageVerb, completionVerb(() => lianyiNetwork)],
  groups: [embedded, fabric],
};
