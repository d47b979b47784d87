import { z } from 'zod';
import { newPrivateKey, publicKeyOf } from '@lianyi/client';
import { hashOfKey } from '@lianyi/domain';
import { flags } from '@lianyi/workbench';
import { newId } from '../scenario';
import { type GetWorld } from './world';

const stateSchema = z.object({ result: z.object({ state: z.string() }) });

/** Feature 2: whom one person hires acts for nobody until another has said the same. */
export function staffCases(world: GetWorld): void {
  it('somebody whom an hrAdmin registers is pending until a second person says who it is, and says the same', async () => {
    const { acts, a, consortium } = world().scenario;
    const [hr, other] = await Promise.all([world().scenario.hire(a, 'hrAdmin'), world().scenario.hire(a, 'hrAdmin')]);
    const said = { roles: 'clinician', departments: 'surgery', 'public-key-hash': hashOfKey(publicKeyOf(newPrivateKey())) };
    const actorTag = newId();
    const added = await consortium.commands.must(hr.profile, ['staff', 'add', ...flags({ 'actor-tag': actorTag, ...said })], stateSchema);
    expect(added.result.state).toBe('pending');

    const confirm = (says: Readonly<Record<string, string>>): readonly string[] => ['staff', 'confirm', ...flags(says), '--', actorTag];
    expect(await acts.attempt(hr.profile, ...confirm(said))).toBe('SECOND_PERSON_NEEDED');
    expect(await acts.attempt(other.profile, ...confirm({ ...said, roles: 'clinician,recordAdmin' }))).toBe('STAFF_ENTRY_DIFFERS');
    const otherKey = { ...said, 'public-key-hash': hashOfKey(publicKeyOf(newPrivateKey())) };
    expect(await acts.attempt(other.profile, ...confirm(otherKey))).toBe('STAFF_ENTRY_DIFFERS');
    expect(await acts.attempt(world().staff.registrarA.profile, ...confirm(said))).toBe('NOT_PERMITTED');
    expect(await acts.attempt(world().scenario.b.administrator, ...confirm(said))).toBe('NOT_FOUND');
    const confirmed = await consortium.commands.must(other.profile, confirm(said), stateSchema);
    expect(confirmed.result.state).toBe('active');
    expect(await acts.attempt(other.profile, ...confirm(said))).toBe('ILLEGAL_STATE');
  });
}
