import { areas, type Endorsement, type Entity } from '@lianyi/domain';

const all: readonly Entity[] = Object.values(areas).flatMap((area) => Object.values<Entity>(area.entities));

function endorsersOf(endorsement: Endorsement<unknown>): string {
  return typeof endorsement === 'string' ? endorsement : 'named organisations';
}

function table(entities: readonly Entity[]): string[] {
  return [
    '| object type | parts | endorsed by | what |',
    '| --- | --- | --- | --- |',
    ...entities.map(
      ({ objectType, key, endorsement, summary }) =>
        `| \`${objectType}\` | ${key.map(({ name }) => `\`${name}\``).join(', ')} | ${endorsersOf(endorsement)} | ${summary} |`,
    ),
  ];
}

/** docs/ledger-keys.md: every key the chaincode can write. */
export function ledgerKeysPage(): string {
  return [
    '# Ledger keys',
    '',
    '<!-- Printed from the code by `npm run docs`; a test fails when it is out of date. -->',
    '',
    'Composite keys: U+0000, object type, U+0000, each part followed by U+0000. Every part matches `^[A-Za-z0-9_-]{1,64}$`.',
    'Values are canonical JSON with `schemaVersion` ([ADR 0007](adr/0007-composite-keys-and-rfc8785.md)). A change is endorsed as the',
    "chaincode's policy says (`channel`), by the one organisation in whose private data it lies (`owner`), or by all of the organisations that",
    'the entity names (key-level endorsement; [ADR 0024](adr/0024-areas-entities-and-units.md)).',
    '',
    '## Public state',
    '',
    ...table(all.filter(({ endorsement }) => endorsement !== 'owner')),
    '',
    '## Private data: the implicit collection of one organisation',
    '',
    ...table(all.filter(({ endorsement }) => endorsement === 'owner')),
    '',
  ].join('\n');
}
