import { expectRefusal } from './refusals.fixture';
import { assertVersion, nextState, type StateTable } from './state-table';

const lamp: StateTable<'off' | 'on' | 'broken', 'switchOn' | 'switchOff' | 'drop'> = {
  off: { switchOn: 'on', drop: 'broken' },
  on: { switchOff: 'off', drop: 'broken' },
  broken: {},
};

describe('the next state', () => {
  it('is the one in the row of the present state', () => {
    expect([nextState(lamp, 'off', 'switchOn'), nextState(lamp, 'on', 'switchOff'), nextState(lamp, 'on', 'drop')]).toEqual([
      'on',
      'off',
      'broken',
    ]);
  });
  it.each([
    ['on', 'switchOn'],
    ['off', 'switchOff'],
    ['broken', 'switchOn'],
    ['broken', 'drop'],
  ] as const)('is none when the row of %s lacks the command %s', (state, command) => {
    expectRefusal('ILLEGAL_STATE', () => nextState(lamp, state, command), { state, command });
  });
  it.each(['constructor', 'toString', '__proto__'])('is none for %s, which every object has', (command) => {
    const table: StateTable<string, string> = lamp;
    for (const state of Object.keys(table)) expectRefusal('ILLEGAL_STATE', () => nextState(table, state, command), { state, command });
  });
});

describe('a change', () => {
  it('is made in sight of the present version', () => {
    expect(() => {
      assertVersion(2, 2);
    }).not.toThrow();
    for (const claimed of [1, 3])
      expectRefusal(
        'VERSION_CONFLICT',
        () => {
          assertVersion(2, claimed);
        },
        { present: 2, claimed },
      );
  });
});
