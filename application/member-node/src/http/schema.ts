import { z } from 'zod';

/** JSON Schema of a zod schema for the OpenAPI document; what JSON Schema cannot say (refinements) is left to the node's check. */
export function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const generated = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'draft-2020-12' });
  return Object.fromEntries(Object.entries(generated).filter(([key]) => key !== '$schema'));
}
