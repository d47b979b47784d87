import { countedGrantSchema } from '@lianyi/domain';
import { grantRow } from './grant-row';

const provision = {
  provisionId: 'p1',
  effect: 'permit',
  purposes: ['TREAT'],
  validFrom: '2026-03-01T10:00:00.000Z',
  validUntil: '2026-03-02T10:00:00.000Z',
};
const grant = {
  ...{
    schemaVersion: 1,
    pseudonym: 'psn-1',
    version: 1,
    state: 'active',
    grantedAt: '2026-03-01T10:00:00.000Z',
    changedAt: '2026-03-01T10:00:00.000Z',
  },
  grantee: { kind: 'department', mspId: 'HospitalBMSP', name: 'cardiology' },
  origin: { requestHash: 'A'.repeat(43), actor: { kind: 'patient', pseudonym: 'psn-1' } },
};
const text = (provisions: readonly object[], more: object = {}): string =>
  JSON.stringify(grantRow(countedGrantSchema.parse({ ...grant, provisions, ...more }), 'UTC').at(-1));

describe('a grant in the patient’s list', () => {
  it.each<readonly [number, number | undefined, string, string]>([
    [3, undefined, '3 of 3 uses left', '尚余 3/3 次'],
    [3, 2, '1 of 3 uses left', '尚余 1/3 次'],
    [3, 3, '0 of 3 uses left', '尚余 0/3 次'],
  ])('of %d uses of which %s were taken says how many are left', (uses, count, en, zh) => {
    const taken = count === undefined ? {} : { taken: [{ provisionId: 'p1', count }] };
    const shown = text([{ ...provision, uses }], taken);
    expect(shown).toContain(en);
    expect(shown).toContain(zh);
  });

  it('says of a version that was replaced for how many permits it was good', () => {
    const replaced = countedGrantSchema.parse({ ...grant, provisions: [{ ...provision, uses: 3 }] });
    expect(JSON.stringify(grantRow(replaced, 'UTC', true))).toMatch(/for 3 permits.*限 3 次/);
  });

  it.each([
    [{ handling: 'view' }, ', to view only', '，仅供查看'],
    [
      { eraseAt: '2026-04-01T00:00:00.000Z', onward: true },
      ', copies gone by 2026-04-01 00:00:00 UTC, copies may be handed on',
      '，副本可转交',
    ],
  ])('says what may be done with copies: %j', (more, en, zh) => {
    const shown = text([{ ...provision, ...more }]);
    expect([shown, shown]).toEqual([expect.stringContaining(en), expect.stringContaining(zh)]);
    expect(text([{ ...provision, handling: 'store' }])).toBe(text([provision]));
  });

  it('says nothing of uses where there is no number of them, nor of another provision’s', () => {
    const deny = { provisionId: 'p2', effect: 'deny', purposes: 'any', validFrom: provision.validFrom };
    expect(text([provision, deny])).not.toMatch(/uses|次/);
    const taken = [{ provisionId: 'p2', count: 2 }];
    const both = [
      { ...provision, uses: 3 },
      { ...provision, provisionId: 'p2', uses: 2 },
    ];
    expect(text(both, { taken })).toMatch(/3 of 3 uses left; .*0 of 2 uses left/);
  });
});
