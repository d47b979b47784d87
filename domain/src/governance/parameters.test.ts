import { type ImplicitPolicy, type LevelApprovers, type ParameterSetting } from './transactions';
import { recordClasses } from '../vocabulary';
import { initialSetting, opensNoMore, policiesOf } from './parameters';

const defaults = (policy: ImplicitPolicy): ParameterSetting => ({ name: 'default-policies', value: policiesOf(policy) });
const approvers = (ofFive: LevelApprovers['5']): ParameterSetting => {
  const { name, value } = initialSetting('level-approvers');
  return { name, value: { ...value, '5': ofFive } };
};

const signers = (ofThree: 'alone' | 'countersigned', ofFive: 'countersigned' | 'closed'): ParameterSetting => {
  const { name, value } = initialSetting('emergency-signers');
  return { name, value: { ...value, '3': ofThree, '5': ofFive } };
};

describe('whether one value of a parameter opens nothing that another does not', () => {
  it.each<readonly [ImplicitPolicy, ImplicitPolicy, boolean, boolean]>([
    ['deny-all', 'all-normal', true, true],
    ['deny-all', 'break-glass-only', true, true],
    ['break-glass-only', 'deny-all', true, false],
    ['break-glass-only', 'basic-normal', true, true],
    ['basic-normal', 'break-glass-only', false, true],
    ['basic-normal', 'all-normal', true, true],
    ['all-normal', 'basic-normal', false, true],
    ['all-normal', 'deny-all', false, false],
  ])('%s and %s: to whoever reads %s, in an emergency %s', (one, other, reading, emergency) => {
    expect(opensNoMore(defaults(one), defaults(other), { to: 'reading', of: recordClasses })).toBe(reading);
    expect(opensNoMore(defaults(one), defaults(other), { to: 'emergency', of: recordClasses })).toBe(emergency);
  });

  it('is asked of some classes or levels, and of no others', () => {
    const one: ParameterSetting = { name: 'default-policies', value: { ...policiesOf('deny-all'), prescription: 'all-normal' } };
    const of = (...of: readonly string[]) => ({ to: 'reading', of }) as const;
    expect(opensNoMore(one, defaults('basic-normal'), of('prescription'))).toBe(false);
    expect(opensNoMore(one, defaults('basic-normal'), of('observation', 'prescription'))).toBe(false);
    expect(opensNoMore(one, defaults('basic-normal'), of('observation'))).toBe(true);
    expect(opensNoMore(one, { ...one, value: { ...policiesOf('basic-normal'), prescription: 'all-normal' } }, of('prescription'))).toBe(
      true,
    );
    expect(opensNoMore(approvers('none'), approvers('custodian'), of('5'))).toBe(false);
    expect(opensNoMore(approvers('none'), approvers('custodian'), of('1', '5'))).toBe(false);
    expect(opensNoMore(approvers('none'), approvers('custodian'), of('1', '4'))).toBe(true);
    expect(opensNoMore(approvers('custodian'), approvers('none'), of('5'))).toBe(true);
  });

  it('is not of what neither value knows', () => {
    expect(opensNoMore(approvers('none'), approvers('none'), { to: 'reading', of: ['6'] })).toBe(false);
    expect(opensNoMore(approvers('none'), approvers('none'), { to: 'reading', of: ['null'] })).toBe(false);
  });

  it('is not of values of two parameters', () => {
    expect(opensNoMore(approvers('custodian'), defaults('all-normal'), { to: 'reading', of: ['5'] })).toBe(false);
  });

  it.each([
    [signers('countersigned', 'closed'), signers('alone', 'closed'), true],
    [signers('alone', 'closed'), signers('countersigned', 'closed'), false],
    [signers('alone', 'countersigned'), signers('alone', 'closed'), false],
    [signers('alone', 'closed'), signers('alone', 'countersigned'), false],
    [signers('countersigned', 'countersigned'), signers('alone', 'countersigned'), true],
  ])('of who signs in an emergency, %j beside %j: %s', (one, other, opensNoMoreThanIt) => {
    expect(opensNoMore(one, other, { to: 'emergency', of: ['1', '2', '3', '4', '5'] })).toBe(opensNoMoreThanIt);
  });
});
