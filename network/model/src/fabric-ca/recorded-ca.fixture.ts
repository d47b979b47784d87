import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { enrolled, parseAnswer } from './answers';

/** What Fabric's own client sent to a fabric-ca-server 1.5.21, and what that answered. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly authorization?: string;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
}
export const recorded = JSON.parse(
  readFileSync(join(__dirname, '../../../../test/fixtures/fabric-ca/recorded.json'), 'utf8'),
) as Recorded[];

export function find(path: string, status: number): Recorded {
  const found = recorded.find((entry) => entry.path === path && entry.status === status);
  if (found === undefined) throw new Error(`no answer ${status} of ${path} is recorded`);
  return found;
}

export function resultOf(path: string, status: number): unknown {
  const answer = parseAnswer(find(path, status).answer);
  return answer !== undefined && 'result' in answer ? answer.result : undefined;
}

/** The certificate of the first such enrolment. */
export const pemOf = (path: string, status = 201): string => enrolled.parse(resultOf(path, status));
