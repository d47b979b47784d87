import * as domain from '@lianyi/domain';
import * as deciding from '@lianyi/domain/deciding';
import { DomainError, nextState } from '@lianyi/domain';
import { type States } from './area.fixture';
import { areaFixtures } from './requests.fixture';

/** Every state table of the domain against the steps that the fixtures of the areas say by hand. */

const machines = Object.values(areaFixtures).flatMap(({ states }) => Object.entries<States>(states));
const commandsOf = ({ table, legal }: States): readonly string[] => [
  ...new Set([...Object.values(table).flatMap((row) => Object.keys(row)), ...legal.map((step) => step.split(' ')[1] ?? '')]),
];
const steps = machines.flatMap(([name, states]) =>
  Object.keys(states.table).flatMap((from) =>
    commandsOf(states).map((command) => ({
      name,
      table: states.table,
      from,
      command,
      to: states.legal.find((step) => step.startsWith(`${from} ${command} `))?.split(' ')[2],
    })),
  ),
);

describe('state tables', () => {
  it.each(steps.filter(({ to }) => to !== undefined))('$name: $from, $command → $to', ({ table, from, command, to }) => {
    expect(nextState(table, from, command)).toBe(to);
  });
  it.each(steps.filter(({ to }) => to === undefined))('$name: $from, $command is refused', ({ table, from, command }) => {
    const refused = expect.objectContaining({ code: 'ILLEGAL_STATE', details: { state: from, command } }) as DomainError;
    expect(() => nextState(table, from, command)).toThrow(DomainError);
    expect(() => nextState(table, from, command)).toThrow(refused);
  });
  it.each(machines)('%s: each step that the fixture says is from a state of the table', (_name, { table, legal }) => {
    expect(legal.map((step) => step.split(' ')[0]).filter((from) => !Object.hasOwn(table, from ?? ''))).toEqual([]);
  });
  it.each(machines)('%s: leads nowhere that is not a state', (_name, { table }) => {
    const targets = Object.values(table).flatMap((row) => Object.values(row));
    expect(targets.filter((to) => !Object.hasOwn(table, to ?? ''))).toEqual([]);
  });
  it('are all of the domain’s', () => {
    const tables = Object.keys({ ...domain, ...deciding }).filter((name) => name.endsWith('Table'));
    expect(machines.map(([name]) => `${name}Table`).sort()).toEqual(tables.sort());
  });
});
