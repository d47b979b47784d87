import { existsSync } from 'node:fs';
import { addressFindings, type Consortium, type Finding, nodeFinding, portFindings, sentenceOf } from '@lianyi/network-model';
import { StateDir } from './state-dir';

/** node:sqlite without a flag. */
const NODE_MINIMUM = [24, 0] as const;

/** Looks at everything a start needs, without changing anything. */
export async function examineEmbedded(consortium: Consortium, dataDir: string): Promise<readonly Finding[]> {
  const isRunning = StateDir.holder(dataDir) !== undefined;
  return [
    nodeFinding(NODE_MINIMUM),
    ...(await portFindings(consortium, isRunning)),
    ...(await addressFindings(consortium, 'note')),
    stateFinding(dataDir, consortium),
  ];
}

function stateFinding(dataDir: string, consortium: Consortium): Finding {
  const subject = 'network';
  if (!existsSync(dataDir)) return { subject, verdict: 'good', text: { en: `none yet in ${dataDir}`, zh: `${dataDir} 中尚无` } };
  try {
    const holder = StateDir.holder(dataDir);
    if (holder !== undefined)
      return {
        subject,
        verdict: 'good',
        text: { en: `runs in ${dataDir} (process ${holder.pid})`, zh: `在 ${dataDir} 中运行（进程 ${holder.pid}）` },
      };
    if (!StateDir.isAt(dataDir)) return { subject, verdict: 'good', text: { en: `none yet in ${dataDir}`, zh: `${dataDir} 中尚无` } };
    StateDir.refuseOther(dataDir, consortium);
    return { subject, verdict: 'good', text: { en: `stopped in ${dataDir}`, zh: `已停止，在 ${dataDir} 中` } };
  } catch (error) {
    return { subject, verdict: 'bad', text: sentenceOf(error) };
  }
}
