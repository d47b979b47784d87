import { cardiologist, facts, forbid, grant, hours, labReport, ownClinician, permit, question, record, revoked } from '../story.fixture';
import { couldPermit } from './could-permit';
import { type AccessFacts, type AccessQuestion, type KnownQuestion } from './question';

const suspended = { type: 'care', state: 'suspended', suspendedBy: 'patient' } as const;
const about = (changes: Partial<AccessQuestion>): KnownQuestion => ({ ...question(changes), record });

describe('whether some record could be permitted', () => {
  it.each<readonly [string, AccessFacts, Partial<AccessQuestion>]>([
    ['where the patient has said nothing', facts([]), {}],
    ['where a consent was revoked', facts([revoked([permit()])]), {}],
    ['where a consent is over', facts([grant([permit({ validUntil: hours(0) })])]), {}],
    ['where a consent is for another purpose', facts([grant([permit({ purposes: ['HRESCH'] })])]), {}],
    ['where everything is forbidden', facts([grant([forbid()])]), {}],
    ['where everything is forbidden beside a consent', facts([grant([permit(), forbid()])]), {}],
    ['where the relationship opens nothing', facts([grant([permit()])], { relationship: suspended }), {}],
    ['where the asker may not claim the purpose', facts([grant([permit()])]), { purpose: 'HRESCH' }],
    ['to the own staff, where everything is forbidden', facts([grant([forbid()], 'organisation')]), { actor: ownClinician }],
  ])('is no %s', (_where, known, changes) => {
    const actor = changes.actor ?? cardiologist;
    const grants = known.grants.map((each) => ({ ...each, grantee: { ...each.grantee, mspId: actor.mspId } }));
    expect(couldPermit(about(changes), { ...known, grants })).toBe(false);
  });

  it.each<readonly [string, AccessFacts, Partial<AccessQuestion>]>([
    ['by a consent', facts([grant([permit()])]), {}],
    ['by a consent of other records', facts([grant([permit({ classes: ['imaging-report'], maxDataLevel: 1 })])]), {}],
    ['beside a prohibition of this record', facts([grant([permit(), forbid({ recordIds: [labReport] })])]), {}],
    ['beside a prohibition of high levels', facts([grant([permit(), forbid({ minDataLevel: 1 })])]), {}],
    ['beside a prohibition that is over', facts([grant([permit(), forbid({ validUntil: hours(0) })])]), {}],
    ['to the own staff, by what holds by default', facts([]), { actor: ownClinician }],
  ])('is yes %s', (_how, known, changes) => {
    expect(couldPermit(about(changes), known)).toBe(true);
  });
});
