import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { areas, type Entity } from '@lianyi/domain';
import { repositoryRoot } from './workspaces';

const page = readFileSync(join(repositoryRoot, 'docs', 'what-members-learn.md'), 'utf8');
/** The fields that the page names, by the entity whose row it is. */
const rows = new Map([...page.matchAll(/^\| `(\w+)`\s*\|([^|]*)\|/gm)].map(([, objectType = '', told = '']) => [objectType, told]));
const open = Object.values(areas)
  .flatMap((area) => Object.values<Entity>(area.entities))
  .filter(({ endorsement }) => endorsement !== 'owner');

/** Every field that a value may have on its first level. */
function fieldsOf(schema: z.core.$ZodType): readonly string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  if (schema instanceof z.ZodDiscriminatedUnion) return schema.options.flatMap((option) => fieldsOf(option));
  throw new Error('a value is an object or a choice of objects');
}

describe('what members learn', () => {
  it.each(open.map((entity) => [entity.objectType, entity] as const))('of %s is told field by field', (objectType, { schema }) => {
    const told = rows.get(objectType) ?? '';
    const named = [...told.matchAll(/`(\w+)`/g)].map(([, field]) => field);
    const fields = [...new Set(fieldsOf(schema))].filter((field) => field !== 'schemaVersion');
    expect([...named].sort()).toEqual(fields.sort());
  });

  it('names no entity that there is not', () => {
    expect([...rows.keys()].sort()).toEqual(open.map(({ objectType }) => objectType).sort());
  });
});
