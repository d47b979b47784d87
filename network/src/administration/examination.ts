import { type Output } from '../cli/output';
import { type Consortium } from '../consortium/consortium';
import { isPortFree } from '../machine/free-ports';
import { OperatorError } from '../machine/operator-error';

/** What `doctor` found about one thing. */
export interface Finding {
  readonly subject: string;
  readonly verdict: 'good' | 'note' | 'bad';
  readonly text: string;
}

/** Whether this Node is at least of that version. */
export function nodeFinding(minimum: readonly [number, number]): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > minimum[0] || (major === minimum[0] && minor >= minimum[1]);
  return {
    subject: 'Node.js',
    verdict: fits ? 'good' : 'bad',
    text: `${process.versions.node}${fits ? '' : `; ${minimum.join('.')} or newer is needed`}`,
  };
}

/** Ports of the definition that another program holds. */
export async function portFindings({ ports }: Consortium, isRunning: boolean): Promise<readonly Finding[]> {
  if (ports === 'auto' || isRunning) return [];
  const checks = await Promise.all(Object.entries(ports).map(async ([name, port]) => ({ name, port, isFree: await isPortFree(port) })));
  return checks
    .filter(({ isFree }) => !isFree)
    .map(({ name, port }) => ({ subject: name, verdict: 'bad', text: `port ${port} is in use by another program` }));
}

/** Prints them. @throws {@link OperatorError} `FABRIC_MISSING` — some are bad. */
export function reportFindings(findings: readonly Finding[], json: boolean, output: Output): void {
  if (json) output.out(JSON.stringify({ findings }));
  else for (const { subject, verdict, text } of findings) output.out(`${verdict.padEnd(4)}  ${subject.padEnd(12)}  ${text}`);
  const bad = findings.filter(({ verdict }) => verdict === 'bad').length;
  if (bad > 0)
    throw new OperatorError('FABRIC_MISSING', `${bad} thing${bad === 1 ? '' : 's'} must be put right before the network can start`);
}
