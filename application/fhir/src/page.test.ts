import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { facadeConfigSchema } from './facade-config';
import { interactions } from './interactions/every-interaction';

const page = readFileSync(join(__dirname, '../../../docs/fhir-facade.md'), 'utf8');

describe('the page about the facade', () => {
  it('has every interaction with its scope and whether it asks for a purpose, and no other', () => {
    const rows = [...page.matchAll(/^\| (\S+) +\| `(GET|POST|PUT) (\S+)` +\| ([\w.]+|any token) +\| (yes|no) /gm)].map(([, ...cells]) =>
      cells.join(' '),
    );
    const all = interactions.map(({ name, method, path, scope, takesPurpose }) =>
      [
        name.startsWith('$') ? `\`${name}\`` : name,
        ...[method, path, scope === undefined ? 'any token' : `${scope.type}.${scope.letter}`, takesPurpose ? 'yes' : 'no'],
      ].join(' '),
    );
    expect(rows.sort()).toEqual(all.sort());
  });

  it('shows a configuration that is one', () => {
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
    expect(facadeConfigSchema.parse(JSON.parse(example)).clients.map(({ clientId }) => clientId)).toEqual(['laboratory', 'his']);
  });

  it('names every parameter of a search for documents', () => {
    const named = interactions.filter(({ name }) => name === 'ITI-67').flatMap(({ parameters }) => Object.keys(parameters));
    expect(named.filter((parameter) => parameter !== '_page' && !page.includes(`\`${parameter}\``))).toEqual([]);
  });
});
