import { isPortFree } from './free-ports';
import { type Sentence } from './sentence';

/** What `doctor` found about one thing. */
export interface Finding {
  readonly subject: string;
  readonly verdict: 'good' | 'note' | 'bad';
  readonly text: Sentence;
}

/** Whether this Node is at least of that version. */
export function nodeFinding(minimum: readonly [number, number]): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > minimum[0] || (major === minimum[0] && minor >= minimum[1]);
  return {
    subject: 'Node.js',
    verdict: fits ? 'good' : 'bad',
    text: {
      en: `${process.versions.node}${fits ? '' : `; ${minimum.join('.')} or newer is needed`}`,
      zh: `${process.versions.node}${fits ? '' : `；需要 ${minimum.join('.')} 或更新版本`}`,
    },
  };
}

/** Port of each listener by name, as a consortium's definition says. */
interface PortSettings {
  readonly ports: 'auto' | Readonly<Record<string, number>>;
}

/** Ports of the definition that another program holds. */
export async function portFindings({ ports }: PortSettings, isRunning: boolean): Promise<readonly Finding[]> {
  if (ports === 'auto' || isRunning) return [];
  const checks = await Promise.all(Object.entries(ports).map(async ([name, port]) => ({ name, port, isFree: await isPortFree(port) })));
  return checks
    .filter(({ isFree }) => !isFree)
    .map(({ name, port }) => ({
      subject: name,
      verdict: 'bad',
      text: { en: `port ${port} is in use by another program`, zh: `端口 ${port} 已被其他程序占用` },
    }));
}
