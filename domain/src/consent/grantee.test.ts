import { type MspId } from '../ids';
import { expectRefusal } from '../refusals.fixture';
import { A, B } from '../story.fixture';
import { grantSchema, type Grantee } from './entities';
import { assertKnownGrantee, type GranteeFacts } from './grantee';

const to = (kind: string, name: string): Grantee => grantSchema.shape.grantee.parse({ kind, mspId: B, name });
const hospital: NonNullable<GranteeFacts['organisation']> = { kinds: ['hospital'] };
const named = (mspId: MspId): GranteeFacts['named'] => ({ mspId });
const all = [
  to('person', 'dr-lin'),
  to('department', 'cardiology'),
  to('group', 'night-team'),
  to('role', 'nurse'),
  to('organisation', 'all'),
];

describe('a grantee', () => {
  it.each(all)('$kind $name is known where all of it is', (grantee) => {
    expect(() => {
      assertKnownGrantee(grantee, { organisation: hospital, named: named(B) });
    }).not.toThrow();
  });
  it.each(all)('$kind $name of no organisation is unknown', (grantee) => {
    expectRefusal(
      'UNKNOWN_GRANTEE',
      () => {
        assertKnownGrantee(grantee, { organisation: undefined, named: named(A) });
      },
      { unknown: 'organisation', mspId: B, name: grantee.name },
    );
  });
  it.each(all.slice(0, 3))('$kind $name that nobody has entered is unknown', (grantee) => {
    expectRefusal(
      'UNKNOWN_GRANTEE',
      () => {
        assertKnownGrantee(grantee, { organisation: hospital, named: undefined });
      },
      { unknown: grantee.kind, mspId: B, name: grantee.name },
    );
  });
  it('is no role that nobody of that kind of organisation has', () => {
    expectRefusal(
      'UNKNOWN_GRANTEE',
      () => {
        assertKnownGrantee(to('role', 'regulator'), { organisation: hospital, named: undefined });
      },
      { unknown: 'role', mspId: B, name: 'regulator' },
    );
  });
  it('needs no entry of its own as an organisation, nor as a role', () => {
    for (const grantee of all.slice(3))
      expect(() => {
        assertKnownGrantee(grantee, { organisation: hospital, named: undefined });
      }).not.toThrow();
  });
});
