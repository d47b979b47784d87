import { expectRefusal } from './refusals.fixture';
import {
  cardTable,
  DomainError,
  grantTable,
  nextState,
  recordTable,
  relationshipTable,
  staffTable,
  type StateTable,
  ticketTable,
} from './index';

/** Every legal step, once more and by hand: `from command to`. Whatever is not here must be refused. */
type Machine = readonly [name: string, table: StateTable<string, string>, commands: readonly string[], legal: readonly string[]];
const machines: readonly Machine[] = [
  [
    'card',
    cardTable,
    ['activate', 'suspend', 'close'],
    [
      'requested activate active',
      'requested close closed',
      'active suspend suspended',
      'active close closed',
      'suspended activate active',
      'suspended close closed',
    ],
  ],
  [
    'relationship',
    relationshipTable,
    ['accept', 'reject', 'suspend', 'resume', 'terminate'],
    [
      'proposed accept active',
      'proposed reject rejected',
      'active suspend suspended',
      'active terminate terminated',
      'suspended resume active',
      'suspended terminate terminated',
    ],
  ],
  ['staff', staffTable, ['updateDuty', 'revoke'], ['active updateDuty active', 'active revoke revoked']],
  ['record', recordTable, ['amend', 'retract'], ['current amend current', 'current retract retracted']],
  ['grant', grantTable, ['grant', 'amend', 'revoke'], ['active amend active', 'active revoke revoked', 'revoked grant active']],
  ['ticket', ticketTable, ['close'], ['open close closed']],
];

const steps = machines.flatMap(([name, table, commands, legal]) =>
  Object.keys(table).flatMap((from) =>
    [...commands, 'constructor', 'toString', '__proto__'].map((command) => ({
      name,
      table,
      from,
      command,
      to: legal.find((step) => step.startsWith(`${from} ${command} `))?.split(' ')[2],
    })),
  ),
);

describe('state tables', () => {
  it.each(steps.filter(({ to }) => to !== undefined))('$name: $from, $command → $to', ({ table, from, command, to }) => {
    expect(nextState(table, from, command)).toBe(to);
  });
  it.each(steps.filter(({ to }) => to === undefined))('$name: $from, $command is refused', ({ table, from, command }) => {
    expectRefusal('ILLEGAL_STATE', () => nextState(table, from, command), { state: from, command });
    expect(() => nextState(table, from, command)).toThrow(DomainError);
  });
  it('lead nowhere that is not a state', () => {
    for (const [, table] of machines) {
      const states = Object.keys(table);
      expect(
        Object.values(table)
          .flatMap((row) => Object.values(row))
          .filter((to) => !states.includes(to ?? '')),
      ).toEqual([]);
    }
  });
});
