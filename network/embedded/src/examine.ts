import { existsSync } from 'node:fs';
import { type Consortium, type Finding, nodeFinding, portFindings, reasonOf } from '@lianyi/network-model';
import { StateDir } from './state-dir';

/** node:sqlite without a flag. */
const NODE_MINIMUM = [24, 0] as const;

/** Looks at everything a start needs, without changing anything. */
export async function examineEmbedded(consortium: Consortium, dataDir: string): Promise<readonly Finding[]> {
  const isRunning = StateDir.holder(dataDir) !== undefined;
  return [nodeFinding(NODE_MINIMUM), ...(await portFindings(consortium, isRunning)), stateFinding(dataDir, consortium)];
}

function stateFinding(dataDir: string, consortium: Consortium): Finding {
  const subject = 'network';
  if (!existsSync(dataDir)) return { subject, verdict: 'good', text: `none yet in ${dataDir}` };
  try {
    const holder = StateDir.holder(dataDir);
    if (holder !== undefined) return { subject, verdict: 'good', text: `runs in ${dataDir} (process ${holder.pid})` };
    if (!StateDir.isAt(dataDir)) return { subject, verdict: 'good', text: `none yet in ${dataDir}` };
    StateDir.refuseOther(dataDir, consortium);
    return { subject, verdict: 'good', text: `stopped in ${dataDir}` };
  } catch (error) {
    return { subject, verdict: 'bad', text: reasonOf(error) };
  }
}
