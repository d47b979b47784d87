import { type z } from 'zod';
import { type Grantee, granteeSchema } from '@lianyi/domain';
import { CliProblem } from '../cli-problem';

export type GranteeInput = z.input<typeof granteeSchema>;

/** `department:HospitalBMSP:cardiology` as the ledger spells a grantee. */
export function parseGrantee(text: string): Grantee {
  const [kind, mspId, name, ...rest] = text.split(':');
  const spelled = kind === 'organisation' ? { kind, mspId, name: name ?? 'all' } : { kind, mspId, name };
  const result = granteeSchema.safeParse(spelled);
  if (rest.length > 0 || !result.success) {
    throw new CliProblem('USAGE', `--to ${text}: person:MSP:tag | department:MSP:name | group:MSP:name | role:MSP:role | organisation:MSP`);
  }
  return result.data;
}

/** The same back, for tables. */
export function showGrantee({ kind, mspId, name }: GranteeInput): string {
  return kind === 'organisation' ? `${kind}:${mspId}` : `${kind}:${mspId}:${name}`;
}
