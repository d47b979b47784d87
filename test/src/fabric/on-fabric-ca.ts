import { setTimeout as after } from 'node:timers/promises';
import { type Party } from '../conformance/party';
import { describeUnless } from '../describe-unless';
import { describeOnFabric, folderOf } from './fabric-command';
import { waitUntil } from '../wait-until';

/** `describe` where there is Fabric with its CA server; else the suite is skipped and the reason printed. */
export function describeOnFabricCa(title: string, suite: () => void): void {
  if (folderOf('fabric-ca-server') !== undefined) describeOnFabric(title, suite);
  else describeUnless("Fabric's fabric-ca-server not found in FABRIC_BIN or on PATH", title, suite);
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
  await waitUntil('it submits', attempt, 100_000);
}
