import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { type Party } from '../conformance/party';
import { describeOnFabric, eventually } from './fabric-command';

/** First folder of FABRIC_BIN and PATH that has the program. */
export function folderOf(program: string): string | undefined {
  return [process.env['FABRIC_BIN'], process.env['PATH']]
    .flatMap((paths) => (paths ?? '').split(delimiter))
    .find((folder) => folder !== '' && existsSync(join(folder, program)));
}

/** `describe` where there is Fabric with its CA server; else the suite is skipped and the reason printed. */
export function describeOnFabricCa(title: string, suite: () => void): void {
  if (folderOf('fabric-ca-server') !== undefined) {
    describeOnFabric(title, suite);
    return;
  }
  process.stderr.write(`skipped: ${title}: Fabric's fabric-ca-server not found in FABRIC_BIN or on PATH\n`);
  describe.skip(title, suite);
}

const ATTEMPT_MILLIS = 10_000;

/** Submits, and tries again what an orderer that restarts has lost, without waiting for the end of its commit's deadline. */
export async function submits(party: Party, values: readonly string[]): Promise<void> {
  const attempt = (): Promise<boolean> => {
    const tried = party.submit('Put', values).then(
      () => true,
      () => false,
    );
    return Promise.race([tried, after(ATTEMPT_MILLIS, false, { ref: false })]);
  };
  await eventually('it submits', attempt, 100_000);
}
