import { type ImplicitPolicy, type LevelApprovers, type ParameterSetting } from './transactions';
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
    expect(opensNoMore(defaults(one), defaults(other), 'reading')).toBe(reading);
    expect(opensNoMore(defaults(one), defaults(other), 'emergency')).toBe(emergency);
  });

  it('is asked of each class, and of each level', () => {
    const one: ParameterSetting = { name: 'default-policies', value: { ...policiesOf('deny-all'), prescription: 'all-normal' } };
    expect(opensNoMore(one, defaults('basic-normal'), 'reading')).toBe(false);
    expect(opensNoMore(one, { ...one, value: { ...policiesOf('basic-normal'), prescription: 'all-normal' } }, 'reading')).toBe(true);
    expect(opensNoMore(approvers('none'), approvers('custodian'), 'reading')).toBe(false);
    expect(opensNoMore(approvers('custodian'), approvers('none'), 'reading')).toBe(true);
  });

  it('is not of values of two parameters', () => {
    expect(opensNoMore(approvers('custodian'), defaults('all-normal'), 'reading')).toBe(false);
  });

  it.each([
    [signers('countersigned', 'closed'), signers('alone', 'closed'), true],
    [signers('alone', 'closed'), signers('countersigned', 'closed'), false],
    [signers('alone', 'countersigned'), signers('alone', 'closed'), false],
    [signers('alone', 'closed'), signers('alone', 'countersigned'), false],
    [signers('countersigned', 'countersigned'), signers('alone', 'countersigned'), true],
  ])('of who signs in an emergency, %j beside %j: %s', (one, other, opensNoMoreThanIt) => {
    expect(opensNoMore(one, other, 'emergency')).toBe(opensNoMoreThanIt);
  });
});
