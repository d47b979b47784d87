import { type EntityKey, privateKeys, publicKeys } from '@lianyi/chaincode';

function rows(table: Readonly<Record<string, EntityKey>>): string[] {
  return Object.values(table).map(
    (entity) => `| \`${entity.objectType}\` | ${entity.parts.map((part) => `\`${part}\``).join(', ')} | ${entity.summary} |`,
  );
}

/** docs/ledger-keys.md: every key the chaincode can write. */
export function ledgerKeysPage(): string {
  const head = ['| object type | parts | what |', '| --- | --- | --- |'];
  return [
    '# Ledger keys',
    '',
    '<!-- Printed from the code by `npm run docs`; a test fails when it is out of date. -->',
    '',
    'Composite keys: U+0000, object type, U+0000, each part followed by U+0000. Every part matches `^[A-Za-z0-9_-]{1,64}$`.',
    'Values are canonical JSON with `schemaVersion` ([ADR 0007](adr/0007-composite-keys-and-rfc8785.md)).',
    '',
    '## Public state',
    '',
    ...head,
    ...rows(publicKeys),
    '',
    '## Private data: the implicit collection of one organisation',
    '',
    ...head,
    ...rows(privateKeys),
    '',
  ].join('\n');
}
