import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Scenario, type StaffMember } from './scenario';

/** Everybody the stories need, hired once for a file. */
export interface Roster {
  readonly registrarA: StaffMember;
  readonly labA: StaffMember;
  readonly recordAdminA: StaffMember;
  readonly clinicianA: StaffMember;
  readonly registrarB: StaffMember;
  readonly cardiologistB: StaffMember;
  /** Another clinician of the same department. */
  readonly colleagueB: StaffMember;
  readonly neurologistB: StaffMember;
  readonly nurseB: StaffMember;
  readonly clinicianC: StaffMember;
  /** The actor under which A's key service commits releases. */
  readonly keyServiceTagA: string;
}

export async function hireRoster(scenario: Scenario): Promise<Roster> {
  const { a, b, c } = scenario;
  const [registrarA, labA, recordAdminA, clinicianA, registrarB, cardiologistB, colleagueB, neurologistB, nurseB, clinicianC] =
    await Promise.all([
      scenario.hire(a, 'registrar'),
      scenario.hire(a, 'lab'),
      scenario.hire(a, 'recordAdmin'),
      scenario.hire(a, 'clinician', 'internal'),
      scenario.hire(b, 'registrar'),
      scenario.hire(b, 'clinician', 'cardiology'),
      scenario.hire(b, 'clinician', 'cardiology'),
      scenario.hire(b, 'clinician', 'neurology'),
      scenario.hire(b, 'nurse', 'cardiology'),
      scenario.hire(c, 'clinician', 'cardiology'),
    ]);
  return {
    ...{ registrarA, labA, recordAdminA, clinicianA, registrarB },
    ...{ cardiologistB, colleagueB, neurologistB, nurseB, clinicianC },
    keyServiceTagA: keyServiceTag(scenario),
  };
}

function keyServiceTag({ consortium, a }: Scenario): string {
  const config: unknown = JSON.parse(readFileSync(join(consortium.data.node(a.member.mspId), 'node.json'), 'utf8'));
  if (typeof config === 'object' && config !== null && 'keyServiceActorTag' in config) return String(config.keyServiceActorTag);
  throw new Error('node.json names no key service');
}
