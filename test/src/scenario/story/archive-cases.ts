import { readFileSync, writeFileSync } from 'node:fs';
import { newId } from '../scenario';
import { laboratoryReport } from '../patient-case';
import { lostWallets } from './lost-wallets';
import { type GetWorld } from './world';

interface Verified {
  readonly holds: boolean;
  readonly notOpened: readonly unknown[];
  readonly records: readonly { readonly recordId: string; readonly vaultMspIds: readonly string[]; readonly witnessMspId?: string }[];
}

/** Feature 23 and portability: everything of a patient in one file, which proves itself where no network is. */
export function archiveCases(world: GetWorld): void {
  const { run, knownAtTwo } = lostWallets(world);
  const file = (kind: string): string => world().scenario.consortium.data.file(`${kind}-${newId()}`);

  it('is made by its patient, holds without a network, and names the file of which a byte was changed', async () => {
    const { scenario, staff } = world();
    const { profile, atA } = await knownAtTwo();
    const report = file('report.json');
    writeFileSync(report, laboratoryReport);
    const { recordId } = await scenario.acts.publish(staff.labA.profile, report, atA);
    await scenario.catchUp(scenario.a);
    const out = file('everything.tar');
    await run(profile, 'archive', 'make', '--out', out, '--pseudonym', atA, '--unwitnessed');
    const whole = readFileSync(out);
    expect(whole.includes(laboratoryReport)).toBe(true);
    const verified = (await run(undefined, 'archive', 'verify', out)) as Verified;
    expect(verified).toMatchObject({ holds: true, notOpened: [], records: [{ recordId }] });
    expect(verified.records[0]?.vaultMspIds.length).toBeGreaterThanOrEqual(2);
    const at = whole.indexOf(laboratoryReport) + 100;
    writeFileSync(out, whole.fill((whole[at] ?? 0) ^ 1, at, at + 1));
    const { json, exitCode } = await scenario.consortium.commands.run(undefined, ['archive', 'verify', out]);
    expect(exitCode).toBe(1);
    expect(JSON.stringify(json)).toContain(`records/${recordId}/original.json`);
  });
}
