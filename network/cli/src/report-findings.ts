import { type Finding, OperatorError } from '@lianyi/network-model';
import { type LineOutput } from './output';

/** Prints what was found. @throws {@link OperatorError} `FABRIC_MISSING` — some are bad. */
export function reportFindings(findings: readonly Finding[], json: boolean, output: LineOutput): void {
  if (json) output.out(JSON.stringify({ findings }));
  else for (const { subject, verdict, text } of findings) output.out(`${verdict.padEnd(4)}  ${subject.padEnd(12)}  ${text}`);
  const bad = findings.filter(({ verdict }) => verdict === 'bad').length;
  if (bad > 0)
    throw new OperatorError('FABRIC_MISSING', `${bad} thing${bad === 1 ? '' : 's'} must be put right before the network can start`);
}
